"""An RTSP camera in a thread, with the habits that a test gives it. It sends real H.264."""

import base64
import hashlib
import re
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np

from tests.support.certificates import private
from wallctl.media.network.login_challenge import Scheme, challenges
from wallctl.media.rtsp.message import Message, read_head

REALM = "IP Camera(C1214)"
USER, PASSWORD = "admin", "s3cret"
FRAME_S = 0.02


@dataclass
class Habits:
    """What a camera does otherwise than most."""

    scheme: str = ""
    """``basic`` or ``digest``; without it there is no login."""
    algorithm: str = ""
    qop: str = ""
    realm: str = REALM
    user: str = USER
    password: str = PASSWORD
    nonce_for_one: bool = False
    """A nonce is good for one request, and that is not said."""
    more_challenges: tuple[str, ...] = ()
    refuse: dict[str, int] = field(default_factory=dict)
    """Codes by method."""
    refuse_transport: dict[str, int] = field(default_factory=dict)
    """Codes of SETUP by ``TCP`` and ``UDP``."""
    refuse_tracks: tuple[int, ...] = ()
    tracks: int = 1
    redirect: str = ""
    """The ``Location`` of a 302 to DESCRIBE."""
    timeout_s: int = 60
    """After so long without a good request a session ends."""
    hang_up_at: str = ""
    """A method that is answered by hanging up."""
    junk: bytes = b""
    """Sent between packets."""
    video: str = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
    sound: bool = False
    certificate: str = ""
    """It speaks TLS with this one of ``tests/support/certificates``."""


class Camera:
    """What a test asks a camera afterwards."""

    def __init__(self, habits: Habits) -> None:
        self.habits = habits
        self.calls = 0
        self.requests: list[Message] = []
        self.wrong = 0
        """Logins that were not right, by password or by nonce."""
        self.nonces: set[str] = set()
        self.port = 0
        self.host = "127.0.0.1"

    @property
    def url(self) -> str:
        scheme = "rtsps" if self.habits.certificate else "rtsp"
        return f"{scheme}://{self.host}:{self.port}/live?channel=1"

    @property
    def methods(self) -> list[str]:
        return [request.request[0] for request in self.requests]

    def logins(self) -> list[str]:
        """All that was said of a login."""
        return [value for one in self.requests for value in one.all("Authorization")]


