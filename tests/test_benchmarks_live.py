"""The benchmarks of live walls and of their parts run, and keep results of their own shape."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmarks import switch

ROOT = Path(__file__).parents[1]
SHAPES: dict[str, Any] = {"switch": switch.Result}
KEPT = [
    (name, file)
    for name in SHAPES
    for file in sorted((ROOT / "benchmarks/results").glob(f"*-{name}.json"))
]


def tiny(name: str, folder: Path) -> Any:
    """The result of a tiny run."""
    out, cache = folder / "tiny.json", folder / "clips"
    script = ROOT / f"benchmarks/{name}.py"
    words = (sys.executable, script, "--tiny", "--out", out, "--cache", cache)
    ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=100)
    assert ended.returncode == 0, ended.stderr
    return checked(name, out.read_text())


def checked(name: str, text: str) -> Any:
    """The value in a result's JSON, which must have all of its fields, no other, and no place."""
    assert "/" not in text
    value = msgspec.json.decode(text, type=SHAPES[name])
    assert json.loads(msgspec.json.encode(value)) == json.loads(text)
    return value


@pytest.mark.parametrize(("name", "file"), KEPT, ids=[file.stem for _name, file in KEPT])
def test_kept_results_have_their_shape_and_tell_no_place(name: str, file: Path) -> None:
    checked(name, file.read_text())


@pytest.mark.e2e
def test_a_tiny_run_switches_and_judges(tmp_path: Path) -> None:
    result = tiny("switch", tmp_path)
    assert result.times["all"].first_ms.p50 > 0
    assert result.judged_passes > result.switches
    assert result.tiles["whole"] > result.judged_passes
    assert result.faulty_passes == 0
