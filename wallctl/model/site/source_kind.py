"""The kinds of sources, by the addresses that name them. Pure: nothing is opened.

A row for each kind. How ``wallctl.media.sources`` opens one stands there, in a module of its name.
"""

import posixpath
import re
from urllib.parse import unquote, urlsplit

import msgspec

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")
_STILL_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})


class SourceKind(msgspec.Struct, frozen=True):
    """How pictures come from what an address names."""

    name: str
    schemes: tuple[str, ...] = ()
    """What stands before the colon; nothing for paths."""
    is_live: bool = False
    """From another machine: at its own pace, for ever; an end is a failure."""
    has_connection: bool = True
    """Whether its packets come over a connection that can be watched and cut."""
    is_web: bool = False
    """Whether a web server is asked for it, which may answer with anything."""

    @property
    def listens(self) -> bool:
        """Whether packets come by themselves, without a connection."""
        return self.is_live and not self.has_connection


RTSP = SourceKind("rtsp", ("rtsp", "rtsps"), is_live=True)
WEB = SourceKind("web", ("http", "https"), is_live=True, is_web=True)
RTMP = SourceKind("rtmp", ("rtmp",), is_live=True)
DATAGRAMS = SourceKind("datagrams", ("udp", "rtp"), is_live=True, has_connection=False)
FILE = SourceKind("file")
"""A recording, played in a loop at the pace of its timestamps."""
STILL = SourceKind("still")
"""One picture, in a file."""
PATTERN = SourceKind("pattern", ("test",))
"""A test picture that the program draws: ``test:NAME``."""
UNKNOWN = SourceKind("unknown", is_live=True)
"""No file of a site names one; nothing is opened for it."""

KINDS = (RTSP, WEB, RTMP, DATAGRAMS, FILE, STILL, PATTERN)
NETWORK_SCHEMES = tuple(scheme for kind in KINDS if kind.is_live for scheme in kind.schemes)
_PRIVATE = frozenset({"rtsps", "https"})
_BY_SCHEME = {scheme: kind for kind in KINDS for scheme in kind.schemes}


def source_kind(address: str) -> SourceKind:
    """The kind of source that an address or a path names."""
    path = file_path(address)
    if path is not None:
        is_still = posixpath.splitext(path)[1].lower() in _STILL_SUFFIXES
        return STILL if is_still else FILE
    return _BY_SCHEME.get(scheme_of(address) or "", UNKNOWN)


def scheme_of(address: str) -> str | None:
    """The part before the colon, in lower case; ``None`` for the path of a file."""
    match = _SCHEME.match(address)
    return match[0].lower() if match else None


def is_private(address: str) -> bool:
    """Whether what is said to the machine is encrypted."""
    return scheme_of(address) in _PRIVATE


def host_of(address: str) -> str:
    """The machine that an address names; empty if it names none, or no valid one."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def pattern_name(address: str) -> str:
    """The name in ``test:NAME``."""
    return address.partition(":")[2]


def file_path(address: str) -> str | None:
    """The path of a file, given as a path or as ``file:`` URL; ``None`` for anything else."""
    if address.startswith("file:"):
        return unquote(urlsplit(address).path)
    return None if "://" in address or address.startswith("test:") else address
