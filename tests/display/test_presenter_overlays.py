"""What lies over the tiles comes and goes with scenes and time, and leaves nothing."""

import itertools
import typing
from collections.abc import Sequence

import msgspec
import numpy as np

from tests.support import presenter_harness as looping
from tests.support.composer_harness import ARTIST, LEFT, RIGHT, TILE, WALL
from tests.support.fakes import MS
from tests.support.orders import prepare_order
from tests.support.overlay_drawings import drawn
from tests.support.presenter_harness import SHEETS, TICK, Loop, page
from wallctl.display.messages import Commit, Countdown, Furnish, Prepare, Say, TileOrder
from wallctl.display.overlays.overlay_table import Layer
from wallctl.display.overlays.toast import Words
from wallctl.display.presenter import HELP_AFTER_TICKS
from wallctl.model.base.geometry import Rect
from wallctl.model.base.language import Language
from wallctl.model.base.os_access_error import Obstacle
from wallctl.model.operator.help_content import HelpEntry
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.operator.notice import Notice
from wallctl.model.site.alarm import AlarmColour
from wallctl.model.wall.scene.alarm_banner import AlarmSign
from wallctl.model.wall.scene.status_icons import Mark, WallMark
from wallctl.shm.stream_status import Word

loop = looping.loop


def looks_of(loop: Loop, scenes: Sequence[Prepare]) -> list[typing.Any]:
    """The canvas under each of some scenes, which follow one another every 100 ms."""
    looks: list[typing.Any] = []
    for i, scene in enumerate(scenes, start=1):
        loop.time.at(100 * i - 90, loop.send, scene, Commit(i, 0))
        loop.time.at(100 * i, lambda: looks.append(loop.canvas))
    loop.run(100 * len(scenes) + 50)
    return looks


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
        prepare_order(1),
        prepare_order(2, help_shown=True),
        prepare_order(3, clock=True),
        prepare_order(4),
    )
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
    plain = prepare_order(1, tiles)
    shown = msgspec.structs.replace(plain, version=2, readouts=frozenset({"info"}))
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
    plain = prepare_order(1, (TileOrder(1, LEFT), TileOrder(2, RIGHT)))
    scenes = (
        plain,
        msgspec.structs.replace(plain, version=2, locked=(2,)),
        msgspec.structs.replace(plain, version=3, marks=(WallMark(Mark.LOCKED),)),
        msgspec.structs.replace(plain, version=4, locked=(1,), tiles=(TileOrder(1, RIGHT),)),
        msgspec.structs.replace(plain, version=5),
    )
    bare, tile, wall, moved, again = (look[: WALL.h] for look in looks_of(loop, scenes))
    assert np.array_equal(bare, again)
    assert np.array_equal(bare[:, : RIGHT.x], tile[:, : RIGHT.x])
    assert not np.array_equal(bare[: WALL.h // 2, RIGHT.x :], tile[: WALL.h // 2, RIGHT.x :])
    assert np.array_equal(bare[: WALL.h // 2], wall[: WALL.h // 2])
    assert not np.array_equal(bare[WALL.h // 2 :], wall[WALL.h // 2 :])
    assert not np.array_equal(bare[: WALL.h // 2, RIGHT.x :], moved[: WALL.h // 2, RIGHT.x :])


def test_an_alarm_comes_and_goes_with_its_scenes_and_leaves_nothing(loop: Loop) -> None:
    whole = Rect(0, 0, WALL.w, WALL.h)
    shown = AlarmSign(whole, True, AlarmColour.RED, "大门", "有人", 0, "摄像机1", 1, 0)
    waiting = msgspec.structs.replace(shown, is_shown=False)
    scenes = (
        prepare_order(1),
        prepare_order(2, alarms=(shown,)),
        prepare_order(3, alarms=(waiting,)),
        prepare_order(4, alarms=(waiting,), language=Language.ENGLISH),
        prepare_order(5),
    )
    plain, framed, told, told_in_english, again = looks_of(loop, scenes)
    assert np.array_equal(plain, again)
    for one, other in itertools.combinations((plain, framed, told, told_in_english), 2):
        assert not np.array_equal(one, other)
    light = framed[0, 0]
    for edge in (framed[: WALL.h, 0], framed[: WALL.h, -1], framed[WALL.h - 1], framed[0]):
        assert set(edge.tolist()) == {int(light)}


def test_the_help_sheet_does_not_cover_an_alarm(loop: Loop) -> None:
    whole = Rect(0, 0, WALL.w, WALL.h)
    shown = AlarmSign(whole, True, AlarmColour.RED, "大门", "有人", 0, "摄像机1", 1, 0)
    over = msgspec.structs.replace(shown, over_help=True)
    scenes = (
        prepare_order(1, help_shown=True),
        prepare_order(2, help_shown=True, alarms=(over,)),
        prepare_order(3, alarms=(shown,)),
        prepare_order(4, help_shown=True, alarms=(over,)),
        prepare_order(5, help_shown=True),
    )
    sheet, told, framed, again, bare = looks_of(loop, scenes)
    assert np.array_equal(told, again)
    assert np.array_equal(sheet, bare)
    assert framed[0, 0] == told[0, 0] == told[WALL.h - 1, WALL.w - 1] != sheet[0, 0]


def test_words_make_room_for_what_an_alarm_tells(loop: Loop) -> None:
    """Whichever comes first, they are not where its bar is; and they go when it does."""
    looks: list[typing.Any] = []
    until_ns = loop.time.now_ns + 10_000 * MS
    toast = drawn(Layer.TOAST, Words("一"), ARTIST.pen, WALL)[0].rect
    tile = Rect(0, toast.y, WALL.w, WALL.h - toast.y)
    alarm = AlarmSign(tile, True, AlarmColour.RED, "大门", "有人", 0, "摄像机1", 1, 0)
    orders = (
        (prepare_order(1, (), alarms=(alarm,)), Commit(1, 0)),
        (Say("一", Language.CHINESE, until_ns),),
        (prepare_order(2, ()), Commit(2, 0)),
        (prepare_order(3, (), alarms=(alarm,)), Commit(3, 0)),
    )
    for i, order in enumerate(orders, start=1):
        loop.time.at(100 * i - 90, loop.send, *order)
        loop.time.at(100 * i, lambda: looks.append(loop.canvas[: WALL.h]))
    loop.run(450)
    alone, both, without, later = looks
    assert np.array_equal(both, later)
    assert np.array_equal(alone[toast.y :], both[toast.y :]), "the bar is whole"
    assert not np.array_equal(alone[: toast.y], both[: toast.y]), "they are above it"
    assert np.array_equal(alone[: toast.y], without[: toast.y]), "else they are at the foot"


def test_another_language_is_on_the_screen_from_the_first_pass_of_its_scene_on(loop: Loop) -> None:
    looks: list[typing.Any] = []
    now_ns = loop.time.now_ns
    until_ns = now_ns + 10_000 * MS
    tiles = (TileOrder(1, LEFT), loop.order(2, RIGHT, loop.studio.stream(TILE)))
    scene = prepare_order(1, tiles, help_shown=True)
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
    loop.send(prepare_order(1, ()), Commit(1, 0))
    english = prepare_order(2, (), language=Language.ENGLISH)
    loop.time.at(100, lambda: loop.send(english, Say("one", Language.ENGLISH, until_ns)))
    loop.time.at(150, lambda: looks.append(loop.canvas))
    loop.time.at(160, lambda: loop.send(Commit(2, 0)))
    loop.run(300)
    assert np.array_equal(looks[0], loop.canvas)


def test_where_the_files_have_a_mistake_is_shown_until_they_are_mended(loop: Loop) -> None:
    looks: list[typing.Any] = []
    english = prepare_order(2, (), language=Language.ENGLISH)
    loop.send(prepare_order(1, ()), Commit(1, 0))
    loop.time.at(60, loop.send, Furnish(SHEETS, (Notice(Text.SITE_FILE_FAULT, "site.toml:3"),)))
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


def test_several_notices_stand_over_each_other_and_go_one_by_one(loop: Loop) -> None:
    looks: list[typing.Any] = []
    fault = Notice(Text.SITE_FILE_FAULT, "site.toml:3")
    saving = Notice(Text.STATE_NOT_KEPT, obstacle=Obstacle.FULL)
    loop.send(prepare_order(1, ()), Commit(1, 0))
    for ms, notices in ((60, (fault,)), (160, (fault, saving)), (260, (fault,)), (360, ())):
        loop.time.at(ms, loop.send, Furnish(SHEETS, notices))
    for ms in (50, 150, 250, 350, 450):
        loop.time.at(ms, lambda: looks.append(loop.canvas))
    loop.run(500)
    plain, one, both, one_again, none = looks
    assert np.array_equal(plain, none)
    assert np.array_equal(one, one_again)
    assert not np.array_equal(both, one)
    changed = np.argwhere(both[: WALL.h] != one[: WALL.h])[:, 0]
    assert changed.max() < np.argwhere(one[: WALL.h] != plain[: WALL.h])[:, 0].min()


def test_a_sheet_of_keys_that_is_shown_follows_the_site(loop: Loop) -> None:
    looks: list[typing.Any] = []
    other = dict.fromkeys(SHEETS, page(HelpEntry("2", "二")))
    loop.send(prepare_order(1, (), help_shown=True), Commit(1, 0))
    for ms, sheet in ((100, SHEETS), (200, other)):
        loop.time.at(ms, loop.send, Furnish(sheet))
    for ms in (90, 190, 290):
        loop.time.at(ms, lambda: looks.append(loop.canvas))
    loop.run(300)
    first, same, followed = looks
    assert np.array_equal(first, same)
    assert not np.array_equal(first, followed)


def test_the_help_is_drawn_ahead_when_the_wall_has_run_a_while(loop: Loop) -> None:
    left: list[bool] = []
    early_ms = round((HELP_AFTER_TICKS - 5) * TICK / MS)
    loop.time.at(early_ms, lambda: left.append(loop.presenter._overlays.draw_slow_ahead()))
    loop.run(early_ms + round(10 * TICK / MS))
    assert left == [True]
    assert not loop.presenter._overlays.draw_slow_ahead()
