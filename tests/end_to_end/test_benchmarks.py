"""The benchmarks of live walls and of their parts run, and keep results of their own shape."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from benchmarks import (
    arena,
    broadcast,
    compose,
    hold,
    latency,
    overload,
    present,
    receiving,
    scaling,
    stillness,
    switch,
    warm,
)
from benchmarks.harness.spread import Spread
from benchmarks.harness.xvfb import xvfb_missing
from benchmarks.hold import search
from tests.support.folders import ROOT
from tests.support.requires import skipped_if
from wallctl.demo.clips import FRAMES

SHAPES: dict[str, Any] = {
    "arena": arena.Result,
    "broadcast": broadcast.Result,
    "compose": compose.Result,
    "hold": hold.Result,
    "latency": latency.Result,
    "overload": overload.Result,
    "present": present.Result,
    "receiving": receiving.Result,
    "scaling": scaling.Result,
    "stillness": stillness.Result,
    "switch": switch.Result,
    "warm": warm.Result,
}
KEPT = [
    (name, file)
    for name in SHAPES
    for file in sorted((ROOT / "benchmarks/results").glob(f"????-??-??-{name}*.json"))
]


def tiny(name: str, folder: Path, *options: str) -> Any:
    """The result of a tiny run."""
    out, script = folder / "tiny.json", ROOT / f"benchmarks/{name}.py"
    words = (sys.executable, str(script), "--tiny", "--out", str(out), *options)
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
    result = tiny("switch", tmp_path, "--cache", str(tmp_path / "clips"))
    assert result.times["all"].first_ms.p50 > 0
    assert result.judged_passes > result.switches
    assert result.tiles["whole"] > result.judged_passes
    assert result.faulty_passes == 0


@pytest.mark.e2e
def test_a_tiny_run_tells_the_age_of_pictures(tmp_path: Path) -> None:
    result = tiny("latency", tmp_path, "--cache", str(tmp_path / "clips"))
    age, after = result.camera_to_canvas_ms, result.after_demuxer_ms["p50"]
    assert age.count > result.streams * result.seconds * 10
    assert age.p50 + 2 > after > 0, "they begin at the same picture's first bytes"
    assert result.seen_percent > 50
    with Image.open(tmp_path / "tiny.png") as plot:
        assert plot.size == (960, 480)


def test_a_wall_that_falls_behind_by_whole_loops_is_found_out() -> None:
    loop, interval_ns = FRAMES, 40_000_000
    sent_ns = np.arange(1, 4 * loop + 1) * interval_ns
    slow = [(sent_ns[count] + 2 * count * interval_ns, count % loop) for count in range(2 * loop)]
    ages = [one.ms for one in latency.samples(latency.counted(slow, sent_ns, 0), sent_ns)]
    assert ages == [80.0 * count for count in range(2 * loop)]


def test_a_picture_that_was_skipped_leaves_the_others_their_ages() -> None:
    sent_ns = np.arange(1, 301) * 40_000_000
    counts = [150, 151, 154, 155]
    seen = [(sent_ns[count] + 5_000_000, (count + 3) % FRAMES) for count in counts]
    assert [count for _at_ns, count in latency.counted(seen, sent_ns, 3)] == counts


@pytest.mark.e2e
def test_a_tiny_run_holds_streams(tmp_path: Path) -> None:
    result = tiny("hold", tmp_path, "--scene", "demo", "--cache", str(tmp_path / "clips"))
    assert [point.streams for point in result.points] == [4]
    assert result.points[0].live == 4
    assert result.points[0].cores > 0


@pytest.mark.e2e
def test_a_tiny_run_of_too_many_cameras(tmp_path: Path) -> None:
    result = tiny("overload", tmp_path, "--cache", str(tmp_path / "clips"))
    assert [part.streams for part in result.tried] == [4]
    assert len(result.minutes) == 2
    for part in result.minutes:
        assert part.age_ms.p50 > 0
        assert sum(part.efforts.values()) == 4
    assert min(result.pss_mb) > 0


def test_the_age_of_a_wall_that_falls_behind_by_whole_loops_is_followed() -> None:
    interval_ns = 40_000_000
    sent_ns = np.arange(1, 6 * FRAMES + 1) * interval_ns
    slow = [(sent_ns[n] + 2 * n * interval_ns, (n + 5) % FRAMES) for n in range(2 * FRAMES)]
    ages_ms = overload.Ages(sent_ns, 5).of(slow)
    assert ages_ms == [80.0 * n for n in range(1, 2 * FRAMES)]


def test_a_tile_may_stand_still_for_longer_than_a_loop() -> None:
    sent_ns = np.arange(1, 6 * FRAMES + 1) * 40_000_000
    ages = overload.Ages(sent_ns, 0)
    seen = [(sent_ns[n] + 50_000_000, n % FRAMES) for n in (3, 4, 330, 331, 590)]
    assert ages.of(seen) == [50.0] * 4


def test_what_stands_there_at_first_has_no_age() -> None:
    sent_ns = np.arange(1, FRAMES + 1) * 40_000_000
    still = (sent_ns[90], 5)
    assert overload.Ages(sent_ns, 0).of([still]) == []


@pytest.mark.parametrize(
    ("missed", "p99", "held"), [(0.9, 500.0, True), (1.0, 500.0, False), (0.0, 501.0, False)]
)
def test_a_wall_holds_while_it_is_on_time(missed: float, p99: float, held: bool) -> None:
    age = Spread(100, 50.0, 90.0, p99, 600.0)
    assert overload.Part(4, 100.0, age, missed, {"keys": 4}, 1.9, 0.1).held is held
    assert not overload.Part(4, 0.0, None, missed, {"none": 4}, 1.9, 0.1).held


@pytest.mark.e2e
@pytest.mark.parametrize("way", ["rtsp", "udp"])
def test_a_tiny_run_takes_a_broadcast_and_compares_it(way: str, tmp_path: Path) -> None:
    result = tiny("broadcast", tmp_path, "--way", way, "--cache", str(tmp_path / "clips"))
    assert result.viewer_fps > 10
    assert 0 < result.behind_ms.p95 < 500
    assert result.behind_ms.count > 100
    assert result.least_likeness_db >= 30
    assert 0 < result.broadcast_cores < 1
    assert result.missed_ticks_percent[1] <= result.missed_ticks_percent[0] + 1


@pytest.mark.e2e
def test_a_tiny_run_marks_what_is_frozen_and_nothing_that_lives(tmp_path: Path) -> None:
    result = tiny("stillness", tmp_path)
    seconds = result.minutes * 60
    for one in result.watched:
        assert one.marked == 0, one
        assert one.passes > 0.8 * 50 * seconds, one
    # Each is counted from its first picture on, which may be long before the last has its own.
    pictures = [one.pictures for one in result.watched]
    for count, least in zip(
        pictures, (20 * seconds, 1, 0.8 * seconds, 0.4 * seconds), strict=False
    ):
        assert count >= least, pictures
    assert (pictures[1], pictures[4]) == (1, 1), "these never show another"
    assert 0.9 < result.frozen_s.p50 <= result.frozen_s.most <= 1.2


def test_the_kept_run_watched_for_ten_minutes_and_marked_nothing_that_lived() -> None:
    [*_, newest] = sorted((ROOT / "benchmarks/results").glob("*-stillness.json"))
    result = checked("stillness", newest.read_text())
    assert result.minutes >= 10
    assert [one.marked for one in result.watched] == [0] * len(result.watched)
    assert result.frozen_s.most <= 1.2


@pytest.mark.e2e
def test_a_tiny_run_tells_what_hidden_streams_cost(tmp_path: Path) -> None:
    result = tiny("warm", tmp_path, "--scene", "demo", "--cache", str(tmp_path / "clips"))
    [line] = result.lines
    assert line.cores["shown"] > line.cores["packets"] > 0
    assert 0 < line.ratios["packets"] < 1


@pytest.mark.e2e
def test_a_tiny_run_of_few_and_of_more_streams(tmp_path: Path) -> None:
    result = tiny("scaling", tmp_path, "--scene", "demo", "--cache", str(tmp_path / "clips"))
    assert [point.streams for point in result.points] == [2, 4]
    for point in result.points:
        assert point.wall_ms[0] > point.workers_ms[0] > 0
        assert point.decoding_ms[0] > 0
    assert result.growth > 0 < result.workers_growth


def test_growth_is_a_ratio_of_ratios_round_by_round() -> None:
    few = scaling.Point(8, (2.0, 4.0, 2.0), (1.0,) * 3, (1.0, 2.0, 1.0), 25.0, 0)
    many = scaling.Point(64, (1.5, 3.0, 9.0), (2.0,) * 3, (0.5, 1.0, 2.0), 25.0, 0)
    assert scaling.growth(few.ratios, many.ratios) == 1.5
    assert scaling.growth(few.workers_ratios, many.workers_ratios) == 4.0


@pytest.mark.e2e
def test_a_tiny_run_tells_what_receiving_and_decoding_leave_to_the_wall(tmp_path: Path) -> None:
    result = tiny("receiving", tmp_path, "--scene", "demo", "--cache", str(tmp_path / "clips"))
    assert result.wall_cores[0] > result.alone_cores[0] > 0
    assert result.alone_fps[0] > 20


@pytest.mark.e2e
@skipped_if(xvfb_missing())
def test_a_tiny_run_tells_what_windows_cost(tmp_path: Path) -> None:
    result = tiny("present", tmp_path, "--cache", str(tmp_path / "clips"))
    headless, *windows = result.ways
    assert headless.cost.xserver_cores == headless.window_cores == 0
    assert [one.way for one in windows] == ["shared", "sent", "shader"]
    assert all(one.cost.presenter_cores > 0 for one in result.ways)
    assert all(one.cost.xserver_cores > 0 for one in windows)


def test_without_an_x_server_windows_are_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = CliRunner().invoke(present.main, ["--out", str(tmp_path / "out.json")])
    assert said.exit_code == 0
    assert "Xvfb is not installed" in said.output
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("limit", [0, 4, 8, 12, 20, 36, 48, 60, 64])
def test_the_search_finds_the_limit_in_few_steps(limit: int) -> None:
    tried: list[int] = []

    def holds(streams: int) -> bool:
        tried.append(streams)
        return streams <= limit

    assert search(holds, 64) == limit
    assert len(tried) == len(set(tried)) <= 9


def test_a_tiny_run_composes(tmp_path: Path) -> None:
    result = tiny("compose", tmp_path)
    assert len(result.points) == 12
    none, _half, every = (point.pass_us.p50 for point in result.points[:3])
    assert 0 < none < every


def test_a_tiny_run_passes_pictures_on(tmp_path: Path) -> None:
    result = tiny("arena", tmp_path)
    assert [point.width_px for point in result.points] == [240, 474, 958, 1920]
    assert all(point.round_trips > 0 and point.published > 0 for point in result.points)
