"""What is other from one layout to another on the same screens, tile by tile. Pure."""

import enum
from collections.abc import Iterator, Sequence

import msgspec

from wallctl.model.base.geometry import Area, Rect
from wallctl.model.site.framing import Framing
from wallctl.model.site.layout import Layout
from wallctl.model.site.layout_placement import Place, place_on_screen, place_on_wall
from wallctl.model.site.site import Screen

At = tuple[str, int]
"""A tile by its screen and number."""


class Change(enum.Enum):
    """What becomes of a tile."""

    SAME = "same"
    MOVED = "moved"
    SHOWN_OTHERWISE = "shown otherwise"
    GONE = "gone"
    NEW = "new"


class TileChange(msgspec.Struct, frozen=True):
    """A tile in both layouts, or in one of them."""

    at: At
    before: Place | None
    after: Place | None

    @property
    def change(self) -> Change:
        """What becomes of it."""
        if self.before is None or self.after is None:
            return Change.NEW if self.before is None else Change.GONE
        if self.before.rect != self.after.rect:
            return Change.MOVED
        same = (self.before.framing, self.before.z) == (self.after.framing, self.after.z)
        return Change.SAME if same else Change.SHOWN_OTHERWISE

    def words(self) -> Iterator[str]:
        """What is other, piece by piece."""
        before, after = self.before, self.after
        if before is None or after is None:
            place = before or after
            assert place is not None, "a tile is in one layout at least"
            yield f"{self.change.value}, {_rect(place.rect)}"
            return
        pairs = ((_rect(before.rect), _rect(after.rect)), (f"z {before.z}", f"z {after.z}"))
        framed = zip(_framing(before.framing), _framing(after.framing), strict=True)
        yield from (f"{old} -> {new}" for old, new in (*pairs, *framed) if old != new)


def difference(a: Layout, b: Layout, screens: Sequence[Screen]) -> tuple[TileChange, ...]:
    """Every tile of two layouts, by screen and number. Two that lie on one screen each are
    compared on the first."""
    seen = tuple(screens) if a.is_wide or b.is_wide else tuple(screens[:1])
    before, after = _places(a, seen), _places(b, seen)
    order = [one.name for one in seen]
    ats = sorted(before.keys() | after.keys(), key=lambda at: (order.index(at[0]), at[1]))
    return tuple(TileChange(at, before.get(at), after.get(at)) for at in ats)


def _places(layout: Layout, screens: tuple[Screen, ...]) -> dict[At, Place]:
    laid = (
        place_on_wall(layout, screens)
        if layout.is_wide
        else {one.name: place_on_screen(layout, one) for one in screens}
    )
    return {(name, place.number): place for name, places in laid.items() for place in places}


def _rect(rect: Rect) -> str:
    return f"{rect.w}x{rect.h} at {rect.x},{rect.y}"


def _framing(framing: Framing) -> tuple[str, ...]:
    return (
        f"crop {_area(framing.crop)}",
        f"fit {framing.fit.value if framing.fit else 'of the source'}",
        "mirrored" if framing.turn.mirrored else "not mirrored",
        f"rotate {framing.turn.quarters * 90}",
    )


def _area(area: Area) -> str:
    return f"[{area.x:g}, {area.y:g}, {area.w:g}, {area.h:g}]"
