"""The clips that benchmarks show: those of the demo's cameras, made once and kept."""

import os
from fractions import Fraction
from pathlib import Path

import av
import click
from av.video.frame import PictureType

from wallctl.media.demo.clips import CAMERAS, KEYFRAME_EVERY, RATE_HZ, clip_path, encode

X265 = {
    "preset": "superfast",
    "x265-params": f"keyint={KEYFRAME_EVERY}:min-keyint={KEYFRAME_EVERY}:scenecut=0:bframes=0"
    ":log-level=none:pools=none",
}


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
