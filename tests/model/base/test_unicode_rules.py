"""Names that read the same are the same, whatever system and keyboard wrote them."""

import json
import unicodedata
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.base.suggestions import near
from wallctl.model.base.unicode_rules import (
    half_width,
    invisible_in,
    on_one_line,
    printable,
    reading,
    same_reading,
    spelled,
    unfit_in,
)

ANY = st.text(st.characters(exclude_categories=()), max_size=30)
"""Halves of characters, and what is none, too."""
CONTROLS = ("Cc", "Cf", "Cs", "Zl", "Zp")


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
    ("text", "line", "unfit"),
    [
        ("大门 ok", "大门 ok", ""),
        ("a\nb\x1b[2Jc", "a b [2Jc", "U+000A"),
        ("a\x9bb\u2028c", "a b c", "U+009B"),
        ("\u202egpj.exe", "gpj.exe", ""),
        ("half \ud800", "half  ", "U+D800"),
        ("none \ufffe", "none  ", "U+FFFE"),
        ("a\u200db", "a\u200db", ""),
        ("x" + "\u0335" * 9, "x" + "\u0335" * 8, "more than 8 marks on one character"),
        ("x" + "\u0335\u200d" * 9, "x" + "\u0335\u200d" * 4, "more than 8 marks on one character"),
        ("ཧཱུྃ ཧཱུྃ", "ཧཱུྃ ཧཱུྃ", ""),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", ""),
        ("\ue000 私用", "\ue000 私用", ""),
    ],
)
def test_what_no_text_may_hold_is_named_and_left_out(text: str, line: str, unfit: str) -> None:
    assert on_one_line(text).rstrip("\u200d") == line.rstrip("\u200d")
    assert unfit_in(text) == unfit


@given(ANY)
def test_a_line_that_is_printed_breaks_nothing(text: str) -> None:
    line = on_one_line(text)
    assert unfit_in(line) == ""
    assert on_one_line(line) == line
    assert len((line + ".").splitlines()) == 1


@given(ANY)
def test_what_is_printed_controls_no_terminal(text: str) -> None:
    lines = printable(text)
    assert all(c in "\n\t\u200c\u200d" or category(c) not in CONTROLS for c in lines)
    assert printable(lines) == lines
    assert json.loads(f'"{printable(json.dumps(text, ensure_ascii=False)[1:-1])}"') == text
