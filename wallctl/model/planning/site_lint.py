"""What of a site's pictures would disappoint at the wall, though its files are right. Pure.

Knows layouts, scenes and what streams deliver; not where in which file anything is written.
"""

import enum
import math
from collections.abc import Callable, Iterator, Sequence

import msgspec

from wallctl.model.base.geometry import Fit, Rect, Size
from wallctl.model.planning.plan import (
    Known,
    Machine,
    affordable,
    format_of,
    plan,
    shown_tiles,
    sizes_of,
)
from wallctl.model.planning.sufficient_stream import choose_stream
from wallctl.model.site.layout import Bezels, Layout
from wallctl.model.site.layout_placement import Place, place_on_screen, place_on_wall
from wallctl.model.site.panel_geometry import picture_area
from wallctl.model.site.site import Screen, Site
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.scene.scene import Scene, ScreenScene, Tile
from wallctl.model.wall.scene.selectable_scenes import Picture, PictureKind

READABLE_ARCMIN = 10.0
"""The height that a Chinese character of ten strokes needs: an eye resolves one minute of arc."""
ENLARGED_LIMIT = 2.0
"""A picture that is enlarged more looks soft from the operator's chair."""

LabelHeight = Callable[[Size], int]
"""How high a label's characters are in a tile of a size, in pixels."""


NumberBox = Callable[[Size], Rect]
"""Where in a tile of a size the number of its source is written."""


class Fault(enum.Enum):
    """What can be said against a picture."""

    OVERLAP = "overlap"
    HIDDEN = "hidden"
    UNNAMED = "unnamed"
    NOWHERE = "nowhere"
    ACROSS = "across"
    UNREADABLE = "unreadable"
    ENLARGED = "enlarged"
    TOO_MUCH = "too much"


class Remark(msgspec.Struct, frozen=True):
    """One of them, where it is, and what would be better."""

    fault: Fault
    picture: Picture
    found: str
    expected: str
    screen: str | None = None
    tile: int | None = None
    """Counts from 1 in the layout or the list; ``None``: of the whole picture."""


class Limits(msgspec.Struct, frozen=True):
    """What is held against."""

    known: Known
    machine: Machine
    label_px: LabelHeight
    enlarged: float = ENLARGED_LIMIT


def of_layout(layout: Layout, site: Site, number_box: NumberBox) -> Iterator[Remark]:
    """What can be said against a layout whatever it shows."""
    picture = Picture(PictureKind.LAYOUT, layout.name)
    laid = (
        place_on_wall(layout, site.screens)
        if layout.is_wide
        else {one.name: place_on_screen(layout, one) for one in site.screens[:1]}
    )
    yield from _overlaps(picture, laid)
    yield from _below(picture, laid, number_box)
    if layout.is_wide:
        yield from _across(picture, layout, laid, site.screens)


def _overlaps(picture: Picture, laid: dict[str, tuple[Place, ...]]) -> Iterator[Remark]:
    told: set[tuple[int, int]] = set()
    for places in laid.values():
        for i, place in enumerate(places):
            for other in places[:i]:
                pair = (other.number, place.number)
                if place.z != other.z or pair in told or not place.rect.intersects(other.rect):
                    continue
                told.add(pair)
                found = f"a tile that lies over tiles[{other.number}] with the same z"
                expected = "another z, or tiles side by side"
                yield Remark(Fault.OVERLAP, picture, found, expected, tile=place.number)


def _below(
    picture: Picture, laid: dict[str, tuple[Place, ...]], number_box: NumberBox
) -> Iterator[Remark]:
    """Tiles that are covered, and tiles whose number is covered."""
    seen, named = set[int](), set[int]()
    for places in laid.values():
        order = sorted(places, key=lambda place: place.z)
        for i, place in enumerate(order):
            above = [over.rect for over in order[i + 1 :]]
            box = _moved(number_box(place.rect.size), place.rect)
            if not any(_holds(over, place.rect) for over in above):
                seen.add(place.number)
            if place.is_labelled and not any(over.intersects(box) for over in above):
                named.add(place.number)
    for number in sorted({place.number for places in laid.values() for place in places}):
        if number not in seen:
            found, expected = "a tile that lies below others wholly", "some of it to be seen"
            yield Remark(Fault.HIDDEN, picture, found, expected, tile=number)
        elif number not in named:
            found, expected = "a tile whose label lies below another", "its upper left corner free"
            yield Remark(Fault.UNNAMED, picture, found, expected, tile=number)


def _moved(rect: Rect, to: Rect) -> Rect:
    return Rect(to.x + rect.x, to.y + rect.y, rect.w, rect.h)


