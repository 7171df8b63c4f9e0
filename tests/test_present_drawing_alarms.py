"""Alarms: how they look on a screen and in a tile, and that they stay there."""

import datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import golden_pictures
from tests.drawing import EVEN_SIZES, SCREEN, check, drawn_on, suffix
from tests.words import EN, ZH
from wallctl.model.alarm import AlarmColour
from wallctl.model.alarm_sign import AlarmSign
from wallctl.model.catalogue import Catalogue, wall_clock
from wallctl.model.geometry import Rect, Size
from wallctl.present import alarm_signs, overlays
from wallctl.present.patch import Drawing
from wallctl.present.text import Face

face = golden_pictures.face


def alarm(rect: Rect, words: Catalogue = ZH, is_shown: bool = True, more: int = 2) -> AlarmSign:
    name, told = ("大门入侵", "越界，请立即查看") if words is ZH else ("Gate", "line crossed: look")
    colour = AlarmColour.RED if is_shown else AlarmColour.AMBER
    return AlarmSign(rect, is_shown, colour, name, told, 0, "文化广场", 7, more)


def signed(face: Face, sign: AlarmSign, words: Catalogue = ZH) -> tuple[Drawing, ...]:
    return alarm_signs.sign(face, words, sign, "14:05:09")


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_an_alarm_that_is_shown_and_one_that_waits(face: Face, words: Catalogue) -> None:
    """Large on a screen, in a tile, in a small one; and the notice of one that is not shown."""
    whole = Rect(0, 0, SCREEN.w, SCREEN.h)
    check(f"alarm{suffix(words)}", drawn_on(SCREEN, *signed(face, alarm(whole, words), words)))
    tiles = (Rect(8, 8, 468, 264), Rect(484, 8, 236, 132), Rect(728, 8, 156, 88))
    drawings = [one for rect in tiles for one in signed(face, alarm(rect, words, more=0), words)]
    backup = msgspec.structs.replace(
        alarm(Rect(8, 280, 468, 264), words), source="东门", stands_for="西门"
    )
    drawings += signed(face, backup, words)
    drawings += signed(face, alarm(whole, words, is_shown=False), words)
    when = wall_clock(datetime.datetime(2026, 11, 22, 14, 5, 9), words)
    drawings.append(overlays.ClockFace(face, SCREEN).drawn(when))
    check(f"alarm_waits{suffix(words)}", drawn_on(SCREEN, *drawings))


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
