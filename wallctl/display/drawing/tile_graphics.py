"""What belongs to one tile and is no camera's picture: its label, slate, badge and veil. Pure.

A badge marks a picture that is not live. ``wallctl.model.streams.health`` decides when.
"""

from typing import NamedTuple

import msgspec
import numpy as np
from PIL import Image

from wallctl.display.drawing import icons
from wallctl.display.drawing.sprite import Drawing, Patch, Planes
from wallctl.display.text.text_line import Face, line_height
from wallctl.model.base.bidi import SEPARATOR
from wallctl.model.base.colours import GROUND, Colour
from wallctl.model.base.geometry import Rect, Size, even
from wallctl.model.operator.message_catalogue import (
    HINT_TEXTS,
    REASON_TEXTS,
    STATE_TEXTS,
    Catalogue,
    Text,
)
from wallctl.model.streams.health import Reason, TileState

PILL_OPACITY = 0.86
"""Of what lies on pictures: dark enough for its writing on a white one, too."""
_LEAST_PX = 11
_PANEL_OF_LABEL = 0.6
"""Height of an info panel's writing, in heights of the tile's label."""
_MOST_PANEL_PX = 26
PANEL_PAD_EM = 0.6
PANEL_ROWS = 3
"""What an info panel mostly tells of a tile without a picture."""
_DETAIL_FROM, _HINT_FROM = 120, 180
"""The tile units (see ``_unit``) from which a slate has room for these lines."""
EMPTY_SHARE = 0.75
"""How much of an empty tile's writing is its own colour; the rest is the ground's."""
_CENTRED_FROM = 160
"""The unit from which a slate's middle can be the tile's middle without touching the label."""


class Caption(msgspec.Struct, frozen=True):
    """What a tile has to tell. ``since`` is a time of day as text; empty texts are left out."""

    number: int
    """The source's number, or an empty tile's own; 0 for none."""
    name: str = ""
    reason: Reason = Reason.NONE
    since: str = ""
    words: str = ""
    """A person's own, about why."""
    keys_apart_s: int = 0
    """How far apart keyframes come, where that is far."""
    informed: bool = False
    """Whether an info panel lies over the tile's foot: it tells what to do, and needs the room."""


class _Look(NamedTuple):
    icon: icons.Icon
    accent: Colour


LOOKS: dict[TileState, _Look] = {
    TileState.CONNECTING: _Look(icons.waves, icons.BLUE),
    TileState.WAITING_KEY: _Look(icons.hourglass, icons.TEAL),
    TileState.OFFLINE: _Look(icons.camera_off, icons.RED),
    TileState.REFUSED: _Look(icons.key, icons.ORANGE),
    TileState.MASKED: _Look(icons.eye_off, icons.VIOLET),
}


