"""SECURITY.md promises what tests show: each test that it names is there and tests something."""

import re
from pathlib import Path

import pytest

from tests.support.folders import ROOT

TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("|") and "---" not in line]
PATHS = sorted(set(re.findall(r"`(tests/[^`]+)`", TEXT)))


@pytest.mark.parametrize("path", PATHS)
def test_a_test_that_is_named_is_there(path: str) -> None:
    assert re.search(r"^def test_", (ROOT / path).read_text("utf-8"), re.MULTILINE)


def test_each_row_names_a_test() -> None:
    heads = [row for row in ROWS if row.rstrip(" |").endswith("test")]
    assert len(heads) == 2
    assert [row for row in ROWS if row not in heads and "`tests/" not in row] == []


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("test_*.py")), ids=lambda p: p.stem)
def test_an_attack_is_named(path: Path) -> None:
    if path.parent.name != "docs" and "pytest.mark.attack" in path.read_text("utf-8"):
        assert str(path.relative_to(ROOT)) in PATHS
