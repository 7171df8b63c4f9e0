"""The presenter's loop: ticks counted, commits at their time, orders and reports in their order."""

import typing
from collections.abc import Sequence

import numpy as np
import pytest

from tests.support import presenter_harness as looping
from tests.support.composer_harness import BELOW, LEFT, RIGHT, TILE, WALL
from tests.support.fakes import MS, SECOND, FakeClock, FakeDisplay
from tests.support.orders import prepare_order
from tests.support.presenter_harness import TICK, Loop, Opened, of
from wallctl.display.messages import (
    Commit,
    Figures,
    Keys,
    Pending,
    Presented,
    Ready,
    Settled,
    TileOrder,
)
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.monitor_state import Monitor, MonitorState
from wallctl.model.streams.health import Phase, Reason, TileState

loop, opened = looping.loop, looping.opened


def test_every_tick_is_had_where_nothing_hinders(loop: Loop) -> None:
    [*_, last] = loop.run(1000)
    assert isinstance(last, Figures)
    assert last.last
    assert last.tick_hz == 50.0
    assert (last.ticks, last.missed_ticks) == (50, 0)
    assert last.changed_ticks == 1


class SlowDisplay(FakeDisplay):
    """Takes 70 ms for each canvas."""

    def __init__(self) -> None:
        super().__init__()
        self.clock: FakeClock | None = None

    def show(self, canvas: typing.Any, changed: Sequence[Rect]) -> None:
        super().show(canvas, changed)
        assert self.clock is not None
        self.clock.now_ns += 70 * MS


def test_ticks_that_a_slow_pass_or_a_late_wake_cost_are_counted(opened: Opened) -> None:
    display = SlowDisplay()
    loop = opened(display)
    display.clock = loop.time
    loop.time.at(510, loop.time.stall, 45 * MS)
    [*_, last] = loop.run(1000)
    assert isinstance(last, Figures)
    assert len(display.shown) == 1
    assert last.missed_ticks == 3 + 1
    assert last.ticks + last.missed_ticks == 50


def test_presented_comes_with_what_is_coming_and_settled_when_nothing_is(loop: Loop) -> None:
    camera, silent = loop.studio.stream(TILE), loop.studio.stream(TILE)
    camera.noise(1)
    tiles = (loop.order(1, LEFT, camera), loop.order(2, RIGHT, silent), TileOrder(3, BELOW))
    commit_ns = loop.time.now_ns + 130 * MS
    loop.send(prepare_order(7, tiles))
    loop.time.at(50, lambda: silent.phase(Phase.WAITING_KEY))
    loop.time.at(90, lambda: loop.send(Commit(7, commit_ns)))
    loop.time.at(90, lambda: camera.noise(1))
    loop.time.at(300, lambda: silent.phase(Phase.FAILED, Reason.NO_SUCH_STREAM))
    heard = loop.run(600)
    assert [type(m) for m in heard if not isinstance(m, Figures)] == [
        Presented,
        Ready,
        Settled,
    ] or [type(m) for m in heard if not isinstance(m, Figures)] == [Presented, Settled]
    presented, settled = of(Presented, heard)[0], of(Settled, heard)[0]
    assert presented.version == settled.version == 7
    assert presented.pending == (Pending(2, TileState.WAITING_KEY),)
    assert settled.pending == (Pending(2, TileState.OFFLINE),)
    assert commit_ns <= presented.at_ns < commit_ns + TICK + 5 * MS
    assert 300 * MS < settled.at_ns - 1000 * SECOND < 330 * MS


def test_a_scene_whose_pictures_are_there_is_ready_once(loop: Loop) -> None:
    camera = loop.studio.stream(TILE)
    camera.noise(1)
    loop.send(prepare_order(7, (loop.order(1, LEFT, camera),)))
    heard = loop.run(100)
    assert of(Ready, heard) == [Ready(7)]
    assert of(Presented, heard) == []


def test_a_commit_waits_for_its_time(loop: Loop) -> None:
    loop.send(prepare_order(1, (TileOrder(1, LEFT),)))
    at_ns = loop.time.now_ns + 400 * MS
    loop.time.at(30, lambda: loop.send(Commit(1, at_ns)))
    looks: list[typing.Any] = []
    loop.time.at(390, lambda: looks.append(loop.canvas))
    heard = loop.run(500)
    [presented] = of(Presented, heard)
    assert at_ns <= presented.at_ns < at_ns + TICK
    assert len(np.unique(looks[0][: WALL.h])) == 1
    assert len(np.unique(loop.canvas[: WALL.h])) > 1


