"""The demo's clips as H.265: the same pictures, for those who measure that codec."""

import os
from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import PictureType

from wallctl.demo.clips import KEYFRAME_EVERY, PART, RATE_HZ

X265 = {
    "preset": "superfast",
    "x265-params": f"keyint={KEYFRAME_EVERY}:min-keyint={KEYFRAME_EVERY}:scenecut=0:bframes=0"
    ":log-level=none:pools=none",
}


def hevc_path(clip: Path) -> Path:
    """Where the H.265 twin of a clip lies: beside it."""
    return clip.with_name(f"{clip.stem}-hevc.mp4")


def encode_hevc(clip: Path) -> Path:
    """Make the twin of a clip; it appears under its name only when it is whole."""
    path = hevc_path(clip)
    unfinished = path.with_suffix(f".{os.getpid()}{PART}")
    try:
        _transcode(clip, unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
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
