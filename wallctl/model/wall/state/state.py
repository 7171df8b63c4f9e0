"""What the wall shows, as one frozen value: its base, and the leases that lie over it."""

import typing
from collections.abc import Iterator

import msgspec

from wallctl.model.base.language import Language
from wallctl.model.site.alarm import RaisedAlarm, as_kept, as_waiting, keep_places
from wallctl.model.site.layout_placement import place_on_wall
from wallctl.model.site.site import ScheduleEntry, Site
from wallctl.model.wall.commands.actor import Actor, Role
from wallctl.model.wall.commands.command import Change
from wallctl.model.wall.events import event as e
from wallctl.model.wall.state.blanking import Blanked, Target, blanked
from wallctl.model.wall.state.lease import Lease, grounds, seen, still_seen
from wallctl.model.wall.state.screen_state import (
    ScreenState,
    Selection,
    leader,
    opened,
    page_start,
    trimmed,
)
from wallctl.model.wall.state.zoom import Zoom, Zoomed, zoom_of

MOST_OTHERS = 50
"""Alarms of sources that the site no longer has."""
NO_LEASE = 0
"""The number of no lease."""
BACK_DEPTH = 20
"""How many changes of the picture ``back`` can undo."""


class Past(msgspec.Struct, frozen=True):
    """The wall as it was before somebody's change."""

    by: Role
    """Whose change it was."""
    base: dict[str, ScreenState]
    leases: tuple[Lease, ...]
    begun: int
    tour: str = ""
    """The tour that the change began."""
    change: Change | None = None
    """What was asked for; ``None`` until ``step`` has noted it."""


class Scheduled(msgspec.Struct, frozen=True):
    """What the schedule has begun."""

    entry: ScheduleEntry
    lease: int
    """The number of its lease; 0 if the tour ran already, or somebody has ended it."""


class RunningTour(msgspec.Struct, frozen=True):
    """A tour that was begun and has not ended."""

    name: str
    lease: int
    """The number of its lease, which is gone where people have taken over all that it showed;
    ``NO_LEASE`` after a start of the wall, until time passes."""
    screens: frozenset[str]
    """All on which it ever shows something."""
    page: int
    """Index of the page whose turn it is."""
    left_ns: int
    """How long that page is still to be shown, at the moment from which it stands still."""
    until_ns: int | None = None
    """When the page turns; ``None`` while it stands still: paused, or not seen."""
    paused: bool = False
    holder: Role = Role.TOUR
    """Or the schedule, if that has begun it."""

    @property
    def goes_on(self) -> bool:
        """Whether its time runs."""
        return self.until_ns is not None


class Locks(msgspec.Struct, frozen=True):
    """What the officer has locked against those who are not at the wall."""

    wall: bool = False
    tiles: frozenset[Selection] = frozenset()


class Readout(msgspec.Struct, frozen=True):
    """Facts over the pictures that somebody has asked for."""

    verb: str
    """Of the command."""
    screen: str | None = None
    """``None``: all."""
    until_ns: int | None = None
    """``None``: until somebody wants them no more."""


class AcknowledgedAlarm(msgspec.Struct, frozen=True):
    """An alarm that somebody has acknowledged."""

    alarm: RaisedAlarm
    by: Actor
    unix_s: int
    """When, as a time of day."""


class WallState(msgspec.Struct, frozen=True):
    """The whole wall. Only ``step`` and ``passed`` make a new one: see
    ``wallctl.model.wall.state.reducer``."""

    base: dict[str, ScreenState]
    """What people left on the screens."""
    selected: Selection
    leases: tuple[Lease, ...] = ()
    """In the order of their numbers."""
    begun: int = 0
    """How many leases have ever been taken."""
    alarms: tuple[RaisedAlarm, ...] = ()
    """In the order of their numbers."""
    alarmed: int = 0
    """How many alarms have ever been raised."""
    acknowledged: tuple[AcknowledgedAlarm, ...] = ()
    """The latest of them that somebody has acknowledged, the newest last."""
    past: tuple[Past, ...] = ()
    """Before people's latest changes, newest last, for ``back``."""
    tours: tuple[RunningTour, ...] = ()
    """In the order of their beginning."""
    scheduled: Scheduled | None = None
    """The entry of the schedule that was begun last and is not over."""
    locks: Locks = Locks()
    blanked: tuple[Blanked, ...] = ()
    """What shows nothing of any camera. ``back`` never lifts this."""
    zoomed: tuple[Zoomed, ...] = ()
    """Sources that are seen closer, each in its place."""
    broadcasts: dict[str, bool] = {}
    """Those that somebody has switched on or off; of the others the site's word holds."""
    help_shown: bool = False
    """On the selected screen; the others go on showing their pictures."""
    alarm_list: int | None = None
    """There too: the number of the alarm that is marked in the list of alarms, 0 for the first one;
    ``None`` while the list is not shown."""
    readouts: tuple[Readout, ...] = ()
    """What is told over the pictures; one for each verb."""
    language: Language | None = None
    """``None``: that of the site, until somebody wants another."""
    revision: int = 0
    """Counts changes."""
    ending: bool = False
    known: frozenset[str] = frozenset()
    """The sources that the site had: others are newcomers when it is started with this state."""
    numbers: dict[str, int] = {}
    """Their numbers, which people know them by: a source that was renamed is found by it."""
    happened: tuple[e.Event, ...] = ()
    """What has led here, while the next state is made: each function that changes something says it
    here. The reducer takes it off, so that it is empty in every state that the reducer returns."""

    @property
    def screens(self) -> dict[str, ScreenState]:
        """What each screen shows now."""
        return seen(self.base, self.leases) if self.leases else self.base

    @property
    def grounds(self) -> dict[str, ScreenState]:
        """The same without sources that a lease has put into single tiles."""
        return grounds(self.base, self.leases) if self.leases else self.base