def test_orders_that_come_while_a_commit_waits_are_obeyed_after_it(loop: Loop) -> None:
    """A presenter that was held up finds two whole switches in its channel."""
    now_ns = loop.time.now_ns
    loop.send(
        *(prepare_order(1, (TileOrder(1, LEFT),)), Commit(1, now_ns)),
        *(prepare_order(2, (TileOrder(1, RIGHT),)), Commit(2, now_ns)),
        *(prepare_order(3, (TileOrder(1, BELOW),)), prepare_order(4, ()), Commit(4, now_ns)),
    )
    heard = loop.run(300)
    assert [m.version for m in of(Presented, heard)] == [1, 2, 4]
    assert of(Figures, heard)[-1].version == 4


def test_a_commit_of_a_scene_that_was_replaced_does_nothing(loop: Loop) -> None:
    now_ns = loop.time.now_ns
    loop.send(prepare_order(1, (TileOrder(1, LEFT),)), prepare_order(2, ()), Commit(1, now_ns))
    assert of(Presented, loop.run(100)) == []


def test_keys_are_forwarded_and_the_canvas_is_shown(opened: Opened) -> None:
    display = FakeDisplay(refresh_hz=60.0)
    loop = opened(display)
    camera = loop.studio.stream(TILE)
    loop.send(prepare_order(1, (loop.order(1, LEFT, camera),)), Commit(1, 0))
    event = KeyEvent("left", "Tab", True, 5)
    loop.time.at(100, display.type, event)
    loop.time.at(200, camera.noise, 1)
    heard = loop.run(400)
    assert of(Keys, heard) == [Keys((event,))]
    assert of(Figures, heard)[-1].tick_hz == 60.0
    assert display.closed
    assert np.array_equal(display.shown[-1], loop.canvas)
    assert len(display.shown) == of(Figures, heard)[-1].changed_ticks


def test_figures_come_each_second_and_at_the_end(loop: Loop) -> None:
    camera = loop.studio.stream(TILE)
    camera.noise(1)
    loop.send(prepare_order(1, (loop.order(1, LEFT, camera), TileOrder(2, RIGHT))), Commit(1, 0))
    for ms in range(40, 2400, 40):
        loop.time.at(ms, camera.noise, ms)
    figures = of(Figures, loop.run(2500))
    assert [f.last for f in figures] == [False, False, False, True]
    [tile] = figures[-1].tiles
    assert (tile.tile, tile.source, tile.stream) == (1, "摄像机1", "main")
    assert tile.state is TileState.LIVE
    assert tile.decoded == tile.presented == 60
    assert tile.skipped == 0
    assert 23 < tile.fps < 26
    assert tile.latency_ms.p50 is not None
    assert 5 < tile.latency_ms.p50 < 30


def test_when_root_is_gone_the_loop_ends(loop: Loop) -> None:
    loop.time.at(100, loop.controller.close)
    with pytest.raises(EOFError):
        loop.presenter.run(loop.time)


def test_a_display_that_is_bare_is_shown_all_of_a_canvas_that_stands_still(opened: Opened) -> None:
    display = FakeDisplay()
    loop = opened(display)
    loop.time.at(300, setattr, display, "is_bare", True)
    loop.time.at(330, setattr, display, "is_bare", False)
    loop.run(600)
    assert 2 <= len(display.shown) <= 4
    assert np.array_equal(display.shown[-1], loop.canvas)


def test_a_wrong_mode_is_marked_on_the_canvas_and_told_at_once(opened: Opened) -> None:
    display = FakeDisplay()
    loop = opened(display)
    looks: list[typing.Any] = []
    wrong = Monitor(MonitorState.WRONG_SIZE, "DP-1", Size(640, 480), "why")
    asleep = Monitor(MonitorState.ASLEEP, "DP-1", Size(640, 480), "power")
    for ms, monitor in ((210, wrong), (410, asleep), (610, wrong), (810, Monitor())):
        loop.time.at(ms - 20, lambda: looks.append(loop.canvas))
        loop.time.at(ms, setattr, display, "monitor", monitor)
    heard = loop.run(900)
    plain, marked, slept, again = looks
    assert not np.array_equal(plain, marked)
    assert np.array_equal(plain, slept)
    assert np.array_equal(marked, again)
    told = [figures.monitor for figures in of(Figures, heard)]
    assert told[0].state is MonitorState.THERE
    assert told[1:] == [wrong, asleep, wrong, Monitor(), Monitor()]


def test_ticks_follow_the_output_that_a_screen_moved_to(opened: Opened) -> None:
    display = FakeDisplay(refresh_hz=50.0)
    loop = opened(display)

    def move() -> None:
        display.refresh_hz = 100.0
        display.monitor = Monitor(MonitorState.THERE, "DP-2")

    loop.time.at(500, move)
    figures = of(Figures, loop.run(1000))[-1]
    assert figures.tick_hz == 100.0
    assert 74 <= figures.ticks <= 76
    assert figures.missed_ticks == 0
