"""Stands between libav and a camera that libav can't talk to, within a worker.

It checks that the camera is who it should be (TLS), and logs in: libav would tell the password to
anybody who asks. It leaves out what is neither packet nor answer. Where a camera refuses other
tracks, it asks for one track of video alone. libav calls it over loopback, without a login.
"""

import contextlib
import re
import secrets
import select
import socket
import threading

import msgspec

from wallctl.media.network.camera_address import Address
from wallctl.media.network.libav_sockets import is_own
from wallctl.media.rtsp.connection import RtspConnection, Wire
from wallctl.media.rtsp.interleaved import Interleaved
from wallctl.media.rtsp.message import Message, MessageError, read_head
from wallctl.media.rtsp.sdp import with_video
from wallctl.media.sources.failure_reason import SourceError, reason_of
from wallctl.model.streams.health import Reason

_CALLED_S = 5.0
"""How long to wait for libav, which calls at once from the same process."""
_BACKLOG = 16
_CHUNK_BYTES = 1 << 17
_LOST = (OSError, EOFError, MessageError)


class Refusal(msgspec.Struct, frozen=True):
    """A request that a camera did not grant."""

    method: str
    status: int


class Relay:
    """Relays one call, until libav hangs up or ``close`` is called."""

    def __init__(self, address: Address, track: int = 0) -> None:
        """Connect to the camera. ``track`` is the track of video to ask for.

        Raises ``OSError``, and ``SourceError`` if the camera is not who it should be.
        """
        self._address = address
        self._track = track
        self.refusal: Refusal | None = None
        """The newest request that was not granted."""
        self.fault: Exception | None = None
        """Why the camera gave no answer, or let nobody in."""
        self.size_bytes: int | None = None
        """``None``: what a camera sends has no end."""
        self.form: str | None = None
        """``None``: libav tells the format by the address."""
        self._camera = RtspConnection(address)
        self._token = secrets.token_urlsafe(16)
        """A secret in the address, unknown to another program that finds the port."""
        self._pending: Message | None = None
        self._channels = frozenset[int]()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
        self._listener.settimeout(_CALLED_S)
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """What libav calls instead of the camera."""
        split = self._address.url.partition("://")[2].partition("/")
        return f"{self._base}/{split[2]}"

    def close(self) -> None:
        """Hang up on the camera."""
        for end in (self._listener, self._camera.wire.socket):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._thread.join(_CALLED_S)

    @property
    def _base(self) -> str:
        return f"rtsp://127.0.0.1:{self._listener.getsockname()[1]}/{self._token}"

    def _run(self) -> None:
        base = self._base
        try:
            with contextlib.suppress(*_LOST), self._accept() as caller:
                self._serve(Wire(caller), base)
        except SourceError as error:
            self.fault = error
        finally:
            self._camera.close()
            self._listener.close()

    def _accept(self) -> socket.socket:
        """Accept libav's call; hang up on other programs of this machine."""
        while True:
            caller, address = self._listener.accept()
            if is_own(address):
                return caller
            caller.close()

    def _serve(self, libav: Wire, base: str) -> None:
        libav.socket.settimeout(None)
        libav.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = libav.receive()
        if not request.request[1].startswith(base):
            raise MessageError
        while True:
            answer = self._answer(self._for_camera(request, base))
            libav.send(answer.having(CSeq=request.first("CSeq")))
            if request.request[0] == "PLAY" and answer.status == 200:
                break
            request = libav.receive()
        self._camera.wire.socket.settimeout(None)
        self._pass_on(libav, base)

    def _for_camera(self, request: Message, base: str) -> Message:
        """The request with the camera's own address."""
        method, url = request.request
        if url != "*" and url.startswith(base):
            scheme, _, rest = self._address.url.partition("://")
            url = f"{scheme}://{rest.partition('/')[0]}{url.removeprefix(base)}"
        return msgspec.structs.replace(request, start=f"{method} {url} RTSP/1.0")

    def _answer(self, request: Message) -> Message:
        method = request.request[0]
        try:
            answer = self._camera.forward(request)
        except (OSError, EOFError) as error:
            raise SourceError(reason_of(error)) from None
        if 300 <= answer.status < 400:  # libav would follow
            raise SourceError(Reason.REDIRECTED)
        if answer.status != 200:
            self.refusal = Refusal(method, answer.status)
        elif method == "DESCRIBE":
            body = with_video(answer.body, self._track)
            answer = msgspec.structs.replace(answer, body=body)
            answer = answer.having(Content_Length=str(len(body)))
        elif method == "SETUP":
            transport = answer.first("Transport")
            self._channels |= channels(transport)
            answer = answer.having(Transport=self._with_source(transport))
        return answer

    def _with_source(self, transport: str) -> str:
        """Tell libav that packets over UDP come from the camera, not from here."""
        if "client_port" not in transport or "source=" in transport:
            return transport
        return f"{transport};source={self._camera.wire.socket.getpeername()[0]}"

    def _pass_on(self, libav: Wire, base: str) -> None:
        """Carry messages until either end hangs up."""
        camera, packets = self._camera.wire.socket, Interleaved(self._channels)
        requests = _Requests()
        self._to_libav(libav, packets, self._camera.wire.rest())
        poller = select.poll()
        for end in (camera, libav.socket):
            poller.register(end, select.POLLIN)
        while True:
            for ready, _ in poller.poll():
                end = camera if ready == camera.fileno() else libav.socket
                data = end.recv(_CHUNK_BYTES)
                if not data:
                    return
                if end is camera:
                    self._to_libav(libav, packets, data + _read_decrypted(camera))
                else:
                    self._to_camera(requests.feed(data), base)

    def _to_libav(self, libav: Wire, packets: Interleaved, data: bytes) -> None:
        whole, answers = packets.feed(data)
        for answer in answers:
            self._take_answer(answer)
        libav.socket.sendall(whole)

    def _take_answer(self, answer: Message) -> None:
        """Repeat a request whose login was stale: without such requests the session would end."""
        pending, self._pending = self._pending, None
        if answer.status == 401 and pending is not None:
            self._camera.renew(answer)
            self._camera.wire.send(self._camera.sign(pending))

    def _to_camera(self, items: "list[bytes | Message]", base: str) -> None:
        for item in items:
            if isinstance(item, bytes):
                self._camera.wire.socket.sendall(item)
            else:
                self._pending = self._for_camera(item, base)
                self._camera.wire.send(self._camera.sign(self._pending))


