"""Where screens stand in a broadcast's picture, and how large it is."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.sites import site
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.site.broadcast import (
    choose_kbps,
    choose_size,
    is_on,
    list_screens,
    place_screens,
)
from wallctl.model.site.site import Broadcast, Screen

EVEN = st.integers(32, 1000).map(lambda half: 2 * half)
PICTURES = st.builds(Size, EVEN, EVEN)


@st.composite
def rows(draw: Callable[[st.SearchStrategy[int]], int]) -> tuple[Screen, ...]:
    """Screens side by side, of any sizes, with gaps."""
    screens, x = [], 0
    for number in range(draw(st.integers(1, 4))):
        w, h = draw(EVEN), draw(EVEN)
        screens.append(Screen(str(number), Rect(x, draw(EVEN), w, h)))
        x += w + 2 * draw(st.integers(0, 200))
    return tuple(screens)


@given(rows(), PICTURES)
def test_screens_are_inside_even_and_apart(screens: tuple[Screen, ...], size: Size) -> None:
    placed = [part.rect for part in place_screens(screens, size)]
    for rect in placed:
        assert rect.x >= 0 <= rect.y
        assert rect.right <= size.w
        assert rect.bottom <= size.h
        assert rect.w > 0 < rect.h
        assert not any(number % 2 for number in (rect.x, rect.y, rect.w, rect.h))
    assert not any(a.intersects(b) for a in placed for b in placed if a is not b)


@given(EVEN, EVEN)
def test_one_screen_fills_a_picture_of_its_own_size(w: int, h: int) -> None:
    [part] = place_screens((Screen("a", Rect(640, 20, w, h)),), Size(w, h))
    assert part.rect == Rect(0, 0, w, h)


def test_a_wall_of_another_shape_stands_in_the_middle() -> None:
    screens = site(1, screens=2).screens
    left, right = (part.rect for part in place_screens(screens, Size(960, 540)))
    assert left == Rect(0, 134, 480, 270)
    assert right == Rect(480, 134, 480, 270)


@pytest.mark.parametrize(
    ("given_px", "expected"),
    [
        ((None, None), Size(1920, 540)),
        ((1280, None), Size(1280, 360)),
        ((None, 270), Size(960, 270)),
        ((640, 480), Size(640, 480)),
    ],
)
def test_the_size_follows_from_what_is_said(
    given_px: tuple[int | None, int | None], expected: Size
) -> None:
    assert choose_size(Size(3840, 1080), *given_px) == expected


def test_more_pixels_get_more_bits() -> None:
    assert choose_kbps(Size(64, 64), 1) == 500
    assert choose_kbps(Size(960, 540), 12.5) == 1620
    assert choose_kbps(Size(960, 540), 25) == 3240


def test_it_shows_one_screen_or_all_and_is_on_as_it_was_switched() -> None:
    wall = Broadcast("墙", "udp://192.0.2.9:5000", Size(64, 64), 12.5, 500)
    left = Broadcast("左", "hls/left.m3u8", Size(64, 64), 12.5, 500, screen="left", on=False)
    of = site(1, screens=2)
    assert [one.name for one in list_screens(wall, of)] == ["left", "right"]
    assert [one.name for one in list_screens(left, of)] == ["left"]
    assert is_on(wall, {})
    assert not is_on(wall, {"墙": False})
    assert not is_on(left, {"墙": True})
