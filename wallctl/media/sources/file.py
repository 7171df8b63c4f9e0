"""Recordings and pictures in files."""

import stat
from pathlib import Path

from wallctl.media.sources.demuxer import Connection, Opening, open_url
from wallctl.media.sources.failure_reason import SourceError
from wallctl.media.sources.formats import BARE, CONTAINERS, PICTURES
from wallctl.media.sources.source_interface import Call, SameCall
from wallctl.model.site.site import Stream
from wallctl.model.site.source_kind import file_path
from wallctl.model.streams.health import Reason
from wallctl.model.streams.transport import Carrier

OPENING = Opening(("file",), (*CONTAINERS, *BARE, *PICTURES, "mpjpeg", "yuv4mpegpipe"))


def file_call(source: Stream, _name: str) -> Call:
    """The call of a file."""
    return SameCall(lambda _form: open_file(source), Carrier.NONE)


def open_file(source: Stream) -> Connection:
    """Open a file. Raises ``SourceError`` if it is none, ``OSError``, and what libav raises."""
    path = file_path(source.url) or ""
    if not stat.S_ISREG(Path(path).stat().st_mode):
        raise SourceError(Reason.FILE_MISSING)
    return open_url(path, source, OPENING)
