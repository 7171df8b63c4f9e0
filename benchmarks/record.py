"""What every result says of where it comes from: machine, versions and commit."""

import os
import platform
import subprocess
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np

import wallctl
from wallctl.supervisor.machine import cpu_model

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"


class Machine(msgspec.Struct, frozen=True):
    """What it ran on, without anything that tells whose machine it is."""

    cpu: str
    cores: int
    kernel: str


def machine() -> Machine:
    """This machine."""
    return Machine(cpu_model(), os.cpu_count() or 1, kernel())


def kernel() -> str:
    """The kernel's version, without what a builder has put behind it."""
    return f"{platform.system()} {platform.release().partition('-')[0]}"


def versions() -> dict[str, str]:
    """Of everything that the figures depend on."""
    return {
        "wallctl": wallctl.__version__,
        "commit": commit(),
        "python": platform.python_version(),
        "av": av.__version__,
        "libav": av.ffmpeg_version_info,
        "numpy": np.__version__,
        "cv2": cv2.__version__,
    }


def commit() -> str:
    """The commit that was measured, with a plus if files differ from it; empty outside git."""
    words = ("git", "describe", "--always", "--exclude=*", "--abbrev=12", "--dirty=+")
    try:
        said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return said.stdout.strip()
