"""What lies over the tiles: how it looks, and that it stays on its canvas."""

import datetime
import typing
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import golden_pictures
from tests.support.catalogues import EN, ZH
from tests.support.drawing_canvas import SCREEN, check, drawn_on, gradient, suffix
from tests.support.fakes import Studio
from tests.support.sites import LAYOUTS
from wallctl.display.compositor.ring_reader import FeedView, cropped
from wallctl.display.drawing import icons, screen_foot
from wallctl.display.drawing.drawing_cache import Artist, Given
from wallctl.display.drawing.help_sheet import HelpSheet
from wallctl.display.drawing.sprite import Drawing, Patch, planes
from wallctl.display.messages import TileOrder
from wallctl.display.overlays.clock import ClockFace
from wallctl.display.overlays.hold_countdown import quit_countdown
from wallctl.display.overlays.notices import notice
from wallctl.display.overlays.status_icons import beside_clock, wall_marks
from wallctl.display.overlays.toast import TOAST_LINES, moved_above, toast
from wallctl.display.text.text_line import ELLIPSIS, Face
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.operator.help_content import HelpEntry, HelpGroup, HelpPage
from wallctl.model.operator.message_catalogue import Catalogue, Text, format_wall_clock
from wallctl.model.site.layout import tile_rects
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import TileState
from wallctl.model.wall.scene.status_icons import Mark
from wallctl.model.wall.state.zoom import Zoom

face = golden_pictures.face


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_toast_clock_and_countdown(face: Face, words: Catalogue) -> None:
    when = format_wall_clock(datetime.datetime(2026, 11, 22, 14, 5, 9), words)
    clock = ClockFace(face, SCREEN).drawn(when)
    said = toast(face, words.say(Text.SWITCHING, name="早高峰"), SCREEN)
    check(f"toast_and_clock{suffix(words)}", drawn_on(SCREEN, said, clock))
    right = beside_clock(clock, SCREEN)
    marks = wall_marks([(mark, None) for mark in Mark], right, SCREEN)
    assert marks.rect.right <= clock.x
    check(f"clock_and_marks{suffix(words)}", drawn_on(SCREEN, clock, marks))
    countdown = quit_countdown(face, words.say(Text.HOLD_TO_QUIT), 0.6, SCREEN)
    check(f"countdown{suffix(words)}", drawn_on(SCREEN, countdown))


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_what_is_wrong_with_the_files_and_the_monitor(face: Face, words: Catalogue) -> None:
    line = words.say(Text.SITE_FILE_FAULT, place="presets/早班.toml:3")
    clock = ClockFace(face, SCREEN).drawn(
        format_wall_clock(datetime.datetime(2026, 11, 22, 14, 5, 9), words)
    )
    drawn = notice(face, line, SCREEN)
    assert (drawn.rect.y, drawn.rect.h) == (clock.rect.y, clock.rect.h)
    check(f"notice{suffix(words)}", drawn_on(SCREEN, drawn, clock))
    mode = words.say(Text.WRONG_MODE, mode="640×480", wanted="1920×1080")
    above = notice(face, mode, SCREEN, below=1)
    check(f"wrong_mode{suffix(words)}", drawn_on(SCREEN, drawn, above, clock))


def test_the_clock_does_not_move_as_time_goes_by(face: Face) -> None:
    clock = ClockFace(face, SCREEN)
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
        lambda: toast(face, long, canvas),
        lambda: notice(face, long, canvas, below=1),
        lambda: quit_countdown(face, long, 1.5, canvas),
        lambda: ClockFace(face, canvas).drawn("2026-11-22 周日 14:05:09"),
    )
    for draw in drawn:
        rect = draw().rect
        assert rect.x >= 0
        assert rect.y >= 0
        assert rect.right <= canvas.w
        assert rect.bottom <= canvas.h


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
@pytest.mark.parametrize("canvas", [Size(480, 1920), Size(640, 360), Size(1080, 1920)])
def test_a_question_is_read_whole_on_a_narrow_screen(
    face: Face, words: Catalogue, canvas: Size
) -> None:
    name = "12 解放路与人民路口12号"
    question = words.say(Text.CONFIRM_BLANK_ONE, key="B", name=name)
    drawing = toast(face, question, canvas)
    px = round(screen_foot.toast_height(canvas) * 0.42)
    room = round(canvas.w * 0.8) - 2 * round(screen_foot.toast_height(canvas) * 0.5)
    assert ELLIPSIS not in "".join(face.wrapped(question, px, room, TOAST_LINES))
    assert drawing.rect.right <= canvas.w
    assert drawing.rect.bottom <= canvas.h


