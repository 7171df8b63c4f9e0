"""Which scaler a wall uses for a clip in a layout, and how like swscale's AREA its pictures are."""

from collections.abc import Iterator
from pathlib import Path

import av
import msgspec
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from benchmarks.harness.screen import SCREEN
from wallctl.config.layout_files import shipped_layouts
from wallctl.media.scale.colour import Matrix
from wallctl.media.scale.downscale import suits
from wallctl.media.scale.planes import Plane, planes_of, views
from wallctl.media.scale.scaler import Scaler, look_of
from wallctl.model.base.geometry import Fit, Rect, Size
from wallctl.model.site.layout import tile_rects

FRAMES = 12
CEILING_DB = 99.0
"""Told for pictures that are the same."""


class Scaling(msgspec.Struct, frozen=True):
    """How pictures of a clip come into a tile."""

    scaler: str
    target: str
    luma_db: float
    """The least PSNR of the first frames' luma to swscale's AREA."""


def scaling_of(clip: Path, layout: str) -> Scaling:
    """For the first tile of a layout on the benchmarks' screen."""
    tile = tile_rects(shipped_layouts()[layout], SCREEN)[0].size
    least, size = CEILING_DB, tile
    for frame in _first_frames(clip):
        ours, size = _scaled(frame, tile)
        least = min(least, likeness_db(ours, area(frame, size)[0]))
    halved = suits(Rect(0, 0, frame.width, frame.height), size)
    name = "halving" if halved else "swscale area"
    return Scaling(name, f"{size.w}x{size.h}", round(least, 1))


def describe_scaling(scaling: Scaling) -> str:
    """It in words."""
    return f"scaled to {scaling.target} by {scaling.scaler}, {scaling.luma_db} dB to AREA"


def _first_frames(clip: Path) -> Iterator[VideoFrame]:
    with av.open(str(clip)) as container:
        for frame, _ in zip(container.decode(video=0), range(FRAMES), strict=False):
            yield frame


def _scaled(frame: VideoFrame, tile: Size) -> tuple[Plane, Size]:
    """The luma that the wall's scaler makes, except the change of matrix, and its size."""
    out = np.empty(tile.w * tile.h * 3 // 2, np.uint8)
    look = msgspec.structs.replace(look_of(frame, 1.0), matrix=Matrix.BT709)
    size = Scaler(tile, Fit.CONTAIN).write(frame, look, out)
    return views(out, size)[0], size


def area(frame: VideoFrame, target: Size) -> list[Plane]:
    """The planes that swscale's AREA makes."""
    scaled = VideoReformatter().reformat(
        frame, target.w, target.h, "yuv420p", interpolation=Interpolation.AREA, threads=1
    )
    return [plane.copy() for plane in planes_of(scaled)]


def likeness_db(plane: Plane, other: Plane) -> float:
    """PSNR of two planes of bytes."""
    error = float(np.mean((plane.astype(float) - other.astype(float)) ** 2))
    return CEILING_DB if error == 0 else float(10 * np.log10(255**2 / error))
