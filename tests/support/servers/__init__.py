"""Servers that stand in for real cameras in tests: processes of their own, on the loopback."""

import os
import select
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import IO, Self

from tests.support.folders import ROOT

SYSTEM_PYTHON = "/usr/bin/python3"
START_S = 20.0
NEEDS = """
import gi
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst
Gst.init(None)
for name in ("appsrc", "qtdemux", "h264parse", "h265parse", "rtph264pay", "rtph265pay",
    "rtph264depay"):
    assert Gst.ElementFactory.find(name), f"no element {name}"
"""


@cache
def gstreamer_missing() -> str | None:
    """Why no RTSP camera can be served here, or ``None`` if it can."""
    if not Path(SYSTEM_PYTHON).exists():
        return f"no {SYSTEM_PYTHON}"
    found = subprocess.run(
        [SYSTEM_PYTHON, "-c", NEEDS], capture_output=True, text=True, check=False
    )
    if found.returncode == 0:
        return None
    last = (found.stderr.strip().splitlines() or ["it crashed"])[-1]
    return f"GStreamer's RTSP server is not installed: {last}"


class Server:
    """A server as a process: it ends with the ``with`` block or with this process."""

    def __init__(self, program: str, options: Sequence[str]) -> None:
        self._words_of = ["-m", f"tests.support.servers.{program}", "--end-with-stdin", *options]
        self._words: IO[str] = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed in __exit__
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    def __enter__(self) -> Self:
        try:
            self._start()
        except RuntimeError:
            self._words.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._words.close()

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._running().pid

    def stop_signal(self) -> None:
        """SIGSTOP: connections stay, nothing comes any more."""
        self._running().send_signal(signal.SIGSTOP)

    def cont(self) -> None:
        """SIGCONT: it goes on with what comes next."""
        self._running().send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL, and wait for the end."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def restart(self) -> None:
        """Kill it if it runs, and start it again on the same port."""
        self.kill()
        self._start()

    def _running(self) -> "subprocess.Popen[str]":
        assert self._process is not None, "the server is not running"
        return self._process

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, *self._words_of, "--port", str(self.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.port = self._ready(self._process)

    def _ready(self, process: "subprocess.Popen[str]") -> int:
        assert process.stdout is not None
        readable, _, _ = select.select([process.stdout], [], [], START_S)
        line = process.stdout.readline() if readable else ""
        if not line.startswith("ready "):
            self.kill()
            self._words.seek(0)
            raise RuntimeError(f"the server did not start: {self._words.read()[-2000:]}")
        return int(line.split()[1])


class RtspCameras(Server):
    """Looping RTSP cameras; each clip is one camera, numbered from 1.

    All clips have the same codec, ``h264`` or ``hevc``; ``auth`` is ``user:password``. ``count``
    cameras take the clips in turn.
    """

    def __init__(
        self,
        clips: Sequence[Path],
        *,
        codec: str = "h264",
        auth: str | None = None,
        count: int | None = None,
    ) -> None:
        options = ["--codec", codec, "--cams", str(count or len(clips))]
        options += ["--auth", auth] if auth else []
        super().__init__("rtsp_cameras", [*options, *map(str, clips)])

    def url(self, number: int, *, login: str | None = None) -> str:
        """The address of camera ``number``, from 1; ``login`` is ``user:password``."""
        at = f"{login}@" if login else ""
        return f"rtsp://{at}127.0.0.1:{self.port}/cam{number:02d}"


class RtspRelay(Server):
    """A media server that takes one stream and hands it on; ``auth`` is ``user:password``."""

    def __init__(self, *, auth: str | None = None) -> None:
        super().__init__("rtsp_relay", ["--auth", auth] if auth else [])

    @property
    def taking(self) -> str:
        """Where to publish the stream."""
        return f"rtsp://127.0.0.1:{self.port}/in"

    def giving(self, login: str | None = None) -> str:
        """Where to play it; ``login`` is ``user:password``."""
        at = f"{login}@" if login else ""
        return f"rtsp://{at}127.0.0.1:{self.port}/out"