@contextmanager
def scripted(habits: Habits | None = None, host: str = "127.0.0.1") -> Iterator[Camera]:
    camera = Camera(habits or Habits())

    class Session(_Session):
        pass

    Session.camera = camera
    with _Server((host, 0), Session) as server:
        camera.host, camera.port = host, server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield camera
        finally:
            server.shutdown()
            thread.join(5)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is no error."""


class _Session(socketserver.StreamRequestHandler):
    camera: Camera

    def setup(self) -> None:
        if self.camera.habits.certificate:
            self.request = private(self.request, self.camera.habits.certificate)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()  # the server closes its own alone, which TLS has taken over

    def handle(self) -> None:
        self.camera.calls += 1
        self.habits = self.camera.habits
        self.writing = threading.Lock()
        self.packets: Callable[[bytes], object] = lambda _: None
        self.datagrams = list[socket.socket]()
        try:
            self._serve()
        finally:
            for one in self.datagrams:
                one.close()

    def _serve(self) -> None:
        while (request := self._request()) is not None:
            self.camera.requests.append(request)
            method = request.request[0]
            if method == self.habits.hang_up_at:
                return
            if self._answer(request) == 200 and method == "PLAY":
                threading.Thread(target=self._send_pictures, daemon=True).start()
            if method == "TEARDOWN":
                return

    def _request(self) -> Message | None:
        first = self.rfile.read(1)
        while first == b"$":
            _, size = struct.unpack(">BH", self.rfile.read(3))
            self.rfile.read(size)
            first = self.rfile.read(1)
        lines = [first]
        while first and (line := self.rfile.readline()).strip():
            lines.append(line)
        return read_head(b"".join(lines)) if first else None

    def _answer(self, request: Message) -> int:
        status, headers, body = self._decided(request)
        lines = [f"RTSP/1.0 {status} As Told", f"CSeq: {request.first('CSeq')}", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        with self.writing:
            self.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        if status == 200:
            self.kept_s = time.monotonic()
        return status

    def _decided(self, request: Message) -> tuple[int, list[str], bytes]:
        habits, method = self.habits, request.request[0]
        if method == "OPTIONS":
            return 200, ["Public: DESCRIBE, SETUP, PLAY, GET_PARAMETER"], b""
        if habits.scheme and not self._gets_in(request):
            return 401, self._challenges(), b""
        if method in habits.refuse:
            return habits.refuse[method], [], b""
        if method == "DESCRIBE":
            if habits.redirect:
                return 302, [f"Location: {habits.redirect}"], b""
            return 200, ["Content-Type: application/sdp"], self._description()
        if method == "SETUP":
            return self._set_up(request)
        return 200, ["Session: 1"], b""

    def _description(self) -> bytes:
        lines = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=x\r\nt=0 0\r\n"
        if self.habits.sound:
            lines += "m=audio 0 RTP/AVP 0\r\na=control:sound\r\n"
        for number in range(self.habits.tracks):
            lines += f"{self.habits.video}a=control:track{number}\r\n"
        return lines.encode()

    def _set_up(self, request: Message) -> tuple[int, list[str], bytes]:
        wanted, url = request.first("Transport"), request.request[1]
        way = "TCP" if "TCP" in wanted else "UDP"
        if int(url[-1]) in self.habits.refuse_tracks:
            return 404, [], b""
        if way in self.habits.refuse_transport:
            return self.habits.refuse_transport[way], [], b""
        if way == "TCP":
            self.packets = self._interleave
            said = f"Session: 1;timeout={self.habits.timeout_s}"
            return 200, [said, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"], b""
        port = int(re.findall(r"client_port=(\d+)", wanted)[0])
        own = socket.socket(type=socket.SOCK_DGRAM)
        self.datagrams.append(own)
        own.bind((self.camera.host, 0))
        self.packets = lambda packet: own.sendto(packet, ("127.0.0.1", port))
        ports = f"client_port={port}-{port + 1};server_port={own.getsockname()[1]}-1"
        return 200, ["Session: 1", f"Transport: RTP/AVP;unicast;{ports}"], b""

    def _interleave(self, packet: bytes) -> None:
        if time.monotonic() - self.kept_s > self.habits.timeout_s:
            self.connection.shutdown(socket.SHUT_RDWR)
        with self.writing:
            self.wfile.write(self.habits.junk + b"$" + struct.pack(">BH", 0, len(packet)) + packet)

    def _send_pictures(self) -> None:
        number = 0
        try:
            while True:
                for unit in _CLIP:
                    for i, nal in enumerate(unit):
                        last = 0x80 if i == len(unit) - 1 else 0
                        stamp = int(number * FRAME_S * 90000) & 0xFFFFFFFF
                        head = struct.pack(">BBHII", 0x80, 96 | last, number * 8 + i, stamp, 7)
                        self.packets(head + nal)
                    number += 1
                    time.sleep(FRAME_S)
        except (OSError, ValueError):
            return

    def _challenges(self) -> list[str]:
        habits = self.habits
        if habits.scheme == "basic":
            own = f'Basic realm="{habits.realm}"'
        else:
            nonce = hashlib.md5(str(len(self.camera.requests)).encode()).hexdigest()
            self.camera.nonces.add(nonce)
            own = f'Digest realm="{habits.realm}", nonce="{nonce}"'
            own += f", algorithm={habits.algorithm}" if habits.algorithm else ""
            own += f', qop="{habits.qop}"' if habits.qop else ""
        return [f"WWW-Authenticate: {one}" for one in (own, *habits.more_challenges)]

    def _gets_in(self, request: Message) -> bool:
        said = request.first("Authorization")
        if not said:
            return False
        right = self._is_right(said, request.request[0])
        self.camera.wrong += not right
        return right

    def _is_right(self, said: str, method: str) -> bool:
        habits = self.habits
        if habits.scheme == "basic":
            account = f"{habits.user}:{habits.password}".encode()
            return said == f"Basic {base64.b64encode(account).decode()}"
        given = challenges([said])[0]
        if given.scheme is not Scheme.DIGEST:
            return False
        fields = given.fields
        session = habits.algorithm.lower().endswith("-sess")
        name = (habits.algorithm or "MD5").upper().removesuffix("-SESS")
        kind = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}[name]

        def made(*parts: str) -> str:
            return hashlib.new(kind, ":".join(parts).encode()).hexdigest()

        nonce = fields.get("nonce", "")
        secret = made(habits.user, habits.realm, habits.password)
        if session:
            secret = made(secret, nonce, fields.get("cnonce", ""))
        middle = [nonce]
        if habits.qop:
            middle += [fields.get("nc", ""), fields.get("cnonce", ""), "auth"]
        right = made(secret, *middle, made(method, fields.get("uri", "")))
        known = nonce in self.camera.nonces
        if habits.nonce_for_one:
            self.camera.nonces.discard(nonce)
        return known and fields.get("response") == right


def _made_clip() -> list[list[bytes]]:
    """Small pictures, one NAL a packet."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = 64, 48, "yuv420p"
    encoder.time_base = Fraction(1, 50)
    encoder.options = {"tune": "zerolatency", "g": "5", "preset": "ultrafast"}
    encoder.options |= {"x264-params": "repeat-headers=1:sliced-threads=0:keyint=5"}
    units = []
    for number in range(10):
        grey = np.full((72, 64), 100 + number, np.uint8)
        frame = av.VideoFrame.from_ndarray(grey, format="yuv420p")
        frame.pts = number
        for packet in encoder.encode(frame):
            found = re.split(rb"\x00?\x00\x00\x01", bytes(packet))
            units.append([nal for nal in found if nal and nal[0] & 31 in (1, 5, 7, 8)])
    return units


_CLIP = _made_clip()
