"""Asks a camera for its description before libav does: where the stream is, what login it wants.

libav follows redirects without end and takes the login along to any machine. It tells neither which
code it got nor what login was wanted. So it gets an address that has just worked.
"""

import ssl
from collections.abc import Callable
from typing import Protocol

import msgspec

from wallctl.media.camera_address import Address, redirected
from wallctl.media.challenge import challenges, libav_meets
from wallctl.media.connect import MOST_REDIRECTS
from wallctl.media.failure import SourceError, reason_of_status
from wallctl.media.rtsp_line import RtspLine
from wallctl.media.rtsp_message import Message, MessageError
from wallctl.media.sdp import fault
from wallctl.model.site import Stream

_ODD = frozenset({405, 455, 501, 551})
"""Answers of cameras that want another kind of request; libav may get further."""


class Line(Protocol):
    """A camera's server; see ``RtspLine``."""

    @property
    def wanted(self) -> tuple[str, ...]:
        """The challenges that the newest login answered."""

    def ask(self, method: str, url: str, **headers: str) -> Message:
        """Make a request."""

    def leave(self) -> None:
        """Hang up, and wait a moment until the camera did."""


class Described(msgspec.Struct, frozen=True):
    """A stream as its camera describes it."""

    address: Address
    """Where it is, after redirects."""
    description: bytes = b""
    """SDP; empty where the camera's answer could not be read."""
    libav_gets_in: bool = True
    """Whether libav can log in as the camera wants it."""


def describe(
    source: Stream,
    check_name: Callable[[str], None] = lambda _: None,
    dial: Callable[[Address], Line] = RtspLine,
) -> Described:
    """Ask for the description of an RTSP source. ``check_name`` looks up a machine's name.

    Raises ``SourceError`` with the reason for which the camera gives nothing, ``OSError`` and
    ``EOFError`` where it can't be asked.
    """
    address = Address(source.url, source.login)
    wanted: tuple[str, ...] = ()
    for _ in range(1 + MOST_REDIRECTS):
        check_name(address.host)
        try:
            answer, wanted = _asked(address, dial)
        except (MessageError, ssl.SSLError):
            return Described(address)
        if not 300 <= answer.status < 400:
            break
        address = redirected(address, answer.first("Location"), source.login)
    else:
        raise SourceError(reason_of_status(answer.status))
    if answer.status != 200 and answer.status not in _ODD:
        raise SourceError(reason_of_status(answer.status))
    reason = fault(answer.body)
    if reason is not None:
        raise SourceError(reason)
    return Described(address, answer.body, _libav_gets_in(address, wanted))


def _asked(address: Address, dial: Callable[[Address], Line]) -> tuple[Message, tuple[str, ...]]:
    """The answer, and what login was wanted for it."""
    line = dial(address)
    try:
        answer = line.ask("DESCRIBE", address.url, Accept="application/sdp")
        return answer, line.wanted
    finally:
        line.leave()


def _libav_gets_in(address: Address, wanted: tuple[str, ...]) -> bool:
    return address.login is None or libav_meets(challenges(wanted), address.login)
