"""Names that read the same are the same, whatever system and keyboard wrote them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.near import near
from wallctl.model.spelling import (
    breaking_in,
    half_width,
    invisible_in,
    on_one_line,
    reading,
    same_reading,
    spelled,
)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("E\u0301te\u0301", "Été"),
        ("西大门\u200b", "西大门"),
        ("\ufeff北门", "北门"),
        ("夜\u202e班\u202c", "夜班"),
        ("\u2066左屏\u2069", "左屏"),
        ("한글\u3164", "한글"),
        ("ئۇيغۇر\u200cچە", "ئۇيغۇر\u200cچە"),
        ("👨\u200d👩\u200d👧\u200d", "👨\u200d👩\u200d👧"),
        ("1号楼", "1号楼"),
    ],
)
def test_a_name_is_composed_and_without_what_is_invisible(written: str, name: str) -> None:
    assert spelled(written) == name


def test_what_is_left_out_is_named() -> None:
    assert invisible_in("西\u200b大\u202e门\u200b") == ("U+200B", "U+202E")
    assert invisible_in("E\u0301") == ()
    assert invisible_in("ئۇيغۇر\u200cچە") == ()
    assert invisible_in("门\u200d") == ("U+200D",)


@given(st.text(max_size=30))
def test_one_form_for_what_reads_the_same(text: str) -> None:
    once = spelled(text)
    assert spelled(once) == once
    assert reading(once) == reading(text)
    assert reading(reading(text)) == reading(text)
    for form in ("NFC", "NFD"):
        assert reading(unicodedata.normalize(form, text)) == reading(text)


def test_width_case_and_spaces_do_not_count() -> None:
    known = ("１号楼", "东 门", "Gate", "2x2")
    for said, meant in [
        ("1号楼", "１号楼"), ("１號", None), ("东\u3000门", "东 门"), ("东\u00a0 门", "东 门"),
        ("ＧＡＴＥ", "Gate"), ("２×2", None), ("２x２", "2x2"), ("\u200bgate", "Gate"), ("", None),
    ]:  # fmt: skip
        assert same_reading(said, known) == meant


def test_of_two_that_read_the_same_the_exact_one_is_meant_or_none() -> None:
    known = ("Gate", "gate")
    assert same_reading("gate", known) == "gate"
    assert same_reading("GATE", known) is None
    assert near("GATE", known) == ("Gate", "gate")


def test_half_width() -> None:
    assert half_width("＠左／１２") == "@左/12"


@pytest.mark.parametrize(
    ("text", "line", "breaking"),
    [
        ("大门 ok", "大门 ok", ()),
        ("a\nb\x1b[2Jc", "a b [2Jc", ("U+000A", "U+001B")),
        ("a\x9bb\u2028c", "a b c", ("U+009B", "U+2028")),
        ("\u202egpj.exe", "gpj.exe", ()),
        ("half \ud800", "half  ", ("U+D800",)),
        ("a\u200db", "a\u200db", ()),
    ],
)
def test_what_breaks_a_line_is_named_and_left_out(
    text: str, line: str, breaking: tuple[str, ...]
) -> None:
    assert on_one_line(text) == line
    assert breaking_in(text) == breaking


@given(st.text())
def test_a_line_that_is_printed_breaks_nothing(text: str) -> None:
    assert breaking_in(on_one_line(text)) == ()
    assert len((on_one_line(text) + ".").splitlines()) == 1
