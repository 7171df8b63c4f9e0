"""The bodies of HTTP calls: parts, and the entries of forms and objects. Pure."""

import typing
import urllib.parse
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import HTTP

import msgspec

from wallctl.control.inputs.alarm_signal import TEXT_KEYS, decoded, keyed, read_json

MOST_PARTS = 16
"""Parts of a multipart body that are looked at."""
MOST_FIELDS = 64
"""Entries of a form that are looked at."""


class Part(msgspec.Struct, frozen=True):
    """A part of a multipart body, or a body of one part."""

    kind: str
    """Its content type, in small letters."""
    name: str
    """The name of the form's entry; empty outside of forms."""
    content: bytes


def parts(content_type: str, body: bytes) -> Iterator[Part]:
    """The parts of a body; one without parts is its only part."""
    head = _head(f"Content-Type: {content_type}".encode("utf-8", "replace"))
    boundary = head.get_boundary()
    if head.get_content_maintype() != "multipart" or not boundary:
        yield Part(head.get_content_type() if content_type else "", "", body)
        return
    line = b"--" + boundary.encode("utf-8", "replace")
    for part in body.split(line)[1 : MOST_PARTS + 1]:
        top, _, content = part.replace(b"\r\n", b"\n").strip(b"\n").partition(b"\n\n")
        entry = _head(top)
        name = entry.get_param("name", "", "Content-Disposition")
        yield Part(entry.get_content_type(), str(name or "").casefold(), content)


def _head(lines: bytes) -> EmailMessage:
    return BytesHeaderParser(policy=HTTP).parsebytes(lines + b"\n\n")


def fields_of(content_type: str, body: bytes) -> dict[str, typing.Any]:
    """The entries of a form or a JSON object, or a plain text as the entry ``text``.

    Keys are in small letters. A body of any other kind, as a picture, has none.
    """
    found: dict[str, typing.Any] = {}
    for part in parts(content_type, body):
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
