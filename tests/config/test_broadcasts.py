"""A broadcast of a site file, as the model has it."""

from pathlib import Path

import pytest

from tests.support.credentials import own_login
from wallctl.config.site_file import load_site
from wallctl.model.base.geometry import Size
from wallctl.model.site.broadcast_kind import KINDS, SCHEMES, BroadcastKind, list_addresses
from wallctl.model.site.credential import Login
from wallctl.model.site.site import Broadcast
from wallctl.storage.file_findings import FilesError

SITE = """
schema = 1
name = "test"
[credentials]
media = "media.toml"
[[screens]]
name = "left"
width = 1920
height = 1080
[[screens]]
name = "right"
x = 1920
width = 1920
height = 1080
[[sources]]
name = "camera"
number = 1
main = "rtsp://192.0.2.11/main"
"""


def loaded(folder: Path, broadcasts: str) -> tuple[Broadcast, ...]:
    login = folder / "media.toml"
    login.write_text('user = "wall"\npassword = "hunter2"\nhosts = ["192.0.2.9"]\n')
    login.chmod(0o600)
    (folder / "site.toml").write_text(SITE + broadcasts)
    return load_site(folder / "site.toml").broadcasts


def test_what_is_not_said_follows_from_the_wall(tmp_path: Path) -> None:
    [wall] = loaded(tmp_path, '[[broadcasts]]\nname = "墙"\nurl = "rtsp://192.0.2.9/wall"\n')
    assert wall == Broadcast("墙", "rtsp://192.0.2.9/wall", Size(1920, 540), 12.5, 3240)


def test_all_that_can_be_said(tmp_path: Path) -> None:
    [one] = loaded(
        tmp_path,
        '[[broadcasts]]\nname = "左"\nurl = "rtsp://192.0.2.9/left"\nscreen = "left"\n'
        'width = 640\nheight = 480\nfps = 25\nkbps = 900\ncredential = "media"\n'
        'transport = "udp"\non = false\n',
    )
    assert (one.size, one.rate_hz, one.kbps) == (Size(640, 480), 25.0, 900)
    assert (one.screen, one.transport.value, one.on) == ("left", "udp", False)
    assert one.login is None
    assert own_login(one) == Login("wall", "hunter2", ("192.0.2.9",))
    assert "hunter2" not in repr(one)


def test_a_playlist_lies_beside_the_site_file_and_takes_no_login(tmp_path: Path) -> None:
    written = '[[broadcasts]]\nname = "页"\nurl = "hls/wall.m3u8"\ncredential = "media"\n'
    [one] = loaded(tmp_path, written)
    assert one.url == str(tmp_path / "hls/wall.m3u8")
    assert one.credential is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_site_keeps_a_login_where_its_kind_takes_one(tmp_path: Path, kind: BroadcastKind) -> None:
    url = f"{kind.scheme}://192.0.2.9:5000" if kind.scheme else f"hls/wall{kind.suffix}"
    written = f'[[broadcasts]]\nname = "页"\nurl = "{url}"\ncredential = "media"\n'
    [one] = loaded(tmp_path, written)
    assert (one.credential is not None) == kind.takes_login


@pytest.mark.parametrize("url", ["rtmp://192.0.2.9/wall", "test:motion", "hls/wall.mp4"])
def test_another_address_is_refused_with_those_that_there_are(tmp_path: Path, url: str) -> None:
    with pytest.raises(FilesError) as refused:
        loaded(tmp_path, f'[[broadcasts]]\nname = "页"\nurl = "{url}"\n')
    assert list_addresses() in str(refused.value)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_address_without_a_port_is_refused_where_there_is_no_usual_one(
    tmp_path: Path, scheme: str
) -> None:
    [kind] = (kind for kind in KINDS if kind.scheme == scheme)
    written = f'[[broadcasts]]\nname = "页"\nurl = "{scheme}://192.0.2.9"\n'
    if kind.needs_port:
        with pytest.raises(FilesError, match=kind.address):
            loaded(tmp_path, written)
    else:
        assert loaded(tmp_path, written)
