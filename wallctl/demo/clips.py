"""The demo cameras as H.264 files: drawn and encoded once, then read like any camera's recording.

Each clip is a loop of 100 frames at 25 per second whose end meets its beginning. It knows nothing
of walls or workers; it writes only into the folder that it is given.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from PIL import ImageFont, features

from wallctl.demo.brush import BOARD_H, BOARD_W, Brush, Pixels, Sprite, Stage
from wallctl.demo.cameras import CAMERAS, SCENES, DemoCamera
from wallctl.demo.motion import Mover
from wallctl.model.base.geometry import Size
from wallctl.supervisor.machine import usable_cores

__all__ = ["CAMERAS", "DemoCamera", "clip_path", "encode", "make_clips", "pictures"]

SIZES = {"sub": Size(640, 360), "main": Size(1920, 1080)}
"""The streams of each demo camera."""

RATE_HZ = 25
FRAMES = 100
KEYFRAME_EVERY = 25
BT709 = 1
"""Primaries, transfer and matrix all have this number in H.264."""
DIGIT_W, DIGIT_H = 26, 44
MARGIN = 30
CAPTION_H = 94
PART = ".part"
PRESETS = {
    "sub": {"preset": "superfast", "crf": "23"},
    "main": {"preset": "ultrafast", "crf": "21"},
}
"""How hard x264 tries: a main stream has nine times the pixels of a sub stream."""

X264 = {
    "tune": "zerolatency",
    "bf": "0",
    "sc_threshold": "0",
    "x264-params": f"keyint={KEYFRAME_EVERY}:min-keyint={KEYFRAME_EVERY}",
}


def clip_path(folder: Path, camera: DemoCamera, stream: str) -> Path:
    """Where the clip of a camera's stream, ``sub`` or ``main``, lies in a folder."""
    return folder / f"{camera.number:02d}-{camera.scene}-{stream}.mp4"


def make_clips(
    folder: Path, stream: str, font_path: str | None, progress: Callable[[int, int], None]
) -> None:
    """Draw and encode one stream of all cameras, as many at a time as there are processors.

    Clips that are already there stay. ``progress(done, total)`` is called in the caller's thread,
    first with what was there. Raises ``OSError`` if the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    missing = [c for c in CAMERAS if not clip_path(folder, c, stream).exists()]
    done = len(CAMERAS) - len(missing)
    progress(done, len(CAMERAS))
    if not missing:
        return
    workers = min(max(1, round(usable_cores())), len(missing))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(encode, camera, stream, folder, font_path) for camera in missing]
        for job in as_completed(jobs):
            job.result()
            done += 1
            progress(done, len(CAMERAS))


def _sweep(folder: Path) -> None:
    """Take away what a process left that was killed while it drew."""
    for unfinished in folder.glob(f"*{PART}"):
        pid = unfinished.suffixes[-2].removeprefix(".")
        if not Path("/proc", pid).exists():
            unfinished.unlink(missing_ok=True)


def encode(camera: DemoCamera, stream: str, folder: Path, font_path: str | None) -> Path:
    """Draw and encode one clip; it appears under its name only when it is whole."""
    path = clip_path(folder, camera, stream)
    unfinished = path.with_suffix(f".{os.getpid()}{PART}")
    try:
        _write(unfinished, camera, stream, font_path)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _write(path: Path, camera: DemoCamera, stream: str, font_path: str | None) -> None:
    size = SIZES[stream]
    with av.open(str(path), "w", format="mp4") as container:
        track = container.add_stream("libx264", rate=RATE_HZ, options=X264 | PRESETS[stream])
        track.width, track.height = size.w, size.h
        track.pix_fmt = "yuv420p"
        context = track.codec_context
        context.thread_count = 1
        context.color_range = ColorRange.MPEG
        context.colorspace = context.color_primaries = context.color_trc = BT709
        for number, picture in enumerate(pictures(camera, size, font_path)):
            frame = _limited(picture, size)
            frame.pts = number
            container.mux(track.encode(frame))
        container.mux(track.encode(None))


def _limited(picture: Pixels, size: Size) -> av.VideoFrame:
    """The picture as BT.709 limited range, tagged so."""
    rgb = av.VideoFrame.from_numpy_buffer(picture.reshape(size.h, size.w, 3), format="rgb24")
    frame = rgb.reformat(
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        interpolation=Interpolation.BILINEAR,
        threads=1,
    )
    frame.color_range = ColorRange.MPEG
    frame.colorspace = frame.color_primaries = frame.color_trc = BT709
    return frame


def pictures(camera: DemoCamera, size: Size, font_path: str | None) -> Iterator[Pixels]:
    """The frames of one loop, each rows x (3 * columns), drawn when asked for.

    Each is the same array, painted again: copy it to keep it.
    """
    stage = Stage(size, camera.number)
    movers = [*SCENES[camera.scene](stage), _caption(stage, camera, font_path), _counter(stage)]
    ground = stage.ground()
    picture = ground.copy()
    for number in range(FRAMES):
        np.copyto(picture, ground)
        for mover in movers:
            for sprite, x, y, opacity in mover(number / FRAMES):
                sprite.blend(picture, x * stage.scale, y * stage.scale, opacity)
        yield picture


def _caption(stage: Stage, camera: DemoCamera, font_path: str | None) -> Mover:
    """The camera's own title, as cameras burn it in: light with a dark rim.

    Bottom left, since the wall has its label at the top.
    """
    title = f"CAM {camera.number:02d}"
    place = camera.name if font_path else camera.en
    large = _font(font_path, 46 * stage.dots)
    small = _font(None, 25 * stage.dots)

    def draw(brush: Brush) -> None:
        brush.text((4, 0), place, "#ffffff", large, rim=1.5)
        brush.text((5, 64), title, "#ffffff", small, rim=1.1)

    sprite = stage.sprite(700, 110, draw)
    return lambda _t: iter([(sprite, MARGIN, BOARD_H - MARGIN - CAPTION_H, 1.0)])


def _counter(stage: Stage) -> Mover:
    """The frame's number in the loop, bottom right, in digits of one width."""
    font = _font(None, 34 * stage.dots)
    digits = [_digit(stage, str(number), font) for number in range(10)]
    w, h = 3 * DIGIT_W + 20, DIGIT_H + 8
    left, top = BOARD_W - MARGIN - w, BOARD_H - MARGIN - h
    plate = stage.sprite(w, h, lambda brush: brush.box(0, 0, w, h, "#0c1118b0", round_=8))

    def pose(t: float) -> Iterator[tuple[Sprite, float, float, float]]:
        yield plate, left, top, 1.0
        for place, figure in enumerate(f"{round(t * FRAMES):03d}"):
            yield digits[int(figure)], left + 10 + place * DIGIT_W, top + 4, 1.0

    return pose


def _digit(stage: Stage, figure: str, font: ImageFont.FreeTypeFont) -> Sprite:
    middle = font.getlength(figure) / stage.dots / 2
    return stage.sprite(
        DIGIT_W,
        DIGIT_H,
        lambda brush: brush.text((DIGIT_W / 2 - middle, 1), figure, "#e9f4ff", font),
    )


def _font(path: str | None, size_dots: float) -> ImageFont.FreeTypeFont:
    """The font at a path, or the Latin one that Pillow brings along."""
    if path:
        return ImageFont.truetype(path, size_dots)
    if not features.check_module("freetype2"):
        raise OSError("this Pillow has no FreeType; install Pillow from its official wheel")
    return cast(ImageFont.FreeTypeFont, ImageFont.load_default(size_dots))
