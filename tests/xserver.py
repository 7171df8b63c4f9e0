"""A real X server for tests: starts Xvfb, reads its pixels back, presses its keys."""

import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import ImageGrab, features

from wallctl.model.geometry import Size

START_S = 30.0
END_S = 10.0
DEPTH = 24
_NO_TCP = ("-nolisten", "tcp")


def xserver_missing() -> str | None:
    """Why tests with an X server can't run here, or ``None``."""
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    return None if features.check("xcb") else "this Pillow can't read an X display"


@contextmanager
def XServer(size: Size, *options: str) -> Iterator[str]:  # noqa: N802 - reads as the server that it starts
    """An Xvfb with one output of ``size`` on a free display; gives its name for ``DISPLAY``.

    ``options`` are Xvfb's own, such as ``-extension``, ``MIT-SHM`` to be without it.
    Every connection must be closed before the end: Xlib ends a process that has lost its server.
    """
    reading, writing = os.pipe()
    screen = f"{size.w}x{size.h}x{DEPTH}"
    server = subprocess.Popen(
        [
            "Xvfb",
            "-displayfd",
            str(writing),
            "-screen",
            "0",
            screen,
            "-noreset",
            *_NO_TCP,
            *options,
        ],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        yield f":{_announced(reading)}"
    finally:
        os.close(reading)
        server.terminate()
        server.wait(END_S)


def _announced(reading: int) -> int:
    """The number of the display, which Xvfb writes when it is ready."""
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([reading], [], [], START_S)
        part = os.read(reading, 16) if ready else b""
        if not part:
            raise RuntimeError("Xvfb did not start")
        text += part
    return int(text)


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