def _holds(outer: Rect, inner: Rect) -> bool:
    across = outer.x <= inner.x and inner.right <= outer.right
    return across and outer.y <= inner.y and inner.bottom <= outer.bottom


def _across(
    picture: Picture, layout: Layout, laid: dict[str, tuple[Place, ...]], screens: Sequence[Screen]
) -> Iterator[Remark]:
    names = [one.name for one in screens]
    for number in range(1, layout.count + 1):
        over = [n for n in names if any(p.number == number for p in laid.get(n, ()))]
        if not over:
            found, expected = "a tile on no screen: behind a bezel, or beside the wall", "a screen"
            yield Remark(Fault.NOWHERE, picture, found, expected, tile=number)
        if len(over) > 1:
            hides = "hides a strip" if layout.bezels is Bezels.BEHIND else "breaks its lines"
            found = f"a tile across the bezels of {', '.join(over)}, which {hides}"
            expected = 'a tile on one screen, or bezels = "behind" or "jump" if it is meant'
            yield Remark(Fault.ACROSS, picture, found, expected, tile=number)


def of_picture(picture: Picture, site: Site, limits: Limits) -> Iterator[Remark]:
    """What can be said against a picture with its sources."""
    scene = resolve(picture.state(site), site)
    for screen, now in zip(site.screens, scene, strict=True):
        yield from _unreadable(picture, screen, now, site, limits)
        yield from _enlarged(picture, now, site, limits)
    yield from _too_much(picture, scene, site, limits)


def _unreadable(
    picture: Picture, screen: Screen, scene: ScreenScene, site: Site, limits: Limits
) -> Iterator[Remark]:
    """The smallest label of a screen, if it is too small."""
    if site.viewing_m is None or screen.on_wall_mm is None:
        return
    pixel_mm = picture_area(screen).h / screen.size.h
    labelled = [one for one in scene.tiles if one.source is not None and one.is_labelled]
    small = min(labelled, key=lambda one: limits.label_px(one.rect.size), default=None)
    if small is None:
        return
    height_mm = limits.label_px(small.rect.size) * pixel_mm
    least_mm = math.tan(math.radians(READABLE_ARCMIN / 60)) * site.viewing_m * 1000
    if height_mm < least_mm:
        found = f"labels {height_mm:.1f} mm high on {screen.name}"
        expected = f"at least {least_mm:.1f} mm, to be read at {site.viewing_m:g} m: fewer tiles"
        yield Remark(Fault.UNREADABLE, picture, found, expected, screen.name)


def _enlarged(picture: Picture, scene: ScreenScene, site: Site, limits: Limits) -> Iterator[Remark]:
    for tile in scene.tiles:
        source = site.source(tile.source) if tile.source is not None else None
        if source is None or not tile.is_labelled:
            continue  # nothing, or a piece of what was looked at on another screen
        stream = choose_stream(source, tile.served, sizes_of(limits.known))
        given = format_of((source.name, stream), limits.known)
        times = _times(tile, given.size)
        if times > limits.enlarged:
            size = f"{'taken to be ' if given.assumed else ''}{given.size.w}x{given.size.h}"
            found = f"{source.name} {stream}, {size}, enlarged {times:.1f} times"
            expected = f"at most {limits.enlarged:g} times: a larger stream or a smaller tile"
            yield Remark(Fault.ENLARGED, picture, found, expected, scene.screen, tile.number)


def _times(tile: Tile, stream: Size) -> float:
    across, down = tile.served.w / stream.w, tile.served.h / stream.h
    return min(across, down) if tile.fit is Fit.CONTAIN else max(across, down)


def _too_much(picture: Picture, scene: Scene, site: Site, limits: Limits) -> Iterator[Remark]:
    """More large streams than the machine decodes, or more of anything."""
    able = affordable(site, scene, limits.known, limits.machine)
    wanted = {one.stream for one in shown_tiles(site, scene, limits.known)}
    given = {one.stream for one in shown_tiles(able, scene, limits.known)}
    more = [key for key in wanted - given if key[1] == "main"]
    if more:
        mains = sum(stream == "main" for _, stream in wanted)
        found = f"{mains} main streams"
        expected = f"at most {mains - len(more)}, as this machine can decode (wallctl plan)"
        yield Remark(Fault.TOO_MUCH, picture, found, expected)
    costs = plan(site, scene, limits.known, limits.machine)
    if not costs.fits:
        found = f"{costs.cores:.2f} cores' work"
        expected = f"at most {costs.budget_cores:.2f} on this machine (wallctl plan)"
        yield Remark(Fault.TOO_MUCH, picture, found, expected)