def tell(state: WallState, *events: e.Event, **fields: typing.Any) -> WallState:
    """The state with other fields, and with what has happened so."""
    return msgspec.structs.replace(state, happened=(*state.happened, *events), **fields)


def spoken(state: WallState, site: Site) -> Language:
    """The language that the wall speaks."""
    return state.language or site.language


def selected_zoom(state: WallState) -> Zoom:
    """How the selected tile is zoomed."""
    at = state.selected
    return zoom_of(state.zoomed, at.screen, at.index, state.screens[at.screen].at(at.index))


def initial(site: Site) -> WallState:
    """The state of a wall that was never touched: each screen at home."""
    screens = {home.screen: opened(home) for home in site.home}
    first = leader(screens, site.screens[0].name, site)
    return WallState(screens, Selection(first, 0), known=_names(site), numbers=_numbers(site))


def _names(site: Site) -> frozenset[str]:
    return frozenset(source.name for source in site.sources)


def _numbers(site: Site) -> dict[str, int]:
    return {source.name: source.number for source in site.sources}


def lasting(state: WallState) -> WallState:
    """What of a state is kept for the next start: no leases, no way back, no zoom; of alarms that
    they were raised, and who has acknowledged them; of tours those that people have begun."""
    return msgspec.structs.replace(
        state,
        leases=(),
        begun=0,
        alarms=tuple(map(as_kept, state.alarms)),
        past=(),
        tours=tuple(_as_kept(one) for one in state.tours if one.holder is Role.TOUR),
        scheduled=None,
        zoomed=(),
        help_shown=False,
        alarm_list=None,
        readouts=(),
        ending=False,
        happened=(),
    )


def _as_kept(one: RunningTour) -> RunningTour:
    """A tour for the next start: without its page, so that no turn of a page is a change."""
    return msgspec.structs.replace(one, lease=NO_LEASE, page=0, left_ns=0, until_ns=None)


def restored(kept: WallState, site: Site) -> WallState:
    """The state of a wall that starts again, made to fit the site of today."""
    return lasting(fitted(kept, site))


def fitted(kept: WallState, site: Site) -> WallState:
    """A state made to fit the site of today: what is unknown now falls back to home.

    What is hidden and locked stays, also where the site lacks it: a screen or a source that comes
    back must not come back visible.
    """
    fresh = initial(site)
    base = fresh.base | _fitting(kept.base, site)
    base = _with_newcomers(base, site, kept.known)
    alarms = _without_forgotten(keep_places(kept.alarms, _names(site), base), site)
    known = frozenset(one.lease for one in alarms)
    leases = _fitting_leases(kept.leases, site, known)
    lost = {one.number for one in kept.leases} - {one.number for one in leases}
    begun = kept.scheduled
    begun = begun if begun is not None and begun.lease not in lost else None
    alarms = tuple(as_waiting(one) if one.lease in lost else one for one in alarms)
    tours = tuple(one for one in kept.tours if one.holder is Role.TOUR or one.lease not in lost)
    return tell(
        kept,
        e.SiteTaken(),
        *(one.end(e.LeaseEnd.SITE) for one in kept.leases if one.number in lost),
        *_alarms_lost(kept.alarms, alarms),
        *(e.TourEnded(one.name) for one in kept.tours if one not in tours),
        base=base,
        leases=leases,
        alarms=alarms,
        past=tuple(
            msgspec.structs.replace(
                one,
                base=_with_newcomers(fresh.base | _fitting(one.base, site), site, kept.known),
                leases=_fitting_leases(one.leases, site, known - lost),
            )
            for one in kept.past
        ),
        tours=tours,
        scheduled=begun,
        selected=kept.selected if kept.selected.screen in base else fresh.selected,
        blanked=_blanked_by_number(kept, site),
        zoomed=tuple(one for one in kept.zoomed if one.screen in base),
        broadcasts={name: on for name, on in kept.broadcasts.items() if site.broadcast(name)},
        known=_names(site),
        numbers=_numbers(site),
    )


