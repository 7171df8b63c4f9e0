"""The mouse: a click selects, a double click enlarges, what is dragged changes places."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.catalogues import EN
from tests.support.reducing import step
from tests.support.sites import site
from wallctl.display.compositor.canvas_fit import Fitted
from wallctl.display.x11.mouse import Mouse as XMouse
from wallctl.model.base.geometry import Size
from wallctl.model.operator.feedback import Feedback
from wallctl.model.operator.mouse_actions import (
    CLICK_SLIP_PX,
    DOUBLE_NS,
    PAN_INTERVAL_NS,
    MouseState,
    PointedWall,
    handle_pointer,
)
from wallctl.model.operator.pointer import Button, PointerEvent, Spot, find_spot, find_tile
from wallctl.model.site.framing import Turn
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.state import WallState, initial
from wallctl.model.wall.state.zoom import NOTCH, WHOLE, Zoom, zoom_of

SITE = site(sources=14, screens=2)
"""Left 4x4, right 2x2 beside it, both 1920 x 1080."""
HOME = initial(SITE)
FIRST, SECOND, SEVENTH = (100, 100), (600, 100), (1200, 300)
"""In tiles 1, 2 and 7 of the left screen."""


class Hand:
    """Somebody at the mouse of a wall, which does what it is told."""

    def __init__(self, *before: c.Change) -> None:
        self.state: WallState = HOME
        self.mouse = MouseState()
        self.now_ns = 0
        self.said: list[Feedback] = []
        self.done: list[c.Change] = []
        for change in before:
            self.state = step(self.state, change, SITE)

    def does(
        self, at: tuple[int, int], button: Button | None, pressed: bool, screen: str = "left"
    ) -> None:
        event = PointerEvent(screen, *at, self.now_ns, button, pressed)
        wall = PointedWall(self.state, resolve(self.state, SITE), SITE, EN)
        self.mouse, change, said = handle_pointer(self.mouse, event, wall)
        self.said += [said] if said is not None else []
        if change is not None:
            self.done.append(change)
            self.state = step(self.state, change, SITE)

    def click(self, at: tuple[int, int], screen: str = "left") -> None:
        self.does(at, Button.LEFT, True, screen)
        self.does(at, Button.LEFT, False, screen)

    def drag(self, start: tuple[int, int], *way: tuple[int, int], screen: str = "left") -> None:
        self.does(start, Button.LEFT, True, screen)
        for at in way:
            self.does(at, None, False, screen)
        self.does(way[-1], Button.LEFT, False, screen)


def test_a_click_selects_the_tile_under_it_as_soon_as_it_is_down() -> None:
    hand = Hand()
    hand.does(SECOND, Button.LEFT, True)
    assert hand.done == [c.Select(c.TileRef(2, "left"))]
    hand.does(SECOND, Button.LEFT, False)
    hand.now_ns += DOUBLE_NS + 1
    hand.click(SECOND)
    assert len(hand.done) == 1, "it is selected already"
    hand.click((1700, 900), "right")
    assert hand.done[1:] == [c.Select(c.TileRef(4, "right"))]


def test_a_double_click_enlarges_and_another_restores() -> None:
    hand = Hand()
    hand.click(SECOND)
    hand.now_ns += DOUBLE_NS
    hand.click(SECOND)
    assert hand.done[1:] == [c.Enlarge(c.TileRef(2, "left"))]
    hand.click(SECOND)
    hand.click(FIRST)
    assert hand.done[2:] == [c.Restore("left")]
    hand.click(FIRST)
    assert hand.done[3:] == [c.Select(c.TileRef(1, "left"))], "a fourth click begins again"


def test_two_clicks_are_no_double_click_where_they_are_late_or_apart() -> None:
    hand = Hand()
    hand.click(SECOND)
    hand.now_ns += DOUBLE_NS + 1
    hand.click(SECOND)
    hand.click(SEVENTH)
    assert [type(change) for change in hand.done] == [c.Select, c.Select]


def test_a_tile_that_is_dragged_onto_another_changes_places_with_it() -> None:
    hand = Hand()
    hand.drag(FIRST, (150, 120), SECOND)
    assert hand.done == [c.Swap(c.TileRef(1, "left"), c.TileRef(2, "left"))]
    assert [one.words for one in hand.said] == ["Drop tile left/1 on the one to swap it with"]


def test_a_drag_reaches_the_screen_beside_it() -> None:
    hand = Hand()
    hand.drag(FIRST, (1920 + 30, 40))
    assert hand.done == [c.Swap(c.TileRef(1, "left"), c.TileRef(1, "right"))]
    hand = Hand()
    hand.drag(FIRST, (-1900, 100), screen="right")
    assert hand.done[-1] == c.Swap(c.TileRef(1, "right"), c.TileRef(1, "left"))


@pytest.mark.parametrize("end", [(200, 150), (5000, 5000), (-5, 10)])
def test_a_drag_that_ends_nowhere_or_where_it_began_does_nothing(end: tuple[int, int]) -> None:
    hand = Hand()
    hand.drag(FIRST, (200, 200), end)
    assert hand.done == []
    assert hand.said[-1].words == "Cancelled"
    assert hand.mouse.grip is None


def test_a_hand_that_slips_while_it_clicks_drags_nothing() -> None:
    hand = Hand()
    hand.drag((470, 100), (470 + CLICK_SLIP_PX, 100))
    assert hand.done == []
    assert hand.said == []


def turn(hand: Hand, at: tuple[int, int], button: Button) -> None:
    hand.does(at, button, True)
    hand.does(at, button, False)


def zoom(hand: Hand, index: int = 0) -> Zoom:
    return zoom_of(hand.state.zoomed, "left", index, f"摄像机{index + 1}")


def test_the_wheel_brings_a_picture_closer_and_the_middle_button_shows_all_of_it() -> None:
    hand = Hand()
    corner = (482, 2)  # of tile 2
    for _ in range(3):
        turn(hand, corner, Button.WHEEL_UP)
    assert zoom(hand, 1).factor == pytest.approx(NOTCH**3, rel=1e-3)
    assert zoom(hand, 1).x < 0.3
    turn(hand, corner, Button.WHEEL_DOWN)
    assert zoom(hand, 1).factor == pytest.approx(NOTCH**2, rel=1e-3)
    turn(hand, corner, Button.MIDDLE)
    assert zoom(hand, 1) == WHOLE
    done = len(hand.done)
    turn(hand, corner, Button.MIDDLE)
    turn(hand, corner, Button.WHEEL_DOWN)
    assert len(hand.done) == done, "there is no more to be seen of it"


@pytest.mark.parametrize("before", [c.Blank(source="2"), c.Clear(c.TileRef(2))])
def test_what_shows_no_picture_is_not_zoomed(before: c.Change) -> None:
    hand = Hand(before)
    turn(hand, SECOND, Button.WHEEL_UP)
    assert hand.done == []


def test_a_hand_moves_what_is_seen_of_a_picture_and_swaps_nothing() -> None:
    hand = Hand(c.Select(c.TileRef(1)), c.SetZoom(4))
    hand.does((240, 135), Button.LEFT, True)
    hand.now_ns += PAN_INTERVAL_NS
    hand.does((240 - 96, 135), None, False)  # a fifth of the tile to the left
    followed = zoom(hand)
    assert (followed.factor, followed.y) == (4.0, 0.5)
    assert followed.x == pytest.approx(0.55, abs=0.001)
    hand.does((240 - 192, 135), None, False)  # too soon to be followed
    assert zoom(hand) == followed
    hand.does((700, 135), Button.LEFT, False)
    assert zoom(hand).x == pytest.approx(0.5 - (700 - 240) / 480 / 4, abs=0.01)
    assert {type(change) for change in hand.done} == {c.SetZoom}
    hand.now_ns += PAN_INTERVAL_NS
    hand.does((100, 135), None, False)
    assert zoom(hand).x == pytest.approx(0.26, abs=0.01), "the hand is open"


def test_a_click_closes_the_help() -> None:
    hand = Hand(c.Help(True))
    hand.click(SECOND)
    assert hand.done == [c.Help(False)]


def test_nothing_is_hit_on_a_blanked_screen() -> None:
    hand = Hand(c.Blank("left"))
    hand.click(SECOND)
    assert hand.done == []
    hand.click(SECOND, "right")
    assert hand.done == [c.Select(c.TileRef(1, "right"))]


@given(st.integers(0, 1919), st.integers(0, 1079))
def test_every_pixel_is_in_the_tile_that_is_drawn_there(x: int, y: int) -> None:
    scene = resolve(HOME, SITE)
    tile = find_tile(scene, Spot("left", x, y))
    holding = [
        one.number
        for one in scene[0].tiles
        if one.rect.x <= x < one.rect.right and one.rect.y <= y < one.rect.bottom
    ]
    assert ([] if tile is None else [tile.number]) == holding


def test_of_overlapping_tiles_the_upper_one_is_hit() -> None:
    left, right = resolve(HOME, SITE)
    over = msgspec.structs.replace(left.tiles[0], number=17)
    scene = (msgspec.structs.replace(left, tiles=(*left.tiles, over)), right)
    assert find_tile(scene, Spot("left", *FIRST)) == over
    under = msgspec.structs.replace(over, z=-1)
    scene = (msgspec.structs.replace(left, tiles=(*left.tiles, under)), right)
    assert find_tile(scene, Spot("left", *FIRST)) == left.tiles[0]
    assert find_tile(scene, Spot("third", *FIRST)) is None


def test_what_no_screen_has_is_no_spot() -> None:
    assert find_spot(PointerEvent("third", 1, 1, 0), SITE) is None
    assert find_spot(PointerEvent("left", 1920, 1080, 0), SITE) is None
    assert find_spot(PointerEvent("left", 1925, 3, 0), SITE) == Spot("right", 5, 3)


EVENTS = st.builds(
    PointerEvent,
    st.sampled_from(["left", "right"]),
    st.integers(-100, 4000),
    st.integers(-100, 1200),
    st.integers(0, 10**9),
    st.none() | st.sampled_from(Button),
    st.booleans(),
)


@given(st.lists(EVENTS, max_size=40))
def test_whatever_a_mouse_does_is_a_change_that_the_wall_knows(events: list[PointerEvent]) -> None:
    hand = Hand()
    for event in events:
        wall = PointedWall(hand.state, resolve(hand.state, SITE), SITE, EN)
        hand.mouse, change, _ = handle_pointer(hand.mouse, event, wall)
        if change is not None and not isinstance(change, c.Enlarge):
            hand.state = step(hand.state, change, SITE)


def test_of_a_move_between_two_looks_only_its_end_is_told() -> None:
    mouse = XMouse("left")
    mouse.moved((1, 1), 0)
    mouse.turned(1, True, (2, 2), 1)
    mouse.moved((3, 3), 2)
    mouse.moved((4, 4), 3)
    mouse.turned(1, False, (5, 5), 4)
    mouse.moved((6, 6), 5)
    mouse.turned(9, True, (7, 7), 6)
    assert mouse.taken() == [
        PointerEvent("left", 2, 2, 1, Button.LEFT, pressed=True),
        PointerEvent("left", 4, 4, 3),
        PointerEvent("left", 5, 5, 4, Button.LEFT),
    ]
    assert mouse.taken() == []


def test_on_an_output_of_another_shape_the_canvas_is_hit_where_it_is_shown() -> None:
    fitted = Fitted(Size(1920, 1080), Size(1280, 1024))
    assert fitted.on_canvas(0, 152) == (0, 0)
    assert fitted.on_canvas(640, 512) == (960, 540)
    assert fitted.on_canvas(640, 10)[1] < 0


def test_on_a_panel_that_hangs_turned_too() -> None:
    turned = Fitted(Size(1080, 1920), Size(1920, 1080), Turn(quarters=1))
    assert turned.on_canvas(1919, 0) == (0, 0)
    assert turned.on_canvas(0, 0) == (0, 1919)
    assert turned.on_canvas(0, 1079) == (1079, 1919)
