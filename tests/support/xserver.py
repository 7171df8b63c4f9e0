"""A real X server for tests: starts Xvfb, reads its pixels back, presses its keys."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import ImageGrab, features

from benchmarks.harness.xvfb import xvfb
from wallctl.model.base.geometry import Size

END_S = 10.0


def xserver_missing() -> str | None:
    """Why tests with an X server can't run here, or ``None``."""
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    return None if features.check("xcb") else "this Pillow can't read an X display"


@contextmanager
def XServer(size: Size, *options: str) -> Iterator[str]:  # noqa: N802 - reads as the server that it starts
    """The name for ``DISPLAY`` of an Xvfb, as ``benchmarks.harness.xvfb`` starts it."""
    with xvfb(size, *options) as server:
        yield server.display


def screen_rgb(display: str) -> NDArray[np.uint8]:
    """What the display shows now, as an array of shape (h, w, 3)."""
    return np.asarray(ImageGrab.grab(xdisplay=display).convert("RGB"))


def xdotool(display: str, *words: str) -> str:
    """Run an xdotool command on the display; its output."""
    done = subprocess.run(
        ["xdotool", *words],
        env={**os.environ, "DISPLAY": display},
        check=True,
        capture_output=True,
        text=True,
        timeout=END_S,
    )
    return done.stdout


def press_keys(display: str, *keys: str) -> None:
    """Press and release keys, one after the other; X names such as ``ctrl+shift+q``."""
    xdotool(display, "key", *keys)


class Typist:
    """An xdotool that stays: what it is told happens at once, without the start of a process."""

    def __init__(self, display: str) -> None:
        self._process = subprocess.Popen(
            ["xdotool", "-"],
            stdin=subprocess.PIPE,
            text=True,
            env={**os.environ, "DISPLAY": display},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=END_S)

    def do(self, words: str) -> None:
        """One xdotool command, such as ``key F1``."""
        assert self._process.stdin is not None
        self._process.stdin.write(words + "\n")
        self._process.stdin.flush()


class Framebuffer:
    """The pixels of an Xvfb started with ``-fbdir FOLDER``: read where they are, as they change."""

    def __init__(self, folder: Path) -> None:
        path = folder / "Xvfb_screen0"
        header = np.fromfile(path, ">u4", 25)
        header_bytes, width, height, row_bytes = (int(header[i]) for i in (0, 4, 5, 12))
        colour_map_bytes = int(header[19]) * 12
        rows = np.memmap(path, np.uint8, "r", header_bytes + colour_map_bytes, (height, row_bytes))
        self._bgrx: NDArray[np.uint8] = rows[:, : width * 4].reshape(height, width, 4)

    def copy(self) -> NDArray[np.uint8]:
        """The pixels now, of shape (h, w, 4); the last axis is blue, green, red and nothing."""
        return self._bgrx.copy()

    def shows(self, picture: NDArray[np.uint8]) -> bool:
        """Whether these are the pixels of a copy."""
        return np.array_equal(self._bgrx, picture)


def rgb_of(canvas: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The reference conversion: BT.709 limited range, each chroma sample on its 2 x 2 pixels.

    ``canvas`` is planar 4:2:0 of shape (h * 3 / 2, w); the answer is 0..255 of shape (h, w, 3).
    """
    h, w = canvas.shape[0] * 2 // 3, canvas.shape[1]
    y = (canvas[:h] - 16.0) / 219
    planes = canvas[h:].reshape(2, h // 2, w // 2).repeat(2, 1).repeat(2, 2)
    b, r = (planes - 128.0) / 224
    green = (y - 0.2126 * (y + 1.5748 * r) - 0.0722 * (y + 1.8556 * b)) / 0.7152
    rgb: NDArray[np.float64] = np.stack([y + 1.5748 * r, green, y + 1.8556 * b], -1)
    return rgb.clip(0, 1) * 255
