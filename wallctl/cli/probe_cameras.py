"""All cameras of a site asked what they deliver: side by side, and no account wrongly twice."""

import threading
import urllib.parse
from collections.abc import Callable

import msgspec

from wallctl.config.logins import LoginError, with_own_login
from wallctl.media.network.tls import UntrustedError
from wallctl.media.sources.failure_reason import SourceError
from wallctl.media.sources.stream_probe import probe_format
from wallctl.model.planning.plan import Format
from wallctl.model.site.site import Site, Source, Stream, StreamKey
from wallctl.model.site.source_kind import source_kind
from wallctl.model.streams.health import UNTAKEN, Reason

PATIENCE_S = 10.0
"""A camera that has not told its format by then is left alone."""
AT_ONCE = 16
"""So many cameras are asked side by side."""
_SHUTS = frozenset(
    {
        *(Reason.BAD_CREDENTIALS, Reason.LOGIN_MISSING, Reason.LOGIN_UNSUPPORTED),
        *(Reason.LOGIN_WITHHELD, Reason.LOGIN_IN_CLEAR, Reason.CERTIFICATE),
        Reason.LOGIN_UNREADABLE,
        *(Reason.TIMED_OUT, Reason.NAME_UNKNOWN, Reason.OTHER_PROTOCOL, *UNTAKEN),
    }
)
"""What the others at the same machine, with the same login, would be told too."""

Ask = Callable[[Stream], Format]
"""Raises ``SourceError``."""
Told = Format | SourceError


class Survey(msgspec.Struct, frozen=True):
    """What the streams of a site's cameras deliver, and why some don't tell."""

    formats: dict[StreamKey, Format]
    faults: dict[StreamKey, Reason]
    fingerprints: dict[StreamKey, str] = {}
    """Of the certificates that are not trusted, in hexadecimal (SHA-256)."""


class _Door:
    """A machine and a login at it: until one stream got in, the others wait for their turn."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.is_open = False
        self.shut: SourceError | None = None


def asked_with_login(stream: Stream) -> Format:
    """What a stream tells to its login. Raises ``SourceError``."""
    try:
        return probe_format(with_own_login(stream))
    except LoginError:
        raise SourceError(Reason.LOGIN_UNREADABLE) from None


def survey(site: Site, ask: Ask = asked_with_login) -> Survey:
    """Open every stream of every camera once, those of one camera one after the other."""
    sources = [source for source in site.sources if _cameras(source)]
    doors = {_door(stream): _Door() for source in sources for stream in _cameras(source)}
    told: dict[StreamKey, Told] = {}
    room = threading.Semaphore(AT_ONCE)

    def visit(source: Source) -> None:
        with room:
            for stream in _cameras(source):
                told[source.name, stream.name] = _called(doors[_door(stream)], stream, ask)

    visits = [threading.Thread(target=visit, args=(source,), daemon=True) for source in sources]
    for one in visits:
        one.start()
    for one in visits:
        one.join()
    found = {(one.name, s.name): told[one.name, s.name] for one in sources for s in _cameras(one)}
    faults = {key: error for key, error in found.items() if isinstance(error, SourceError)}
    strangers = {key: one for key, one in faults.items() if isinstance(one, UntrustedError)}
    return Survey(
        {key: format_ for key, format_ in found.items() if isinstance(format_, Format)},
        {key: error.reason for key, error in faults.items()},
        {key: error.fingerprint for key, error in strangers.items()},
    )


def _cameras(source: Source) -> list[Stream]:
    """Its streams that come from a camera, and not from a file."""
    return [one for one in source.streams if source_kind(one.url).is_live]


def _door(stream: Stream) -> tuple[str, str]:
    stamp = "" if stream.credential is None else stream.credential.stamp
    return urllib.parse.urlsplit(stream.url).netloc, stamp


def _called(door: _Door, stream: Stream, ask: Ask) -> Told:
    """What a stream tells, if it is called at all: a wrong login must not lock its account."""
    with door.turn:
        if door.shut is not None:
            return door.shut
        if not door.is_open:
            found = _patiently(stream, ask)
            if isinstance(found, SourceError):
                door.shut = found if found.reason in _SHUTS else None
            door.is_open = isinstance(found, Format)
            return found
    return _patiently(stream, ask)


def _patiently(stream: Stream, ask: Ask) -> Told:
    """What a stream tells within the patience; what hangs is left behind, and ends with us."""
    found: list[Told] = []

    def call() -> None:
        try:
            found.append(ask(stream))
        except SourceError as error:
            found.append(error)

    calling = threading.Thread(target=call, daemon=True)
    calling.start()
    calling.join(PATIENCE_S)
    return found[0] if found else SourceError(Reason.TIMED_OUT)
