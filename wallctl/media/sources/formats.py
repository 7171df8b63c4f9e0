"""The formats that libav may open, by what they are. No kind of source opens any other."""

CONTAINERS = (
    *("mov", "matroska", "mpegts", "mpeg", "flv", "avi", "asf", "ogg", "mxf", "nut", "ivf", "dhav"),
)
BARE = ("h264", "hevc", "vvc", "av1", "obu", "m4v", "mpegvideo", "mjpeg", "mjpeg_2000")
"""Streams of one codec without a container."""
PICTURES = (
    *("image2", "jpeg_pipe", "png_pipe", "bmp_pipe", "webp_pipe", "gif", "apng"),
    *("tiff_pipe", "pgm_pipe", "ppm_pipe"),
)
PIECES = ("hls", "dash", "aac", "mp3", "ac3", "eac3")
"""Playlists, and the sound that stands beside pictures in pieces of its own."""
