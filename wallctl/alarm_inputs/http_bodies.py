"""The bodies of HTTP calls: parts, and the entries of forms and objects. Pure."""

import itertools
import typing
import urllib.parse
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import HTTP

import msgspec

from wallctl.alarm_inputs.alarm_signal import TEXT_KEYS, decoded, keyed, read_json

MOST_PARTS = 16
"""Parts of a multipart body that are looked at."""
LONGEST_LINE = 80
"""Bytes of a line that parts a body (RFC 2046 has 72)."""
PART_KEPT_BYTES = 65_536
"""What is said stands at a part's beginning; the rest of pictures is thrown away."""
LONGEST_HEAD, MOST_BRACKETS = 512, 16
"""Bytes of what says what a body or a part is, and remarks in it. Python takes a minute to read
60 000 bytes, and can't read remarks within remarks. What has more says nothing."""
MOST_FIELDS = 64
"""Entries of a form that are looked at."""


class Part(msgspec.Struct, frozen=True):
    """A part of a multipart body, or a body of one part."""

    kind: str
    """Its content type, in small letters."""
    name: str
    """The name of the form's entry; empty outside of forms."""
    content: bytes


def parts(content_type: str, pieces: Iterable[bytes]) -> Iterator[Part]:
    """The parts of a body as they come; one without parts is its only part.

    Of each the beginning is kept, so a picture before what is said does no harm.
    """
    head = _head(f"Content-Type: {content_type}".encode("utf-8", "replace"))
    pieces = iter(pieces)
    first = b""
    while b"\n" not in first and len(first) <= LONGEST_LINE and (more := next(pieces, b"")):
        first += more
    line, pieces = _line(head, first), itertools.chain((first,), pieces)
    if line is None:
        content = _beginning(pieces)
        yield Part(head.get_content_type() if content_type else "", "", content)
        return
    for part in itertools.islice(_between(line, pieces), 1, MOST_PARTS + 1):
        top, _, content = part.replace(b"\r\n", b"\n").strip(b"\n").partition(b"\n\n")
        entry = _head(top)
        name = entry.get_param("name", "", "Content-Disposition")
        yield Part(entry.get_content_type(), str(name or "").casefold(), content)


def _line(head: EmailMessage, first: bytes) -> bytes | None:
    """What parts a body; some devices send such lines and do not say so. ``None``: nothing."""
    boundary = head.get_boundary()
    if head.get_content_maintype() == "multipart" and boundary:
        return b"--" + boundary.encode("utf-8", "replace")
    line = first.partition(b"\n")[0].rstrip(b"\r")
    return line if line.startswith(b"--") and 2 < len(line) <= LONGEST_LINE else None


def _beginning(pieces: Iterable[bytes]) -> bytes:
    """As much of a body as is kept of a part."""
    kept = bytearray()
    for piece in pieces:
        kept += piece
        if len(kept) >= PART_KEPT_BYTES:
            break
    return bytes(kept[:PART_KEPT_BYTES])


def _between(line: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What stands between the lines of a multipart body, cut to what is kept of a part."""
    kept, rest = bytearray(), b""
    for piece in pieces:
        *ended, rest = (rest + piece).split(line)
        for content in ended:
            yield bytes((kept + content)[:PART_KEPT_BYTES])
            kept.clear()
        sure = max(0, len(rest) - len(line) + 1)  # a line may begin in what is left of it
        kept += rest[: min(sure, PART_KEPT_BYTES - len(kept))]
        rest = rest[sure:]
    yield bytes((kept + rest)[:PART_KEPT_BYTES])


def _head(lines: bytes) -> EmailMessage:
    is_short = len(lines) <= LONGEST_HEAD and lines.count(b"(") <= MOST_BRACKETS
    said = lines if is_short else b""
    return BytesHeaderParser(policy=HTTP).parsebytes(said + b"\n\n")


def fields_of(content_type: str, body: bytes) -> dict[str, typing.Any]:
    """The entries of a form or a JSON object, or a plain text as the entry ``text``.

    Keys are in small letters. A body of any other kind, as a picture, has none.
    """
    found: dict[str, typing.Any] = {}
    for part in parts(content_type, (body,)):
        if part.name:
            found.setdefault(part.name, (decoded(part.content) or "").strip())
            continue
        text = (decoded(part.content) or "").strip()
        if text[:1] == "{":
            found |= keyed(read_json(text))
        elif part.kind == "application/x-www-form-urlencoded":
            found |= form_fields(text)
        elif part.kind == "text/plain" and content_type and text:
            found.setdefault(TEXT_KEYS[0], text)
    return found


def form_fields(form: str) -> dict[str, str]:
    """The entries of a form, or of an address behind its ``?``; keys in small letters.

    Percent-encoded bytes may be UTF-8 or GBK. What is neither is left out.
    """
    found: dict[str, str] = {}
    for pair in form.split("&", MOST_FIELDS)[:MOST_FIELDS]:
        key, _, value = (unquoted(one.replace("+", " ")) for one in pair.partition("="))
        if key and value is not None:
            found.setdefault(key.casefold(), value)
    return found


def unquoted(text: str) -> str | None:
    """A percent-encoded text; ``None`` if its bytes are neither UTF-8 nor GBK."""
    return decoded(urllib.parse.unquote_to_bytes(text))
