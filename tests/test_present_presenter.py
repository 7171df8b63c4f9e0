"""The presenter's loop: ticks counted, commits at their time, orders and reports in their order."""

import contextlib
import itertools
import select
import typing
from collections.abc import Callable, Iterator, Sequence

import msgspec
import numpy as np
import pytest

from tests.composing import BELOW, LEFT, RIGHT, TILE, WALL
from tests.fakes import MS, SECOND, FakeClock, FakeDisplay
from tests.looping import SHEETS, Loop, of, page
from wallctl.frames.stream_block import Word
from wallctl.model.alarm import AlarmColour
from wallctl.model.alarm_sign import AlarmSign
from wallctl.model.geometry import Rect, Size
from wallctl.model.health import Phase, Reason, TileState
from wallctl.model.help import HelpEntry
from wallctl.model.keys import KeyEvent
from wallctl.model.language import Language
from wallctl.model.marks import Mark
from wallctl.model.monitor import Monitor, MonitorState
from wallctl.present.orders import (
    Commit,
    Countdown,
    Figures,
    Furnish,
    Keys,
    Pending,
    Prepare,
    Presented,
    Ready,
    Say,
    Settled,
    TileOrder,
)
from wallctl.present.presenter import HELP_AFTER_TICKS

TICK = 20 * MS


