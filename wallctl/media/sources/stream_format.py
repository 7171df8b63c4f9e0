"""What a stream delivers, where that is known without calling a camera."""

from pathlib import Path

import av
from av.error import FFmpegError

from wallctl.media.sources.failure_reason import SourceError
from wallctl.media.sources.file import open_file
from wallctl.media.sources.test_pattern import INTERVAL_NS, SIZE
from wallctl.model.base.geometry import Size
from wallctl.model.planning.cost_model import codec_named
from wallctl.model.planning.plan import LARGE, Format
from wallctl.model.site.site import Stream
from wallctl.model.site.source_kind import FILE, PATTERN, STILL, file_path, source_kind
from wallctl.model.streams.health import SECOND_NS


def find_format(stream: Stream) -> Format | None:
    """The format of a file or a test picture; ``None`` for a camera, and what can't be opened."""
    kind = source_kind(stream.url)
    if kind == FILE:
        return _of_file(stream)
    if kind == STILL:
        return Format(LARGE, 0.0)
    return Format(SIZE, SECOND_NS / INTERVAL_NS) if kind == PATTERN else None


def _of_file(stream: Stream) -> Format | None:
    path = file_path(stream.url)
    if path is None or not Path(path).is_file():
        return None
    try:
        connection = open_file(stream)
    # As the reader's: damaged files make libav's opening raise a dozen kinds of errors.
    except (FFmpegError, SourceError, OSError, ValueError, EOFError, IndexError):
        return None
    context = connection.stream.codec_context
    size, codec = Size(context.width, context.height), codec_named(context.name)
    rate_hz = SECOND_NS / connection.interval_ns
    connection.close()
    return Format(size, rate_hz, codec) if size.w > 0 and size.h > 0 else None


def libav_version() -> str:
    """As FFmpeg tells it."""
    return str(av.ffmpeg_version_info)
