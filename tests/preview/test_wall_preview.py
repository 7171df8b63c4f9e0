"""A wall drawn without a wall: round and continuous over panels that differ, and to scale."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from tests.support.catalogues import CATALOGUES
from tests.support.panel_walls import MIXED, Circle, Ring, check_round
from tests.support.reducing import step
from tests.support.sites import site
from wallctl.display.drawing.drawing_cache import Artist
from wallctl.display.drawing.test_card import CARD, CIRCLE_SHARE, LINE_SHARE, WHITE, card
from wallctl.display.text.text_line import Face
from wallctl.model.base.geometry import Area, Rect
from wallctl.model.base.language import Language
from wallctl.model.site.layout import Bezels, Cell, Layout, Unit
from wallctl.model.site.panel_geometry import picture_area
from wallctl.model.site.site import Screen, Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.scene.scene import Scene
from wallctl.model.wall.state.state import initial
from wallctl.preview.wall_preview import Frame, rendered

PLACE = Area(520, 90, 920, 920)
MIDDLE = (980.0, 550.0)
ARTIST = Artist(Face(None), CATALOGUES[Language.ENGLISH])


def over_all(bezels: Bezels = Bezels.BEHIND) -> Site:
    layout = Layout(
        "over", "", "", 1, 1, (Cell(PLACE.x, PLACE.y, PLACE.w, PLACE.h),), Unit.MM, bezels
    )
    there = site(4)
    home = tuple(replace(there.home[0], screen=one.name) for one in MIXED)
    return replace(there, screens=MIXED, home=home, layouts={**there.layouts, "over": layout})


def scene(of: Site, layout: str = "over") -> Scene:
    return resolve(step(initial(of), c.SetLayout(layout), of), of)


def panels(picture: Image.Image, screens: tuple[Screen, ...]) -> tuple[tuple[Screen, ...], dict[
    str, np.ndarray
]]:  # fmt: skip
    """Each panel as a rendered picture shows it: its brightness, and where these pixels hang."""
    frame, luma = Frame(screens), np.asarray(picture.convert("L"))
    found, cut = [], {}
    for one in screens:
        area = frame.area(picture_area(one))
        x, y = int(np.ceil(area.x)), int(np.ceil(area.y))
        right, bottom = int(area.right), int(area.bottom)
        on_wall = picture_area(one).part(area.share(Area(x, y, right - x, bottom - y)))
        found.append(Screen(one.name, Rect(x, y, right - x, bottom - y), on_wall))
        cut[one.name] = luma[y:bottom, x:right]
    return tuple(found), cut


def test_a_disc_over_four_panels_is_round_in_a_rendered_wall() -> None:
    disc = Image.fromarray(Circle(900, 0.45).luma)
    site_ = over_all()
    picture = rendered(scene(site_), MIXED, ARTIST, lambda number: disc)
    check_round(*panels(picture, MIXED), Ring(MIDDLE, 0.45 * PLACE.w))


def test_where_bezels_are_jumped_the_disc_is_broken() -> None:
    """So that the test above can fail."""
    disc = Image.fromarray(Circle(900, 0.45).luma)
    site_ = over_all(Bezels.JUMP)
    picture = rendered(scene(site_), MIXED, ARTIST, lambda number: disc)
    with pytest.raises(AssertionError):
        check_round(*panels(picture, MIXED), Ring(MIDDLE, 0.45 * PLACE.w))


def test_the_circle_of_a_test_card_is_where_it_says() -> None:
    white = np.asarray(card(Face(None), 3)).astype(int)
    ring = (np.abs(white - WHITE) < 12).all(axis=2)
    y, x = np.nonzero(ring)
    far = np.hypot(x + 0.5 - CARD.w / 2, y + 0.5 - CARD.h / 2)
    on_ring = far[far > CARD.h * 0.3]
    radius, half = CARD.h * CIRCLE_SHARE / 2, CARD.h * LINE_SHARE / 2
    assert np.abs(on_ring - radius).max() < half + 1
    assert len(np.unique(np.rint(np.degrees(np.arctan2(y - 540, x - 960))))) == 361


def test_a_higher_tile_lies_over_a_lower_one_and_an_empty_one_says_its_number() -> None:
    inset = Layout(
        "inset", "", "", 1, 1, (Cell(0, 0, z=1), Cell(0.5, 0.5, 0.5, 0.5)), Unit.FRACTION
    )
    screens = (Screen("left", Rect(0, 0, 640, 360)),)
    there = replace(site(1), screens=screens, layouts={**site(1).layouts, "inset": inset})
    bright = Image.new("RGB", (640, 360), (230, 230, 230))
    frame = Frame(screens)
    x, y = (round(at) for at in frame.at((500, 300)))
    below = rendered(scene(there, "inset"), screens, ARTIST, lambda number: bright)
    assert below.getpixel((x, y)) == (230, 230, 230)
    raised = replace(inset, cells=(inset.cells[0], replace(inset.cells[1], z=2)))
    over = replace(there, layouts={**there.layouts, "inset": raised})
    above = rendered(scene(over, "inset"), screens, ARTIST, lambda number: bright)
    assert np.asarray(above)[y, x].max() < 120


@given(st.floats(0, 1440), st.floats(0, 1072))
def test_a_place_of_the_wall_lies_in_its_picture_to_scale(x: float, y: float) -> None:
    frame = Frame(MIXED)
    left, top = frame.at((0, 0))
    across, down = frame.at((x, y))
    assert across - left == pytest.approx(x * frame.scale)
    assert down - top == pytest.approx(y * frame.scale)
    assert 0 <= across <= frame.size[0]
    assert 0 <= down <= frame.size[1]
