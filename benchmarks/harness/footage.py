"""The clips that benchmarks show: a real street's or the demo's cameras', made once and kept."""

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import av
import click
import msgspec

from benchmarks.harness.street_clips import Kind, camera_clips
from wallctl.demo.clips import CAMERAS, SIZES, clip_path, encode
from wallctl.demo.hevc import encode_hevc, hevc_path

RECORDING = "cctv/intel-car-detection.mp4"
"""In the folder of media."""
SCENES = ("camera", "demo")

Returned = TypeVar("Returned")


class Footage(msgspec.Struct, frozen=True):
    """Whose pictures are shown, and where the clips of them are kept."""

    scene: str
    """``camera`` or ``demo``."""
    folder: Path
    recording: Path | None = None
    """What ``camera`` is made from."""

    def clips(self, size: str, codec: str, count: int) -> list[Path]:
        """``count`` clips, made where missing. The demo's repeat after the last of its cameras."""
        if self.recording is None:
            return clips(self.folder, size, codec, count)
        kind = Kind(self.recording, size, codec)
        missing = not all(kind.path(self.folder, number).exists() for number in range(count))
        if missing:
            click.echo(f"encoding {count} clips of {size} in {codec}", err=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        return camera_clips(kind, self.folder, count)


def footage_options(command: Callable[..., Returned]) -> Callable[..., Returned]:
    """The options of every benchmark that say what it shows; they become its ``footage``."""

    @click.option("--scene", type=click.Choice(SCENES), help="Default: camera, if it is there.")
    @click.option(
        "--media",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="WALLCTL_MEDIA",
        show_envvar=True,
        help=f"The folder that has {RECORDING}.",
    )
    @click.option(
        "--cache", type=click.Path(path_type=Path, file_okay=False), help="Keep clips there."
    )
    @functools.wraps(command)
    def taking(scene: str | None, media: Path | None, cache: Path | None, **given: Any) -> Returned:
        return command(footage=footage(scene, media, cache or cache_folder()), **given)

    return taking


def footage(scene: str | None, media: Path | None, folder: Path) -> Footage:
    """What was asked for. Raises ``click.UsageError`` if the recording for it is not there."""
    recording = media / RECORDING if media else None
    there = recording is not None and recording.is_file()
    if scene == "camera" and not there:
        raise click.UsageError(f"the camera's scene needs {RECORDING}: name its folder by --media")
    if scene == "demo" or not there:
        return Footage("demo", folder)
    return Footage("camera", folder, recording)


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


def picture_word(size: str) -> str:
    """The size of the pictures of ``main`` or ``sub`` clips, as results say it."""
    return f"{SIZES[size].w}x{SIZES[size].h}"


def picture_in_file(file: Path) -> str:
    """The size of a file's pictures, as results say it."""
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        return f"{stream.width}x{stream.height}"


def as_hevc(clip: Path) -> Path:
    """The same pictures as H.265, beside the clip; made if missing."""
    path = hevc_path(clip)
    if not path.exists():
        click.echo(f"encoding {path.name}", err=True)
        encode_hevc(clip)
    return path
