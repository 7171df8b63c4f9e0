"""A secret of an address appears in nothing that is shown, however it is written."""

import urllib.parse

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wallctl.config.source_urls import address_fault, redacted, redacted_address, site_from_urls
from wallctl.media.sources.rtmp import with_login
from wallctl.model.base.geometry import Size
from wallctl.model.site.credential import Login
from wallctl.storage.file_findings import FilesError, Report

FULL_HD = Size(1920, 1080)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SECRET = st.from_regex(r"Sq[A-Za-z0-9]{6,30}", fullmatch=True)
CLEAN = st.sampled_from(
    [
        "rtsp://192.0.2.1/main",
        "rtsps://camera.example:322/a/b?x=1#y",
        "http://[2001:db8::1]:8080/x",
        "udp://239.0.0.1:5000",
    ]
)


@given(CLEAN, ANY_TEXT, SECRET, ANY_TEXT)
def test_redacted_text_holds_no_login(url: str, user: str, password: str, around: str) -> None:
    text = f"{around} {with_login(url, Login(user, password))} {around}"
    clean = redacted(text)
    assert clean == redacted(f"{around} {url} {around}")
    assert redacted(clean) == clean


def any_of(words: str) -> st.SearchStrategy[str]:
    """One of the words of a text."""
    return st.sampled_from(words.split())


HOSTS = any_of(
    "192.0.2.1 192.0.2.1:554 [2001:db8::1] [fe80::1%25eth0]:554 h cam.lan:80 摄像机.example x-1"
)
SCHEMES = any_of("rtsp:// RTSP:// Http:// https:// rtmp:// rtps:// ｒｔｓｐ://")
SLIPS = st.sampled_from(["rtsp：//", "rtsp:", "rtsp:/", "rtsp:\\\\", "//", "", "file://", "ipc://"])
LOGINS = any_of(
    """
    u:{}@ u:{}%40@ {}:p@ u%3A{}:p@ u:a@{}@ u:{}@x@ u:{}＠ u：{}@ ：{}@ u%3A{}%40 u:1#{}@
    u:a?{}@ u:[{}]@ 用户:{}@ u:密{}@ :{}@ u;x:{}@ u:p&x={}@ u:{}/@
    """
)
QUOTED_LOGINS = st.sampled_from(['u:"{}"@', "u:my {}@", "u:<{}>@", "u:'{}@", "u: {} @"])
PATHS = any_of("/ /live/ch1 /Streaming/Channels/101 /路径/1.flv /a@b")
NAMES = any_of(
    """
    t _sid wsSecret Signature access_token auth_key k 频道 x[y] channel a.b X-Amz-Signature pwd id
    %74oken
    """
)
PLACES = any_of(
    """
    ?{n}={s} ?{n}={s}&channel=1 ?channel=1&{n}={s} ?a=1;{n}={s} ?={s} ?{n}=a@{s} ?{n}=a/{s}
    ?{n}={s}#x ?x=1#{n}={s} ?{n}=a?{s} ?{n}=1.{s} ?a=1&{s}=1234&b ?{n}==%3D{s} ?{s}=1234
    ?{n}={s}@h.lan:80 /user=u_password={s}_channel=1.sdp ;jsessionid={s} /u&password={s}&ch=1
    """
)
BARE_PLACES = any_of(
    "?{s} #{s} ?a&{s} /live%3Ft={s} /live%3Ft%3D{s} /admin/{s}/ch1 /0/u:{s}/main /user/{s}/"
)


def _shown(address: str) -> list[str]:
    """All that is said about an address: the name of its source, a fault, a finding, an error."""
    report = Report("site.toml")
    report.error((address,), f'"{address}"', "another")
    said = [redacted_address(address), redacted(f"can't open {address}: refused")]
    return [*said, *map(str, report.findings), *(address_fault(address) or ())]


@given(SCHEMES | SLIPS, LOGINS, HOSTS, PATHS, SECRET)
def test_no_login_is_shown(scheme: str, login: str, host: str, path: str, secret: str) -> None:
    address = scheme + login.format(secret) + host + path
    assert not [text for text in _shown(address) if secret in text]


@given(SCHEMES, QUOTED_LOGINS, HOSTS, PATHS, SECRET)
def test_no_login_with_spaces_or_quotation_marks_is_shown(
    scheme: str, login: str, host: str, path: str, secret: str
) -> None:
    address = scheme + login.format(secret) + host + path
    assert not [text for text in _shown(address) if secret in text]


