"""A web camera or media server with habits: each answer is what the test says, byte by byte."""

import contextlib
import io
import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType

import av
import numpy as np
from PIL import Image

from tests.support.certificates import private

Answer = Callable[[socket.socket], None]
"""Sends a whole answer; the connection is closed behind it."""


class WebCamera:
    """Answers each request with what ``answer`` says then. ``asked`` holds the heads."""

    def __init__(self, answer: Answer, host: str = "127.0.0.1", certificate: str = "") -> None:
        """``certificate``: of ``tests.support.certificates``; then it speaks TLS."""
        self.answer = answer
        self.asked: list[str] = []
        self._host = host
        self._certificate = certificate
        self._server = socket.create_server((host, 0))
        self._peers: list[socket.socket] = []

    def __enter__(self) -> "WebCamera":
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._server.getsockname()[1]
        return port

    def url(self, path: str = "cam") -> str:
        """An address of it."""
        scheme = "https" if self._certificate else "http"
        return f"{scheme}://{self._host}:{self.port}/{path}"

    def stop(self) -> None:
        """It is gone, and so are its connections."""
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for peer in self._peers:
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self._server.accept()
                self._peers.append(peer)
                threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError), peer, self._talking(peer) as line:
            head = b""
            while b"\r\n\r\n" not in head:
                if not (piece := line.recv(4096)):
                    return
                head += piece
            self.asked.append(head.decode("latin1"))
            self.answer(line)
            if isinstance(line, ssl.SSLSocket):
                line.unwrap()

    def _talking(self, peer: socket.socket) -> socket.socket:
        return private(peer, self._certificate) if self._certificate else peer


def head(*fields: str, status: str = "200 OK") -> bytes:
    """The head of an answer that ends with its connection."""
    return "\r\n".join((f"HTTP/1.1 {status}", "Connection: close", *fields, "", "")).encode()


def whole(body: bytes, *fields: str) -> Answer:
    """An answer of known length."""
    return lambda peer: peer.sendall(head(*fields, f"Content-Length: {len(body)}") + body)


def unmeasured(body: bytes, *fields: str) -> Answer:
    """An answer that tells no length."""
    return lambda peer: peer.sendall(head(*fields) + body)


def chunked(body: bytes, *fields: str) -> Answer:
    """An answer in one chunk."""
    framed = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    return lambda peer: peer.sendall(head(*fields, "Transfer-Encoding: chunked") + framed)


def picture(kind: str = "JPEG", grey: int = 128, width: int = 320, height: int = 180) -> bytes:
    """A picture file of noise around a grey."""
    noise = np.random.default_rng(grey).integers(-20, 20, (height, width, 1))
    pixels = np.clip(np.full((height, width, 3), grey) + noise, 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def transport_stream(
    *, seconds: float, pid: int = 0x100, sound_pid: int | None = 0x300, version: int = 0
) -> bytes:
    """A TS of a moving picture, 25 a second, with a tone beside it; ``version`` of its tables."""
    file = io.BytesIO()
    options = {"tables_version": str(version)}
    with av.open(file, "w", format="mpegts", options=options) as out:
        video = out.add_stream("libx264", rate=25, options={"preset": "ultrafast", "g": "12"})
        video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
        video.id = pid
        tone = out.add_stream("mp2", rate=48000, layout="mono") if sound_pid else None
        if tone is not None and sound_pid is not None:
            tone.id = sound_pid
        for number in range(round(seconds * 25)):
            pixels = np.full((270, 320), 100 + number % 50, np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, "yuv420p")
            out.mux(video.encode(frame))
            if tone is not None:
                samples = np.zeros((1, 1920), np.int16)
                beep = av.AudioFrame.from_ndarray(samples, "s16", "mono")
                beep.sample_rate = 48000
                out.mux(tone.encode(beep))
        out.mux(video.encode())
    return file.getvalue()
