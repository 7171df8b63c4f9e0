"""Splits what comes over a playing RTSP line into packets, answers and stray bytes. Pure.

libav loses its place at the first stray byte. Here such bytes are left out.
"""

from wallctl.media.rtsp.message import MOST_HEAD_BYTES, Message, MessageError, read_head

_PACKET, _ANSWER = 0x24, b"RTSP/"
_HEAD_BYTES, _LEAST_BYTES = 4, 5
_RTP_VERSION = 2
"""The upper two bits of an RTP and an RTCP packet (RFC 3550)."""


class Interleaved:
    """Takes bytes as they come; gives out whole packets and answers, untouched and in order."""

    def __init__(self, channels: frozenset[int] = frozenset()) -> None:
        """``channels`` are those of the packets, if that is known."""
        self._channels = channels
        self._held = b""

    def feed(self, data: bytes) -> tuple[bytes, list[Message]]:
        """Add bytes. Returns what is whole by now, and the answers in it."""
        held = self._held + data
        at = sent = 0
        whole: list[bytes] = []
        answers: list[Message] = []
        while (end := self._end(held, at)) is not None:
            if end > at:
                if held[at] != _PACKET:
                    answers += _read(held[at:end])
                at = end
                continue
            whole.append(held[sent:at])
            at = sent = _next(held, at + 1)
        whole.append(held[sent:at])
        self._held = held[at:]
        return b"".join(whole), answers

    def _end(self, held: bytes, at: int) -> int | None:
        """Where the packet or answer at ``at`` ends: ``at`` if none begins there, ``None`` if it is
        not whole yet."""
        rest = len(held) - at
        if rest <= 0:
            return None
        if held[at] == _PACKET:
            if rest < _LEAST_BYTES:
                return None
            known = held[at + 1] in self._channels or not self._channels
            if not known or held[at + _HEAD_BYTES] >> 6 != _RTP_VERSION:
                return at
            end = at + _HEAD_BYTES + int.from_bytes(held[at + 2 : at + 4])
            return end if end <= len(held) else None
        if held.startswith(_ANSWER, at):
            return _end_of_answer(held, at)
        cut = rest < len(_ANSWER) and _ANSWER.startswith(held[at:])
        return None if cut else at


def _end_of_answer(held: bytes, at: int) -> int | None:
    head = held.find(b"\r\n\r\n", at)
    if head < 0:
        return at if len(held) - at > MOST_HEAD_BYTES else None
    try:
        end = head + 4 + read_head(held[at:head]).body_bytes
    except MessageError:
        return at
    return end if end <= len(held) else None


def _next(held: bytes, at: int) -> int:
    """Where the next packet or answer may begin; the end of ``held`` if nowhere."""
    found = [place for mark in (b"$", _ANSWER[:1]) if (place := held.find(mark, at)) >= 0]
    return min(found, default=len(held))


def _read(text: bytes) -> list[Message]:
    return [read_head(text.partition(b"\r\n\r\n")[0])]
