"""What ``plan`` and ``calibrate`` print, and the warnings before a wall that is too much."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.support import command_line
from tests.support.command_line import wallctl
from tests.support.folders import ROOT
from tests.support.servers.clips import moving_clip
from tests.support.sites import site
from wallctl.cli.calibrate import table
from wallctl.cli.plan_inputs import keep_calibration, this_machine
from wallctl.cli.plan_summary import overload
from wallctl.config.source_urls import site_from_urls
from wallctl.config.speeds_file import speeds_path
from wallctl.model.base.geometry import Size
from wallctl.model.planning.cost_model import TYPICAL

STREETS = ROOT / "sites/street-centre"
SLOW = replace(TYPICAL, h264_picture_ms=1e6)
"""Of a machine that no picture fits, however many processors it has."""
at_home = command_line.at_home


def lines(*words: str) -> list[str]:
    result = wallctl("plan", str(STREETS), *words)
    assert result.exit_code == 0
    return result.stdout.splitlines()


def starting(printed: list[str], with_: str) -> Iterator[str]:
    return (line for line in printed if line.startswith(with_))


def test_a_plan_tells_every_tile_of_home_and_the_verdict_of_all_else() -> None:
    printed = lines()
    assert printed[0].startswith("home: fits: 0.")
    tiles = [line.split() for line in printed if "*" in line and "/" in line]
    assert len(tiles) == 14
    assert tiles[0][:4] == ["main", "1920x1080*", "25.0*", "h264"]
    assert tiles[0][-2:] == ["左屏/1", "文化广场"]
    assert tiles[1][:4] == ["sub", "640x360*", "25.0*", "h264"]
    assert len([*starting(printed, "layout ")]) == 9
    assert len([*starting(printed, "preset ")]) == 5


def test_a_plan_says_what_it_does_not_know() -> None:
    printed = lines()
    assert printed[-2].startswith("* assumed")
    assert printed[-1] == "speeds: typical ones; wallctl calibrate measures this machine"


def test_a_plan_of_a_measured_machine_says_when() -> None:
    keep_calibration(TYPICAL)
    assert lines()[-1].startswith("speeds: of this machine, measured on 20")


def test_the_parts_of_a_plan_are_its_sum() -> None:
    printed = lines("--headless")
    told = float(printed[0].split()[2])
    tiles = sum(float(line.split()[7]) for line in printed if "*" in line and "/" in line)
    [rest] = [float(line.split()[0]) for line in printed if line.endswith("all the rest")]
    assert tiles + rest == pytest.approx(told, abs=0.01)


def test_a_layout_is_planned_on_every_screen() -> None:
    printed = lines("1x1")
    assert printed[0].startswith("layout 1x1: fits")
    assert [line.split()[8] for line in printed if "main" in line] == ["左屏/1", "右屏/1"]
    assert not [*starting(printed, "preset")]


def test_a_layout_that_does_not_exist_is_answered_with_those_that_are_near() -> None:
    result = wallctl("plan", str(STREETS), "3x33")
    assert result.exit_code == 1
    assert result.stderr == "Error: no layout is called '3x33'; did you mean 3x3?\n"


def test_a_site_with_faults_is_told_as_everywhere(tmp_path: Path) -> None:
    result = wallctl("plan", str(tmp_path / "none.toml"))
    assert result.exit_code == 1
    assert "no such file" in result.stderr


def test_what_is_too_much_is_told_with_what_would_go_first() -> None:
    keep_calibration(SLOW)
    over = lines("2x3")[0]
    assert over.startswith("layout 2x3: over: ")
    assert "can be used; first to go: 右屏/6, 右屏/5, 右屏/4, 右屏/3" in over
    assert over.endswith(" more")


def test_a_plan_for_programs() -> None:
    keep_calibration(SLOW)
    told = json.loads("\n".join(lines("--json")))
    assert told["calibrated"]
    assert [one["picture"] for one in told["pictures"]][:2] == ["home", "layout 1x1"]
    home = told["pictures"][0]
    assert not home["fits"]
    assert home["cores"] > home["budget_cores"]
    assert home["shed"][0] == "左屏/8"
    parts = ("decode_cores", "scale_cores", "compose_cores")
    shares = sum(tile[part] for tile in home["tiles"] for part in parts)
    assert shares + home["rest_cores"] == pytest.approx(home["cores"], abs=0.01)
    assert home["tiles"][0]["source"] == "文化广场"


def test_a_picture_with_backups_is_planned_a_second_time_with_them(tmp_path: Path) -> None:
    shutil.copytree(STREETS, tmp_path / "site")
    file = tmp_path / "site/site.toml"
    text = file.read_text()
    file.write_text(text.replace("number = 1\n", "number = 1\nbackup = 2\n", 1))
    told = json.loads(wallctl("plan", str(file), "1x1", "--json").stdout)
    plain, backed_up = told["pictures"]
    assert backed_up["picture"] == "layout 1x1, with all its backups"
    first, second = (one["tiles"][0]["source"] for one in (plain, backed_up))
    assert (first, second) == ("文化广场", "中心路口")


def test_files_are_looked_into(tmp_path: Path) -> None:
    shutil.copytree(STREETS, tmp_path / "site")
    moving_clip(tmp_path / "site/gate.mp4")
    file = tmp_path / "site/site.toml"
    text = file.read_text().replace("rtsp://192.0.2.11:554/Streaming/Channels/101", "gate.mp4")
    file.write_text(text)
    told = json.loads(wallctl("plan", str(file), "1x1", "--json").stdout)
    tile = told["pictures"][0]["tiles"][0]
    assert not tile["assumed"]
    assert (tile["width_px"], tile["height_px"]) != (1920, 1080)


@pytest.mark.parametrize("url", ["/none.mp4", "/etc/hostname", "/dev/null"])
def test_what_is_no_video_is_assumed_to_be_one(url: str) -> None:
    keep_calibration(SLOW)
    warning, *_others = overload(site_from_urls([url], "1x1", [Size(640, 360)]), windowed=False)
    assert warning.startswith("the home picture is too much")


def test_a_wall_that_is_too_much_is_warned_of_before_it_starts() -> None:
    keep_calibration(SLOW)
    home, *others = overload(site(4), windowed=False)
    assert home.startswith("the home picture is too much for this machine, over: ")
    assert others == [
        "too much for this machine, were it shown: "
        "layout 1x1, layout 2x2, layout 3x3, layout 4x4, layout 1+5, preset 路口"
    ]


def test_a_wall_that_fits_and_a_machine_that_was_not_measured_are_warned_of_nothing() -> None:
    assert [*overload(site(16), windowed=True)] == []
    keep_calibration(TYPICAL)
    assert [*overload(site(4), windowed=False)] == []


def test_a_calibration_of_another_libav_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_calibration(SLOW)
    path = speeds_path(this_machine())
    path.write_text(path.read_text().replace(this_machine().libav, "0.0.1"))
    assert lines()[-1].startswith("speeds: typical ones")


def test_speeds_are_told_as_what_people_know() -> None:
    told = dict(line.strip().rsplit(None, 2)[:2] for line in table(TYPICAL))
    assert float(told["decode 1920x1080 H.265"]) > float(told["decode 640x360 H.264"]) > 0


def test_a_calibration_that_can_draw_nothing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/none")
    result = wallctl("calibrate")
    assert result.exit_code == 1
    assert "XDG_CACHE_HOME" in result.stderr
