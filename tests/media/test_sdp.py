"""Descriptions of cameras: their tracks, and what of them can't be shown."""

import pytest

from wallctl.media.rtsp.sdp import fault, split, videos, with_video
from wallctl.model.streams.health import Reason

SESSION = b"v=0\r\ns=x\r\n"
SOUND = b"m=audio 0 RTP/AVP 0\r\na=control:2\r\n"
DATA = b"m=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\n"
H264 = b"m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:1\r\n"
H265 = b"m=video 0 RTP/AVP 98\r\na=rtpmap:98 H265/90000\r\na=control:3\r\n"
JPEG = b"m=video 0 RTP/AVP 26\r\na=control:4\r\n"


def test_tracks() -> None:
    session, tracks = split(SESSION + SOUND + H264 + DATA + H265)
    assert session == SESSION
    assert [track.kind for track in tracks] == ["audio", "video", "application", "video"]
    assert [track.codec for track in videos(SESSION + H264 + H265 + JPEG)] == [
        *("H264", "H265", "JPEG")
    ]


def test_one_video_is_left() -> None:
    description = SESSION + SOUND + H264 + H265
    assert with_video(description, 0) == SESSION + H264
    assert with_video(description, 1) == SESSION + H265
    assert with_video(description, 2) == description


@pytest.mark.parametrize(
    ("description", "reason"),
    [
        (SESSION + SOUND + DATA, Reason.NO_VIDEO),
        (SESSION + H264 + SOUND, None),
        (b"", None),
        (b"\xff\0nonsense", None),
        (SESSION + JPEG, None),
        (SESSION + JPEG + b"a=x-dimensions:1920,1080\r\n", None),
        (SESSION + JPEG + b"a=x-dimensions:2560,1440\r\n", Reason.UNSUPPORTED),
        (SESSION + JPEG + b"a=framesize:26 1440-2560\r\n", Reason.UNSUPPORTED),
        (SESSION + JPEG + b"a=x-dimensions: 4000 , 3000\r\n", Reason.UNSUPPORTED),
        (SESSION + H264 + b"a=x-dimensions:2560,1440\r\n", None),
        (SESSION + JPEG + b"a=x-dimensions:2560,1440\r\n" + H264, None),
    ],
)
def test_what_can_not_be_shown(description: bytes, reason: Reason | None) -> None:
    assert fault(description) is reason
