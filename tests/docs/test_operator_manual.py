"""The operators' manual agrees with the wall: its keys, its words for states, its pictures."""

import re

import pytest

from tests.support.catalogues import EN, ZH
from tests.support.folders import ROOT
from wallctl.model.operator.key_table import KEY_TABLE
from wallctl.model.operator.message_catalogue import STATE_TEXTS, Catalogue
from wallctl.model.streams.health import TileState

DOCS = ROOT / "docs"
MANUALS = {"zh": ZH, "en": EN}
SAYS_HOW = {"Backspace"}
"""No key of the wall's own: it takes back a digit."""
MOST_BYTES = 150_000

both = pytest.mark.parametrize(("tongue", "words"), MANUALS.items(), ids=MANUALS)


def manual(tongue: str) -> str:
    return (DOCS / f"operator.{tongue}.md").read_text()


def built_in() -> set[str]:
    """The built-in keys as the manual writes them."""
    written = {row.key: row.lines[0].keys.split() for row in KEY_TABLE if row.lines}
    return {(written.get(row.key) or [row.key])[0] for row in KEY_TABLE}


def told(text: str) -> set[str]:
    """The keys in code spans; those between the ends of ``A`` … ``B``, too."""
    keys = set(re.findall(r"`([^`\n]+)`", text))
    for prefix, first, last in re.findall(r"`(F?)(\d+)` … `F?(\d+)`", text):
        keys |= {f"{prefix}{number}" for number in range(int(first), int(last) + 1)}
    return keys


@both
def test_every_built_in_key_is_in_the_manual_and_no_other(tongue: str, words: Catalogue) -> None:
    keys = told(manual(tongue))
    assert built_in() - keys == set()
    assert keys - built_in() == SAYS_HOW


@both
def test_every_state_is_told_in_the_words_of_the_wall(tongue: str, words: Catalogue) -> None:
    rows = re.findall(r"^\| ([^|]+) \|", manual(tongue), re.MULTILINE)
    said = {state for row in rows for state in re.split("、|, ", row)}
    for state in TileState:
        if state is not TileState.LIVE:
            assert words.say(STATE_TEXTS[state]) in said


@both
def test_its_pictures_are_small_and_all_are_in_it(tongue: str, words: Catalogue) -> None:
    used = set(re.findall(r"\]\(images/(operator-[^)]+)\)", manual(tongue)))
    there = {file.name for file in (DOCS / "images").glob(f"operator-*.{tongue}.png")}
    assert used == there
    assert len(used) > 5
    assert max((DOCS / "images" / name).stat().st_size for name in used) < MOST_BYTES


def test_the_manuals_have_the_same_parts_and_the_readme_leads_to_them() -> None:
    zh, en = (re.findall(r"^(#+) ", manual(tongue), re.MULTILINE) for tongue in MANUALS)
    assert zh == en
    readme = (ROOT / "README.md").read_text()
    assert all(f"](docs/operator.{tongue}.md)" in readme for tongue in MANUALS)
