"""What kind of source a URL names. Decided by its text alone; nothing is opened."""

import enum
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

PATTERN_PREFIX = "test:"
_CONNECTIONLESS = frozenset({"udp", "rtp", "srt"})
_WEB = frozenset({"http", "https"})
_STILL_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})


class SourceKind(enum.Enum):
    """How a source's pictures come."""

    LIVE = "live"
    """From a camera or a server: at its own pace, for ever; an end is a failure."""
    FILE = "file"
    """A recording, played in a loop at the pace of its timestamps."""
    STILL = "still"
    """One picture."""
    PATTERN = "pattern"
    """A test picture made here."""


def source_kind(url: str) -> SourceKind:
    """The kind of a source."""
    if url.startswith(PATTERN_PREFIX):
        return SourceKind.PATTERN
    path = file_path(url)
    if path is None:
        return SourceKind.LIVE
    still = PurePosixPath(path).suffix.lower() in _STILL_SUFFIXES
    return SourceKind.STILL if still else SourceKind.FILE


def is_connectionless(url: str) -> bool:
    """Whether its packets come over no connection that could be watched and cut."""
    return scheme_of(url) in _CONNECTIONLESS


def is_web(url: str) -> bool:
    """Whether a web server is asked for it, which may answer with anything."""
    return scheme_of(url) in _WEB


def scheme_of(url: str) -> str:
    """``rtsp``, ``http`` ... in small letters; of a path all of it."""
    return url.partition("://")[0].lower()


def host_of(url: str) -> str:
    """The machine that an address names; empty if it names none, or no valid one."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def pattern_name(url: str) -> str:
    """The name in ``test:NAME``."""
    return url.removeprefix(PATTERN_PREFIX)


def file_path(url: str) -> str | None:
    """The path of a file, given as a path or as ``file:`` URL; ``None`` for anything else."""
    if url.startswith("file:"):
        return unquote(urlsplit(url).path)
    return None if "://" in url else url
