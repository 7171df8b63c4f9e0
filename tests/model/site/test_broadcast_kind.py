"""Which kind of broadcast an address names."""

import pytest

from wallctl.model.site.broadcast_kind import (
    DATAGRAMS,
    HLS,
    KINDS,
    RTSP,
    UNKNOWN,
    BroadcastKind,
    broadcast_kind,
    list_addresses,
)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("rtsp://192.0.2.9/wall", RTSP),
        ("RTSP://192.0.2.9/wall", RTSP),
        ("udp://192.0.2.9:5000", DATAGRAMS),
        ("/srv/hls/wall.m3u8", HLS),
        ("/srv/hls/wall.mp4", UNKNOWN),
        ("https://192.0.2.9/wall.m3u8", UNKNOWN),
    ],
)
def test_an_address_names_its_kind(address: str, kind: BroadcastKind) -> None:
    assert broadcast_kind(address) is kind


def test_no_two_kinds_share_a_scheme_and_only_paths_are_files() -> None:
    assert len({kind.scheme for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        assert kind.writes_files == (kind.scheme is None)


def test_a_person_is_told_every_address() -> None:
    assert all(kind.address in list_addresses() for kind in KINDS)
