"""The tables of keys in the documents have the rows of the wall's own table, and no others."""

import re
from collections.abc import Iterator

import pytest

from tests.support.folders import ROOT
from wallctl.model.operator.key_table import KEY_TABLE, KeyRow

Way = tuple[str, ...]
"""Keys that are pressed one after the other, by their names in hotkey files."""

SIGNS = {line.keys.split()[0]: row.key for row in KEY_TABLE for line in row.lines if line.keys}
"""The key behind what people read."""
TABLES = [
    *("README.md", "docs/operator.zh.md", "docs/operator.en.md"),
    *("docs/operations/daily.zh.md", "docs/operations/daily.en.md"),
]
_ARROWS = "`←` `↑` `↓` `→`"

every_table = pytest.mark.parametrize("page", TABLES)
every_row = pytest.mark.parametrize("row", KEY_TABLE, ids=[row.key for row in KEY_TABLE])


def ways_of(row: KeyRow) -> set[Way]:
    """The ways to use a built-in key; a number that is typed counts for nothing."""
    written = [line.keys.split() for line in row.lines if line.keys] or [[row.key]]
    return {(row.key, *(key for key in keys[1:] if not key.isdecimal())) for keys in written}


def rows_of(page: str) -> list[set[Way]]:
    """The ways in each row of a document's table of keys."""
    text = (ROOT / page).read_text()
    table = re.search(r"^## (?:Keys|按键).*?^\|---(.*?)^$", text, re.MULTILINE | re.DOTALL)
    assert table is not None, page
    lines = table.group(1).splitlines()[1:]
    return [set(_ways(_key_cell(line))) for line in lines]


def _key_cell(line: str) -> str:
    """The first cell with a key in it."""
    return next(cell for cell in line.split("|") if "`" in cell or "arrows" in cell)


def _ways(cell: str) -> Iterator[Way]:
    cell = cell.replace(", then ", " ").replace("arrows", _ARROWS)
    cell = cell.replace(_ARROWS, _ARROWS.replace(" ", ", "))
    for part in re.split(r"[,;，、；]|\bor\b|或", cell):
        keys = re.findall(r"`([^`]+)`", part)
        if "…" in part:
            yield from ((key,) for key in _between(*keys))
        elif keys:
            yield tuple(SIGNS.get(key, key) for key in keys)


def _between(first: str, last: str) -> list[str]:
    """The keys from one to another, such as ``F2`` to ``F12``."""
    letter = first.rstrip("0123456789")
    numbers = range(int(first.removeprefix(letter)), int(last.removeprefix(letter)) + 1)
    return [f"{letter}{number}" for number in numbers]


@every_table
@every_row
def test_every_key_is_in_every_table(page: str, row: KeyRow) -> None:
    assert ways_of(row) <= set().union(*rows_of(page))


@every_table
def test_no_table_has_a_key_that_the_wall_does_not_have(page: str) -> None:
    assert set().union(*rows_of(page)) == set().union(*map(ways_of, KEY_TABLE))


@every_table
def test_keys_that_share_a_line_of_the_help_sheet_share_a_row(page: str) -> None:
    for text in {line.words for row in KEY_TABLE for line in row.lines}:
        rows = [row for row in KEY_TABLE if text in {line.words for line in row.lines}]
        together = {(row.key,) for row in rows if ways_of(row) == {(row.key,)}}
        assert any(together <= row for row in rows_of(page)), text
