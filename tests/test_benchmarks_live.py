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

from benchmarks import arena, compose, hold, latency, present, switch, warm
from benchmarks.hold import search
from benchmarks.xvfb import xvfb_missing
from wallctl.media.demo.clips import FRAMES

ROOT = Path(__file__).parents[1]
SHAPES: dict[str, Any] = {
    "arena": arena.Result,
    "compose": compose.Result,
    "hold": hold.Result,
    "latency": latency.Result,
    "present": present.Result,
    "switch": switch.Result,
    "warm": warm.Result,
}
KEPT = [
    (name, file)
    for name in SHAPES
    for file in sorted((ROOT / "benchmarks/results").glob(f"*-{name}.json"))
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
    assert age.p50 > after > 0
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
    result = tiny("hold", tmp_path, "--cache", str(tmp_path / "clips"))
    assert [point.streams for point in result.points] == [4]
    assert result.points[0].live == 4
    assert result.points[0].cores > 0


@pytest.mark.e2e
def test_a_tiny_run_tells_what_hidden_streams_cost(tmp_path: Path) -> None:
    result = tiny("warm", tmp_path, "--scene", "demo", "--cache", str(tmp_path / "clips"))
    [line] = result.lines
    assert line.cores["shown"] > line.cores["packets"] > 0
    assert 0 < line.ratios["packets"] < 1


@pytest.mark.e2e
@pytest.mark.skipif(xvfb_missing() is not None, reason=str(xvfb_missing()))
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
