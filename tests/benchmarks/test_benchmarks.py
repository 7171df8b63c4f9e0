"""The benchmarks run, and what they write has its shape. No speed is tested here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.folders import ROOT
from tests.support.servers.clips import moving_clip
from wallctl.model.planning.cost_model import Speeds

SCRIPT = ROOT / "benchmarks/fps_by_streams.py"
RESULTS = sorted((ROOT / "benchmarks/results").glob("*-fps-by-streams*.json"))
FULL_SPEED = sorted((ROOT / "benchmarks/results").glob("*-full-speed-*.json"))
PREDICTIONS = sorted((ROOT / "benchmarks/results").glob("*-prediction.json"))
VERSIONS = {"wallctl", "commit", "python", "av", "libav", "numpy", "cv2"}
POINT = {
    *("streams", "live", "wanted_fps", "presented_fps", "tile_fps_median", "tile_fps_least"),
    *("presented_percent", "latency_ms", "cores", "other_cores", "pss_mb"),
    *("missed_ticks_percent", "scaling"),
}


def check_shape(result: dict[str, Any]) -> None:
    assert set(result) == {"date", "parameters", "machine", "versions", "points"}
    assert set(result["machine"]) == {"cpu", "cores", "kernel"}
    assert set(result["versions"]) == VERSIONS
    counts = [point["streams"] for point in result["points"]]
    assert counts == result["parameters"]["streams"]
    for point in result["points"]:
        assert set(point) == POINT
        assert set(point["latency_ms"]) == {"p50", "p95", "p99"}
        assert set(point["scaling"]) == {"scaler", "target", "luma_db"}
        assert point["wanted_fps"] == 25 * point["streams"]
        assert 0 <= point["presented_percent"] <= 100
        assert point["tile_fps_least"] <= point["tile_fps_median"]


def printed(script: Path, *words: str | Path) -> str:
    """What a benchmark prints that ends well."""
    ended = subprocess.run(
        (sys.executable, script, *words), capture_output=True, text=True, check=False, timeout=100
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def tiny(name: str, out: Path) -> str:
    """What is printed by a tiny run, which writes its result to a file."""
    script = ROOT / f"benchmarks/{name}.py"
    return printed(script, "--tiny", "--out", out, "--cache", out.parent / "clips")


@pytest.mark.e2e
def test_a_tiny_run_writes_table_json_and_plot(tmp_path: Path) -> None:
    out = tmp_path / "tiny.json"
    table = tiny("fps_by_streams", out)
    result = json.loads(out.read_text())
    check_shape(result)
    assert [point["live"] for point in result["points"]] == [1, 2]
    assert all(point["presented_fps"] > 0 for point in result["points"])
    assert all(point["cores"] > 0 and point["pss_mb"] > 0 for point in result["points"])
    rows = [line.split() for line in table.splitlines()]
    assert [row[0] for row in rows[:3]] == ["N", "1", "2"]
    with Image.open(out.with_suffix(".png")) as plot:
        assert plot.size == (960, 840)


@pytest.mark.parametrize("file", RESULTS, ids=lambda file: file.stem)
def test_kept_results_have_the_shape_and_tell_no_place(file: Path) -> None:
    text = file.read_text()
    check_shape(json.loads(text))
    assert "/" not in text
    assert file.with_suffix(".png").is_file()


@pytest.mark.e2e
def test_a_tiny_run_at_full_speed_writes_its_rates(tmp_path: Path) -> None:
    out = tmp_path / "tiny.json"
    tiny("full_speed", out)
    check_full_speed(json.loads(out.read_text()))


@pytest.mark.parametrize("file", FULL_SPEED, ids=lambda file: file.stem)
def test_kept_results_at_full_speed_have_the_shape(file: Path) -> None:
    text = file.read_text()
    check_full_speed(json.loads(text))
    assert "/" not in text


def check_full_speed(result: dict[str, Any]) -> None:
    assert set(result["versions"]) == VERSIONS
    rates = [result[f"{name}_fps"] for name in ("decoded", "giving_way", "presented")]
    assert len({len(rounds) for rounds in rates}) == 1
    assert all(rate > 0 for rounds in rates for rate in rounds)
    assert 0 < result["ratio"] < 2
    assert 0 < result["ratio_giving_way"] < 2


@pytest.mark.e2e
def test_a_tiny_run_of_the_prediction_compares_two_walls(tmp_path: Path) -> None:
    out = tmp_path / "tiny.json"
    tiny("prediction", out)
    result = json.loads(out.read_text())
    check_prediction(result)
    assert [(point["streams"], point["size"]) for point in result["points"]] == [
        (2, "sub"),
        (1, "main"),
    ]


@pytest.mark.parametrize("file", PREDICTIONS, ids=lambda file: file.stem)
def test_kept_predictions_have_the_shape_and_are_near_the_truth(file: Path) -> None:
    text = file.read_text()
    result = json.loads(text)
    check_prediction(result)
    assert "/" not in text
    assert {4, 8, 16, 32} <= {point["streams"] for point in result["points"]}
    assert all(abs(point["error_percent"]) <= 15 for point in result["points"])


def check_prediction(result: dict[str, Any]) -> None:
    assert set(result) == {"date", "machine", "versions", "seconds", "speeds", "points"}
    assert set(result["versions"]) == VERSIONS
    assert set(result["speeds"]) == set(Speeds.__struct_fields__)
    for point in result["points"]:
        assert set(point) == {
            *("streams", "size", "predicted_cores", "measured_cores", "other_cores"),
            "error_percent",
        }
        assert point["predicted_cores"] > 0
        assert all(cores > 0 for cores in point["measured_cores"])


def test_the_experiment_with_scalers_runs(tmp_path: Path) -> None:
    script = ROOT / "benchmarks/experiments/scalers.py"
    clip = moving_clip(tmp_path / "clip.mp4")
    table = printed(script, clip, "--ratios", "2,3", "--rounds", "1")
    rows = [line.rsplit(maxsplit=4)[0].strip() for line in table.splitlines()]
    assert rows.count("swscale area") == rows.count("shrink") == 2


@pytest.mark.e2e
def test_the_experiment_with_streams_per_process_runs(tmp_path: Path) -> None:
    script = ROOT / "benchmarks/experiments/streams_per_process.py"
    small = ("--streams", "3", "--together", "1,2", "--seconds", "0.5", "--rounds", "1")
    table = printed(script, *small, "--scene", "demo", "--cache", tmp_path / "clips")
    rows = [row.split() for row in table.splitlines()[2:]]
    assert [row[0] for row in rows] == ["1", "2"]
    assert all(float(figure) > 0 for row in rows for figure in row)


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("floor", ["decodes", "gives way", "waits", "scales", "whole"]),
        ("paced_floor", ["receives", "scales", "colours", "presents", "whole"]),
    ],
)
def test_the_experiments_with_parts_of_a_wall_run(
    tmp_path: Path, name: str, parts: list[str]
) -> None:
    script = ROOT / f"benchmarks/experiments/{name}.py"
    small = ("--streams", "2", "--seconds", "0.5", "--rounds", "1")
    table = printed(script, *small, "--scene", "demo", "--cache", tmp_path / "clips")
    rows = [row.split() for row in table.splitlines()[1:]]
    assert [" ".join(row[:-2]) for row in rows] == parts
    assert all(float(row[-2]) > 0 for row in rows)


@pytest.mark.parametrize("wrong", ["0", "129", "1,,2", "four"])
def test_an_impossible_number_of_streams_is_told_in_a_sentence(wrong: str) -> None:
    words = (sys.executable, SCRIPT, "--streams", wrong)
    ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 2
    assert "is no list of numbers from 1 to 128" in ended.stderr
