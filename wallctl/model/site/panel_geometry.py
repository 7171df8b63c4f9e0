"""Where screens hang on the wall, and which of their pixels a place of the wall covers.

Lengths are millimetres where the site gives them, and pixels where it does not. The wall between
two screens, their bezels, is a place like any other: what lies there is not seen.
"""

from collections.abc import Iterable, Sequence

import msgspec

from wallctl.model.base.geometry import Area, Rect
from wallctl.model.site.layout import Bezels
from wallctl.model.site.site import Bezel, Screen


class Piece(msgspec.Struct, frozen=True):
    """What one screen shows of a place on the wall."""

    screen: str
    rect: Rect
    """Its pixels there, even."""
    part: Area
    """What these pixels are of the whole place, exactly: they may reach a little beyond it."""


class Panel(msgspec.Struct, frozen=True):
    """A panel as its data sheet has it, and where its pixels are among those of the others."""

    rect: Rect
    w_mm: float
    h_mm: float
    bezel: Bezel


def place_side_by_side(panels: Sequence[Panel]) -> tuple[Area, ...]:
    """Where the visible pictures of panels hang whose frames touch, in columns and rows."""
    across = _begins(
        [(p.rect.x, p.rect.right, p.bezel.left, p.w_mm + p.bezel.right) for p in panels]
    )
    down = _begins(
        [(p.rect.y, p.rect.bottom, p.bezel.top, p.h_mm + p.bezel.bottom) for p in panels]
    )
    placed = zip(across, down, panels, strict=True)
    return tuple(Area(x, y, panel.w_mm, panel.h_mm) for x, y, panel in placed)


def _begins(panels: Sequence[tuple[int, int, float, float]]) -> list[float]:
    """Where pictures begin along one direction of the wall: each after all panels before it.

    For each panel: its first pixel, the one after its last, its frame before the picture, and its
    picture with the frame behind it.
    """
    begins: dict[int, float] = {}
    for i in sorted(range(len(panels)), key=lambda i: panels[i][0]):
        first, _end, frame, _rest = panels[i]
        before = (begins[j] + panels[j][3] for j in begins if panels[j][1] <= first)
        begins[i] = frame + max(before, default=0.0)
    return [begins[i] for i in range(len(panels))]


def picture_area(screen: Screen) -> Area:
    """The visible picture of a screen on the wall."""
    rect = screen.rect
    return screen.on_wall_mm or Area(rect.x, rect.y, rect.w, rect.h)


def panel_area(screen: Screen) -> Area:
    """The visible picture with its frame, as far as the frame is known."""
    area = picture_area(screen)
    return area if screen.bezel is None else screen.bezel.around(area)


def bounding_area(areas: Iterable[Area]) -> Area:
    """The smallest rectangle that holds them all."""
    listed = list(areas)
    x, y = min(one.x for one in listed), min(one.y for one in listed)
    return Area(x, y, max(one.right for one in listed) - x, max(one.bottom for one in listed) - y)


def cut_pieces(place: Area, screens: Sequence[Screen], bezels: Bezels) -> tuple[Piece, ...]:
    """The pixels of each screen that a place on the wall covers, in the order of the screens."""
    areas = [picture_area(screen) for screen in screens]
    if bezels is Bezels.JUMP:
        across = _GaplessAxis([(one.x, one.right) for one in areas])
        down = _GaplessAxis([(one.y, one.bottom) for one in areas])
        place, *areas = (_close_gaps(one, across, down) for one in (place, *areas))
    found = (_piece(place, *one) for one in zip(screens, areas, strict=True))
    return tuple(one for one in found if one is not None)


def _piece(place: Area, screen: Screen, area: Area) -> Piece | None:
    common = place.overlap(area)
    if common is None:
        return None
    rect = area.share(common).even_pixels(screen.size)
    if rect.w == 0 or rect.h == 0:
        return None
    w, h = screen.size.w, screen.size.h
    exact = area.part(Area(rect.x / w, rect.y / h, rect.w / w, rect.h / h))
    return Piece(screen.name, rect, place.share(exact))


class _GaplessAxis:
    """A direction of the wall without the gaps that run through all of it."""

    def __init__(self, spans: Iterable[tuple[float, float]]) -> None:
        """``spans``: from where to where each screen reaches."""
        ordered = sorted(spans)
        self._begin = reached = ordered[0][0]
        self._gaps: list[tuple[float, float]] = []
        for begin, end in ordered:
            if begin > reached:
                self._gaps.append((reached, begin))
            reached = max(reached, end)

    def at(self, place: float) -> float:
        """How far a place lies from the wall's begin when the gaps before it are gone."""
        gaps = sum(min(place, end) - begin for begin, end in self._gaps if place > begin)
        return place - self._begin - gaps


def _close_gaps(area: Area, across: _GaplessAxis, down: _GaplessAxis) -> Area:
    x, y = across.at(area.x), down.at(area.y)
    return Area(x, y, across.at(area.right) - x, down.at(area.bottom) - y)
