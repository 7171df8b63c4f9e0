"""Where the selection goes when an arrow or Tab is pressed."""

from collections.abc import Mapping

from wallctl.model.site.layout import Cell
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import Direction
from wallctl.model.wall.state.lookup import index_of, visible
from wallctl.model.wall.state.screen_state import ScreenState, Selection, leader, seen_tiles
from wallctl.model.wall.state.state import WallState

TOWARDS = {
    Direction.LEFT: (-1, 0),
    Direction.RIGHT: (1, 0),
    Direction.UP: (0, -1),
    Direction.DOWN: (0, 1),
}
"""Where each arrow leads: right and down, in steps."""


def moved(state: WallState, to: Direction, site: Site) -> Selection:
    """The next selection: Tab goes round all tiles in reading order, arrows to the neighbour.

    An arrow that leaves its screen goes on to the screen beside it, if one stands there.
    """
    selected = visible(state, site)
    if to not in TOWARDS:
        return _along(state, selected, 1 if to is Direction.NEXT else -1, site)
    screen = state.screens[selected.screen]
    cells = (Cell(0, 0),) if screen.enlarged is not None else site.layouts[screen.layout].cells
    seen = {
        number: cells[number - 1] for number in seen_tiles(state.screens, selected.screen, site)
    }
    number = _neighbour(cells[_tile(screen, selected.index)], seen, TOWARDS[to])
    if number is not None:
        return Selection(selected.screen, index_of(screen, number))
    return _across(state, selected, TOWARDS[to], site)


def _tile(screen: ScreenState, index: int) -> int:
    return 0 if screen.enlarged is not None else index - screen.first


def _along(state: WallState, selected: Selection, by: int, site: Site) -> Selection:
    places = [
        Selection(name, index_of(screen, tile))
        for name, screen in state.screens.items()
        if leader(state.screens, name, site) == name
        for tile in seen_tiles(state.screens, name, site)
    ]
    return places[(places.index(selected) + by) % len(places)]


def _neighbour(here: Cell, cells: Mapping[int, Cell], towards: tuple[int, int]) -> int | None:
    """The nearest cell on that side, by the distance of the middles (doubled, so whole)."""
    dx, dy = towards

    def distance(cell: Cell) -> tuple[float, float] | None:
        across = 2 * cell.x + cell.w - 2 * here.x - here.w
        down = 2 * cell.y + cell.h - 2 * here.y - here.h
        ahead, aside = (across * dx, abs(down)) if dx else (down * dy, abs(across))
        return (ahead + 2 * aside, aside) if ahead > 0 else None

    far = {i: d for i, cell in cells.items() if (d := distance(cell)) is not None}
    return min(far, key=far.__getitem__, default=None)


def _across(
    state: WallState, selected: Selection, towards: tuple[int, int], site: Site
) -> Selection:
    """The first tile of the screen that stands on that side; the selection stays if none does."""
    dx, dy = towards
    here = site.screen(selected.screen)
    if here is None:
        return selected
    beside = [
        (abs(other.rect.x - here.rect.x) + abs(other.rect.y - here.rect.y), other.name)
        for other in site.screens
        if other.name in state.screens
        and leader(state.screens, other.name, site) != selected.screen
        and (other.rect.x - here.rect.x) * dx + (other.rect.y - here.rect.y) * dy > 0
    ]
    if not beside:
        return selected
    name = leader(state.screens, min(beside)[1], site)
    screen = state.screens[name]
    return Selection(name, screen.enlarged if screen.enlarged is not None else screen.first)
