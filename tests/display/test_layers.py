"""Which overlay lies over which, and that none is left behind."""

import typing

import msgspec
import numpy as np

from tests.support import presenter_harness as looping
from tests.support.composer_harness import ARTIST, WALL
from tests.support.orders import prepare_order
from tests.support.overlay_drawings import drawn
from tests.support.presenter_harness import SHEETS, Loop, page
from wallctl.display.messages import Commit, Furnish
from wallctl.display.overlays.alarms import Signed
from wallctl.display.overlays.overlay_table import OVERLAYS, Layer
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.operator.help_content import HelpEntry
from wallctl.model.site.alarm import AlarmColour
from wallctl.model.wall.commands.command import Readout, verb_of
from wallctl.model.wall.scene.alarm_banner import AlarmSign

loop = looping.loop


def test_what_is_known_of_a_stream_hides_no_alarm_that_waits(loop: Loop) -> None:
    looks: list[typing.Any] = []
    camera = loop.studio.stream(Size(WALL.w, WALL.h))
    camera.noise(1)
    whole = Rect(0, 0, WALL.w, WALL.h)
    waits = AlarmSign(whole, False, AlarmColour.RED, "大门", "有人", 0, "摄像机1", 1, 0)
    scene = prepare_order(1, (loop.order(1, whole, camera),), alarms=(waits,))
    with_info = msgspec.structs.replace(scene, version=2, readouts=frozenset({"info"}))
    loop.send(scene, Commit(1, 0))
    loop.time.at(60, loop.send, with_info, Commit(2, 0))
    for ms in (50, 150):
        loop.time.at(ms, lambda: looks.append(loop.canvas))
    loop.run(200)
    without, both = (look[: WALL.h] for look in looks)
    assert not np.array_equal(without, both)
    notice = drawn(Layer.ALARMS, Signed(waits, "00:00:00"), ARTIST.pen, WALL)[-1]
    rect, corner = notice.rect, notice.rect.h // 4
    sign = np.s_[rect.y : rect.bottom, rect.x + corner : rect.right - corner]
    assert np.array_equal(without[sign], both[sign])


def test_a_sheet_that_changes_in_the_tick_in_which_it_is_closed_goes(loop: Loop) -> None:
    looks: list[typing.Any] = []
    other = dict.fromkeys(SHEETS, page(HelpEntry("2", "二")))
    loop.send(prepare_order(1, ()), Commit(1, 0))
    loop.time.at(100, loop.send, prepare_order(2, (), help_shown=True), Commit(2, 0))
    loop.time.at(190, loop.send, prepare_order(3, ()), Commit(3, 0), Furnish(other))
    for ms in (90, 180, 290):
        loop.time.at(ms, lambda: looks.append(loop.canvas))
    loop.run(300)
    before, shown, after = looks
    assert not np.array_equal(before, shown)
    assert np.array_equal(before, after)


def test_every_layer_has_one_overlay() -> None:
    assert sorted(row.layer for row in OVERLAYS) == list(Layer)
    assert len({row.overlay for row in OVERLAYS}) == len(OVERLAYS)


def test_each_command_that_asks_for_facts_has_an_overlay_that_tells_them() -> None:
    told = [row.overlay.readout for row in OVERLAYS if hasattr(row.overlay, "readout")]
    assert sorted(told) == sorted(map(verb_of, typing.get_args(Readout)))
