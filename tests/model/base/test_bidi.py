"""The order of characters on a line: cases of UAX 9, and what must hold for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.base.bidi import levels, turns, visual_order

LETTERS = str.maketrans("ABCDE", "אבגדה")
"""As in UAX 9 itself: capitals stand for letters that run to the left."""


def seen(text: str) -> str:
    """The characters from left to right."""
    turned = text.translate(LETTERS)
    found = levels(turned)
    return "".join(text[i] for i in visual_order(found))


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("gate 12", "gate 12"),
        ("ABC", "CBA"),
        ("abc ABC", "abc CBA"),
        ("ABC abc", "abc CBA"),
        ("A 12 B", "B 12 A"),
        ("A 12-3 B", "B 12-3 A"),
        ("A 1,234 B", "B 1,234 A"),
        ("A 50% B", "B 50% A"),
        ("a AB (CD) b", "a )DC( BA b"),
        ("东 AB (12)", "东 )12( BA"),
        ("东 (AB) 门", "东 (BA) 门"),
        ("AB (东) C", "C )东( BA"),
        ("东 A [B (C] 1)", "东 1 ]C( B[ A)"),
        ("东门 AB 站 3", "东门 BA 站 3"),
        ("3 AB", "BA 3"),
        ("AB 东 C", "C 东 BA"),
        ("AB, CD!", "!DC ,BA"),
        ("门 · 1 AB 2 · C 东 D · 13:42 · E", "门 · 1 2 BA · C 东 D · 13:42 · E"),
        ("AB · 13:42 · 东 C", "C 东 · 13:42 · BA"),
        (" · A 1 · ", " · 1 A · "),
        ("a 1 AB", "a 1 BA"),
        ("", ""),
        ("12", "12"),
    ],
)
def test_what_is_seen(written: str, drawn: str) -> None:
    assert seen(written) == drawn


def test_numbers_behind_arabic_letters_stay_together() -> None:
    assert levels("ئا 12-3") == [1, 1, 1, 2, 2, 1, 2]
    assert levels("ئا ١٢") == [1, 1, 1, 2, 2]


def test_marks_go_with_what_they_stand_on() -> None:
    assert levels("שָׁ") == [1, 1, 1]
    assert levels("a\u0301א") == [0, 0, 1]


@given(st.text(max_size=40))
def test_every_character_is_drawn_once(text: str) -> None:
    found = levels(text)
    assert len(found) == len(text)
    assert sorted(visual_order(found)) == list(range(len(text)))
    if not turns(text):
        assert visual_order(found) == list(range(len(text)))
