"""Numbers in pictures that a machine can read back from a canvas: which camera, which frame.

A stamp is a strip of black and white blocks right across the picture. Each picture carries the
same one at several heights: a tile that was composed of two pictures shows two numbers, and a label
over one strip leaves the others to be read.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

import av
import click
import msgspec
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import ColorRange
from numpy.typing import NDArray

from benchmarks.harness.footage import clips
from wallctl.demo.clips import BT709, CAMERAS, FRAMES, PRESETS, RATE_HZ, X264
from wallctl.model.base.geometry import Rect

Luma = NDArray[np.uint8]
Numbers = NDArray[np.int64]

HEIGHTS = (0.3, 0.5, 0.7, 0.92)
"""Where the strips' middles are: below a tile's label, and down to its foot."""
STRIP_H = 1 / 15
"""A strip's height, of the picture's."""
BLOCKS = 32
"""Of a picture's width; the first and the last stay black."""
CAMERA_BITS, FRAME_BITS, CHECK_BITS = 6, 12, 10
MARKS = (1, 0)
"""What each strip begins with: how white and black look here."""
BLACK, WHITE = 16, 235
LEAST_CONTRAST = 60
UNREAD = -1


def write(luma: Luma, camera: int, frame: int) -> None:
    """Stamp a picture's luma, rows x columns; cameras count to 63, frames to 4095."""
    h, w = luma.shape
    levels = np.full(BLOCKS, BLACK, np.uint8)
    levels[1 : 1 + len(_bits(camera, frame))] = np.where(_bits(camera, frame), WHITE, BLACK)
    row = levels[np.arange(w) * BLOCKS // w]
    for height in HEIGHTS:
        luma[round((height - STRIP_H / 2) * h) : round((height + STRIP_H / 2) * h)] = row


def _bits(camera: int, frame: int) -> list[int]:
    check = int(_check(np.array(camera), np.array(frame)))
    fields = ((camera, CAMERA_BITS), (frame, FRAME_BITS), (check, CHECK_BITS))
    numbers = (value >> place & 1 for value, width in fields for place in reversed(range(width)))
    return [*MARKS, *numbers]


def _check(camera: Numbers, frame: Numbers) -> Numbers:
    return cast(Numbers, (camera * 211 + frame * 37 + frame // 16 * 5 + 341) % (1 << CHECK_BITS))


class Reading(msgspec.Struct, frozen=True):
    """What stands in some pictures: arrays of pictures x strips, ``UNREAD`` where nothing does."""

    cameras: Numbers
    frames: Numbers


class Reader:
    """Reads the stamps of pictures that lie in some rectangles of a canvas's luma."""

    def __init__(self, pictures: Iterable[Rect]) -> None:
        rects = list(pictures)
        rows = [[rect.y + round(height * rect.h) for height in HEIGHTS] for rect in rects]
        blocks = (np.arange(1, BLOCKS - 1) + 0.5) / BLOCKS
        columns = [rect.x + (blocks * rect.w).astype(int) for rect in rects]
        self._rows = np.array(rows)[:, :, None]
        self._columns = np.array(columns)[:, None, :]

    def read(self, luma: Luma) -> Reading:
        """The numbers in each strip of each picture."""
        levels = luma[self._rows, self._columns].astype(np.int64)
        white, black = levels[..., 0], levels[..., 1]
        bits = levels[..., len(MARKS) :] > ((white + black) // 2)[..., None]
        camera, frame, check = (
            _number(part)
            for part in np.split(bits, (CAMERA_BITS, CAMERA_BITS + FRAME_BITS), axis=-1)
        )
        sound = (white - black >= LEAST_CONTRAST) & (check == _check(camera, frame))
        return Reading(np.where(sound, camera, UNREAD), np.where(sound, frame, UNREAD))


def _number(bits: NDArray[np.bool_]) -> Numbers:
    weights = 1 << np.arange(bits.shape[-1])[::-1]
    return cast(Numbers, bits @ weights)


def stamped_clips(folder: Path, count: int, size: str = "sub") -> list[Path]:
    """``count`` clips of the demo's cameras with stamps, ``sub`` or ``main``, made where missing.

    Camera numbers count from 1, frames from 0 to ``FRAMES`` - 1 in each loop.
    """
    plain = clips(folder, size, "h264", min(count, len(CAMERAS)))
    made = []
    for number in range(1, count + 1):
        path = folder / f"stamped-{number:02d}-{size}.mp4"
        if not path.exists():
            click.echo(f"encoding {path.name}", err=True)
            unfinished = path.with_suffix(".part")
            _stamp(plain[(number - 1) % len(plain)], unfinished, number, X264 | PRESETS[size])
            unfinished.replace(path)
        made.append(path)
    return made


def _stamp(clip: Path, path: Path, camera: int, options: dict[str, str]) -> None:
    with av.open(str(clip)) as source, av.open(str(path), "w", format="mp4") as target:
        track = target.add_stream("libx264", rate=RATE_HZ, options=options)
        first = source.streams.video[0]
        track.width, track.height, track.pix_fmt = first.width, first.height, "yuv420p"
        context = track.codec_context
        context.thread_count = 1
        context.color_range = ColorRange.MPEG
        context.colorspace = context.color_primaries = context.color_trc = BT709
        for number, decoded in zip(range(FRAMES), source.decode(first), strict=True):
            planes = cast(Luma, decoded.to_ndarray())
            write(planes[: decoded.height], camera, number)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.pict_type = number, PictureType.NONE
            target.mux(track.encode(frame))
        target.mux(track.encode(None))