@given(
    SCHEMES | SLIPS,
    st.sampled_from(["", "u:p@"]),
    HOSTS,
    NAMES,
    PLACES,
    SECRET,
)
@example("http://", "", "h:80/x", "t", "?{n}={s}@h.lan:80", "Secret77")
def test_no_secret_with_a_name_is_shown(
    scheme: str, login: str, host: str, name: str, place: str, secret: str
) -> None:
    address = scheme + login + host + place.format(n=name, s=secret)
    assert not [text for text in _shown(address) if secret in text]


@given(SCHEMES, st.sampled_from(["", "u:p@"]), HOSTS, BARE_PLACES, SECRET)
def test_no_secret_without_a_name_is_shown(
    scheme: str, login: str, host: str, place: str, secret: str
) -> None:
    address = scheme + login + host + place.format(s=secret)
    assert not [text for text in _shown(address) if secret in text]


@given(CLEAN, SECRET)
def test_what_is_shown_names_scheme_and_host(url: str, secret: str) -> None:
    shown = redacted_address(with_login(url, Login("u", secret)))
    there = urllib.parse.urlsplit(url)
    assert shown.startswith(f"{there.scheme}://{there.netloc}")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("rtsp://admin:p@ss@192.0.2.1/x", "rtsp://192.0.2.1/x"),
        ("rtsp://admin:p/ss@192.0.2.1/x", "rtsp://192.0.2.1/x"),
        ("rtsp://admin:p#ss?@192.0.2.1/x", "rtsp://192.0.2.1/x"),
        ("rtsp://admin@192.0.2.1", "rtsp://192.0.2.1"),
        ("rtsp://admin:pw", "rtsp://***"),
        ("[tcp @ 0x1] rtsp://a:b@h:554/1: refused", "[tcp @ 0x1] rtsp://h:554/1: refused"),
        ('"http://a:b@h/1","http://c:d@h/2"', '"http://h/1","http://h/2"'),
        ('"rtsp://u:pa"ss@h/x"', '"rtsp://h/x"'),
        ("rtsp://h:554/cam@home", "rtsp://h:554/cam@home"),
        ("rtsp://a:p@b/c@h/1", "rtsp://h/1"),
        ("rtsp://u:p@h/x?t=S@CRET", "rtsp://h/x"),
        ("rtsp://admin:12345#@192.0.2.1/x", "rtsp://192.0.2.1/x"),
        ("rtsp://admin:12345#@camera/x", "rtsp://camera/x"),
        ("rtsp://admin:12/45@camera.lan:554/x", "rtsp://camera.lan:554/x"),
        ("rtsp://admin:1?2@[2001:db8::1]/x", "rtsp://[2001:db8::1]/x"),
        ("rtsp://ad@min:12#34@192.0.2.1/x", "rtsp://192.0.2.1/x"),
        ("rtsp://u%3Ap%40h/x", "rtsp://***"),
        ("mail someone@example.org", "mail someone@example.org"),
        ("rtsp：//admin:S3cret@192.0.2.1/1", "***@192.0.2.1/1"),
        ("(rtsp//admin:S3cret@192.0.2.1/1)", "***@192.0.2.1/1)"),
        ("见rtsp://a:b@h/1。", "见rtsp://h/1。"),
        ("at tcp://127.0.0.1:1: is it?", "at tcp://127.0.0.1:1: is it?"),
        ("or tcp://127.0.0.1:PORT", "or tcp://127.0.0.1:PORT"),
        ("ipc:///tmp/a1b2c3d4e5f6/wall.sock", "ipc:///tmp/a1b2c3d4e5f6/wall.sock"),
        ("GET /live?sid=abcd&channel=2", "GET /live?channel=2"),
    ],
)
def test_redaction(text: str, clean: str) -> None:
    assert redacted(text) == clean


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?channel=1&subtype=0", "?channel=1&subtype=0"),
        ("?monitor=12&auth=hidden1", "?monitor=12"),
        ("?user=admin&password=x&stream=2", "?stream=2"),
        *((f"?{name}=a1B2", "") for name in ("_sid", "wsSecret", "Signature", "access_token", "t")),
        *((f"?{name}=1234", "") for name in ("pin", "pwd", "n")),
        *((f"?{name}=123", "") for name in ("pin", "pwd", "code", "sid", "t", "token")),
        ("?txSecret=S2&txTime=65B2AA55", ""),
        ("?SECRET", ""),
        ("?a=1;b=2", "?a=1&b=2"),
        ("?a=١٢٣", ""),
        ("#t=1", ""),
    ],
)
def test_a_query_shows_short_numbers_only(query: str, shown: str) -> None:
    assert redacted_address(f"http://h/live/1.flv{query}") == f"http://h/live/1.flv{shown}"
    assert redacted(f"(http://h/live/1.flv{query})") == f"(http://h/live/1.flv{shown})"


