"""Home: what each screen shows at first. Fills what a site leaves open; pure, reads no file."""

from collections.abc import Sequence

from wallctl.model.site.layout import Layout, smallest_square
from wallctl.model.site.site import PresetScreen


def spread(
    sources: Sequence[str], screens: Sequence[str], layout: Layout
) -> tuple[PresetScreen, ...]:
    """Sources in order, as many on each screen as it has tiles; the last has all the rest."""
    given = []
    for i, screen in enumerate(screens):
        first = i * layout.count
        end = None if i == len(screens) - 1 else first + layout.count
        given.append(PresetScreen(screen, layout.name, tuple(sources[first:end])))
    return tuple(given)


def square_for(sources: int, screens: int) -> str:
    """The name of the smallest square that shows all sources when the screens share them."""
    side = smallest_square(-(-sources // max(1, screens)))
    return f"{side}x{side}"
