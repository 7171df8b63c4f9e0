"""What benchmarks share: their command line, measuring in turns, and the sites that they show."""

import itertools
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.harness.command import Outcome, benchmark, rounds_option, seconds_option
from benchmarks.harness.result import Run
from benchmarks.harness.site_file import site_text
from benchmarks.harness.spread import missing_percent, percent
from benchmarks.harness.turns import in_turns, median_ratio
from wallctl.config.site_file import load_site


class Result(Run, frozen=True, kw_only=True):
    """What a benchmark of nothing found."""

    seconds: float
    rounds: int
    walls: int


def draw(path: Path) -> None:
    path.write_text("a plot")


@benchmark("A moment.", seconds=0.5, walls=1)
@seconds_option(4.0, least=0.5)
@rounds_option(3)
def nothing(seconds: float, rounds: int, walls: int = 8) -> Outcome:
    """Measure nothing."""
    result = Result(seconds=seconds, rounds=rounds, walls=walls)
    return Outcome(result, "nothing", draw)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], (4.0, 3, 8)),
        (["--seconds", "9", "--rounds", "1"], (9.0, 1, 8)),
        (["--seconds", "9", "--tiny", "--rounds", "2"], (0.5, 2, 1)),
    ],
)
def test_a_result_is_kept_with_what_was_asked_for_and_a_plot_beside_it(
    tmp_path: Path, words: list[str], expected: tuple[float, int, int]
) -> None:
    out = tmp_path / "made" / "nothing.json"
    ended = CliRunner().invoke(nothing, [*words, "--out", str(out)])
    assert ended.exit_code == 0, ended.output
    kept = json.loads(out.read_text())
    assert (kept["seconds"], kept["rounds"], kept["walls"]) == expected
    assert set(kept) == {"date", "machine", "versions", "seconds", "rounds", "walls"}
    assert out.with_suffix(".png").read_text() == "a plot"


def test_ways_take_turns() -> None:
    turns = itertools.count(1)
    found = in_turns("ab", lambda way: f"{way}{next(turns)}", 2)
    assert found == {"a": ["a1", "a3"], "b": ["b2", "b4"]}


def test_a_ratio_is_that_of_neighbours() -> None:
    assert median_ratio([1.0, 4.0, 9.0], [1.0, 2.0, 3.0]) == 2.0


@pytest.mark.parametrize(("had", "missing"), [(0, 100.0), (45, 10.0), (50, 0.0), (51, 0.0)])
def test_more_than_was_wanted_misses_nothing(had: float, missing: float) -> None:
    assert missing_percent(had, 50) == missing


def test_nothing_is_no_part_of_nothing() -> None:
    assert percent(0, 0) == 0.0
    assert percent(1, 8) == 12.5


@pytest.mark.parametrize(("shown", "count"), [(None, 3), ((2,), 1), ((), 0)])
def test_a_site_begins_with_the_cameras_that_are_named(
    tmp_path: Path, shown: tuple[int, ...] | None, count: int
) -> None:
    files = [tmp_path / f"{number}.mp4" for number in range(3)]
    text = site_text("test", files, "2x2", shown=shown, defaults="clock = false")
    (tmp_path / "site.toml").write_text(text)
    site = load_site(tmp_path / "site.toml")
    assert [stream.url for source in site.sources for stream in source.streams] == [
        str(file) for file in files
    ]
    [home] = site.home
    assert sum(source is not None for source in home.tiles) == count
