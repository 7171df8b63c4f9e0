"""The clips that benchmarks show: those of the demo's cameras, made once and kept."""

import os
from pathlib import Path

import click

from wallctl.media.demo.clips import CAMERAS, clip_path, encode
from wallctl.media.demo.hevc import encode_hevc, hevc_path


def cache_folder() -> Path:
    """Where clips are kept between two runs."""
    given = os.environ.get("XDG_CACHE_HOME")
    return (Path(given) if given else Path.home() / ".cache") / "wallctl" / "benchmark"


def clips(folder: Path, size: str, codec: str, count: int) -> list[Path]:
    """``count`` clips of the demo's cameras, made where missing; they repeat after the last."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for camera in CAMERAS[:count]:
        path = clip_path(folder, camera, size)
        if not path.exists():
            click.echo(f"encoding {path.name}", err=True)
            encode(camera, size, folder, None)
        made.append(path if codec == "h264" else as_hevc(path))
    return [made[i % len(made)] for i in range(count)]


def as_hevc(clip: Path) -> Path:
    """The same pictures as H.265, beside the clip; made if missing."""
    path = hevc_path(clip)
    if not path.exists():
        click.echo(f"encoding {path.name}", err=True)
        encode_hevc(clip)
    return path
