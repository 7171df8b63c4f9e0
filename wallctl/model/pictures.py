"""The pictures that a site can show with one key: home, its layouts, its presets."""

from collections.abc import Iterator

from wallctl.model.command import SetLayout, ShowPreset
from wallctl.model.site import Site
from wallctl.model.state import WallState, initial
from wallctl.model.step import step


def pictures(site: Site) -> Iterator[tuple[str, WallState]]:
    """A name and the state that it stands for: home, then the layouts of keys, then presets."""
    yield "home", initial(site)
    for name in dict.fromkeys(site.layout_keys):
        if name in site.layouts:
            yield f"layout {name}", with_layout(site, name)
    for preset in site.presets:
        yield f"preset {preset.name}", step(initial(site), ShowPreset(preset.name), site)


def with_layout(site: Site, name: str) -> WallState:
    """Home with a layout on every screen. Raises ``CommandError`` if there is none of that name."""
    state = initial(site)
    for screen in site.screens:
        state = step(state, SetLayout(name, screen.name), site)
    return state
