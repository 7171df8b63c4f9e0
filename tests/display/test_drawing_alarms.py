"""Alarms: how they look on a screen and in a tile, and that they stay there."""

import datetime
import typing

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.support import golden_pictures
from tests.support.catalogues import EN, ZH
from tests.support.drawing_canvas import EVEN_SIZES, SCREEN, check, drawn_on, suffix
from wallctl.display.drawing import alarm_banner
from wallctl.display.drawing.sprite import Drawing
from wallctl.display.overlays.clock import ClockFace
from wallctl.display.overlays.toast import moved_above, toast
from wallctl.display.text.text_line import Face, clean
from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.operator.message_catalogue import Catalogue, format_wall_clock
from wallctl.model.site.alarm import AlarmColour
from wallctl.model.wall.scene.alarm_banner import AlarmSign

face = golden_pictures.face


def alarm(rect: Rect, words: Catalogue = ZH, is_shown: bool = True, more: int = 2) -> AlarmSign:
    name, told = ("大门入侵", "越界，请立即查看") if words is ZH else ("Gate", "line crossed: look")
    colour = AlarmColour.RED if is_shown else AlarmColour.AMBER
    return AlarmSign(rect, is_shown, colour, name, told, 0, "文化广场", 7, more, key="A")


def signed(face: Face, sign: AlarmSign, words: Catalogue = ZH) -> tuple[Drawing, ...]:
    return alarm_banner.sign(face, words, sign, "14:05:09")


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_an_alarm_that_is_shown_and_one_that_waits(face: Face, words: Catalogue) -> None:
    """Large on a screen, in a tile, in a small one; and the line of one that is not shown."""
    large = Size(1280, 720)
    of_all = Rect(0, 0, large.w, large.h)
    check(f"alarm{suffix(words)}", drawn_on(large, *signed(face, alarm(of_all, words), words)))
    whole = Rect(0, 0, SCREEN.w, SCREEN.h)
    tiles = (Rect(8, 8, 468, 264), Rect(484, 8, 236, 132), Rect(728, 8, 156, 88))
    drawings = [one for rect in tiles for one in signed(face, alarm(rect, words, more=0), words)]
    backup = msgspec.structs.replace(
        alarm(Rect(8, 280, 468, 264), words), source="东门", stands_for="西门"
    )
    drawings += signed(face, backup, words)
    drawings += signed(face, alarm(whole, words, is_shown=False), words)
    when = format_wall_clock(datetime.datetime(2026, 11, 22, 14, 5, 9), words)
    drawings.append(ClockFace(face, SCREEN).drawn(when))
    check(f"alarm_waits{suffix(words)}", drawn_on(SCREEN, *drawings))


def test_a_number_stands_before_a_name_from_right_to_left(face: Face) -> None:
    """Though the name ends with a number, which would stand beside it in one line."""
    tiles = (Rect(0, 0, 640, 360), Rect(640, 0, 640, 360))
    signs = [
        msgspec.structs.replace(alarm(rect, more=0), source=name, spoken=7, words="")
        for rect, name in zip(tiles, ("شىمالىي دەرۋازا 12", "北门 12"), strict=True)
    ]
    drawings = [one for sign in signs for one in signed(face, sign)]
    waiting = msgspec.structs.replace(signs[0], rect=Rect(0, 0, 1280, 720), is_shown=False)
    check("alarm_turned", drawn_on(Size(1280, 720), *drawings, *signed(face, waiting)))


class Listener(Face):
    """Hears what is written."""

    def __init__(self, face: Face) -> None:
        super().__init__(face.font)
        self.lines: list[str] = []

    def image(self, text: str, px: int, colour: Colour, max_w: int | None = None) -> Image.Image:
        """What the face draws; and it is kept what that is."""
        self.lines.append(clean(text) if max_w is None else self.fitted(text, px, max_w))
        return super().image(text, px, colour, max_w)


@pytest.mark.parametrize("over_help", [False, True])
@pytest.mark.parametrize("told", ["", "越界", "很长的说明" * 30])
def test_an_alarm_that_waits_always_tells_which_camera_and_what_to_do(
    face: Face, told: str, over_help: bool
) -> None:
    listener, whole = Listener(face), Rect(0, 0, 1920, 1080)
    waiting = msgspec.structs.replace(alarm(whole, is_shown=False), words=told, over_help=over_help)
    signed(listener, waiting)
    [line] = listener.lines
    assert line.startswith("报警等待 · 大门入侵 · 7 文化广场 · ")
    assert line.endswith(" · 按 A 确认")
    assert ("14:05:09 · 另有 2 条" in line) == (len(told) < 10)
    listener.lines.clear()
    signed(listener, msgspec.structs.replace(waiting, name="文化广场", key="F9"))
    assert listener.lines[0].startswith("报警等待 · 7 文化广场 · "), "a name is told once"
    assert listener.lines[0].endswith(" · 按 F9 确认")
    listener.lines.clear()
    signed(listener, msgspec.structs.replace(waiting, key="", words=""))
    assert listener.lines == ["报警等待 · 大门入侵 · 7 文化广场 · 14:05:09 · 另有 2 条"]


