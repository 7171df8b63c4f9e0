"""Names from other systems: found, made readable, compared as people read them."""

import os
import unicodedata
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.credentials import own_login
from tests.support.reducing import claim, step
from wallctl.config.change_detector import look
from wallctl.config.file_names import called, file_called, toml_files
from wallctl.config.lint_findings import WrittenSite
from wallctl.config.site_file import check_site, load_site, read_site
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.commands.command import Change
from wallctl.model.wall.commands.syntax import parse
from wallctl.model.wall.state.state import initial
from wallctl.storage.file_findings import Level, quoted, readable

PRESET = 'schema = 1\n[[screens]]\nscreen = "屏"\nlayout = "2x2"\ntiles = [1]\n'
SITE = """schema = 1
name = "试验站"
[[screens]]
name = "屏"
width = 1280
height = 720
[[sources]]
name = "东门"
number = 1
main = "test:bars"
[[sources]]
name = "１号楼"
number = 2
main = "test:bars"
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "presets").mkdir()
    (tmp_path / "layouts").mkdir()
    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")
    return tmp_path / "site.toml"


def put(site: Path, name: str | bytes, content: str | bytes = PRESET) -> Path:
    path = site.parent / "presets" / os.fsdecode(name)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def told(site: Path) -> list[str]:
    return [str(one).removeprefix(f"{site.parent}/") for one in check_site(site)]


@pytest.mark.parametrize(
    "name",
    [
        *("._早班.toml", ".#早班.toml", ".早班.toml.swp", "早班.toml~", "#早班.toml#", ".DS_Store"),
        *("Thumbs.db", "desktop.ini", "~$早班.toml", "#早班.toml", ".toml", ".早班.toml.kate-swp"),
    ],
)
def test_what_editors_and_other_systems_leave_is_not_read(site: Path, name: str) -> None:
    put(site, "早班.toml")
    before = look([str(site.parent / "presets")])
    for folder in ("presets", "layouts"):
        (site.parent / folder / name).write_bytes(b"\x00\x05\x16\x07\xff\xfe")
    assert told(site) == []
    assert [one.name for one in load_site(site).presets] == ["早班"]
    assert look([str(site.parent / "presets")]) == before


def test_a_lock_of_emacs_that_leads_nowhere_is_no_file(site: Path) -> None:
    (site.parent / "presets" / ".#早班.toml").symlink_to("user@host.1234:1700000000")
    assert told(site) == []


def test_a_file_from_windows_may_end_in_capitals(site: Path) -> None:
    put(site, "早班.TOML")
    assert [one.name for one in load_site(site).presets] == ["早班"]


def test_a_name_in_gbk_is_read_out_and_never_a_crash(site: Path) -> None:
    put(site, "早班.toml".encode("gbk"))
    put(site, b"\xff\xfe\x81.toml")
    found = told(site)
    assert found == [
        "presets/\\xff\\xfe\\x81.toml: found a file name that is not UTF-8, expected a name in "
        'UTF-8, as "\\\\xff\\\\xfe\\\\x81.toml"',
        "presets/早班.toml: found a file name that is not UTF-8, expected a name in UTF-8, as "
        '"早班.toml"',
    ]
    msgspec.json.encode((look([str(site.parent / "presets")]), read_site(site).findings))


def test_a_folder_in_gbk_is_refused_in_one_sentence(site: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(site.parent) + b"/" + "站点".encode("gbk")))
    folder.mkdir()
    (folder / "site.toml").write_text(SITE, encoding="utf-8")
    (finding,) = check_site(folder / "site.toml")
    assert finding.file.endswith("/站点/site.toml")
    assert "not UTF-8" in finding.found


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("gbk", "but GBK"), ("utf-16", "but UTF-16"), ("gb18030", "but GBK"), ("utf-16-be", "")],
)
def test_a_file_in_another_encoding_says_which(site: Path, encoding: str, words: str) -> None:
    put(site, "早班.toml", f"# 值班\n{PRESET}".encode(encoding))
    (found, *_) = told(site)
    assert "UTF-8" in found or encoding == "utf-16-be"
    assert words in found


def test_a_decomposed_file_name_is_the_name_that_people_type(site: Path) -> None:
    put(site, unicodedata.normalize("NFD", "Été.toml"))
    layout = site.parent / "layouts" / unicodedata.normalize("NFD", "Allée.toml")
    layout.write_text("schema = 1\ncolumns = 2\nrows = 1\n")
    site.write_text(
        SITE.replace(
            "[[screens]]", 'keys = ["Allée"]\n[hotkeys]\nF5 = "preset Été"\n[[screens]]', 1
        ),
        encoding="utf-8",
    )
    assert told(site) == []
    loaded = load_site(site)
    assert loaded.preset("Été") is not None
    assert "Allée" in loaded.layouts
    assert WrittenSite(site, loaded).own_layouts() == ["Allée"]
    assert file_called(site.parent / "presets", "Été") is not None


def test_names_in_a_file_are_compared_composed(site: Path) -> None:
    put(site, "Été.toml")
    keys = unicodedata.normalize("NFD", '[hotkeys]\nF5 = "preset Été"\n')
    site.write_text(SITE + keys, encoding="utf-8")
    assert told(site) == []
    assert load_site(site).hotkeys == {"F5": "preset Été"}


def test_paths_and_passwords_are_taken_character_by_character(site: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "é.mp4")
    (site.parent / decomposed).write_bytes(b"")
    login = site.parent / "login.toml"
    login.write_text(
        f'user = "{decomposed}"\npassword = "\u200b{decomposed}"\nhosts = ["10.0.0.1"]\n',
        encoding="utf-8",
    )
    login.chmod(0o600)
    site.write_text(
        SITE.replace('main = "test:bars"', f'main = "{decomposed}"', 1)
        + '[[sources]]\nname = "c"\nnumber = 3\nmain = "rtsp://10.0.0.1/"\ncredential = "c"\n'
        + '[credentials]\nc = "login.toml"\n',
        encoding="utf-8",
    )
    assert told(site) == []
    sources = load_site(site).sources
    assert sources[0].streams[0].url.endswith(decomposed)
    account = own_login(sources[2].streams[0])
    assert account is not None
    assert account.password == f"\u200b{decomposed}"


def test_invisible_characters_are_named_and_left_out(site: Path) -> None:
    put(site, "夜\u202e班.toml")
    site.write_text(SITE.replace("东门", "东门\u200b"), encoding="utf-8")
    assert told(site) == [
        'site.toml:8: warning: sources[1].name: found "东门\\u200b" with the invisible U+200B, '
        'expected "东门", which is used',
        "presets/夜\\u202e班.toml: warning: found a file name with the invisible U+202E, "
        'expected the name "夜班", which is used',
    ]
    loaded = load_site(site)
    assert loaded.source("东门") is not None
    assert loaded.preset("夜班") is not None


@pytest.mark.parametrize("wrong", ["东\u2028门", "东\u0085门", "东\u009b31m门", "\u200b", "\u3164"])
def test_names_that_break_a_line_or_are_nothing_are_refused(site: Path, wrong: str) -> None:
    site.write_text(SITE.replace("东门", wrong), encoding="utf-8")
    errors = [one for one in check_site(site) if one.level is Level.ERROR]
    assert [one.key for one in errors] == ["sources[1].name"]
    assert str(errors[0]).isprintable()


@pytest.mark.parametrize(
    ("first", "second"), [("Night", "night"), ("１", "1"), ("早 班", "早\u00a0班")]
)
def test_names_that_read_the_same_are_told(site: Path, first: str, second: str) -> None:
    for name in (first, second):
        put(site, f"{name}.toml")
    (found,) = told(site)
    assert "which reads as" in found
    assert "warning" in found


def test_characters_that_a_conversion_lost_are_told(site: Path) -> None:
    site.write_text(SITE.replace("东门", "东\ufffd"), encoding="utf-8")
    (found,) = told(site)
    assert "characters lost" in found


def test_two_files_of_one_name_are_an_error(site: Path) -> None:
    put(site, "e\u0301.toml")
    put(site, "\u00e9.toml")
    (found,) = told(site)
    assert "again" in found
    assert "warning" not in found


def test_sources_that_read_the_same_are_told(site: Path) -> None:
    site.write_text(SITE.replace("东门", "1号楼"), encoding="utf-8")
    (found,) = told(site)
    assert "which reads as" in found


@pytest.mark.parametrize(
    "said",
    [
        "show １号楼",
        "show 1号楼",
        "show 1号楼\u200b",
        "show ２",
        "ｓｈｏｗ 2",
        "show 2 屏／１",
        "show 2 １",
    ],
)
def test_what_a_chinese_keyboard_writes_is_understood(site: Path, said: str) -> None:
    loaded = load_site(site)
    start = initial(loaded)
    command = parse(said)
    assert isinstance(command, Change)
    new = step(start, command, loaded, claim(Role.REMOTE, 0))
    assert new.screens["屏"].at(0) == "１号楼"


@given(st.binary(min_size=1, max_size=20).filter(lambda raw: not {0, 47} & set(raw)))
def test_any_file_name_can_be_printed_sent_and_named(raw: bytes) -> None:
    path = Path("/presets") / os.fsdecode(raw)
    shown = readable(path)
    shown.encode()
    assert all(unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"} for c in shown)
    called(path).encode()
    quoted(os.fsdecode(raw)).encode()


def test_a_plain_path_is_shown_as_it_is() -> None:
    assert readable("/srv/wall/站点/site.toml") == "/srv/wall/站点/site.toml"
    assert readable("site.toml") == "site.toml"


def test_files_are_in_the_order_of_their_names(site: Path) -> None:
    for name in ("b.toml", "c.toml", unicodedata.normalize("NFD", "é.toml"), "a.toml"):
        put(site, name)
    assert [called(path) for path in toml_files(site.parent / "presets")] == ["a", "b", "c", "é"]
