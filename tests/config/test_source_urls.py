"""Addresses: logins go in and out unharmed, and never stay in a text; sites of addresses alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.credentials import own_login
from wallctl.config.source_urls import address_fault, site_from_urls, split_login
from wallctl.media.sources.rtmp import with_login
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.site.credential import Login
from wallctl.model.site.hosts import covers
from wallctl.model.site.source_kind import host_of
from wallctl.storage.file_findings import FilesError

FULL_HD = Size(1920, 1080)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
CLEAN = st.sampled_from(
    [
        "rtsp://192.0.2.1/main",
        "rtsps://camera.example:322/a/b?x=1#y",
        "http://[2001:db8::1]:8080/x",
        "udp://239.0.0.1:5000",
    ]
)


@given(CLEAN, ANY_TEXT, ANY_TEXT)
def test_a_login_comes_out_as_it_went_in(url: str, user: str, password: str) -> None:
    bare, login = split_login(with_login(url, Login(user, password)))
    assert login is not None
    assert (bare, login.user, login.password) == (url, user, password)
    assert covers(login.hosts, host_of(url))


@pytest.mark.parametrize(
    "address",
    [
        *("rtsp：//192.0.2.1/1", "rtsp//192.0.2.1", "rtsp:/192.0.2.1", "RTSP:\\\\192.0.2.1"),
        *("rtsp：//a:S3cret@h/1", "//a:S3cret@h/1", "a:S3cret@h", "rtsp:/a:S3cret@h"),
    ],
)
def test_a_misspelt_address_is_told_and_no_path(address: str) -> None:
    with pytest.raises(FilesError, match=r"a misspelt address, expected rtsp://") as raised:
        site_from_urls([address], None, [FULL_HD])
    assert "S3cret" not in str(raised.value)


def test_a_name_that_can_not_be_written_down_is_told() -> None:
    with pytest.raises(FilesError, match="UTF-8"):
        site_from_urls(["/tmp/\udcff.mp4"], None, [FULL_HD])


def test_percent_encoding_is_undone() -> None:
    url, login = split_login("rtsp://ad%40min:p%3A%2F%E5%AF%86@192.0.2.1:554/x")
    assert url == "rtsp://192.0.2.1:554/x"
    assert login == Login("ad@min", "p:/密", ("192.0.2.1",))
    assert repr(login) == "Login(***)"


@pytest.mark.parametrize("url", ["test:clock", "videos/a@b.mp4", "rtsp://h/a@b", "rtsp://h"])
def test_addresses_without_a_login_stay_as_they_are(url: str) -> None:
    assert split_login(url) == (url, None)
    assert with_login(url, None) == url


@pytest.mark.parametrize(
    "address",
    [
        "rtsp://h",
        "RTSP://h/x",
        "rtsp://h:554/cam@home",
        "rtsp://h.lan/a@b.c",
        "udp://@239.0.0.1:5000",
        "rtp://:5004",
        "test:bars",
        "/a b/c.mp4",
    ],
)
def test_good_addresses(address: str) -> None:
    assert address_fault(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "test:",
        "test:clock",
        "rtsp://admin:12345#@192.0.2.1/x",
        "rtsp://a:1/2@h:554/x",
        "rtps://h",
        "rtsp://",
        "rtsp://h:x/",
        "rtsp://[::1",
        "ftp:x",
    ],
)
def test_bad_addresses(address: str) -> None:
    assert address_fault(address) is not None


def test_a_site_of_addresses() -> None:
    urls = [f"rtsp://u:secret@192.0.2.{n}/main" for n in range(1, 8)] + ["test:bars", "test:bars"]
    site = site_from_urls(urls, None, [FULL_HD, Size(1280, 720)])
    assert [one.name for one in site.sources][-3:] == [
        "rtsp://192.0.2.7/main",
        "test:bars",
        "test:bars (2)",
    ]
    assert [one.number for one in site.sources] == list(range(1, 10))
    assert own_login(site.sources[0].streams[0]) == Login("u", "secret", ("192.0.2.1",))
    assert site.sources[0].streams[0].login is None
    assert [one.name for one in site.screens] == ["screen1", "screen2"]
    assert site.screens[1].rect == Rect(1920, 0, 1280, 720)
    assert [(one.layout, len(one.tiles)) for one in site.home] == [("3x3", 9), ("3x3", 0)]
    assert "secret" not in repr(site)


def test_the_last_screen_gets_all_the_rest() -> None:
    site = site_from_urls([f"{n}.mp4" for n in range(14)], "2x2", [FULL_HD, FULL_HD])
    assert [len(one.tiles) for one in site.home] == [4, 10]


@given(st.integers(1, 200), st.integers(1, 4))
def test_every_source_is_on_one_screen_in_order(sources: int, screens: int) -> None:
    site = site_from_urls([f"{n}.mp4" for n in range(sources)], None, [FULL_HD] * screens)
    spread = [name for one in site.home for name in one.tiles]
    assert spread == [one.name for one in site.sources]
    side = int(site.home[0].layout.split("x")[0])
    assert side == 8 or side * side * screens >= sources


def test_the_path_of_a_file_is_made_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (source,) = site_from_urls(["a.mp4"], None, [FULL_HD]).sources
    assert source.name == "a.mp4"
    assert source.streams[0].url == str(tmp_path.resolve() / "a.mp4")


def test_what_the_command_line_got_wrong() -> None:
    with pytest.raises(FilesError) as raised:
        site_from_urls(["rtps://a:secret@h/x", "test:"], "3x33", [FULL_HD])
    first, second, third = str(raised.value).splitlines()
    assert first.startswith('command line: "rtps://h/x": found an address of the kind rtps:')
    assert second.startswith('command line: "test:": found "test:", expected a test picture')
    assert third == (
        'command line: --layout: found "3x33", expected a layout (did you mean "3x3"?)'
    )
    with pytest.raises(FilesError, match="at least one address"):
        site_from_urls([], None, [FULL_HD])


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("rtsp://192。0.2.13:554/1", "full-width"),
        ("rtsp://192.0.2.13：554/1", "full-width"),
        ("rtsp://192.0.2.313/1", "no IPv4 address"),
        ("rtsp://192.0.2/1", "no IPv4 address"),
        ("test：bars", "test：bars"),
    ],
)
def test_slips_of_a_chinese_keyboard_and_impossible_hosts_are_found(
    address: str, found: str
) -> None:
    fault = address_fault(address)
    assert fault is not None
    assert found in fault[0]


def test_a_path_may_be_chinese() -> None:
    assert address_fault("录像：东门。mp4") is None
    assert address_fault("rtsp://摄像机.example/东门。流") is None
