"""Cameras that speak RTSP and note when they send which picture: H.264, RTP in the connection.

Only as much of RFC 2326 and RFC 6184 as a wall needs. Each camera plays one clip in a loop at its
rate, whether anyone looks or not, and counts its pictures from 0 without end. A client joins at the
next keyframe.
"""

import base64
import contextlib
import mmap
import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import av
import msgspec
import numpy as np
from numpy.typing import NDArray

from wallctl.demo.clips import RATE_HZ

PAYLOAD_BYTES = 1400
RTP_HZ = 90_000
PAYLOAD_TYPE = 96
FRAGMENT = 28
"""FU-A: a piece of a unit that is larger than a packet."""
INTERVAL_NS = 1_000_000_000 // RATE_HZ
PATIENCE_S = 2.0
"""A client that takes nothing for so long is hung up on."""


class Clip(msgspec.Struct, frozen=True):
    """A clip as it is sent: the NAL units of each picture, and the parameter sets."""

    pictures: tuple[tuple[bytes, ...], ...]
    keys: tuple[bool, ...]
    parameters: tuple[bytes, ...]


def read_clip(path: Path) -> Clip:
    """The units of an MP4 file whose lengths take four bytes."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        packets = [packet for packet in container.demux(stream) if packet.size]
        parameters = _parameters(cast(bytes, stream.codec_context.extradata))
        pictures = tuple(tuple(_units(bytes(packet))) for packet in packets)
        return Clip(pictures, tuple(packet.is_keyframe for packet in packets), parameters)


def _units(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 4 + length]
        at += 4 + length


def _parameters(record: bytes) -> tuple[bytes, ...]:
    """The parameter sets in an ``avcC`` record that holds one of each."""
    found, at = [], 6
    for _ in range(2):
        length = int.from_bytes(record[at : at + 2], "big")
        found.append(record[at + 2 : at + 2 + length])
        at += 2 + length + 1
    return tuple(found)


class Session:
    """A client that has asked to play: the packets' numbers, and the socket."""

    def __init__(self, client: socket.socket) -> None:
        self._client = client
        self._sequence = 0
        self.introduced = False
        """Whether it was sent a keyframe."""

    def send(self, clip: Clip, index: int, count: int) -> None:
        """Send a picture, all of its packets at once."""
        units = clip.pictures[index]
        if clip.keys[index]:
            units = (*clip.parameters, *units)
        self._client.sendall(b"".join(self._packets(units, count * RTP_HZ // RATE_HZ)))

    def _packets(self, units: tuple[bytes, ...], stamp: int) -> Iterator[bytes]:
        payloads = [payload for unit in units for payload in _payloads(unit)]
        for payload in payloads:
            last = payload is payloads[-1]
            kind = PAYLOAD_TYPE | (128 if last else 0)
            head = struct.pack("!BBHII", 128, kind, self._sequence, stamp & 0xFFFFFFFF, 1)
            self._sequence = (self._sequence + 1) & 0xFFFF
            yield struct.pack("!cBH", b"$", 0, len(head) + len(payload)) + head + payload


def _payloads(unit: bytes) -> Iterator[bytes]:
    if len(unit) <= PAYLOAD_BYTES:
        yield unit
        return
    first, body = unit[0], unit[1:]
    for at in range(0, len(body), PAYLOAD_BYTES):
        ends = at + PAYLOAD_BYTES >= len(body)
        kind = first & 31 | (128 if at == 0 else 0) | (64 if ends else 0)
        yield bytes((first & 0xE0 | FRAGMENT, kind)) + body[at : at + PAYLOAD_BYTES]


class Cameras:
    """One process with a camera for each clip, for as long as a ``with`` block.

    ``sent_ns`` has a row for each camera and a column for each picture that it counted: the
    monotonic time just before it was sent, 0 where it was not. A camera sends the next of its clip
    at each count, or at ``every`` so many. One in ``frozen`` sends none, and its line stays.
    """

    def __init__(
        self, clips: list[Path], longest_s: float, every: Sequence[int] | None = None
    ) -> None:
        read = {path: read_clip(path) for path in set(clips)}
        self._clips = [read[path] for path in clips]
        shape = (len(clips), round(longest_s * RATE_HZ))
        self.sent_ns: NDArray[np.int64] = np.frombuffer(
            mmap.mmap(-1, shape[0] * shape[1] * 8), np.int64
        ).reshape(shape)
        self.frozen: NDArray[np.bool_] = np.frombuffer(mmap.mmap(-1, len(clips)), np.bool_)
        self._every = every or [1] * len(clips)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sessions: dict[int, Session] = {}
        self._pid = 0

    def __enter__(self) -> Self:
        self._pid = os.fork()
        if self._pid == 0:
            try:
                self._run()
            finally:
                os._exit(0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        self._listener.close()

    def urls(self) -> list[str]:
        """The address of each camera."""
        port = self._listener.getsockname()[1]
        return [f"rtsp://127.0.0.1:{port}/{number}" for number in range(len(self._clips))]

    def _run(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()
        cameras, longest = self.sent_ns.shape
        began_ns = time.monotonic_ns()
        for turn in range(cameras * longest):
            due_ns = began_ns + turn * INTERVAL_NS // cameras
            time.sleep(max(0, due_ns - time.monotonic_ns()) / 1e9)
            self._tick(turn % cameras, turn // cameras)

    def _tick(self, camera: int, count: int) -> None:
        clip, session = self._clips[camera], self._sessions.get(camera)
        turn, between = divmod(count, self._every[camera])
        index = (turn + camera) % len(clip.pictures)
        if between or self.frozen[camera]:
            return
        if session is None or not (session.introduced or clip.keys[index]):
            return
        session.introduced = True
        self.sent_ns[camera, count] = time.monotonic_ns()
        try:
            session.send(clip, index, count)
        except OSError:
            self._sessions.pop(camera, None)

    def _listen(self) -> None:
        while True:
            client, _ = self._listener.accept()
            client.settimeout(PATIENCE_S)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError, ValueError):
            for verb, url, number in _requests(client):
                camera = int(url.split("/")[3])
                client.sendall(_reply(verb, number, self._clips[camera].parameters))
                if verb == "PLAY":
                    self._sessions[camera] = Session(client)
                elif verb == "TEARDOWN":
                    return


def _requests(client: socket.socket) -> Iterator[tuple[str, str, str]]:
    """Verb, address and number of each request, past what the client says in between."""
    data = b""
    while True:
        while data[:1] == b"$" and len(data) >= 4 + int.from_bytes(data[2:4].ljust(2), "big"):
            data = data[4 + int.from_bytes(data[2:4], "big") :]
        if data[:1] != b"$" and b"\r\n\r\n" in data:
            request, _, data = data.partition(b"\r\n\r\n")
            lines = request.decode().split("\r\n")
            verb, url, _version = lines[0].split()
            fields = dict(line.split(": ", 1) for line in lines[1:])
            yield verb, url, fields["CSeq"]
            continue
        try:
            part = client.recv(65536)
        except TimeoutError:
            continue
        if not part:
            return
        data += part


def _reply(verb: str, number: str, parameters: tuple[bytes, ...]) -> bytes:
    head = ["RTSP/1.0 200 OK", f"CSeq: {number}"]
    body = ""
    match verb:
        case "OPTIONS":
            head.append("Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN")
        case "DESCRIBE":
            body = _description(parameters)
            head += ["Content-Type: application/sdp", f"Content-Length: {len(body)}"]
        case "SETUP":
            head += ["Transport: RTP/AVP/TCP;unicast;interleaved=0-1", "Session: 1;timeout=60"]
        case _:
            head.append("Session: 1")
    return "\r\n".join([*head, "", body]).encode()


def _description(parameters: tuple[bytes, ...]) -> str:
    sets = ",".join(base64.b64encode(one).decode() for one in parameters)
    profile = parameters[0][1:4].hex()
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=camera", "t=0 0", "c=IN IP4 127.0.0.1"]
    lines += [f"m=video 0 RTP/AVP {PAYLOAD_TYPE}", f"a=rtpmap:{PAYLOAD_TYPE} H264/{RTP_HZ}"]
    form = f"packetization-mode=1;profile-level-id={profile};sprop-parameter-sets={sets}"
    lines += [f"a=fmtp:{PAYLOAD_TYPE} {form}", "a=control:track", ""]
    return "\r\n".join(lines)