@pytest.mark.parametrize(
    "path",
    [
        *("/Streaming/Channels/1601", "/cam/realmonitor", "/h264Preview_01_main", "/live0.264"),
        *("/live/index.m3u8", "/live.m3u8", "/1.M3U8"),
        *(
            "/axis-media/media.amp",
            "/profile2/media.smp",
            "/onvif1",
            "/videoMain",
            "/h265/ch33/sub",
        ),
        *("/rtp/34020000001320000001_34020000001310000001", "/东门/一号.流", "/live/%E4%B8%9C/1"),
        *("/office/gate3a", "/mpeg4/ch01/main/av_stream", "/stream_1080p_25fps_h264_ch01.sdp"),
        *("/user/main", "/admin/ch1", "/channel=1_stream=0.sdp", "/door-2-cam-12-view-3-floor-4"),
        *("//", "/cam@home", "/a b"),
    ],
)
def test_paths_as_cameras_have_them_are_shown_whole(path: str) -> None:
    assert redacted_address(f"rtsp://h{path}") == f"rtsp://h{path}"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/wall/HUNT3R2-secret/ch1", "/wall/***/ch1"),
        ("/admin/12345/ch1/main", "/admin/***/ch1/main"),
        ("/0/admin:pw/main", "/0/***/main"),
        ("/aB3dE6gH9jK2mN5p", "/aB3d***"),
        ("/aB3dE6gH9jK2mN5p.flv", "/aB3d***"),
        ("/550e8400-e29b-41d4-a716-446655440000/1", "/550e***/1"),
        ("/x/" + "a" * 40, "/x/aaaa***"),
        ("/live/eyJhbGciOi-JIUzI1NiJ9/1", "/live/eyJh***/1"),
        (
            "/user=wall_password=s_e_c_channel=1_stream=0.sdp",
            "/user=***_password=***_channel=1_stream=0.sdp",
        ),
        ("/user=admin&password=x&ch=1", "/user=***&password=***&ch=1"),
        ("/live;jsessionid=abc", "/live;jsessionid=***"),
        ("/live%3Ftoken%3Dabc", "/***"),
        ("/" + "a/" * 100, "/***"),
    ],
)
def test_what_nobody_would_say_aloud_is_cut_from_a_path(path: str, shown: str) -> None:
    assert redacted_address(f"rtsp://h{path}") == f"rtsp://h{shown}"
    assert redacted_address(f"rtsp://h{shown}") == f"rtsp://h{shown}"


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("rtsp://admin:S3 cret@192.0.2.1/1", "rtsp://192.0.2.1/1"),
        ("admin:S3 cret@192.0.2.1/1", "***@192.0.2.1/1"),
        ("rtsp:\\\\admin:S3cret@192.0.2.1", "***@192.0.2.1"),
        ("192.0.2.1/live?token=abc", "192.0.2.1/live"),
        ("a video.mp4", "a video.mp4"),
        ("/clips/a1b2c3d4e5f6.mp4", "/clips/a1b2c3d4e5f6.mp4"),
    ],
)
def test_redaction_of_one_address(address: str, clean: str) -> None:
    assert redacted_address(address) == clean


@pytest.mark.parametrize("address", ["rtsp://u:S3cret@h/x?t=S3cret", "rtps://u:S3cret@h?t=S3cret"])
def test_a_wall_of_addresses_names_no_secret(address: str) -> None:
    try:
        shown = str(site_from_urls([address], None, [FULL_HD]).home)
    except FilesError as error:
        shown = str(error)
    assert "//h" in shown
    assert "S3cret" not in shown


def test_cameras_that_differ_in_a_secret_only_have_names_of_their_own() -> None:
    urls = [f"http://h/live.flv?t={token}" for token in ("abc", "def", "ghi")]
    names = [one.name for one in site_from_urls(urls, None, [FULL_HD]).sources]
    assert names == ["http://h/live.flv", "http://h/live.flv (2)", "http://h/live.flv (3)"]


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, "rtsp://u:p" * 100_000, "rtsp://u:SECRET" + "x" * 5000 + "@10.0.0.7/"],
    ids=["letters", "schemes", "password"],
)
def test_no_word_takes_long_whatever_its_length(text: str) -> None:
    assert redacted(f"found {text} there") == "found *** there"
