"""The report's shape, receipts in it, and what one controller leaves to the next."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.support.controller_harness import LEFT, Office
from tests.support.fakes import MS
from wallctl.controller.crash_handover import KEPT_SWITCHES, WallMemory
from wallctl.controller.final_report import FinalReport
from wallctl.controller.joined_sides import Memory
from wallctl.controller.scene_changes import Done, SceneChange, SceneChangeRecord
from wallctl.controller.status import wall_figures
from wallctl.controller.tile_status import tiles
from wallctl.display.messages import Figures, TileFigures
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.base.histogram import Percentiles
from wallctl.model.site.decoder_preference import DecodedBy
from wallctl.model.streams.health import Reason, TileState
from wallctl.model.streams.transport import Carrier
from wallctl.model.wall.scene.scene import ScreenScene, Tile
from wallctl.model.wall.state.state import initial
from wallctl.node.messages import Costs
from wallctl.node.node_side import NodeMemory
from wallctl.node.ring_allocation import TapTable

TILE = TileFigures(
    tile=3,
    source="东门",
    state=TileState.STALE,
    reason=Reason.TIMED_OUT,
    stream="sub",
    width_px=640,
    height_px=360,
    source_fps=25.0,
    decoded=60,
    presented=58,
    fps=24.2,
    skipped=2,
    latency_ms=Percentiles(9.0, 14.0, None),
    reconnects=1,
    decoder=DecodedBy.CUDA,
    carrier=Carrier.UDP | Carrier.FALLBACK,
)
FIGURES = {
    "left": Figures(50.0, 100, 2, 50, 0, 1, (TILE,)),
    "right": Figures(60.0, 100, 1, 25, 0, 1, ()),
}
SCENE = (ScreenScene("left", Size(384, 216), (Tile(3, Rect(0, 0, 96, 54), "东门"),), "2x2"),)
SHAPE = {
    "wall": {"seconds", "tick_hz", "ticks", "missed_ticks", "presented_fps", "cpu_s", "pss_mb"},
    "tiles": {
        *("tile", "screen", "rect", "source", "stands_for", "state", "stream"),
        *("width_px", "height_px", "source_fps"),
        *("decoder", "codec", "bits_s", "lost", "keyframe_s", "why"),
        *("transport", "fallback", "relayed", "unproven"),
        *("decoded", "presented", "fps", "skipped", "effort", "latency_ms", "reconnects", "reason"),
    },
    "switches": {"command", "first_ms", "all_live_ms"},
}


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office()
    office.open()
    yield office
    office.close()


def settled(command: str, *screens: str) -> SceneChange:
    switch = SceneChange(1, command, 0, set(screens))
    for screen in screens:
        switch.presented(screen, Done(12 * MS, ()))
        switch.settled(screen, Done(240 * MS, ()))
    return switch


def test_the_report_has_exactly_the_fields_that_are_promised(
    office: Office, tmp_path: Path
) -> None:
    records = FinalReport(())
    records.note(settled("layout 3x3", "left"))
    records.note(settled("", "left"))  # the wall's own change is no switch of anybody
    file = tmp_path / "report.json"
    wall = wall_figures(FIGURES, office.crew.costs((os.getpid(),)), 12.345)
    records.write(file, wall, tiles(SCENE, FIGURES))
    report = json.loads(file.read_text("utf-8"))
    assert set(report) == set(SHAPE)
    assert set(report["wall"]) == SHAPE["wall"]
    [tile] = report["tiles"]
    assert set(tile) == SHAPE["tiles"]
    assert tile["latency_ms"] == {"p50": 9.0, "p95": 14.0, "p99": None}
    assert (tile["screen"], tile["tile"], tile["state"]) == ("left", 3, "stale")
    assert tile["decoder"] == "cuda"
    assert (tile["transport"], tile["fallback"], tile["relayed"]) == ("udp", True, False)
    assert report["switches"] == [{"command": "layout 3x3", "first_ms": 12.0, "all_live_ms": 240.0}]
    assert set(report["switches"][0]) == SHAPE["switches"]
    assert report["wall"]["pss_mb"] > 1
    assert report["wall"]["cpu_s"] > 0


def test_a_report_that_no_disk_takes_is_an_error_of_its_own(office: Office, tmp_path: Path) -> None:
    wall = wall_figures({}, office.crew.costs(()), 1)
    with pytest.raises(OSError):
        FinalReport(()).write(tmp_path / "none" / "r.json", wall, [])


def test_the_wall_counts_all_screens() -> None:
    wall = wall_figures(FIGURES, Costs(1.5, 80.0), 2.004)
    assert (wall.ticks, wall.missed_ticks, wall.tick_hz) == (200, 3, 60.0)
    assert wall.seconds == 2.0
    assert wall.presented_fps == pytest.approx(75 / 200 * 60)
    nothing = wall_figures({}, Costs(), 0.0)
    assert (nothing.ticks, nothing.presented_fps, nothing.tick_hz) == (0, 0.0, 0.0)


def test_memory_comes_back_as_it_was_left(office: Office) -> None:
    state = initial(office.setup.site)
    records = FinalReport((SceneChangeRecord("back", 1.0, None),))
    node = NodeMemory(7, TapTable(generation=3), 1.25)
    memory = Memory(WallMemory(state, 7, records.newest()), node)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(memory), type=Memory) == memory


def test_only_the_newest_receipts_survive() -> None:
    many = tuple(SceneChangeRecord(f"layout {i}", 1.0, None) for i in range(KEPT_SWITCHES + 5))
    kept = FinalReport(many).newest()
    assert kept == many[5:]


def test_time_of_the_dead_counts(office: Office) -> None:
    alive_s = office.crew.costs(()).cpu_s
    office.root.bury(LEFT, cpu_s=4.5)
    office.turn()
    assert office.crew.costs(()).cpu_s == alive_s + 4.5