def channels(transport: str) -> frozenset[int]:
    """The interleaved channels that a camera uses, by its answer to SETUP."""
    said = re.search(r"interleaved=(\d{1,3})(?:-(\d{1,3}))?", transport)
    if said is None:
        return frozenset()
    first = int(said[1])
    return frozenset(range(first, int(said[2] or first) + 1))


class _Requests:
    """Splits what libav sends while it plays: its packets (RTCP), and requests without a body."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> "list[bytes | Message]":
        """The packets and requests that are whole by now."""
        from_libav, found = self._held + data, list[bytes | Message]()
        while (size := _size(from_libav)) is not None:
            item, from_libav = from_libav[:size], from_libav[size:]
            found.append(item if item.startswith(b"$") else _request(item))
        self._held = from_libav
        return found


def _size(data: bytes) -> int | None:
    if data.startswith(b"$"):
        size = 4 + int.from_bytes(data[2:4])
        return size if 4 <= size <= len(data) else None
    head = data.find(b"\r\n\r\n")
    return head + 4 if head >= 0 else None


def _request(text: bytes) -> Message:
    return read_head(text)


def _read_decrypted(camera: socket.socket) -> bytes:
    """Read what TLS has decrypted already: ``poll`` does not tell of it."""
    pending = getattr(camera, "pending", None)
    size = pending() if pending is not None else 0
    return camera.recv(size) if size else b""
