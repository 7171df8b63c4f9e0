"""What a camera's description (RFC 4566) says of its tracks. Pure."""

import re

import msgspec

from wallctl.model.streams.health import Reason

_MOST_JPEG_PX = 2040
"""RTP gives a JPEG's width and height in units of 8 px, in one byte each (RFC 2435)."""
_JPEG_SIZES = re.compile(rb"a=(?:x-dimensions:|framesize:\d+ )\s*(\d{1,6})\s*[,-]\s*(\d{1,6})")
_CODEC = re.compile(rb"a=rtpmap:\d+\s+([A-Za-z0-9-]+)")
_PAYLOAD = re.compile(rb"m=\S+ \S+ \S+ (\d+)")
_STATIC = {b"26": "JPEG"}
"""Codecs by payload type, where no ``rtpmap`` names one (RFC 3551)."""


class Track(msgspec.Struct, frozen=True):
    """One track, with the lines that describe it."""

    kind: str
    """``video``, ``audio`` …"""
    text: bytes

    @property
    def codec(self) -> str:
        """Its name in RTP, in capitals; empty if the description gives none."""
        named = _CODEC.search(self.text)
        if named is not None:
            return named[1].decode().upper()
        payload = _PAYLOAD.match(self.text)
        return _STATIC.get(payload[1], "") if payload is not None else ""

    @property
    def can_be_sent(self) -> bool:
        """Whether standard RTP can carry it: a JPEG may be too large."""
        size = _JPEG_SIZES.search(self.text)
        if self.codec != "JPEG" or size is None:
            return True
        return max(int(size[1]), int(size[2])) <= _MOST_JPEG_PX


def split(description: bytes) -> tuple[bytes, tuple[Track, ...]]:
    """The lines of the session, and the tracks."""
    session, *media = re.split(rb"^(?=m=)", description, flags=re.MULTILINE)
    kinds = (re.match(rb"m=([a-z]*)", text) for text in media)
    named = zip(kinds, media, strict=True)
    return session, tuple(Track(kind[1].decode() if kind else "", text) for kind, text in named)


def videos(description: bytes) -> tuple[Track, ...]:
    """The tracks of video."""
    return tuple(track for track in split(description)[1] if track.kind == "video")


def with_video(description: bytes, number: int) -> bytes:
    """The description with the ``number``-th track of video alone."""
    session, tracks = split(description)
    of_video = [track for track in tracks if track.kind == "video"]
    return session + of_video[number].text if number < len(of_video) else description


def fault(description: bytes) -> Reason | None:
    """Why nothing of a description can be shown; ``None`` if something may be."""
    tracks = split(description)[1]
    of_video = [track for track in tracks if track.kind == "video"]
    if tracks and not of_video:
        return Reason.NO_VIDEO
    if of_video and not any(track.can_be_sent for track in of_video):
        return Reason.UNSUPPORTED
    return None
