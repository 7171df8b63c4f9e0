"""What the mouse does: pointer events in, commands and words for the screens out. Pure.

A click selects, a second one on the same tile enlarges or restores, and a tile that is dragged onto
another changes places with it. The wheel brings a picture closer; then dragging moves what is seen
of it, and the middle button shows all of it. All mice of a wall are one.
"""

import msgspec
from msgspec.structs import replace

from wallctl.model.operator.alarm_list_input import list_under, point_at_list
from wallctl.model.operator.feedback import Feedback
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.operator.pointer import Button, PointerEvent, Spot, find_spot, find_tile
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import (
    Change,
    Enlarge,
    Help,
    Restore,
    Select,
    SetZoom,
    Swap,
    TileRef,
)
from wallctl.model.wall.commands.syntax import tile_to_text
from wallctl.model.wall.scene.scene import Scene, Tile
from wallctl.model.wall.state.screen_state import leader
from wallctl.model.wall.state.state import WallState
from wallctl.model.wall.state.zoom import NOTCH, WHOLE, Zoom, panned, zoomed

DOUBLE_NS = 400_000_000
"""Two clicks within this time are one double click."""
PAN_INTERVAL_NS = 100_000_000
"""How often a dragged picture follows the pointer: each step scales it once more."""
CLICK_SLIP_PX = 12
"""How far the pointer may slip during a click."""


class Grip(msgspec.Struct, frozen=True):
    """A tile that the left button is held on."""

    tile: TileRef
    at: Spot
    zoom: Zoom = WHOLE
    """Its zoom when the button went down."""
    dragged: bool = False
    moved_ns: int = 0
    """When what is seen of it was last moved."""


class Click(msgspec.Struct, frozen=True):
    """A tile that was clicked, where and when."""

    tile: TileRef
    at: Spot
    at_ns: int


class MouseState(msgspec.Struct, frozen=True):
    """What the mouse has begun: a drag, or the first click of two."""

    grip: Grip | None = None
    click: Click | None = None


class PointedWall(msgspec.Struct, frozen=True):
    """The wall as it is now, for the pointer."""

    state: WallState
    scene: Scene
    site: Site
    words: Catalogue


PointResult = tuple[MouseState, Change | None, Feedback | None]


def handle_pointer(mouse: MouseState, event: PointerEvent, wall: PointedWall) -> PointResult:
    """Take a pointer event: the mouse after it, a command, and words while a tile is dragged."""
    spot = find_spot(event, wall.site)
    listing = list_under(wall.scene, spot) if spot is not None else None
    if spot is not None and listing is not None:
        return MouseState(), point_at_list(listing, event, spot, wall.state), None
    return _point_at_tiles(mouse, event, spot, wall)


def _point_at_tiles(
    mouse: MouseState, event: PointerEvent, spot: Spot | None, wall: PointedWall
) -> PointResult:
    tile = find_tile(wall.scene, spot) if spot is not None else None
    if event.button is Button.LEFT and not event.pressed:
        return _release(mouse, spot, wall)
    if spot is None or tile is None:
        return mouse, None, None
    if event.button is Button.LEFT:
        return _press(mouse, Click(TileRef(tile.number, spot.screen), spot, event.at_ns), wall)
    if event.button is not None:
        return mouse, _zoom(event, spot, tile), None
    if mouse.grip is not None:
        return _move(mouse, mouse.grip, spot, event.at_ns, wall)
    return mouse, None, None


def _zoom(event: PointerEvent, spot: Spot, tile: Tile) -> Change | None:
    """What the wheel and the middle button do, when they go down."""
    if not event.pressed or tile.source is None or tile.masked:
        return None
    ref = TileRef(tile.number, spot.screen)
    if event.button is Button.MIDDLE:
        return SetZoom(1, ref) if tile.zoom != WHOLE else None
    by = NOTCH if event.button is Button.WHEEL_UP else 1 / NOTCH
    to = zoomed(tile.zoom, by, _share(tile, spot))
    return SetZoom(to.factor, ref, to.x, to.y) if to != tile.zoom else None


def _press(mouse: MouseState, click: Click, wall: PointedWall) -> PointResult:
    """Select on the press, not on the release, so that the frame is seen at once."""
    if wall.state.help_shown:
        return MouseState(), Help(False), None
    last, tile = mouse.click, click.tile
    if last is not None and last.tile == tile and click.at_ns - last.at_ns <= DOUBLE_NS:
        screens = wall.state.screens
        large = screens[leader(screens, click.at.screen, wall.site)].enlarged is not None
        return MouseState(), Restore(tile.screen) if large else Enlarge(tile), None
    found = find_tile(wall.scene, click.at)
    is_selected = any(
        one.screen == click.at.screen and one.selected == tile.number for one in wall.scene
    )
    change = None if is_selected else Select(tile)
    zoom = found.zoom if found is not None else WHOLE
    return MouseState(Grip(tile, click.at, zoom), click), change, None


def _move(mouse: MouseState, grip: Grip, spot: Spot, at_ns: int, wall: PointedWall) -> PointResult:
    if not grip.dragged and not _is_far(grip.at, spot):
        return mouse, None, None
    if grip.zoom == WHOLE:
        words = wall.words.say(Text.DRAGGING, tile=tile_to_text(grip.tile))
        said = None if grip.dragged else Feedback(words)
        return MouseState(replace(grip, dragged=True)), None, said
    if at_ns - grip.moved_ns < PAN_INTERVAL_NS:
        return mouse, None, None
    return MouseState(replace(grip, dragged=True, moved_ns=at_ns)), _pan(grip, spot, wall), None


def _pan(grip: Grip, spot: Spot, wall: PointedWall) -> Change | None:
    """Move what is seen of a zoomed picture with the pointer."""
    tile = find_tile(wall.scene, grip.at)
    if tile is None or spot.screen != grip.at.screen:
        return None
    (x, y), (from_x, from_y) = _share(tile, spot), _share(tile, grip.at)
    to = panned(grip.zoom, (x - from_x, y - from_y))
    return SetZoom(to.factor, grip.tile, to.x, to.y) if to != tile.zoom else None


def _share(tile: Tile, spot: Spot) -> tuple[float, float]:
    """A place in fractions of what a tile shows; of all of it, where it is a piece of more."""
    rect, span = tile.rect, tile.view.span
    at = (spot.x_px - rect.x) / rect.w, (spot.y_px - rect.y) / rect.h
    return at if span is None else span.part.at(at)


def _is_far(a: Spot, b: Spot) -> bool:
    off = abs(a.x_px - b.x_px), abs(a.y_px - b.y_px)
    return a.screen != b.screen or max(off) > CLICK_SLIP_PX


def _release(mouse: MouseState, spot: Spot | None, wall: PointedWall) -> PointResult:
    """Swap a dragged tile with the one on which it is dropped."""
    grip, after = mouse.grip, replace(mouse, grip=None)
    if grip is None or not grip.dragged:
        return after, None, None
    tile = find_tile(wall.scene, spot) if spot is not None else None
    if grip.zoom != WHOLE:
        return after, _pan(grip, spot, wall) if spot is not None else None, None
    if spot is None or tile is None or TileRef(tile.number, spot.screen) == grip.tile:
        return after, None, Feedback(wall.words.say(Text.CANCELLED))
    return after, Swap(grip.tile, TileRef(tile.number, spot.screen)), None
