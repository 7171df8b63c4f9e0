"""Leases: claims on the wall that lie over its base picture until they end.

The *base* is what people left on the screens. A lease shows something else for a while: whole
screens, or a source in single tiles. Of two leases on a screen the one whose holder ranks higher is
seen, among equals the younger. When a lease ends nothing is left of it: what it lay over is seen
again, exactly as it would be had the lease never been.
"""

import enum
from collections.abc import Collection, Iterable, Mapping

import msgspec
from msgspec.structs import replace

from wallctl.model.site.site import TileSource
from wallctl.model.wall.state.screen_state import ScreenState, put_at


class Holder(enum.IntEnum):
    """Who changes the wall. The larger wins."""

    SCHEDULE = 1
    TOUR = 2
    REMOTE = 3
    """A program or a console, over the control channel."""
    ALARM = 4
    OFFICER = 5
    """Who stands at the wall and uses its keys."""

    @property
    def label(self) -> str:
        """Its name in replies and reports."""
        return self.name.lower()


PEOPLE = frozenset({Holder.REMOTE, Holder.OFFICER})
"""Those whose changes ``back`` undoes; the others' leases end by themselves."""


class Claim(msgspec.Struct, frozen=True):
    """Who asks for a change, when, and for how long."""

    holder: Holder = Holder.OFFICER
    now_ns: int = 0
    for_ns: int | None = None
    """``None``: the change is the new base, until the next."""
    unix_s: int = 0
    """The same time as ``now_ns``, as a time of day: seconds since 1970."""


class Lease(msgspec.Struct, frozen=True):
    """A claim that was granted."""

    number: int
    """Counts the leases of a wall, from 1."""
    holder: Holder
    screens: dict[str, ScreenState] = {}
    tiles: tuple[TileSource, ...] = ()
    until_ns: int | None = None
    """``None``: until its holder ends it."""
    name: str = ""
    """What its holder calls it, as the name of a tour."""
    yielded: frozenset[str] = frozenset()
    """Screens that somebody took over: it shows nothing there any more."""

    @property
    def rank(self) -> tuple[Holder, int]:
        """Of two leases on a screen the one of higher rank is seen."""
        return (self.holder, self.number)

    def concerns(self, screen: str) -> bool:
        """Whether it shows anything on a screen."""
        return screen not in self.yielded and (
            screen in self.screens or any(tile.screen == screen for tile in self.tiles)
        )


Screens = Mapping[str, ScreenState]


def grounds(base: Screens, leases: Collection[Lease]) -> dict[str, ScreenState]:
    """What fills each screen: the whole screen of the highest lease that has one, else the base."""
    filled = dict(base)
    for lease in _by_rank(leases):
        filled |= _whole(lease, filled)
    return filled


def seen(base: Screens, leases: Collection[Lease]) -> dict[str, ScreenState]:
    """What each screen shows: its ground, and over it the single tiles of higher leases."""
    shown = dict(base)
    for lease in _by_rank(leases):
        shown |= _whole(lease, shown)
        for tile in lease.tiles:
            if tile.screen in shown and tile.screen not in lease.yielded:
                own = replace(shown[tile.screen], under=None)  # it is seen, whatever covered it
                shown[tile.screen] = put_at(own, tile.index, tile.source)
    return shown


def highest(leases: Collection[Lease], screen: str) -> Lease | None:
    """The lease that is seen on a screen, if one is."""
    there = [lease for lease in leases if lease.concerns(screen)]
    return max(there, key=lambda lease: lease.rank, default=None)


def numbered(leases: Iterable[Lease], number: int) -> Lease | None:
    """The lease of a number, if it is there."""
    return next((one for one in leases if one.number == number), None)


def is_seen(lease: Lease, leases: Collection[Lease]) -> bool:
    """Whether anything of a lease is seen: it is there, and no higher one lies over all of it."""
    if not any(one.number == lease.number for one in leases):
        return False
    above = [one for one in leases if one.rank > lease.rank]
    whole = {name for one in above for name in one.screens if name not in one.yielded}
    lent = {(t.screen, t.index) for one in above for t in one.tiles if t.screen not in one.yielded}
    free = {*lease.screens, *(t.screen for t in lease.tiles if (t.screen, t.index) not in lent)}
    return bool(free - lease.yielded - whole)


def yielding(lease: Lease, screen: str, old: ScreenState, new: ScreenState) -> Lease:
    """The lease after somebody has changed the ground of a screen: if it was the lease's own, or
    one of its tiles there is meant for another source now, it gives the screen up."""
    places = [tile.index for tile in lease.tiles if tile.screen == screen]
    taken = screen in lease.screens or any(new.at(i) != old.at(i) for i in places)
    return replace(lease, yielded=lease.yielded | {screen}) if taken else lease


def still_seen(leases: Iterable[Lease]) -> tuple[Lease, ...]:
    """Those that still show anything."""
    return tuple(
        lease
        for lease in leases
        if any(lease.concerns(name) for name in (*lease.screens, *(t.screen for t in lease.tiles)))
    )


def _whole(lease: Lease, of: Screens) -> dict[str, ScreenState]:
    """The lease's whole screens, of those that there are."""
    return {
        name: one for name, one in lease.screens.items() if name in of and name not in lease.yielded
    }


def _by_rank(leases: Collection[Lease]) -> list[Lease]:
    return sorted(leases, key=lambda lease: lease.rank)
