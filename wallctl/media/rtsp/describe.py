"""Asks a camera for its description before libav does: where the stream is, what login it wants.

libav follows redirects without end, and takes the login along to any machine. It does not tell
which status code it got. So libav is given an address that has just worked.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from wallctl.media.network.camera_address import (
    MOST_REDIRECTS,
    Address,
    address_of,
    follow_redirect,
)
from wallctl.media.rtsp.connection import RtspConnection
from wallctl.media.rtsp.message import Message, MessageError
from wallctl.media.rtsp.sdp import fault
from wallctl.media.sources.failure_reason import SourceError, reason_of_status
from wallctl.model.site.site import Stream

_ODD = frozenset({405, 455, 501, 551})
"""Answers of cameras that want another kind of request; libav may get further."""


class Line(Protocol):
    """A camera's server; see ``RtspConnection``."""

    def ask(self, method: str, url: str, **headers: str) -> Message:
        """Make a request."""

    def leave(self) -> None:
        """Hang up, and wait a moment for the camera to do so."""


class Described(msgspec.Struct, frozen=True):
    """A stream as its camera describes it."""

    address: Address
    """Where it is, after redirects."""
    description: bytes = b""
    """SDP; empty where the camera's answer could not be read."""

    @property
    def libav_gets_in(self) -> bool:
        """Whether libav itself may call it: libav can't be trusted with logins or certificates."""
        return self.address.login is None and not self.address.is_private


def describe(
    source: Stream,
    check_name: Callable[[str], None] = lambda _: None,
    dial: Callable[[Address], Line] = RtspConnection,
) -> Described:
    """Ask for the description of an RTSP source. ``check_name`` looks up a machine's name.

    Raises ``SourceError`` with the reason why the camera gives nothing, and ``OSError`` or
    ``EOFError`` if it can't be asked.
    """
    address = address_of(source)
    for _ in range(1 + MOST_REDIRECTS):
        check_name(address.host)
        try:
            answer = _ask(address, dial)
        except MessageError:
            return Described(address)
        if not 300 <= answer.status < 400:
            break
        address = follow_redirect(address, answer.first("Location"), source)
    else:
        raise SourceError(reason_of_status(answer.status))
    if answer.status != 200 and answer.status not in _ODD:
        raise SourceError(reason_of_status(answer.status))
    reason = fault(answer.body)
    if reason is not None:
        raise SourceError(reason)
    return Described(address, answer.body)


def _ask(address: Address, dial: Callable[[Address], Line]) -> Message:
    line = dial(address)
    try:
        return line.ask("DESCRIBE", address.url, Accept="application/sdp")
    finally:
        line.leave()