def test_what_a_bar_has_no_room_for_goes_in_order(face: Face) -> None:
    """Since when it is goes first, then how many wait, the camera's name, and last what to do."""

    def tells(w: int, times: int = 1) -> list[bool]:
        plain = alarm(Rect(0, 0, w, 270))
        plain = msgspec.structs.replace(plain, words=times * plain.words)
        others: tuple[dict[str, typing.Any], ...] = ({"key": "B"}, {"spoken": 8}, {"more": 3}, {})
        bars = [signed(face, msgspec.structs.replace(plain, **one))[-1] for one in others]
        bars[-1] = alarm_banner.sign(face, ZH, plain, "23:59:58")[-1]
        own = drawn_on(Size(w, 270), signed(face, plain)[-1])
        return [not np.array_equal(drawn_on(Size(w, 270), bar), own) for bar in bars]

    assert tells(640) == [True] * 4
    assert tells(540) == [True, True, True, False]
    assert tells(480) == [True, True, False, False]
    assert tells(480, times=2) == [True, True, False, False]


@pytest.mark.parametrize("size", [Size(210, 118), Size(320, 180), Size(640, 360)], ids=str)
@pytest.mark.parametrize("name", ["大门入侵", "很长的名称" * 12])
@pytest.mark.parametrize("told", ["", "越界", "很长的说明" * 30])
def test_a_bar_never_leaves_out_the_number_of_its_camera(
    face: Face, size: Size, name: str, told: str
) -> None:
    one = alarm(Rect(0, 0, size.w, size.h), more=0)
    one = msgspec.structs.replace(one, name=name, words=told, source="解放路与人民路口")
    bars = [signed(face, msgspec.structs.replace(one, spoken=spoken))[-1] for spoken in (114, 115)]
    own, another = (drawn_on(size, bar) for bar in bars)
    assert not np.array_equal(own, another)


@pytest.mark.parametrize("size", [Size(640, 360), Size(480, 1920), Size(3840, 540)], ids=str)
def test_a_bar_shortens_the_name_of_a_camera_rather_than_leave_it_out(
    face: Face, size: Size
) -> None:
    whole = Rect(0, 0, size.w, size.h)
    long = msgspec.structs.replace(alarm(whole, more=0), source="解放路与人民路口1号")
    other = msgspec.structs.replace(long, source="建设路与人民路口1号")
    own, another = (drawn_on(size, signed(face, one)[-1]) for one in (long, other))
    assert not np.array_equal(own, another)


@settings(max_examples=40, deadline=None)
@given(size=EVEN_SIZES.filter(lambda size: size.w >= 320 and size.h >= 180), words=st.text())
def test_no_toast_covers_what_an_alarm_tells(face: Face, size: Size, words: str) -> None:
    line = signed(face, alarm(Rect(0, 0, size.w, size.h), is_shown=False))[-1]
    said = toast(face, words, size)
    placed = moved_above(said, [line.rect])
    assert not line.rect.intersects(placed.rect)
    is_one_line = said.rect.h == toast(face, "0", size).rect.h
    assert placed is said or not is_one_line


@settings(max_examples=40, deadline=None)
@given(size=EVEN_SIZES, is_shown=st.booleans(), name=st.text(), told=st.text())
def test_an_alarm_stays_in_its_tile_whatever_it_tells(
    face: Face, size: Size, is_shown: bool, name: str, told: str
) -> None:
    rect = Rect(16, 8, size.w, size.h) if is_shown else Rect(0, 0, size.w, size.h)
    sign = AlarmSign(rect, is_shown, AlarmColour.RED, name, told, 0, name, 7, 3)
    for drawing in signed(face, sign):
        assert drawing.patch.size.w % 2 == drawing.patch.size.h % 2 == 0
        if size.w >= 80 and size.h >= 60:
            assert drawing.rect.x >= rect.x
            assert drawing.rect.y >= rect.y
            assert drawing.rect.right <= rect.right
            assert drawing.rect.bottom <= rect.bottom
