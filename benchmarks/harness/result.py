"""The result of a run: what every one says of where it comes from, and the file that keeps it."""

import datetime
import os
import platform
import subprocess
from pathlib import Path

import av
import click
import cv2
import msgspec
import numpy as np

import wallctl
from wallctl.supervisor.machine import cpu_model

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results"


class Machine(msgspec.Struct, frozen=True):
    """What it ran on, without anything that tells whose machine it is."""

    cpu: str
    cores: int
    kernel: str


def this_machine() -> Machine:
    """The machine that this program runs on."""
    return Machine(cpu_model(), os.cpu_count() or 1, kernel())


def kernel() -> str:
    """The kernel's version, without what a builder has put behind it."""
    return f"{platform.system()} {platform.release().partition('-')[0]}"


def versions() -> dict[str, str]:
    """The versions of everything that the figures depend on."""
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


def today() -> str:
    """The date in ISO 8601, in UTC."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """The base of every result. It says when, on what, and with what a benchmark ran."""

    date: str = msgspec.field(default_factory=today)
    machine: Machine = msgspec.field(default_factory=this_machine)
    versions: dict[str, str] = msgspec.field(default_factory=versions)


def keep(result: Run, name: str, out: Path | None) -> Path:
    """Write a result as JSON to ``out``, else under its name and date; where it is."""
    path = out or RESULTS / f"{result.date}-{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
    click.echo(f"written: {path}")
    return path
