"""Small test clips: textured, moving, different for each seed, and readable by machine.

Each frame carries a row of black and white blocks at its head, and once more at its foot: a start
mark, the camera's number, the frame's number and a check, all relative to the picture's width, so
that a scaled-down tile still tells which camera and which frame it shows.
"""

from pathlib import Path
from typing import cast

import av
import numpy as np
from av.video.reformatter import ColorRange
from av.video.stream import VideoStream
from numpy.typing import NDArray

from wallctl.model.base.geometry import Rect, Size

Luma = NDArray[np.uint8]

BLOCKS_ACROSS = 40
"""A block is this part of the picture's width: 16 px of 640."""
CAMERA_BITS, FRAME_BITS, CHECK_BITS = 6, 12, 4
BLACK, WHITE = 16, 235
LEAST_CONTRAST = 60
WIDE = Size(640, 360)
ENCODERS = {"h264": "libx264", "hevc": "libx265"}


def moving_clip(
    path: Path,
    *,
    codec: str = "h264",
    size: Size = WIDE,
    fps: int = 25,
    seconds: float = 4.0,
    seed: int = 1,
    gop: int = 25,
    camera: int | None = None,
    bit_rate: int | None = None,
) -> Path:
    """Encode a loop whose end meets its beginning; ``camera`` (0..63) defaults to the seed.

    The suffix of ``path`` chooses the container: ``.mp4``, ``.mkv``, ``.ts``, ``.h264``, ...
    """
    frames = round(seconds * fps)
    ident = (seed if camera is None else camera) % (1 << CAMERA_BITS)
    with av.open(str(path), "w") as container:
        added = container.add_stream(ENCODERS[codec], rate=fps, options=_options(codec, gop))
        track = cast(VideoStream, added)
        track.width, track.height = size.w, size.h
        track.pix_fmt = "yuv420p"
        context = track.codec_context
        context.thread_count = 1
        if bit_rate:
            context.bit_rate = bit_rate
        context.color_range = ColorRange.MPEG
        context.colorspace = context.color_primaries = context.color_trc = 1
        texture, whole = _texture(size, seed), Rect(0, 0, size.w, size.h)
        for number in range(frames):
            planes = _planes(texture, size, seed, number / frames)
            write_counter(planes[: size.h], ident, number)
            write_counter(planes[foot(whole).y : size.h], ident, number)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts = number
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return path


def _options(codec: str, gop: int) -> dict[str, str]:
    if codec == "hevc":
        params = f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes=0:log-level=none:pools=none"
        return {"preset": "ultrafast", "x265-params": params}
    return {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "sc_threshold": "0",
        "x264-params": f"keyint={gop}:min-keyint={gop}",
    }


def _texture(size: Size, seed: int) -> Luma:
    """Noise in three sizes of grain: edges for a scaler to keep, and calm for an encoder."""
    dice = np.random.default_rng(seed)
    luma: NDArray[np.float64] = np.full((size.h, size.w), 120.0)
    for grain, strength in ((64, 50), (16, 28), (4, 12)):
        coarse = dice.uniform(-strength, strength, (-(-size.h // grain), -(-size.w // grain)))
        luma += np.kron(coarse, np.ones((grain, grain)))[: size.h, : size.w]
    return np.clip(luma, BLACK, WHITE).astype(np.uint8)


def _planes(texture: Luma, size: Size, seed: int, t: float) -> Luma:
    """One picture as yuv420p planes, rows x columns, at a share of the loop."""
    planes = np.empty((size.h * 3 // 2, size.w), np.uint8)
    planes[: size.h] = np.roll(texture, round(t * size.w), axis=1)
    side = size.h // 6
    angle = 2 * np.pi * (t + seed * 0.13)
    x = int(size.w / 2 + np.cos(angle) * size.w / 3) - side // 2
    y = int(size.h * 0.58 + np.sin(angle) * size.h / 4) - side // 2
    planes[y : y + side, x : x + side] = 215 if seed % 2 else 40
    chroma = planes[size.h :].reshape(2, -1)
    chroma[0] = 128 + (seed * 37) % 90 - 45
    chroma[1] = 128 + (seed * 61) % 90 - 45
    return planes


def _bits(camera: int, frame: int) -> list[int]:
    fields = ((camera, CAMERA_BITS), (frame, FRAME_BITS), (_check(camera, frame), CHECK_BITS))
    return [value >> place & 1 for value, width in fields for place in reversed(range(width))]


def _check(camera: int, frame: int) -> int:
    return (camera * 7 + frame * 5 + frame // 16 * 3 + 9) % (1 << CHECK_BITS)


def write_counter(luma: Luma, camera: int, frame: int) -> None:
    """Write both numbers into a picture's luma; frames count modulo 4096."""
    frame %= 1 << FRAME_BITS
    marks = [1, 0, *_bits(camera, frame)]
    block = luma.shape[1] / BLOCKS_ACROSS
    luma[: round(block * 2), : round(block * (len(marks) + 2))] = BLACK
    for place, bit in enumerate(marks):
        left, right = round(block * (place + 1)), round(block * (place + 2))
        luma[round(block / 2) : round(block * 1.5), left:right] = WHITE if bit else BLACK


def foot(rect: Rect) -> Rect:
    """Where a picture that lies in ``rect`` has its counter once more: no tile's label lies there.

    To be handed to ``read_counter``.
    """
    h = round(rect.w / BLOCKS_ACROSS * 2)
    return Rect(rect.x, rect.bottom - h, rect.w, h)


def read_counter(luma: Luma, rect: Rect) -> tuple[int, int] | None:
    """The camera and the frame that a picture shows, or ``None`` if it shows no sound counter.

    ``rect`` is where the whole picture lies in ``luma``; it may be as small as 240 px wide.
    """
    marks = _marks(luma, rect)
    contrast = marks[0] - marks[1]
    if contrast < LEAST_CONTRAST:
        return None
    bits = [int(level > marks[1] + contrast / 2) for level in marks[2:]]
    camera = _number(bits[:CAMERA_BITS])
    frame = _number(bits[CAMERA_BITS : CAMERA_BITS + FRAME_BITS])
    sound = _check(camera, frame) == _number(bits[-CHECK_BITS:])
    return (camera, frame) if sound else None


def _marks(luma: Luma, rect: Rect) -> list[float]:
    """The mean level in the middle of each block."""
    block = rect.w / BLOCKS_ACROSS
    top, bottom = rect.y + round(block * 0.75), rect.y + max(round(block * 1.25), 1)
    count = 2 + CAMERA_BITS + FRAME_BITS + CHECK_BITS
    levels = []
    for place in range(count):
        left = rect.x + round(block * (place + 1.25))
        right = max(left + 1, rect.x + round(block * (place + 1.75)))
        levels.append(float(luma[top:bottom, left:right].mean()))
    return levels


def _number(bits: list[int]) -> int:
    value = 0
    for bit in bits:
        value = value << 1 | bit
    return value


def luma_of(frame: av.VideoFrame) -> Luma:
    """The luma plane of a decoded picture, rows x columns."""
    if frame.format.name == "yuv420p":
        return cast(Luma, frame.to_ndarray())[: frame.height]
    return cast(Luma, frame.reformat(format="gray").to_ndarray())
