"""The list of alarms, and the red line at a screen's foot that counts them."""

import itertools

import pytest

from tests.support import golden_pictures
from tests.support.catalogues import EN, ZH
from tests.support.drawing_canvas import SCREEN, check, drawn_on, suffix
from wallctl.display.drawing import alarm_sheet
from wallctl.display.drawing.alarm_sheet import Head, RowTimes
from wallctl.display.drawing.sprite import Drawing
from wallctl.display.overlays.notices import alarm_notice, notice
from wallctl.display.text.text_line import Face
from wallctl.model.base.geometry import Size
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.scene.alarm_sheet import AlarmEntry, row_rects

face = golden_pictures.face


def entries(words: Catalogue) -> list[tuple[AlarmEntry, RowTimes]]:
    gate, yard = ("停车场", "大门入侵") if words is ZH else ("Car park", "Gate")
    told = "越界，请立即查看" if words is ZH else "line crossed: look"
    return [
        (AlarmEntry(4, 8, gate, gate, told, 0, 3), RowTimes("12-01 07:40:36", "")),
        (AlarmEntry(3, 7, yard, "东门" * 20, "", 0, 1, True), RowTimes("12-01 07:38:02", "")),
        (
            AlarmEntry(2, 12, gate, yard, told, 0, 1, False, Role.OFFICER),
            RowTimes("12-01 07:12:40", "07:12:55"),
        ),
        (
            AlarmEntry(1, 0, "شارع", "火警", "", 0, 12, False, Role.REMOTE),
            RowTimes("11-30 23:59:59", "00:00:07"),
        ),
    ]


def sheet(face: Face, words: Catalogue, canvas: Size) -> list[Drawing]:
    drawings = [*alarm_sheet.head(face, words, Head(1, 2, "A", False), canvas)]
    for (entry, times), rect in zip(entries(words), row_rects(canvas), strict=False):
        drawings += alarm_sheet.row(face, words, entry, times, rect)
    return drawings


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_the_list(face: Face, words: Catalogue) -> None:
    canvas = Size(1280, 720)
    check(f"alarm_list{suffix(words)}", drawn_on(canvas, *sheet(face, words, canvas)))


def test_the_list_on_a_screen_that_stands_upright_and_an_empty_one(face: Face) -> None:
    upright = Size(540, 960)
    check("alarm_list_upright", drawn_on(upright, *sheet(face, ZH, upright)))
    empty = alarm_sheet.head(face, ZH, Head(1, 1, "", True), SCREEN)
    check("alarm_list_empty", drawn_on(SCREEN, *empty))


@pytest.mark.parametrize("canvas", [SCREEN, Size(640, 360), Size(320, 180), Size(3840, 540)])
def test_rows_lie_below_each_other_on_the_canvas(face: Face, canvas: Size) -> None:
    rects = row_rects(canvas)
    assert all(above.bottom == below.y for above, below in itertools.pairwise(rects))
    assert rects[-1].bottom <= canvas.h
    for drawing in sheet(face, ZH, canvas):
        assert drawing.rect.x >= 0
        assert drawing.rect.right <= canvas.w
        assert drawing.rect.bottom <= canvas.h


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_alarms_that_nobody_has_acknowledged(face: Face, words: Catalogue) -> None:
    told = words.say(Text.UNACKNOWLEDGED, count=2)
    line = f"{told} · 8 停车场 · 07:40:36 · {words.say(Text.ALARM_KEY, key='A')}"
    above = notice(face, words.say(Text.SITE_FOLDER_SILENT), SCREEN, 1)
    drawn = drawn_on(SCREEN, alarm_notice(face, line, SCREEN), above)
    check(f"unacknowledged{suffix(words)}", drawn)
