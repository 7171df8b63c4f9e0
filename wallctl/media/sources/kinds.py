"""The kinds of sources: how each is opened and called. A row for each, a module for each."""

import importlib
from collections.abc import Callable, Iterable
from typing import NamedTuple

from wallctl.media.sources import file, rtmp, rtsp, web
from wallctl.media.sources.datagrams import datagram_call, datagram_opening
from wallctl.media.sources.demuxer import Connection, Opening
from wallctl.media.sources.failure_reason import SourceError
from wallctl.media.sources.source_interface import Call, SameCall
from wallctl.model.site.site import Stream
from wallctl.model.site.source_kind import (
    DATAGRAMS,
    FILE,
    RTMP,
    RTSP,
    STILL,
    WEB,
    SourceKind,
    is_private,
    source_kind,
)
from wallctl.model.streams.health import Reason
from wallctl.model.streams.transport import Carrier


class Opened(NamedTuple):
    """How a kind of source that libav opens is opened and called."""

    opening: Callable[[Stream], Opening]
    call: Callable[[Stream, str], Call]


OPENED: dict[SourceKind, Opened] = {
    RTSP: Opened(lambda _: rtsp.OPENING, rtsp.RtspCall),
    WEB: Opened(lambda _: web.OPENING, web.web_call),
    RTMP: Opened(lambda _: rtmp.OPENING, rtmp.rtmp_call),
    DATAGRAMS: Opened(datagram_opening, datagram_call),
    FILE: Opened(lambda _: file.OPENING, file.file_call),
    STILL: Opened(lambda _: file.OPENING, file.file_call),
}
"""All but test patterns, which are drawn."""


def call_of(source: Stream, name: str = "") -> Call:
    """The call of a source; ``name`` is what a person calls its stream, for the log."""
    opened = OPENED.get(source_kind(source.url))
    return opened.call(source, name) if opened else SameCall(_nothing, Carrier.NONE)


def _nothing(_form: str | None) -> Connection:
    raise SourceError(Reason.UNSUPPORTED)


def load_for(sources: Iterable[Stream]) -> None:
    """Load the libraries that these sources need beside libav, in the process that their workers
    are forked from: they share that memory. A worker whose source comes later loads its own."""
    addresses = [one.url for one in sources]
    if any(source_kind(one).is_web for one in addresses):
        importlib.import_module("wallctl.media.http.content_sniffer")
        importlib.import_module("wallctl.media.http.reader")
    elif any(is_private(one) for one in addresses):
        importlib.import_module("ssl")
