"""What lies over the tiles: how it looks, and that it stays on its canvas."""

import datetime
from collections.abc import Callable

import pytest

from tests import golden_pictures
from tests.drawing import SCREEN, check, drawn_on, suffix
from tests.words import EN, ZH
from wallctl.model.catalogue import Catalogue, Text, wall_clock
from wallctl.model.geometry import Size
from wallctl.model.help import HelpEntry, HelpGroup, HelpPage
from wallctl.model.marks import Mark
from wallctl.present import overlays
from wallctl.present.help_sheet import HelpSheet
from wallctl.present.patch import Drawing
from wallctl.present.text import Face

face = golden_pictures.face


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_toast_clock_and_countdown(face: Face, words: Catalogue) -> None:
    when = wall_clock(datetime.datetime(2026, 11, 22, 14, 5, 9), words)
    clock = overlays.ClockFace(face, SCREEN).drawn(when)
    toast = overlays.toast(face, words.say(Text.SWITCHING, name="早高峰"), SCREEN)
    check(f"toast_and_clock{suffix(words)}", drawn_on(SCREEN, toast, clock))
    right = overlays.beside_clock(clock, SCREEN)
    marks = overlays.wall_marks(tuple(Mark), right, SCREEN)
    assert marks.rect.right <= clock.x
    check(f"clock_and_marks{suffix(words)}", drawn_on(SCREEN, clock, marks))
    countdown = overlays.quit_countdown(face, words.say(Text.HOLD_TO_QUIT), 0.6, SCREEN)
    check(f"countdown{suffix(words)}", drawn_on(SCREEN, countdown))


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_what_is_wrong_with_the_files_and_the_monitor(face: Face, words: Catalogue) -> None:
    line = words.say(Text.SITE_FILE_FAULT, place="presets/早班.toml:3")
    clock = overlays.ClockFace(face, SCREEN).drawn(
        wall_clock(datetime.datetime(2026, 11, 22, 14, 5, 9), words)
    )
    drawn = overlays.notice(face, line, SCREEN)
    assert (drawn.rect.y, drawn.rect.h) == (clock.rect.y, clock.rect.h)
    check(f"notice{suffix(words)}", drawn_on(SCREEN, drawn, clock))
    mode = words.say(Text.WRONG_MODE, mode="640×480", wanted="1920×1080")
    above = overlays.notice(face, mode, SCREEN, below=1)
    check(f"wrong_mode{suffix(words)}", drawn_on(SCREEN, drawn, above, clock))


def test_the_clock_does_not_move_as_time_goes_by(face: Face) -> None:
    clock = overlays.ClockFace(face, SCREEN)
    times = [f"2026-11-22 周日 1{n}:{n}1:0{n}" for n in range(5)]
    assert len({clock.drawn(text).rect for text in times}) == 1


@pytest.mark.parametrize(
    "canvas", [Size(3840, 2160), Size(1920, 1080), Size(640, 360), Size(1080, 1920)]
)
def test_overlays_stay_on_every_canvas(face: Face, canvas: Size) -> None:
    lines = HelpGroup("预案", (HelpEntry("Ctrl+Shift+Q PgUp", "很长的预案名称" * 4),) * 40)
    many = HelpPage("站点" * 40, (lines,), (lines, lines), lines)
    long = "未知名称 " + "很长" * 90
    drawn: tuple[Callable[[], Drawing], ...] = (
        lambda: HelpSheet(face, EN, many, canvas).drawing(),
        lambda: HelpSheet(face, ZH, HelpPage(), canvas).drawing(),
        lambda: overlays.toast(face, long, canvas),
        lambda: overlays.notice(face, long, canvas, below=1),
        lambda: overlays.quit_countdown(face, long, 1.5, canvas),
        lambda: overlays.ClockFace(face, canvas).drawn("2026-11-22 周日 14:05:09"),
    )
    for draw in drawn:
        rect = draw().rect
        assert rect.x >= 0
        assert rect.y >= 0
        assert rect.right <= canvas.w
        assert rect.bottom <= canvas.h