def _without_forgotten(alarms: tuple[RaisedAlarm, ...], site: Site) -> tuple[RaisedAlarm, ...]:
    """The alarms of the site, and so many others that nobody has acknowledged: the newest."""
    others = [one.number for one in alarms if site.source(one.alarm.source) is None]
    forgotten = frozenset(others[:-MOST_OTHERS])
    return tuple(one for one in alarms if one.number not in forgotten)


def _alarms_lost(
    before: tuple[RaisedAlarm, ...], after: tuple[RaisedAlarm, ...]
) -> Iterator[e.Event]:
    """What becomes of the alarms that another site lacks, or has no place for now."""
    left = {one.number: one for one in after}
    for one in before:
        about = one.number, one.alarm.name, one.alarm.source
        now = left.get(one.number)
        if now is None:
            yield e.AlarmEnded(*about, e.AlarmEnd.FORGOTTEN)
        elif now.is_over and not one.is_over:
            yield e.AlarmOver(*about)
        elif one.lease is not None and now.lease is None:
            yield e.AlarmDeferred(*about)


def _blanked_by_number(kept: WallState, site: Site) -> tuple[Blanked, ...]:
    """What is hidden; a source that was renamed is hidden under its new name."""
    names = _names(site)
    new = {one.number: one.name for one in site.sources if one.name not in kept.known}
    hidden: tuple[Blanked, ...] = ()
    for one in kept.blanked:
        target, old = one.target, one.target.source
        if old is not None and old not in names:
            target = Target(source=new.get(kept.numbers.get(old, 0), old))
        hidden = blanked(hidden, [target], one.by, one.reason)
    return hidden


def missed(state: WallState, site: Site) -> tuple[Target, ...]:
    """What is hidden, and the site has no such screen or source now."""
    screens, sources = {one.name for one in site.screens}, _names(site)
    return tuple(
        one.target
        for one in state.blanked
        if one.target.screen not in (None, *screens) or one.target.source not in (None, *sources)
    )


def hidden_whole(site: Site, reason: str) -> WallState:
    """The state if nobody knows what was hidden: all is hidden until a person shows it.

    Anybody may lift that: this code can't know who knows what was hidden, and what must be seen.
    """
    targets = (Target(one.screen) for one in site.home)
    return msgspec.structs.replace(initial(site), blanked=blanked((), targets, Role.REMOTE, reason))


def _fitting(screens: dict[str, ScreenState], site: Site) -> dict[str, ScreenState]:
    """Those screens that the site has, in layouts that it has, with sources that it has."""
    return {
        name: _known(one, site)
        for name, one in screens.items()
        if site.screen(name) is not None and _reaches(one.layout, name, site)
    }


def _reaches(layout: str, screen: str, site: Site) -> bool:
    """Whether the site has a layout that has tiles on a screen: a wide one may have none there."""
    found = site.layouts.get(layout)
    if found is None or not found.is_wide:
        return found is not None
    return screen in place_on_wall(found, site.screens)


def _fitting_leases(
    leases: tuple[Lease, ...], site: Site, of_alarms: frozenset[int | None]
) -> tuple[Lease, ...]:
    names = _names(site)
    return still_seen(
        msgspec.structs.replace(
            lease,
            screens=_fitting(lease.screens, site),
            tiles=tuple(
                one for one in lease.tiles if site.screen(one.screen) and one.source in names
            ),
        )
        for lease in leases
        if lease.holder is not Role.ALARM or lease.number in of_alarms
    )


def _known(screen: ScreenState, site: Site) -> ScreenState:
    """The screen without sources that the site no longer has."""
    names = _names(site)
    order = trimmed(tuple(name if name in names else None for name in screen.order))
    if order == screen.order:
        return screen
    count = site.layouts[screen.layout].count
    first = min(screen.first, page_start(max(0, len(order) - 1), count))
    large = screen.enlarged
    enlarged = large if large is not None and large < len(order) and order[large] else None
    return msgspec.structs.replace(screen, order=order, first=first, enlarged=enlarged)


def _with_newcomers(
    screens: dict[str, ScreenState], site: Site, known: frozenset[str]
) -> dict[str, ScreenState]:
    """New sources are found by paging on the last screen; what was taken off stays off."""
    listed = {name for screen in screens.values() for name in screen.order}
    new = tuple(one.name for one in site.sources if one.name not in listed | known)
    last = site.screens[-1].name
    order = screens[last].order + new
    return {**screens, last: msgspec.structs.replace(screens[last], order=order)}
