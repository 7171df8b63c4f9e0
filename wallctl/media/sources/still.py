"""A still image as a picture."""

from wallctl.media.decode.decoder import Decoder, Picture
from wallctl.media.sources.failure_reason import SourceError
from wallctl.media.sources.file import open_file
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Reason


def read_still(source: Stream, now_ns: int) -> Picture:
    """Decode an image file. Raises as ``open_file``, and SourceError if it holds no picture."""
    connection = open_file(source)
    try:
        decoder = Decoder(connection.stream)
        for coded in connection.packets():
            for picture in decoder.decode(coded, now_ns):
                return picture
        for picture in decoder.drain(now_ns):
            return picture
    finally:
        connection.close()
    raise SourceError(Reason.BROKEN_DATA)
