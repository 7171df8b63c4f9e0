"""Every kind of broadcast has a muxer, of a container and an encoder that FFmpeg knows."""

import av
import pytest
from av.codec import Codec

from wallctl.media.encode.muxers import MUXERS, Muxer
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.base.geometry import Size
from wallctl.model.site.broadcast_kind import DATAGRAMS, HLS, KINDS, RTSP, BroadcastKind
from wallctl.model.site.credential import Login
from wallctl.model.site.site import Broadcast
from wallctl.model.streams.health import Reason

ADDRESSES = {
    RTSP: "rtsp://192.0.2.9/wall",
    DATAGRAMS: "udp://192.0.2.9:5000?ttl=4",
    HLS: "/srv/hls/100%.m3u8",
}


def sent_to(kind: BroadcastKind, login: Login | None = None) -> Broadcast:
    return Broadcast("墙", ADDRESSES[kind], Size(320, 180), 25, 2000, login=login)


def test_every_kind_has_a_muxer_and_every_muxer_a_kind() -> None:
    assert set(MUXERS) == set(KINDS) == set(ADDRESSES)


@pytest.mark.parametrize("muxer", MUXERS.values(), ids=lambda muxer: muxer.container)
def test_ffmpeg_knows_container_and_encoder(muxer: Muxer) -> None:
    assert av.ContainerFormat(muxer.container, "w").is_output
    assert Codec(muxer.encoder.name, "w").is_encoder


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_login_reaches_only_the_kind_that_takes_one(kind: BroadcastKind) -> None:
    login = Login("wall", "hunter2", ("192.0.2.9",))
    assert ("hunter2" in MUXERS[kind].target(sent_to(kind, login))) == kind.takes_login


def test_a_login_for_another_machine_stays_here() -> None:
    with pytest.raises(SourceError) as raised:
        MUXERS[RTSP].target(sent_to(RTSP, Login("wall", "hunter2", ("192.0.2.8",))))
    assert raised.value.reason is Reason.LOGIN_WITHHELD


def test_datagrams_are_as_long_as_receivers_expect_unless_the_address_says_more() -> None:
    target = MUXERS[DATAGRAMS].target
    assert target(sent_to(DATAGRAMS)).endswith("?ttl=4&pkt_size=1316")
    own = Broadcast("墙", "udp://192.0.2.9:5000?pkt_size=188", Size(320, 180), 25, 2000)
    assert target(own) == own.url


def test_a_percent_sign_in_a_playlists_name_is_no_pattern() -> None:
    options = MUXERS[HLS].options(sent_to(HLS))
    assert options["hls_segment_filename"].endswith("/100%%-%d.ts")
