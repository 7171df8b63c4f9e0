"""What was typed, under whatever locale."""

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.cli.terminal_text import as_json, padded, typed

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1)
LOCALES = ["UTF-8", "ISO-8859-1", "ANSI_X3.4-1968", "GB18030", "GBK", "no such encoding"]


@pytest.mark.parametrize("locale", LOCALES)
@given(word=CHINESE)
def test_utf_8_is_understood_in_every_locale(locale: str, word: str) -> None:
    assert typed(word.encode(), locale) == word


@given(word=CHINESE)
def test_what_a_chinese_locale_says_is_understood_there(word: str) -> None:
    raw = word.encode("gb18030")
    try:
        raw.decode()
    except UnicodeDecodeError:
        assert typed(raw, "GB18030") == word


@pytest.mark.parametrize("locale", LOCALES)
def test_a_word_of_an_old_terminal_is_understood_where_it_can_not_be_utf_8(locale: str) -> None:
    assert typed("西门".encode("gbk"), locale) == "西门"


def test_two_bytes_that_pass_for_utf_8_are_what_the_locale_says() -> None:
    raw = "协".encode("gbk")
    assert raw.decode() == "Э"
    assert typed(raw, "GB18030") == "协"
    assert typed(raw, "UTF-8") == "Э"


def test_bytes_that_are_no_text() -> None:
    assert typed(b"\xff\xff", "UTF-8") is None
    assert typed(b"7", "GB18030") == "7"


def test_json_is_ascii_where_stdout_is_not_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    class Old:
        encoding = "GB18030"

    assert "东门" in as_json({"name": "东门"})
    monkeypatch.setattr(sys, "stdout", Old())
    assert as_json({"name": "东门"}).isascii()
    assert json.loads(as_json({"name": "东门"})) == {"name": "东门"}


def test_chinese_names_leave_the_next_column_where_it_is() -> None:
    """Each of their characters is two columns wide on a terminal."""
    names = ["3x3", "夜班", "１号", "한강", "", "很长很长的名称"]
    assert [padded(name, 8) for name in names] == [
        *("3x3     ", "夜班    ", "１号    ", "한강    ", "        ", "很长很长的名称"),
    ]
