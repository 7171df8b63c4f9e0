"""Changes of what is no picture, and so has no way back: the selection, what is told over the
pictures, locks, language, broadcasts, and the end. Pure; who may ask for them ``claims`` decides.
"""

import typing
from collections.abc import Callable

from msgspec.structs import replace

from wallctl.model.site.broadcast import is_on
from wallctl.model.site.site import Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.state.lookup import find_name, find_tile
from wallctl.model.wall.state.readout import Readout
from wallctl.model.wall.state.selection import moved
from wallctl.model.wall.state.state import Locks, WallState


def _select(state: WallState, change: c.Select, site: Site) -> WallState:
    return replace(state, selected=find_tile(state, change.tile, site))


def _move(state: WallState, change: c.Move, site: Site) -> WallState:
    return replace(state, selected=moved(state, change.to, site))


def _help(state: WallState, change: c.Help, _site: Site) -> WallState:
    return replace(state, help_shown=not state.help_shown if change.shown is None else change.shown)


class Switch(typing.Protocol):
    """A change that shows something, or not; ``None`` changes over."""

    @property
    def shown(self) -> bool | None:
        """Whether it is to be shown."""


def _show(readout: Readout) -> Callable[[WallState, Switch, Site], WallState]:
    """The reducer of the command that shows a readout, or not."""

    def reduce(state: WallState, change: Switch, _site: Site) -> WallState:
        others = state.readouts - {readout}
        is_shown = readout not in state.readouts if change.shown is None else change.shown
        return replace(state, readouts=others | {readout} if is_shown else others)

    return reduce


def _set_language(state: WallState, change: c.SetLanguage, _site: Site) -> WallState:
    return replace(state, language=change.to)


def _set_broadcast(state: WallState, change: c.SetBroadcast, site: Site) -> WallState:
    name = find_name("broadcast", change.name, (b.name for b in site.broadcasts))
    broadcast = next(b for b in site.broadcasts if b.name == name)
    on = not is_on(broadcast, state.broadcasts) if change.on is None else change.on
    return replace(state, broadcasts={**state.broadcasts, broadcast.name: on})


def _quit(state: WallState, _change: c.Quit, _site: Site) -> WallState:
    return replace(state, ending=True)


def _lock(state: WallState, change: c.Lock, site: Site) -> WallState:
    if change.tile is None:
        return replace(state, locks=replace(state.locks, wall=True))
    tiles = state.locks.tiles | {find_tile(state, change.tile, site)}
    return replace(state, locks=replace(state.locks, tiles=tiles))


def _unlock(state: WallState, change: c.Unlock, site: Site) -> WallState:
    if change.tile is None:
        return replace(state, locks=Locks())
    tiles = state.locks.tiles - {find_tile(state, change.tile, site)}
    return replace(state, locks=replace(state.locks, tiles=tiles))


SETTINGS: dict[type, Callable[[WallState, typing.Any, Site], WallState]] = {
    c.Select: _select,
    c.Move: _move,
    c.Help: _help,
    c.Info: _show(Readout.INFO),
    c.Health: _show(Readout.HEALTH),
    c.Lock: _lock,
    c.Unlock: _unlock,
    c.SetLanguage: _set_language,
    c.SetBroadcast: _set_broadcast,
    c.Quit: _quit,
}
"""By the kind of the change; each raises ``CommandError`` if it can't be made."""
