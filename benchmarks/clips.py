"""The clips that benchmarks show: a real street's or the demo's cameras', made once and kept."""

import functools
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import click
import msgspec
from av.video.frame import PictureType

from benchmarks.camera import Kind, camera_clips
from wallctl.media.demo.clips import CAMERAS, KEYFRAME_EVERY, RATE_HZ, clip_path, encode

X265 = {
    "preset": "superfast",
    "x265-params": f"keyint={KEYFRAME_EVERY}:min-keyint={KEYFRAME_EVERY}:scenecut=0:bframes=0"
    ":log-level=none:pools=none",
}

RECORDING = "cctv/intel-car-detection.mp4"
"""In the folder of media."""
SCENES = ("camera", "demo")


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


def footage_options(command: Callable[..., None]) -> Callable[..., None]:
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
    def taking(scene: str | None, media: Path | None, cache: Path | None, **given: Any) -> None:
        command(footage=footage(scene, media, cache or cache_folder()), **given)

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


def as_hevc(clip: Path) -> Path:
    """The same pictures as H.265, beside the clip; made if missing."""
    path = clip.with_name(f"{clip.stem}-hevc.mp4")
    if not path.exists():
        click.echo(f"encoding {path.name}", err=True)
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        _transcode(clip, unfinished)
        unfinished.replace(path)
    return path


def _transcode(clip: Path, path: Path) -> None:
    with av.open(str(clip)) as source, av.open(str(path), "w", format="mp4") as target:
        track = target.add_stream("libx265", rate=RATE_HZ, options=X265)
        first = source.streams.video[0]
        track.width, track.height, track.pix_fmt = first.width, first.height, "yuv420p"
        for number, frame in enumerate(source.decode(first)):
            frame.pts, frame.time_base = number, Fraction(1, RATE_HZ)
            frame.pict_type = PictureType.NONE
            target.mux(track.encode(frame))
        target.mux(track.encode(None))
