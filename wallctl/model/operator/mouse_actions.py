"""What the mouse means: pointer events in, commands and words for the screens out. Pure.

A click selects, a second one on the same tile enlarges or restores, and a tile that is dragged onto
another changes places with it. The wheel brings a picture closer; then dragging moves what is seen
of it, and the middle button shows all of it. All mice of a wall are one.
"""

import msgspec
from msgspec.structs import replace

from wallctl.model.operator.catalogue import Catalogue, Text
from wallctl.model.operator.feedback import Feedback
from wallctl.model.operator.pointer import Button, PointerEvent, Spot, spot_of, tile_at
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
PAN_EVERY_NS = 100_000_000
"""How often a picture follows the hand: each time it is scaled anew."""
STEADY_PX = 12
"""So far a hand may slip while it clicks."""


class Grip(msgspec.Struct, frozen=True):
    """A tile that the left button is held on."""

    tile: TileRef
    at: Spot
    zoom: Zoom = WHOLE
    """How it was zoomed when it was taken."""
    dragged: bool = False
    moved_ns: int = 0
    """When what is seen of it was last moved."""


class Click(msgspec.Struct, frozen=True):
    """A tile that was clicked, where and when."""

    tile: TileRef
    at: Spot
    at_ns: int


class Mouse(msgspec.Struct, frozen=True):
    """What the mouse has begun."""

    grip: Grip | None = None
    click: Click | None = None


class Wall(msgspec.Struct, frozen=True):
    """What is pointed at: the wall as it is now."""

    state: WallState
    scene: Scene
    site: Site
    words: Catalogue


Pointed = tuple[Mouse, Change | None, Feedback | None]


def point(mouse: Mouse, event: PointerEvent, wall: Wall) -> Pointed:
    """What a pointer event does: the mouse after it, a command, and words while it is dragged."""
    spot = spot_of(event, wall.site)
    tile = tile_at(wall.scene, spot) if spot is not None else None
    if event.button is Button.LEFT and not event.pressed:
        return _let_go(mouse, spot, wall)
    if spot is None or tile is None:
        return mouse, None, None
    if event.button is Button.LEFT:
        return _pressed(mouse, Click(TileRef(tile.number, spot.screen), spot, event.at_ns), wall)
    if event.button is not None:
        return mouse, _zoom(event, spot, tile), None
    if mouse.grip is not None:
        return _moved(mouse, mouse.grip, spot, event.at_ns, wall)
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


def _pressed(mouse: Mouse, click: Click, wall: Wall) -> Pointed:
    """The frame comes with the press, not with the release: a hand should see at once."""
    if wall.state.help_shown:
        return Mouse(), Help(False), None
    last, tile = mouse.click, click.tile
    if last is not None and last.tile == tile and click.at_ns - last.at_ns <= DOUBLE_NS:
        screens = wall.state.screens
        large = screens[leader(screens, click.at.screen, wall.site)].enlarged is not None
        return Mouse(), Restore(tile.screen) if large else Enlarge(tile), None
    found = tile_at(wall.scene, click.at)
    change = None if found is not None and found.selected else Select(tile)
    zoom = found.zoom if found is not None else WHOLE
    return Mouse(Grip(tile, click.at, zoom), click), change, None


def _moved(mouse: Mouse, grip: Grip, spot: Spot, at_ns: int, wall: Wall) -> Pointed:
    if not grip.dragged and not _is_far(grip.at, spot):
        return mouse, None, None
    if grip.zoom == WHOLE:
        words = wall.words.say(Text.DRAGGING, tile=tile_to_text(grip.tile))
        said = None if grip.dragged else Feedback(words)
        return Mouse(replace(grip, dragged=True)), None, said
    if at_ns - grip.moved_ns < PAN_EVERY_NS:
        return mouse, None, None
    return Mouse(replace(grip, dragged=True, moved_ns=at_ns)), _pan(grip, spot, wall), None


def _pan(grip: Grip, spot: Spot, wall: Wall) -> Change | None:
    """A picture that is closer follows the hand."""
    tile = tile_at(wall.scene, grip.at)
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
    return a.screen != b.screen or max(off) > STEADY_PX


def _let_go(mouse: Mouse, spot: Spot | None, wall: Wall) -> Pointed:
    """A tile that was dragged changes places with the one where it is dropped."""
    grip, after = mouse.grip, replace(mouse, grip=None)
    if grip is None or not grip.dragged:
        return after, None, None
    tile = tile_at(wall.scene, spot) if spot is not None else None
    if grip.zoom != WHOLE:
        return after, _pan(grip, spot, wall) if spot is not None else None, None
    if spot is None or tile is None or TileRef(tile.number, spot.screen) == grip.tile:
        return after, None, Feedback(wall.words.say(Text.CANCELLED))
    return after, Swap(grip.tile, TileRef(tile.number, spot.screen)), None
