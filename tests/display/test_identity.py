"""Which screen it is: legible on any canvas, and below every alarm."""

import typing

import msgspec
import numpy as np
import pytest

from tests.support import golden_pictures
from tests.support import presenter_harness as looping
from tests.support.catalogues import ZH
from tests.support.composer_harness import ARTIST, WALL
from tests.support.drawing_canvas import check, drawn_on
from tests.support.orders import prepare_order
from tests.support.overlay_drawings import drawn
from tests.support.presenter_harness import Loop
from wallctl.display.drawing.site_time import SiteTime
from wallctl.display.drawing.text_context import TextContext
from wallctl.display.messages import Commit
from wallctl.display.overlays.alarms import Signed
from wallctl.display.overlays.overlay_table import Layer
from wallctl.display.overlays.screen_identity import Told
from wallctl.display.text.text_line import Face
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.site.alarm import AlarmColour
from wallctl.model.wall.scene.alarm_banner import AlarmSign

face = golden_pictures.face
loop = looping.loop
LONG = "大厅 East wing, second row from the door, above the stairs to the gallery"


@pytest.mark.parametrize(
    ("canvas", "told"),
    [
        (Size(960, 540), Told("左屏", 1, 3, "DP-1")),
        (Size(320, 180), Told("screen3", 3, 3, "")),
        (Size(540, 960), Told("柱子", 2, 3, "HDMI-A-1")),
        (Size(1920, 540), Told(LONG, 12, 14, "DP-1")),
        (Size(3840, 1080), Told("宽屏", 1, 1, "DP-1")),
    ],
    ids=str,
)
def test_a_screen_says_which_it_is(face: Face, canvas: Size, told: Told) -> None:
    pieces = drawn(Layer.IDENTITY, told, TextContext(face, ZH, SiteTime()), canvas)
    for piece in pieces:
        assert 0 <= piece.rect.x < piece.rect.right <= canvas.w
        assert 0 <= piece.rect.y < piece.rect.bottom <= canvas.h
    plate = pieces[-1].rect
    assert plate.h >= canvas.h * 0.3
    if canvas.w < 3840:
        check(f"identity_{canvas.w}x{canvas.h}", drawn_on(canvas, *pieces))


@pytest.mark.parametrize("is_shown", [True, False])
def test_no_alarm_and_no_picture_of_one_is_hidden_by_it(loop: Loop, is_shown: bool) -> None:
    looks: list[typing.Any] = []
    whole = Rect(0, 0, WALL.w, WALL.h)
    alarm = AlarmSign(whole, is_shown, AlarmColour.RED, "大门", "有人", 0, "摄像机1", 1, 0)
    scene = prepare_order(1, (), alarms=(alarm,))
    told = msgspec.structs.replace(scene, version=2, readouts=frozenset({"identify"}))
    loop.send(scene, Commit(1, 0))
    loop.time.at(60, loop.send, told, Commit(2, 0))
    for ms in (50, 150):
        loop.time.at(ms, lambda: looks.append(loop.canvas))
    loop.run(200)
    without, both = (look[: WALL.h] for look in looks)
    assert np.array_equal(without, both) == is_shown
    for piece in drawn(Layer.ALARMS, Signed(alarm, "00:00:00"), ARTIST.pen, WALL):
        rect, corner = piece.rect, piece.rect.h // 4 if piece.rect.w > piece.rect.h else 0
        part = np.s_[rect.y : rect.bottom, rect.x + corner : rect.right - corner]
        assert np.array_equal(without[part], both[part])
