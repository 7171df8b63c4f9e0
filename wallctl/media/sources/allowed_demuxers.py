"""What libav may open, by kind of source: protocols and formats. Decided by the address alone.

libav knows some 350 formats. Texts as pictures, scripts that name other files, lists and devices
are among them, and it chooses by what comes. What is not named here is not opened.
"""

from wallctl.media.sources.kind import file_path, is_web, scheme_of

_CONTAINERS = (
    *("mov", "matroska", "mpegts", "mpeg", "flv", "avi", "asf", "ogg", "mxf", "nut", "ivf", "dhav"),
)
_BARE = ("h264", "hevc", "vvc", "av1", "obu", "m4v", "mpegvideo", "mjpeg", "mjpeg_2000")
"""Streams of one codec without a container."""
_PICTURES = (
    *("image2", "jpeg_pipe", "png_pipe", "bmp_pipe", "webp_pipe", "gif", "apng"),
    *("tiff_pipe", "pgm_pipe", "ppm_pipe"),
)
_PIECES = ("hls", "dash", "aac", "mp3", "ac3", "eac3")
"""Playlists, and the sound that stands beside pictures in pieces of its own."""

_FILE = (*_CONTAINERS, *_BARE, *_PICTURES, "mpjpeg", "yuv4mpegpipe")
_WEB = (*_CONTAINERS, *_BARE, *_PICTURES, "mpjpeg", *_PIECES)

_ALLOWED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "rtsp": (("rtp", "udp", "tcp"), ("rtsp",)),
    "rtsps": (("rtp", "udp", "tcp"), ("rtsp",)),
    "rtmp": (("rtmp", "tcp"), ("flv", "live_flv")),
    "udp": (("udp",), ("mpegts", *_BARE)),
    "rtp": (("rtp", "udp"), ("rtp", "mpegts")),
}
"""Protocols and formats by scheme."""


def allowed(url: str) -> dict[str, str]:
    """The options of FFmpeg that hold the lists for a source."""
    if is_web(url):  # read by ``wallctl.media.http.reader`` alone, so libav itself opens nothing
        return _lists(("crypto",), _WEB)
    if file_path(url) is not None:
        return _lists(("file",), _FILE)
    return _lists(*_ALLOWED.get(scheme_of(url), (("crypto",), ("rtsp",))))


def _lists(protocols: tuple[str, ...], formats: tuple[str, ...]) -> dict[str, str]:
    return {
        "protocol_whitelist": ",".join(protocols),
        "format_whitelist": ",".join(formats),
        # "image2" would take a % in a name for the numbers of many files
        "pattern_type": "none",
    }