RECTS = st.builds(Rect, st.integers(0, 99), st.integers(20, 99), st.integers(1, 50), st.just(10))


@given(st.lists(RECTS))
def test_what_is_moved_above_others_covers_none_of_them(others: list[Rect]) -> None:
    said = Drawing(Patch.flat(Size(40, 20), icons.NIGHT), 30, 90)
    rect = moved_above(said, others).rect
    assert (rect.x, rect.size) == (said.rect.x, said.rect.size)
    assert rect.y <= said.rect.y
    assert rect.y == 0 or not any(rect.intersects(other) for other in others)


@pytest.mark.parametrize("canvas", [Size(1920, 1080), Size(960, 540), Size(1080, 1920)])
@pytest.mark.parametrize("state", [TileState.LIVE, TileState.SHED, TileState.CATCHING_UP])
def test_the_clock_covers_no_mark_of_a_tile(face: Face, canvas: Size, state: TileState) -> None:
    """Neither do the wall's marks beside it; and in its tile the mark is there."""
    clock = ClockFace(face, canvas).drawn("2026-11-22 Sun 14:05:09")
    marks = wall_marks([(mark, None) for mark in Mark], beside_clock(clock, canvas), canvas)
    artist, nothing = Artist(face, EN), typing.cast(FeedView, None)
    given = Given("sub", Effort.KEYS, 2) if state is TileState.SHED else None
    bare = gradient(canvas)
    for layout in LAYOUTS.values():
        for tile in tile_rects(layout, canvas):
            if not tile.intersects(clock.rect) and not tile.intersects(marks.rect):
                continue
            order = TileOrder(1, tile, "gate", zoom=Zoom(2.0))
            mark = artist.mark(order, state, nothing, given, planes(bare))
            assert mark is not None
            marked = bare.copy()
            mark.lay(planes(marked), tile)
            assert not np.array_equal(marked, bare)
            for rect in (clock.rect, marks.rect):
                below, y = cropped(planes(bare), rect).y, cropped(planes(marked), rect).y
                above_edge = slice(rect.h * 3 // 4)  # of the tile, in its state's colour
                assert np.array_equal(y[above_edge], below[above_edge])


@pytest.mark.parametrize("canvas", [Size(1920, 1080), Size(960, 540), Size(1080, 1920)])
def test_neither_clock_nor_notice_covers_since_when_a_picture_is_frozen(
    face: Face, canvas: Size
) -> None:
    clock = ClockFace(face, canvas).drawn("2026-11-22 Sun 14:05:09")
    over = [clock, notice(face, "很长的提示" * 20, canvas)]
    over.append(wall_marks([(mark, None) for mark in Mark], beside_clock(clock, canvas), canvas))
    studio = Studio(canvas)
    camera = studio.stream(Size(64, 36))
    camera.noise(1)
    feed = FeedView(studio.arena, camera.feed)
    bare = gradient(canvas)
    for layout in LAYOUTS.values():
        for tile in tile_rects(layout, canvas):
            order = TileOrder(1, tile, "gate")
            badge = Artist(face, EN).mark(order, TileState.STALE, feed, None, planes(bare))
            assert badge is not None
            marked = bare.copy()
            badge.lay(planes(marked), tile)
            assert not np.array_equal(marked, bare)
            for drawing in over:
                rect = drawing.rect
                below, y = cropped(planes(bare), rect).y, cropped(planes(marked), rect).y
                above_edge = slice(rect.h * 3 // 4)  # of the tile, in its state's colour
                assert np.array_equal(y[above_edge], below[above_edge])


def test_a_mark_that_no_clock_covers_is_in_its_corner() -> None:
    for tile in (Rect(0, 540, 960, 540), Rect(960, 0, 960, 540)):
        assert screen_foot.clear_of_clock(tile, Size(1920, 1080)) == 0
