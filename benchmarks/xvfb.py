"""An X server without a screen for a ``with`` block: Xvfb on a display that is free."""

import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from wallctl.model.geometry import Size

START_S, END_S = 30.0, 10.0
DEPTH = 24
_NO_TCP = ("-nolisten", "tcp")


class Xvfb(NamedTuple):
    """A server that runs: its name for ``DISPLAY``, and its process."""

    display: str
    pid: int


def xvfb_missing() -> str | None:
    """Why no server can be started here, or ``None``."""
    return None if shutil.which("Xvfb") else "Xvfb is not installed"


@contextmanager
def xvfb(size: Size, *options: str) -> Iterator[Xvfb]:
    """A server with one output of ``size``.

    ``options`` are Xvfb's own, such as ``-extension``, ``MIT-SHM`` to be without it.
    Every connection must be closed before the end: Xlib ends a process that has lost its server.
    """
    reading, writing = os.pipe()
    screen = f"{size.w}x{size.h}x{DEPTH}"
    words = ["Xvfb", "-displayfd", str(writing), "-screen", "0", screen, "-noreset", *_NO_TCP]
    server = subprocess.Popen([*words, *options], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        yield Xvfb(f":{_announced(reading)}", server.pid)
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
