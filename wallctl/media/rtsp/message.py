"""RTSP messages as values, with bounds on their size. Pure.

The head of an answer is a stranger's text: it is read leniently, and the length that it names is
not trusted.
"""

import msgspec

MOST_HEAD_BYTES = 32 << 10
MOST_BODY_BYTES = 256 << 10
"""A description with tracks and parameter sets takes some kilobytes."""

END_OF_HEAD = b"\r\n\r\n"


class MessageError(Exception):
    """What came is not RTSP."""


class Message(msgspec.Struct, frozen=True):
    """One request or answer."""

    start: str
    """Its first line."""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def status(self) -> int:
        """The code of an answer; 0 for a request."""
        protocol, _, rest = self.start.partition(" ")
        code = rest[:3]
        return int(code) if protocol.startswith("RTSP/") and _is_number(code) else 0

    @property
    def request(self) -> tuple[str, str]:
        """Method and address of a request."""
        method, _, rest = self.start.partition(" ")
        return method, rest.rpartition(" ")[0]

    def all(self, name: str) -> list[str]:
        """The values of a header, in their order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def first(self, name: str) -> str:
        """The first value of a header; empty where there is none."""
        return next(iter(self.all(name)), "")

    @property
    def body_bytes(self) -> int:
        """How long its body is said to be."""
        said = self.first("Content-Length").strip()
        if not said:
            return 0
        if not _is_number(said) or int(said) > MOST_BODY_BYTES:
            raise MessageError
        return int(said)

    def having(self, **values: str | None) -> "Message":
        """A copy with these headers, each named as ``Header_Name``; ``None`` removes one."""
        named = {name.replace("_", "-"): value for name, value in values.items()}
        gone = {name.lower() for name in named}
        kept = [(key, value) for key, value in self.headers if key.lower() not in gone]
        added = [(name, value) for name, value in named.items() if value is not None]
        return msgspec.structs.replace(self, headers=(*kept, *added))

    def encode(self) -> bytes:
        """The bytes that go over the line."""
        lines = [self.start, *(f"{key}: {value}" for key, value in self.headers)]
        return "\r\n".join(lines).encode(errors="surrogateescape") + END_OF_HEAD + self.body


def read_head(head: bytes) -> Message:
    """Parse a head, up to its empty line. Returns the message without its body."""
    text = head.decode(errors="surrogateescape")
    lines = [line.rstrip("\r") for line in text.strip("\r\n").split("\n")]
    fields = (line.partition(":") for line in lines[1:])
    headers = tuple((key.strip(), value.strip()) for key, mark, value in fields if mark)
    if not lines[0].strip():
        raise MessageError
    return Message(lines[0], headers)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