def _unit(tile: Size) -> int:
    """The height that a tile's drawings are scaled by: narrow tiles count as if 16:9."""
    return min(tile.h, tile.w * 9 // 16)


def _scaled(unit: int, share: float, least: int, most: int) -> int:
    return min(most, max(least, round(unit * share)))


def label_height(tile: Size) -> int:
    """Height of a tile's label: 22 px in a tile of 270, never below 14 or above 44."""
    return even(_scaled(_unit(tile), 0.082, 14, 44))


def label_text_height(tile: Size) -> int:
    """How high the characters of a tile's label are, in pixels."""
    return round(label_height(tile) * 0.66)


def number_box(tile: Size) -> Rect:
    """Where in a tile the number of its source is written."""
    inset, h = label_inset(tile), label_height(tile)
    return Rect(inset, inset, h, h)


def label_inset(tile: Size) -> int:
    """Distance of a tile's label from its left and upper edge, in pixels."""
    return even(max(4, label_height(tile) * 0.32))


def panel_px(tile: Size) -> int:
    """How high the characters of an info panel are."""
    return min(_MOST_PANEL_PX, max(_LEAST_PX, round(label_height(tile) * _PANEL_OF_LABEL)))


def panel_height(tile: Size, rows: int) -> int:
    """How high an info panel of so many lines is, with what is free below it."""
    px = panel_px(tile)
    return even(rows * line_height(px) + 2 * round(px * PANEL_PAD_EM)) + label_inset(tile)


def label(face: Face, number: int, name: str, tile: Size, *, stands_in: bool = False) -> Drawing:
    """The pill in a tile's top left corner: the number in a badge (unless 0), then the name. The
    badge of a source that ``stands_in`` for another has the colour of what is not as it should."""
    h, inset = label_height(tile), label_inset(tile)
    px, pad = label_text_height(tile), round(h * 0.36)
    ink, ground = (icons.NIGHT, icons.AMBER) if stands_in else (icons.WHITE, icons.SLATE_BLUE)
    digits = face.image(str(number), px, ink) if number else None
    badge_w = max(h, digits.width + 2 * pad - 2) if digits else 0
    room = tile.w - 2 * inset - badge_w - 2 * pad
    words = face.fitted(name, px, room) if room > px else ""
    name_w = face.width(words, px) + 2 * pad if words else 0
    picture = icons.pill(Size(even(badge_w + name_w) or h, h), icons.NIGHT, PILL_OPACITY, h // 4)
    if digits is not None:
        badge = icons.pill(Size(badge_w, h), ground, 1.0, h // 4)
        icons.centred_on(badge, digits)
        picture.alpha_composite(badge)
    if words:
        icons.centred_on(picture, face.image(words, px, icons.WHITE), badge_w + pad)
    return Drawing(Patch.from_image(picture), inset, inset)


class _Row(NamedTuple):
    """One line of a slate's middle, and the space above it."""

    picture: Image.Image
    above_px: int


def slate(face: Face, words: Catalogue, state: TileState, tile: Size, caption: Caption) -> Patch:
    """The whole of a tile of even size that has no picture, with its label if one is given.

    Without one there is room for it, so that tiles of many sources may share the slate.
    """
    if state is TileState.EMPTY:
        rows = _empty_rows(face, words, tile, caption.number)
        return Patch.composed(tile, GROUND, _stacked(rows, tile, 0))
    tag = _tag(face, caption, tile)
    top_px = tag[0].rect.bottom if tag and _unit(tile) < _CENTRED_FROM else 0
    rows = [_icon(state, tile), *_rows(face, words, state, tile, caption)]
    if caption.informed:
        drawings = _stacked(rows, tile, number_box(tile).bottom, panel_height(tile, PANEL_ROWS))
    else:
        drawings = _stacked(rows, tile, top_px)
    return _of_state(state, tile, [*drawings, *tag])


def bare_slate(state: TileState, tile: Size) -> Patch:
    """A slate without any text: the icon and the colour of its state."""
    if state not in LOOKS:
        return Patch.flat(tile, GROUND)
    return _of_state(state, tile, _stacked([_icon(state, tile)], tile, 0))


def _of_state(state: TileState, tile: Size, drawings: list[Drawing]) -> Patch:
    """Drawings on the ground of a state."""
    accent = LOOKS[state].accent
    ground = icons.mixed(GROUND, accent, 0.07)
    below = [_stripes(tile, accent)] if state is TileState.MASKED else []
    return Patch.composed(tile, ground, [*below, *drawings, _edge(tile, accent)])


def _icon(state: TileState, tile: Size) -> _Row:
    look = LOOKS[state]
    return _Row(icons.icon(look.icon, even(_scaled(_unit(tile), 0.23, 20, 240)), look.accent), 0)


def _stripes(tile: Size, accent: Colour) -> Drawing:
    """A curtain: what is behind it is hidden on purpose. It is told from afar by its pattern."""
    colours = (icons.mixed(GROUND, accent, 0.08), icons.mixed(GROUND, accent, 0.2))
    return Drawing(Patch.striped(tile, colours, _scaled(_unit(tile), 0.09, 8, 100)), 0, 0)


def _tag(face: Face, caption: Caption, tile: Size) -> list[Drawing]:
    """The label of a tile that has something to be called by."""
    named = caption.number or caption.name
    return [label(face, caption.number, caption.name, tile)] if named else []


def _edge(tile: Size, accent: Colour) -> Drawing:
    """The line along a slate's foot that shows the state's colour from afar."""
    h = _edge_height(tile)
    return Drawing(Patch.flat(Size(tile.w, h), accent), 0, tile.h - h)


def _edge_height(tile: Size) -> int:
    return even(_scaled(_unit(tile), 0.02, 2, 16))


class _Line(NamedTuple):
    """A text of a slate; ``above``: space before it, in units; ``least_unit``: shown from there."""

    text: str
    px: int
    colour: Colour
    above: float = 0.0
    least_unit: int = 0


def _row(face: Face, line: _Line, tile: Size) -> _Row:
    """The text on one line; smaller where it is too wide, and at last cut short."""
    room = tile.w - 2 * label_inset(tile)
    w = face.width(line.text, line.px)
    px = line.px if w <= room else max(_LEAST_PX, line.px * room // w)
    picture = face.image(line.text, min(px, line.px), line.colour, room)
    return _Row(picture, round(line.above * _unit(tile)))


def _empty_rows(face: Face, words: Catalogue, tile: Size, number: int) -> list[_Row]:
    unit = _unit(tile)
    faint = icons.mixed(GROUND, icons.FAINT, EMPTY_SHARE)
    digits = str(number) if number else ""
    lines = (
        _Line(digits, _scaled(unit, 0.3, 8, 999), faint),
        _Line(words.say(Text.EMPTY), _scaled(unit, 0.07, _LEAST_PX, 42), faint),
    )
    return [_row(face, line, tile) for line in lines if line.text]


def _rows(
    face: Face, words: Catalogue, state: TileState, tile: Size, caption: Caption
) -> list[_Row]:
    """The lines that a tile of this size has room for."""
    unit, look = _unit(tile), LOOKS[state]
    lines = (
        _Line(words.say(STATE_TEXTS[state]), _scaled(unit, 0.115, 12, 88), icons.WHITE, above=0.04),
        _Line(
            _details(words, caption),
            _scaled(unit, 0.06, _LEAST_PX, 46),
            icons.mixed(look.accent, icons.WHITE, 0.45),
            above=0.01,
            least_unit=_DETAIL_FROM,
        ),
        _Line(
            "" if caption.words or caption.informed else words.say(HINT_TEXTS[state]),
            _scaled(unit, 0.05, _LEAST_PX, 38),
            icons.SOFT,
            above=0.035,
            least_unit=_HINT_FROM,
        ),
    )
    shown = (line for line in lines if line.text and unit >= line.least_unit)
    return [_row(face, line, tile) for line in shown]


def _details(words: Catalogue, caption: Caption) -> str:
    """Why and since when."""
    why = "" if caption.reason is Reason.NONE else words.say(REASON_TEXTS[caption.reason])
    since = words.say(Text.SINCE, time=caption.since) if caption.since else ""
    keys = words.say(Text.KEYS_FAR_APART, seconds=caption.keys_apart_s)
    details = SEPARATOR.join(filter(None, (why, since, keys if caption.keys_apart_s else "")))
    return caption.words or details[:1].upper() + details[1:]


def _stacked(rows: list[_Row], tile: Size, top_px: int, foot_px: int = 0) -> list[Drawing]:
    """Rows one below the other, in the middle of what is left of a tile below ``top_px`` and above
    its foot."""
    height = sum(row.picture.height + row.above_px for row in rows)
    y = top_px + max(0, (tile.h - top_px - foot_px - height) // 2)
    drawings = []
    for row in rows:
        y += row.above_px
        x = (tile.w - row.picture.width) // 2
        drawings.append(Drawing(Patch.from_image(row.picture), x, y))
        y += row.picture.height
    return drawings


class _Badge(NamedTuple):
    """How a mark looks: opaque ones are read first."""

    icon: icons.Icon
    accent: Colour
    """Of the line along the tile's foot, too."""
    back: Colour
    ink: Colour
    opacity: float = PILL_OPACITY
    height: float = 1.15
    """In heights of a label."""


BADGES = {
    TileState.STALE: _Badge(
        icons.warning, icons.AMBER, icons.AMBER, icons.NIGHT, opacity=1.0, height=1.3
    ),
    TileState.SHED: _Badge(icons.chevrons_down, icons.LIME, icons.NIGHT, icons.LIME),
    TileState.CATCHING_UP: _Badge(icons.chevrons, icons.BLUE, icons.NIGHT, icons.BLUE),
}


def badge(
    face: Face,
    words: Catalogue,
    state: TileState,
    tile: Size,
    detail: str = "",
    lifted_px: int = 0,
) -> Drawing:
    """The mark on a picture that is STALE (in the middle; ``detail``: since when), SHED
    (``detail``: what it gets) or CATCHING_UP, over a line in its colour along the tile's foot.

    At least ``lifted_px`` of the tile's foot are left free below it."""
    look = BADGES[state]
    h = _badge_height(look, tile)
    px, pad, side = round(h * 0.6), round(h * 0.42), even(h * 0.58)
    room = tile.w - 2 * label_inset(tile) - 2 * pad - side - pad // 2
    text = _fitting(face, px, room, _badge_texts(words, state, detail))
    w = pad // 2 + face.width(text, px) if text else 0
    picture = _sign_of(look, tile, w)
    if text:
        icons.centred_on(picture, face.image(text, px, look.ink), pad + side + pad // 2)
    return _placed(picture, state, tile, lifted_px)


def bare_badge(state: TileState, tile: Size) -> Drawing:
    """A badge without any text: its icon."""
    return _placed(_sign_of(BADGES[state], tile, 0), state, tile, 0)


def _badge_height(look: _Badge, tile: Size) -> int:
    return even(label_height(tile) * look.height)


def _sign_of(look: _Badge, tile: Size, text_w: int) -> Image.Image:
    """A badge with its icon, and room for a text of that width beside it."""
    h = _badge_height(look, tile)
    pad, side = round(h * 0.42), even(h * 0.58)
    picture = icons.pill(Size(even(2 * pad + side + text_w + 1), h), look.back, look.opacity)
    icons.centred_on(picture, icons.icon(look.icon, side, look.ink), pad)
    return picture


def _placed(picture: Image.Image, state: TileState, tile: Size, lifted_px: int) -> Drawing:
    """A badge where it belongs in its tile."""
    look, central, inset = BADGES[state], state is TileState.STALE, label_inset(tile)
    x = (tile.w - picture.width) // 2 if central else tile.w - picture.width - inset
    foot = _scaled(_unit(tile), 0.07, 6, 60) if central else inset
    if lifted_px:
        foot = max(foot, inset + lifted_px)
    foot = max(0, min(foot, tile.h - picture.height - _edge_height(tile)))
    return _over_edge(picture, max(0, x), even(foot) + _edge_height(tile), look.accent, tile)


def _over_edge(badge_: Image.Image, x: int, foot_px: int, accent: Colour, tile: Size) -> Drawing:
    """A badge so far above a tile's foot, and the line along it."""
    edge_h = _edge_height(tile)
    strip = Image.new("RGBA", (tile.w, badge_.height + foot_px), (*accent, 0))
    strip.alpha_composite(badge_.crop((0, 0, min(badge_.width, tile.w - x), badge_.height)), (x, 0))
    strip.paste((*accent, 255), (0, strip.height - edge_h, tile.w, strip.height))
    return Drawing(Patch.from_image(strip), 0, tile.h - strip.height)


def small_print(face: Face, text: str, tile: Size, lifted_px: int = 0) -> Drawing:
    """What a live tile gets less of, in its lower right corner, or so far above it; a dot where
    there is no room."""
    h = even(label_height(tile) * 0.86)
    px, pad = round(h * 0.62), round(h * 0.4)
    words = _fitting(face, px, tile.w - 2 * label_inset(tile) - 2 * pad, (text,)) or "·"
    picture = icons.pill(
        Size(even(face.width(words, px) + 2 * pad + 1), h), icons.NIGHT, PILL_OPACITY
    )
    icons.centred_on(picture, face.image(words, px, icons.SOFT))
    inset = label_inset(tile)
    y = max(0, tile.h - h - inset - lifted_px)
    return Drawing(Patch.from_image(picture), tile.w - picture.width - inset, y)


def _badge_texts(words: Catalogue, state: TileState, detail: str) -> tuple[str, ...]:
    """What a badge may say, from the fullest to the shortest."""
    name = words.say(STATE_TEXTS[state])
    if not detail:
        return (name,)
    if state is TileState.SHED:
        return f"{name}{SEPARATOR}{detail}", name
    return f"{name} {words.say(Text.SINCE, time=detail)}", f"{name} {detail}", name


def _fitting(face: Face, px: int, room_px: int, texts: tuple[str, ...]) -> str:
    """The first text that fits; none if even the shortest does not."""
    return next((text for text in texts if face.width(text, px) <= room_px), "")


def veil(picture: Planes) -> None:
    """Dim a picture in place to half its light and colour; limited range stays limited range."""
    for plane, lift in ((picture.y, 8), (picture.u, 64), (picture.v, 64)):
        np.right_shift(plane, 1, out=plane)
        np.add(plane, np.uint8(lift), out=plane)
