"""SECURITY.md promises what tests show: each test that it names is there and tests something."""

import re

from tests.support.folders import ROOT

TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("|") and "---" not in line]
PATHS = sorted(set(re.findall(r"`(tests/[^`]+)`", TEXT)))


def test_a_test_that_is_named_is_there() -> None:
    assert PATHS
    for path in PATHS:
        assert re.search(r"^def test_", (ROOT / path).read_text("utf-8"), re.MULTILINE), path


def test_each_row_names_a_test() -> None:
    heads = [row for row in ROWS if row.rstrip(" |").endswith("test")]
    assert len(heads) == 2
    assert [row for row in ROWS if row not in heads and "`tests/" not in row] == []


def test_each_attack_is_named() -> None:
    files = (path for path in (ROOT / "tests").rglob("test_*.py") if path.parent.name != "docs")
    attacks = [path for path in files if "pytest.mark.attack" in path.read_text("utf-8")]
    assert attacks
    assert {str(path.relative_to(ROOT)) for path in attacks} <= set(PATHS)
