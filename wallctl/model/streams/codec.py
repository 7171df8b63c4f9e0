"""What a stream is coded with: a number in shared memory, and what people call it."""

import enum


class Coding(enum.IntEnum):
    """A way to code pictures. Stored as a number in shared memory."""

    NONE = 0
    """Nothing yet, or there are no packets: a test picture, a still image."""
    OTHER = 1
    H264 = 2
    HEVC = 3
    AV1 = 4
    MJPEG = 5
    MPEG4 = 6
    MPEG2 = 7
    VP8 = 8
    VP9 = 9

    @property
    def label(self) -> str:
        """What cameras' manuals call it; nothing for one that has no common name."""
        return _LABELS.get(self, "")


_LABELS = {
    Coding.H264: "H.264",
    Coding.HEVC: "H.265",
    Coding.AV1: "AV1",
    Coding.MJPEG: "MJPEG",
    Coding.MPEG4: "MPEG-4",
    Coding.MPEG2: "MPEG-2",
    Coding.VP8: "VP8",
    Coding.VP9: "VP9",
}


def coding_named(name: str) -> Coding:
    """The coding that libav calls so."""
    return _NAMED.get(name, Coding.OTHER)


_NAMED = {
    "h264": Coding.H264,
    "hevc": Coding.HEVC,
    "av1": Coding.AV1,
    "mjpeg": Coding.MJPEG,
    "mpeg4": Coding.MPEG4,
    "mpeg2video": Coding.MPEG2,
    "vp8": Coding.VP8,
    "vp9": Coding.VP9,
}
