"""Two layouts beside each other on the same wall: which tiles stay, move, go and come.

Pure: values in, a picture out.
"""

from collections.abc import Collection, Sequence

from PIL import Image, ImageDraw

from wallctl.display.drawing import icons
from wallctl.display.text.text_line import Face
from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Area
from wallctl.model.planning.layout_diff import Change, TileChange
from wallctl.model.site.layout_placement import Place
from wallctl.model.site.panel_geometry import picture_area
from wallctl.model.site.site import Screen
from wallctl.preview.wall_preview import BEZEL, MARGIN_PX, WALL, Frame

LONGEST_PX = 1280
"""Of one of the two."""
_TITLE_PX = 52
_GAP_PX = 24
_PANEL: Colour = (26, 29, 33)
_FILL: dict[Change, Colour] = {
    Change.SAME: (86, 92, 100),
    Change.MOVED: (138, 108, 52),
    Change.SHOWN_OTHERWISE: (128, 92, 150),
    Change.GONE: (146, 70, 66),
    Change.NEW: (58, 118, 84),
}


def drawn_difference(
    names: tuple[str, str], changes: Sequence[TileChange], screens: Sequence[Screen], face: Face
) -> Image.Image:
    """The first layout and the second; beside each other, or below where the wall is wide."""
    shown = [one for one in screens if any(change.at[0] == one.name for change in changes)]
    panes = [
        _pane(name, [(c, p) for c in changes if (p := (c.before, c.after)[i])], shown, face)
        for i, name in enumerate(names)
    ]
    w, h = panes[0].size
    beside = w < 2 * h
    size = (2 * w + _GAP_PX, h) if beside else (w, 2 * h + _GAP_PX)
    picture = Image.new("RGB", size, WALL)
    picture.paste(panes[0], (0, 0))
    picture.paste(panes[1], (w + _GAP_PX, 0) if beside else (0, h + _GAP_PX))
    return picture


def _pane(
    name: str, tiles: Sequence[tuple[TileChange, Place]], screens: Sequence[Screen], face: Face
) -> Image.Image:
    frame = Frame(screens, LONGEST_PX)
    w, h = frame.size
    picture = Image.new("RGB", (w, h + _TITLE_PX), WALL)
    _title(picture, name, {change.change for change, _ in tiles}, face)
    pane = Image.new("RGB", (w, h), WALL)
    draw = ImageDraw.Draw(pane)
    draw.rectangle(_box(frame.area(frame.wall), -4), BEZEL)
    for screen in screens:
        draw.rectangle(_box(frame.area(picture_area(screen)), 0), _PANEL)
    for screen in screens:
        here = [one for one in tiles if one[0].at[0] == screen.name]
        for change, place in sorted(here, key=lambda one: one[1].z):
            share = Area(0, 0, screen.size.w, screen.size.h).share(
                Area(place.rect.x, place.rect.y, place.rect.w, place.rect.h)
            )
            _tile(pane, frame.area(picture_area(screen).part(share)), change, face)
    picture.paste(pane, (0, _TITLE_PX))
    return picture


def _title(picture: Image.Image, name: str, found: Collection[Change], face: Face) -> None:
    """A layout's name at the left, and at the right what the colours mean."""
    draw, middle = ImageDraw.Draw(picture), _TITLE_PX // 2 + 12
    x = picture.width - MARGIN_PX
    for change in (one for one in reversed(Change) if one in found):
        words = face.image(change.value, 24, icons.SOFT)
        x -= words.width
        picture.paste(words, (x, middle - words.height // 2), words)
        x -= 30
        draw.rectangle((x, middle - 9, x + 18, middle + 9), _FILL[change])
        x -= 26
    title = face.image(name, 36, icons.WHITE, x - MARGIN_PX)
    picture.paste(title, (MARGIN_PX, middle - title.height // 2), title)


def _tile(pane: Image.Image, area: Area, change: TileChange, face: Face) -> None:
    colour = _FILL[change.change]
    draw = ImageDraw.Draw(pane)
    draw.rectangle(_box(area, 1), colour, outline=icons.mixed(colour, icons.WHITE, 0.45), width=2)
    px = round(min(area.h, area.w) * 0.34)
    if px >= 8:
        digits = face.image(str(change.at[1]), px, icons.WHITE)
        x, y = area.x + (area.w - digits.width) / 2, area.y + (area.h - digits.height) / 2
        pane.paste(digits, (round(x), round(y)), digits)


def _box(area: Area, inside: int) -> tuple[int, int, int, int]:
    """The corners of a rectangle as they are drawn, so many pixels inside its edges."""
    return (
        round(area.x) + inside,
        round(area.y) + inside,
        max(round(area.x) + inside + 1, round(area.right) - 1 - inside),
        max(round(area.y) + inside + 1, round(area.bottom) - 1 - inside),
    )
