"""The pictures that a site can show: home, its layouts, presets, groups and pages of tours."""

from collections.abc import Iterator

from wallctl.model.command import SetLayout, ShowGroup, ShowPreset, SteerTour, TourTo
from wallctl.model.site import Site
from wallctl.model.state import WallState, initial
from wallctl.model.step import step


def pictures(site: Site) -> Iterator[tuple[str, WallState]]:
    """A name and the state that it stands for: home, the layouts of keys, presets, groups, the
    pages of tours."""
    yield "home", initial(site)
    for name in dict.fromkeys(site.layout_keys):
        if name in site.layouts:
            yield f"layout {name}", with_layout(site, name)
    for preset in site.presets:
        yield f"preset {preset.name}", step(initial(site), ShowPreset(preset.name), site)
    for group in site.groups:
        yield f"group {group.name}", step(initial(site), ShowGroup(group.name), site)
    for tour in site.tours:
        state = step(initial(site), SteerTour(TourTo.ON, tour.name), site)
        for number in range(1, len(tour.pages) + 1):
            yield f"tour {tour.name} page {number}", state
            state = step(state, SteerTour(TourTo.NEXT, tour.name), site)


def with_layout(site: Site, name: str) -> WallState:
    """Home with a layout on every screen. Raises ``CommandError`` if there is none of that name."""
    state = initial(site)
    for screen in site.screens:
        state = step(state, SetLayout(name, screen.name), site)
    return state
