"""The help sheet: how it looks, and that it tells all of a site that there is room for."""

import datetime

import msgspec
import pytest

from tests.support import golden_pictures
from tests.support.catalogues import EN, ZH
from tests.support.drawing_canvas import SCREEN, check, drawn_on, suffix
from tests.support.sites import site
from wallctl.display.drawing import alarm_banner, help_layout, screen_foot
from wallctl.display.drawing.help_sheet import HelpSheet
from wallctl.display.drawing.sprite import planes
from wallctl.display.overlays.clock import ClockFace
from wallctl.display.overlays.status_icons import beside_clock, wall_marks
from wallctl.display.text.text_line import Face
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.operator.help_content import help_page
from wallctl.model.operator.message_catalogue import Catalogue, format_wall_clock
from wallctl.model.site.alarm import AlarmColour
from wallctl.model.site.site import Preset, PresetScreen, Site
from wallctl.model.wall.scene.alarm_banner import AlarmSign
from wallctl.model.wall.scene.status_icons import Mark

face = golden_pictures.face


def furnished() -> Site:
    """A site with presets of one screen and of both, and with keys of its own."""
    plain = site(screens=2)
    names = tuple(one.name for one in plain.sources)
    both = Preset(
        "早高峰",
        (PresetScreen("left", "1+5", names[:6]), PresetScreen("right", "2x2", names[6:9])),
        en="Rush hour",
    )
    keys = {"F7": "show 7 left/2", "F8": "layout 1+5 @right"}
    return msgspec.structs.replace(plain, presets=(*plain.presets, both), hotkeys=keys)


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_help(face: Face, words: Catalogue) -> None:
    sheet = HelpSheet(face, words, help_page(furnished(), words), SCREEN).drawing()
    assert sheet.patch.opaque
    check(f"help{suffix(words)}", drawn_on(SCREEN, sheet))


def test_help_on_a_screen_that_stands_upright(face: Face) -> None:
    sheet = HelpSheet(face, ZH, help_page(furnished(), ZH), Size(540, 960)).drawing()
    check("help_upright", drawn_on(Size(540, 960), sheet))


@pytest.mark.parametrize("canvas", [Size(1920, 1080), Size(1280, 720), Size(1080, 1920)])
def test_the_help_tells_every_source_of_a_site_of_64(face: Face, canvas: Size) -> None:
    page = help_page(site(sources=64), ZH)
    ems = help_layout.Ems.of(face, page)
    assert help_layout.largest(page, canvas, ems).tells_all
    many = help_page(site(sources=500), ZH)
    plan = help_layout.largest(many, canvas, ems)
    assert plan.fits
    assert not plan.tells_all


def test_the_help_covers_the_screen_and_hides_nothing_of_itself(face: Face) -> None:
    """As large as the canvas, and its last source is on it however many there are."""
    for count in (1, 14, 200):
        sheet = HelpSheet(face, EN, help_page(site(sources=count), EN), SCREEN)
        while sheet.draw_on():
            pass
        assert sheet.drawing().rect == Rect(0, 0, SCREEN.w, SCREEN.h)
        foot = screen_foot.corner_height(SCREEN)
        y = planes(drawn_on(SCREEN, sheet.drawing())).y
        assert (y[-foot:] == y[-1, 0]).all(), "the clock's place is free"


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_the_help_sheet_leaves_an_alarm_to_be_seen(face: Face, words: Catalogue) -> None:
    sheet = HelpSheet(face, words, help_page(furnished(), words), SCREEN).drawing()
    clock = ClockFace(face, SCREEN).drawn(
        format_wall_clock(datetime.datetime(2026, 11, 22, 14, 5, 9), words)
    )
    marks = wall_marks([(mark, None) for mark in Mark], beside_clock(clock, SCREEN), SCREEN)
    whole = Rect(0, 0, SCREEN.w, SCREEN.h)
    name, told = ("大门入侵", "越界") if words is ZH else ("Gate", "line crossed")
    alarm = AlarmSign(
        whole, True, AlarmColour.RED, name, told, 0, "文化广场", 7, 2, key="A", over_help=True
    )
    *frame, line = alarm_banner.sign(face, words, alarm, "14:05:09")
    assert line.rect.y >= SCREEN.h - screen_foot.corner_height(SCREEN), (
        "it hides nothing of the sheet"
    )
    assert line.rect.right <= marks.rect.x
    check(f"help_and_alarm{suffix(words)}", drawn_on(SCREEN, sheet, clock, marks, *frame, line))
