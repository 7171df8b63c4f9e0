"""The peers' benchmark: what others are told to show, how they are watched, what is kept."""

import json
import socket
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import click
import pytest
from PIL import Image

from benchmarks.harness.program import CountedProgram, Pace, Program
from benchmarks.harness.screen import SCREEN
from benchmarks.peer_comparison.commands import PEERS, absence, counted, mosaic
from benchmarks.peer_comparison.dead_input import FailingCamera, transport_units
from benchmarks.peer_comparison.live_pace import site_of_two
from benchmarks.peer_comparison.result import rates
from tests.support.folders import ROOT
from tests.support.live_wall import eventually
from tests.support.servers.clips import moving_clip
from wallctl.config.site_file import load_site

KEPT = sorted((ROOT / "benchmarks/results").glob("*-peers.json"))
COUNTING = "import time\nfor i in range(1, 4): print(f'frame={i}', flush=True)\ntime.sleep(60)"
BUSY = "while True: pass"
ENDING = "import sys; sys.exit('no such input')"


def test_everybody_shows_the_same_rectangles_in_order() -> None:
    asked = mosaic([f"{i}.mp4" for i in range(14)], "4x4")
    assert len(asked.rects) == 14
    assert {rect.size for rect in asked.rects} == {asked.rects[0].size}
    assert asked.rects[13].right <= SCREEN.w // 2
    assert asked.rects[13].bottom <= SCREEN.h
    for peer in PEERS:
        told = " ".join(peer.words(asked))
        assert [told.index(f"{i}.mp4") for i in range(14)] == sorted(
            told.index(f"{i}.mp4") for i in range(14)
        )
        last = asked.rects[13]
        places = (f"{last.x}_{last.y}", f"sink_13::xpos={last.x} sink_13::ypos={last.y}")
        assert any(place in told for place in places)


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_only_a_live_wall_keeps_the_pace(peer: Any) -> None:
    words = [peer.words(mosaic(["a.mp4"] * 4, "2x2", live=live)) for live in (False, True)]
    paced = [{"-re", "sync=true"} & set(told) for told in words]
    assert [bool(found) for found in paced] == [False, True]


def test_pictures_are_counted_as_each_program_tells_them() -> None:
    assert counted("frame=17\n", 16) == 17
    assert counted("/GstFakeSink:out: last-message = chain   ***** (out:sink)\n", 16) == 17
    assert counted("fps=25.0\n", 16) == 16


def test_a_peer_that_is_not_installed_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert [absence(peer) for peer in PEERS] == [
        "ffmpeg is not installed",
        *["gst-launch-1.0 is not installed"] * 2,
    ]


def test_a_program_is_watched_and_ended() -> None:
    words = (sys.executable, "-c", COUNTING)
    with CountedProgram(words, counted) as program:
        program.wait_shown(3)
        assert program.pace(0.01).fps == 0
        assert program.pss_mb() > 1
        pid = program.pid
    assert not Path(f"/proc/{pid}").exists()


def test_a_program_that_shows_nothing_is_told_with_its_complaint() -> None:
    with (
        CountedProgram((sys.executable, "-c", ENDING), counted) as program,
        pytest.raises(click.ClickException, match="no such input"),
    ):
        program.wait_shown()


def test_a_program_that_takes_too_long_is_told_by_its_first_words() -> None:
    with (
        Program(("sleep", "60")) as program,
        pytest.raises(click.ClickException, match="sleep 60 gave no picture in 0 s"),
    ):
        program.wait_for("picture", lambda: False, 0)


def test_what_is_spent_is_told_by_process_and_beside_everything_else() -> None:
    with Program((sys.executable, "-c", BUSY)) as program:
        busy, idle = program.watch(), program.watch("no such name")
        eventually(lambda: busy.spent().cores * busy.spent().seconds > 0.05, 20)
        assert busy.spent().cores > idle.spent().cores == 0
        assert busy.spent().other_cores >= 0


def test_a_ratio_is_one_of_neighbours() -> None:
    pairs = [(100.0, Pace(10, 2.0)), (300.0, Pace(15, 2.0)), (90.0, Pace(10, 2.0))]
    found = rates(pairs, streams=4)
    assert found.peer_fps == (40, 60, 40)
    assert found.ratio == 2.5


def test_a_site_of_two_streams_is_sound(tmp_path: Path) -> None:
    mains, subs = ([tmp_path / f"{size}{i}.mp4" for i in range(3)] for size in ("main", "sub"))
    site = load_site(site_of_two(mains, subs, tmp_path, "2x2"))
    assert [len(source.streams) for source in site.sources] == [2, 2, 2]
    assert [screen.size for screen in site.screens] == [SCREEN]


def test_a_transport_stream_has_every_picture(tmp_path: Path) -> None:
    units = list(transport_units(moving_clip(tmp_path / "clip.mp4", seconds=1)))
    assert len(units) == 25
    with av.open(BytesIO(b"".join(units)), "r") as container:
        assert len(list(container.decode(video=0))) == 25


def test_a_camera_that_falls_silent_stays_on_the_line(tmp_path: Path) -> None:
    clip = moving_clip(tmp_path / "clip.mp4", seconds=4)
    with FailingCamera(clip) as camera, socket.create_connection(camera.address) as line:
        line.settimeout(1)
        line.sendall(b"GET /camera.ts HTTP/1.1\r\n\r\n")
        heard = line.recv(1 << 16)
        assert heard.startswith(b"HTTP/1.1 200 OK")
        camera.fall_silent()
        with pytest.raises(TimeoutError):
            hear_out(line)


def hear_out(line: socket.socket) -> None:
    while True:
        assert line.recv(1 << 16), "it hung up"


@pytest.mark.e2e
def test_a_tiny_run_writes_table_json_and_plot(tmp_path: Path) -> None:
    out, script = tmp_path / "tiny.json", ROOT / "benchmarks/peers.py"
    words = (sys.executable, script, "--tiny", "--out", out, "--scene", "demo")
    cache = ("--cache", tmp_path / "clips")
    ended = subprocess.run(
        (*words, *cache), capture_output=True, text=True, check=False, timeout=110
    )
    assert ended.returncode == 0, ended.stderr
    check_shape(json.loads(out.read_text()), streams=[9])
    with Image.open(out.with_suffix(".png")) as plot:
        assert plot.width == 960


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
def test_kept_results_have_the_shape_and_tell_no_place(file: Path) -> None:
    text = file.read_text()
    result = json.loads(text)
    check_shape(result, streams=[14, 64])
    assert "/" not in text
    assert file.with_suffix(".png").is_file()
    assert set(result["silent"]) >= {"wallctl"}
    for live in result["live"].values():
        assert len(live["wall"]) == len(live["other"]) == result["parameters"]["rounds"]


def check_shape(result: dict[str, Any], streams: list[int]) -> None:
    assert set(result["settings"]) | set(result["absent"]) == {peer.name for peer in PEERS}
    assert not set(result["settings"]) & set(result["absent"])
    assert [wall["streams"] for wall in result["full_speed"]] == streams
    for wall in result["full_speed"]:
        assert set(wall["peers"]) == set(result["settings"])
        for pair in wall["peers"].values():
            counts = {len(pair[name]) for name in ("wall_fps", "peer_fps", "peer_cores")}
            assert counts == {result["parameters"]["rounds"]}
            assert min(*pair["wall_fps"], *pair["peer_fps"], pair["ratio"]) > 0