@pytest.fixture(autouse=True)
def _nobody_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is invented here, so a poll must only look."""
    real = select.poll

    class Poll:
        def __init__(self) -> None:
            self._poll = real()

        def register(self, what: typing.Any, events: int) -> None:
            self._poll.register(what, events)

        def poll(self, timeout_ms: float) -> list[tuple[int, int]]:
            assert timeout_ms <= TICK / MS
            return self._poll.poll(0)

    monkeypatch.setattr(select, "poll", Poll)


@pytest.fixture
def opened() -> Iterator[Callable[[FakeDisplay | None], Loop]]:
    """Makes loops, and closes them at the end."""
    with contextlib.ExitStack() as cleanup:

        def make(display: FakeDisplay | None) -> Loop:
            loop = Loop(display)
            cleanup.callback(loop.close)
            if display is not None:
                cleanup.callback(display.close)
            return loop

        yield make


@pytest.fixture
def loop(opened: Callable[[FakeDisplay | None], Loop]) -> Loop:
    return opened(None)


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


def test_ticks_that_a_slow_pass_or_a_late_wake_cost_are_counted(
    opened: Callable[[FakeDisplay | None], Loop],
) -> None:
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
    loop.send(Prepare(7, tiles))
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
    loop.send(Prepare(7, (loop.order(1, LEFT, camera),)))
    heard = loop.run(100)
    assert of(Ready, heard) == [Ready(7)]
    assert of(Presented, heard) == []


def test_a_commit_waits_for_its_time(loop: Loop) -> None:
    loop.send(Prepare(1, (TileOrder(1, LEFT),)))
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
        *(Prepare(1, (TileOrder(1, LEFT),)), Commit(1, now_ns)),
        *(Prepare(2, (TileOrder(1, RIGHT),)), Commit(2, now_ns)),
        *(Prepare(3, (TileOrder(1, BELOW),)), Prepare(4, ()), Commit(4, now_ns)),
    )
    heard = loop.run(300)
    assert [m.version for m in of(Presented, heard)] == [1, 2, 4]
    assert of(Figures, heard)[-1].version == 4


def test_a_commit_of_a_scene_that_was_replaced_does_nothing(loop: Loop) -> None:
    now_ns = loop.time.now_ns
    loop.send(Prepare(1, (TileOrder(1, LEFT),)), Prepare(2, ()), Commit(1, now_ns))
    assert of(Presented, loop.run(100)) == []


def test_words_are_there_for_their_time_and_no_longer(loop: Loop) -> None:
    looks: list[typing.Any] = []
    until_ns = loop.time.now_ns + 400 * MS
    loop.time.at(190, lambda: looks.append(loop.canvas))
    loop.time.at(200, lambda: loop.send(Say("切换中", Language.CHINESE, until_ns)))
    for ms in (300, 390, 450):
        loop.time.at(ms, lambda: looks.append(loop.canvas))
    loop.run(500)
    before, early, late, after = looks
    assert np.array_equal(before, after)
    assert np.array_equal(early, late)
    assert not np.array_equal(before, early)


def test_new_words_take_the_place_of_the_old_ones_and_their_time(loop: Loop) -> None:
    now_ns = loop.time.now_ns
    looks: list[typing.Any] = []
    loop.time.at(90, lambda: looks.append(loop.canvas))
    loop.time.at(100, lambda: loop.send(Say("一", Language.CHINESE, now_ns + 200 * MS)))
    loop.time.at(150, lambda: loop.send(Say("二", Language.CHINESE, now_ns + 600 * MS)))
    for ms in (450, 650):
        loop.time.at(ms, lambda: looks.append(loop.canvas))
    loop.run(700)
    assert not np.array_equal(looks[0], looks[1])
    assert np.array_equal(looks[0], looks[2])


def test_the_countdown_grows_and_goes(loop: Loop) -> None:
    looks: list[typing.Any] = []
    for i, progress in enumerate((0.0, 0.3, 0.9, 0.0)):
        loop.time.at(100 * i + 5, loop.send, Countdown(progress))
        loop.time.at(100 * i + 90, lambda: looks.append(loop.canvas))
    loop.run(500)
    assert np.array_equal(looks[0], looks[3])
    assert not np.array_equal(looks[1], looks[2])


def test_help_and_clock_come_and_go_with_their_scenes(loop: Loop) -> None:
    looks: list[typing.Any] = []
    scenes = (
        Prepare(1, ()), Prepare(2, (), help_shown=True), Prepare(3, (), clock=True), Prepare(4, ())
    )  # fmt: skip
    for i, scene in enumerate(scenes, start=1):
        loop.time.at(100 * i - 90, loop.send, scene, Commit(i, 0))
        loop.time.at(100 * i, lambda: looks.append(loop.canvas))
    loop.run(450)
    plain, helped, clocked, again = looks
    assert np.array_equal(plain, again)
    assert not np.array_equal(plain, helped)
    assert not np.array_equal(plain, clocked)
    assert len(np.unique(clocked[: WALL.h // 2])) == 1  # the clock is at the bottom


def test_what_is_known_of_streams_comes_and_goes_and_is_told_anew_each_second(loop: Loop) -> None:
    looks: list[typing.Any] = []
    camera = loop.studio.stream(RIGHT.size)
    camera.noise(1)
    camera.words[Word.WIDTH_PX], camera.words[Word.HEIGHT_PX] = 640, 360
    tiles = (TileOrder(1, LEFT), loop.order(2, RIGHT, camera))
    plain = Prepare(1, tiles)
    shown = msgspec.structs.replace(plain, version=2, info_shown=True)
    loop.send(plain, Commit(1, 0))
    loop.time.at(90, lambda: looks.append(loop.canvas))
    loop.time.at(100, lambda: loop.send(shown, Commit(2, 0)))
    loop.time.at(190, lambda: looks.append(loop.canvas))
    loop.time.at(200, lambda: camera.words.__setitem__(Word.WIDTH_PX, 704))
    for ms in range(40, 1400, 400):  # else it would be stale, and look so
        loop.time.at(ms, camera.noise, 1)
    loop.time.at(800, lambda: looks.append(loop.canvas))
    loop.time.at(1300, lambda: looks.append(loop.canvas))
    loop.time.at(1310, lambda: loop.send(msgspec.structs.replace(plain, version=3), Commit(3, 0)))
    loop.time.at(1390, lambda: looks.append(loop.canvas))
    loop.run(1400)
    bare, told, still_told, told_anew, bare_again = looks
    assert np.array_equal(bare, bare_again)
    assert np.array_equal(told, still_told)
    assert not np.array_equal(told, told_anew)
    y = slice(None, WALL.h)
    assert np.array_equal(bare[y, : RIGHT.x], told[y, : RIGHT.x])  # an empty tile has no stream
    assert not np.array_equal(bare[y, RIGHT.x :], told[y, RIGHT.x :])


def test_locks_are_marked_until_they_are_lifted(loop: Loop) -> None:
    looks: list[typing.Any] = []
    plain = Prepare(1, (TileOrder(1, LEFT), TileOrder(2, RIGHT)))
    scenes = (
        plain,
        msgspec.structs.replace(plain, version=2, locked=(2,)),
        msgspec.structs.replace(plain, version=3, marks=(Mark.LOCKED,)),
        msgspec.structs.replace(plain, version=4, locked=(1,), tiles=(TileOrder(1, RIGHT),)),
        msgspec.structs.replace(plain, version=5),
    )
    for i, scene in enumerate(scenes, start=1):
        loop.time.at(100 * i - 90, loop.send, scene, Commit(i, 0))
        loop.time.at(100 * i, lambda: looks.append(loop.canvas[: WALL.h]))
    loop.run(550)
    bare, tile, wall, moved, again = looks
    assert np.array_equal(bare, again)
    assert np.array_equal(bare[:, : RIGHT.x], tile[:, : RIGHT.x])
    assert not np.array_equal(bare[: WALL.h // 2, RIGHT.x :], tile[: WALL.h // 2, RIGHT.x :])
    assert np.array_equal(bare[: WALL.h // 2], wall[: WALL.h // 2])
    assert not np.array_equal(bare[WALL.h // 2 :], wall[WALL.h // 2 :])
    assert not np.array_equal(bare[: WALL.h // 2, RIGHT.x :], moved[: WALL.h // 2, RIGHT.x :])


def test_an_alarm_comes_and_goes_with_its_scenes_and_leaves_nothing(loop: Loop) -> None:
    looks: list[typing.Any] = []
    whole = Rect(0, 0, WALL.w, WALL.h)
    shown = AlarmSign(whole, True, AlarmColour.RED, "大门", "有人", 0, "摄像机1", 1, 0)
    waiting = msgspec.structs.replace(shown, is_shown=False)
    scenes = (
        Prepare(1, ()), Prepare(2, (), alarms=(shown,)), Prepare(3, (), alarms=(waiting,)),
        Prepare(4, (), alarms=(waiting,), language=Language.ENGLISH), Prepare(5, ()),
    )  # fmt: skip
    for i, scene in enumerate(scenes, start=1):
        loop.time.at(100 * i - 90, loop.send, scene, Commit(i, 0))
        loop.time.at(100 * i, lambda: looks.append(loop.canvas))
    loop.run(550)
    plain, framed, told, told_in_english, again = looks
    assert np.array_equal(plain, again)
    for one, other in itertools.combinations((plain, framed, told, told_in_english), 2):
        assert not np.array_equal(one, other)
    light = framed[0, 0]
    for edge in (framed[: WALL.h, 0], framed[: WALL.h, -1], framed[WALL.h - 1], framed[0]):
        assert set(edge.tolist()) == {int(light)}


def test_another_language_is_on_the_screen_from_the_first_pass_of_its_scene_on(loop: Loop) -> None:
    looks: list[typing.Any] = []
    now_ns = loop.time.now_ns
    until_ns = now_ns + 10_000 * MS
    tiles = (TileOrder(1, LEFT), loop.order(2, RIGHT, loop.studio.stream(TILE)))
    scene = Prepare(1, tiles, help_shown=True)
    english = msgspec.structs.replace(scene, version=2, language=Language.ENGLISH)
    loop.send(scene, Commit(1, 0), Say("一", Language.CHINESE, until_ns))
    loop.time.at(110, lambda: loop.send(english, Commit(2, now_ns + 130 * MS)))
    for ms in (100, 125, 155):
        loop.time.at(ms, lambda: looks.append(loop.canvas))
    loop.run(200)
    chinese, still, switched = looks
    assert np.array_equal(chinese, still)
    fresh = Loop()
    fresh.send(msgspec.structs.replace(english, version=1), Commit(1, 0))
    fresh.order(2, RIGHT, fresh.studio.stream(TILE))
    fresh.run(200)
    assert not np.array_equal(chinese, switched)
    assert np.array_equal(switched, fresh.canvas)
    fresh.close()


def test_words_that_came_with_their_language_stay(loop: Loop) -> None:
    looks: list[typing.Any] = []
    until_ns = loop.time.now_ns + 10_000 * MS
    loop.send(Prepare(1, ()), Commit(1, 0))
    english = Prepare(2, (), language=Language.ENGLISH)
    loop.time.at(100, lambda: loop.send(english, Say("one", Language.ENGLISH, until_ns)))
    loop.time.at(150, lambda: looks.append(loop.canvas))
    loop.time.at(160, lambda: loop.send(Commit(2, 0)))
    loop.run(300)
    assert np.array_equal(looks[0], loop.canvas)


def test_where_the_files_have_a_mistake_is_shown_until_they_are_mended(loop: Loop) -> None:
    looks: list[typing.Any] = []
    english = Prepare(2, (), language=Language.ENGLISH)
    loop.send(Prepare(1, ()), Commit(1, 0))
    loop.time.at(60, loop.send, Furnish(SHEETS, "site.toml:3"))
    loop.time.at(160, loop.send, english, Commit(2, 0))
    loop.time.at(260, loop.send, Furnish(SHEETS))
    for ms in (50, 150, 250, 350):
        loop.time.at(ms, lambda: looks.append(loop.canvas))
    loop.run(400)
    plain, chinese, in_english, again = looks
    assert np.array_equal(plain, again)
    assert not np.array_equal(plain, chinese)
    assert not np.array_equal(chinese, in_english)
    for look in (chinese, in_english):
        assert not np.array_equal(look[: WALL.h], plain[: WALL.h])
        assert np.array_equal(look[: WALL.h // 2], plain[: WALL.h // 2])  # it is at the bottom


def test_a_sheet_of_keys_that_is_shown_follows_the_site(loop: Loop) -> None:
    looks: list[typing.Any] = []
    other = dict.fromkeys(SHEETS, page(HelpEntry("2", "二")))
    loop.send(Prepare(1, (), help_shown=True), Commit(1, 0))
    for ms, sheet in ((100, SHEETS), (200, other)):
        loop.time.at(ms, loop.send, Furnish(sheet))
    for ms in (90, 190, 290):
        loop.time.at(ms, lambda: looks.append(loop.canvas))
    loop.run(300)
    first, same, followed = looks
    assert np.array_equal(first, same)
    assert not np.array_equal(first, followed)


def test_the_help_is_drawn_ahead_when_the_wall_has_run_a_while(loop: Loop) -> None:
    loop.run(round((HELP_AFTER_TICKS + 5) * TICK / MS))
    before = loop.presenter._composer.artist._help.cache_info().misses
    loop.presenter._composer.artist.help(SHEETS[Language.CHINESE], WALL)
    assert (before, loop.presenter._composer.artist._help.cache_info().misses) == (1, 1)


def test_keys_are_forwarded_and_the_canvas_is_shown(
    opened: Callable[[FakeDisplay | None], Loop],
) -> None:
    display = FakeDisplay(refresh_hz=60.0)
    loop = opened(display)
    camera = loop.studio.stream(TILE)
    loop.send(Prepare(1, (loop.order(1, LEFT, camera),)), Commit(1, 0))
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
    loop.send(Prepare(1, (loop.order(1, LEFT, camera), TileOrder(2, RIGHT))), Commit(1, 0))
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


def test_a_display_that_is_bare_is_shown_all_of_a_canvas_that_stands_still(
    opened: Callable[[FakeDisplay | None], Loop],
) -> None:
    display = FakeDisplay()
    loop = opened(display)
    loop.time.at(300, setattr, display, "is_bare", True)
    loop.time.at(330, setattr, display, "is_bare", False)
    loop.run(600)
    assert 2 <= len(display.shown) <= 4
    assert np.array_equal(display.shown[-1], loop.canvas)


def test_a_wrong_mode_is_marked_on_the_canvas_and_told_at_once(
    opened: Callable[[FakeDisplay | None], Loop],
) -> None:
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


def test_ticks_follow_the_output_that_a_screen_moved_to(
    opened: Callable[[FakeDisplay | None], Loop],
) -> None:
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
