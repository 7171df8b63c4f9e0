"""X servers without a screen for a ``with`` block, each on a display that is free."""

import os
import select
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from wallctl.model.base.geometry import Size

START_S, END_S = 30.0, 10.0
DEPTH = 24


class Server(NamedTuple):
    """A server that runs: its name for ``DISPLAY``, and its process."""

    display: str
    pid: int


def xvfb_missing() -> str | None:
    """Why no server can be started here, or ``None``."""
    return None if shutil.which("Xvfb") else "Xvfb is not installed"


@contextmanager
def xvfb(size: Size, *options: str) -> Iterator[Server]:
    """A server with one output of ``size``.

    ``options`` are Xvfb's own, such as ``-extension``, ``MIT-SHM`` to be without it.
    """
    screen = f"{size.w}x{size.h}x{DEPTH}"
    with x_server(["Xvfb", "-screen", "0", screen, *options]) as server:
        yield server


@contextmanager
def x_server(words: Sequence[str]) -> Iterator[Server]:
    """A server that is started by these words.

    Every connection must be closed before the end: Xlib ends a process that has lost its server.
    """
    reading, writing = os.pipe()
    common = ["-displayfd", str(writing), "-noreset", "-nolisten", "tcp"]
    server = subprocess.Popen(
        [words[0], *common, *words[1:]], pass_fds=[writing], stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        yield Server(f":{_announced(reading)}", server.pid)
    finally:
        os.close(reading)
        server.terminate()
        server.wait(END_S)


def _announced(reading: int) -> int:
    """The number of the display, which the server writes when it is ready."""
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([reading], [], [], START_S)
        part = os.read(reading, 16) if ready else b""
        if not part:
            raise RuntimeError("the X server did not start")
        text += part
    return int(text)
