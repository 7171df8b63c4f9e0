"""The queue of alarms: raised, shown, put aside, over, acknowledged. Pure.

An alarm that is shown is a lease of ``Role.ALARM``, so when it ends nothing is left of its picture.
Of those that want the same place the one with the highest priority is shown, among equals the
oldest; the others wait. None is shown over what the officer holds by a lease, has locked or has
blanked. Somebody at the wall who changes the picture under an alarm has seen it, and those that
wait for its place: they are put aside, and only their notices stay. The picture of an alarm that is
over goes; the alarm waits until somebody acknowledges it, and nothing else ends it.
"""

import enum
from collections.abc import Collection, Iterator, Mapping

from msgspec.structs import replace

from wallctl.model.base.unicode_rules import reading, same_reading
from wallctl.model.site.alarm import Alarm, AlarmPlace, RaisedAlarm, as_over, as_waiting
from wallctl.model.site.site import Site, TileSource
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.commands.command import Acknowledge, CommandError, EndAlarm, RaiseAlarm
from wallctl.model.wall.events import event as e
from wallctl.model.wall.state.blanking import screen_blanked
from wallctl.model.wall.state.lease import Claim, Lease, grounds, highest, numbered
from wallctl.model.wall.state.lease_rules import ended, granted, prolonged
from wallctl.model.wall.state.lookup import find_source, unknown
from wallctl.model.wall.state.screen_state import ScreenState, Selection, leader, page_start
from wallctl.model.wall.state.state import AcknowledgedAlarm, WallState, tell

REPEAT_NS = 1_000_000_000
"""A contact that chatters raises its alarm no more often than this."""
MOST_ACKNOWLEDGED = 50
"""Alarms of which it is known who has acknowledged them."""


class AlarmState(enum.Enum):
    """How an alarm fares that nobody has acknowledged."""

    SHOWN = "shown"
    WAITING = "waiting"
    ASIDE = "aside"
    """The officer took the screen from it."""
    OVER = "over"
    """Its time is over, or its cause."""


def raised(state: WallState, change: RaiseAlarm, site: Site, claim: Claim) -> WallState:
    """The state with an alarm more in the queue, or with one renewed that stood there already.

    ``CommandError`` for a name that is neither an alarm's nor a source's.
    """
    alarm = meant(change.name, site)
    old = _raised_as(alarm.name, state)
    if old is None:
        number = state.alarmed + 1
        new = RaisedAlarm(
            number, alarm, claim.now_ns, claim.unix_s, claim.now_ns, said=change.text or ""
        )
        told = e.AlarmRaised(*_about(new), alarm.priority, new.said)
        return tell(state, told, alarms=(*state.alarms, new), alarmed=number)
    ends = old.until_ns is not None and old.until_ns <= claim.now_ns
    if claim.now_ns - old.latest_ns < REPEAT_NS and not (old.is_over or ends):
        return state
    said, count = change.text or old.said, old.count + 1
    now = replace(old, said=said, count=count, latest_ns=claim.now_ns)
    if old.is_over:
        begun = replace(as_waiting(now), since_ns=claim.now_ns, since_unix_s=claim.unix_s)
        begun = replace(begun, alarm=alarm)
        return tell(_with(state, begun), e.AlarmRaised(*_about(begun), alarm.priority, said))
    return _renewed(tell(state, e.AlarmRepeated(*_about(old), count)), now)


def meant(name: str, site: Site) -> Alarm:
    """The alarm of a name; else one that shows the source of that name or number."""
    alarm = site.alarm(same_reading(name, (one.name for one in site.alarms)) or "")
    if alarm is not None:
        return alarm
    try:
        source = find_source(site, name).name
    except CommandError:
        known = (*(one.name for one in site.alarms), *(one.name for one in site.sources))
        raise unknown("alarm", name, known) from None
    return Alarm(source, source, site.alarm_at)


def _raised_as(name: str, state: WallState) -> RaisedAlarm | None:
    """The alarm of a name; the site may have written it otherwise when it was raised."""
    return next((one for one in state.alarms if reading(one.alarm.name) == reading(name)), None)


def _renewed(state: WallState, one: RaisedAlarm) -> WallState:
    """The state with an alarm raised again: its time, if that runs, begins again."""
    if one.lease is None and not one.is_aside:
        return _with(state, replace(one, until_ns=None))
    if one.lease is None:
        return _with(state, replace(one, until_ns=_until(one.alarm, one.latest_ns)))
    until_ns = _until(one.alarm, one.latest_ns)
    return _with(prolonged(state, one.lease, until_ns), replace(one, until_ns=until_ns))


def acknowledged(state: WallState, change: Acknowledge, _site: Site, claim: Claim) -> WallState:
    """The state without an alarm (else the one that is told first), or without all."""
    if not state.alarms:
        raise CommandError("no_alarm", "there is no alarm to be acknowledged")
    if change.all:
        return acknowledge(state, [one.number for one in state.alarms], claim)
    if change.alarm is None:
        return acknowledge(state, [in_order(state)[0].number], claim)
    if change.alarm not in {one.number for one in state.alarms}:
        known = tuple(str(one.number) for one in state.alarms)
        raise CommandError("no_alarm", f"there is no alarm {change.alarm} now", known)
    return acknowledge(state, [change.alarm], claim)


def acknowledge(state: WallState, numbers: Collection[int], claim: Claim) -> WallState:
    """The state without these alarms; it knows who has acknowledged them, and when."""
    gone = [one for one in in_order(state) if one.number in numbers]
    left = tuple(one for one in state.alarms if one.number not in numbers)
    now = (AcknowledgedAlarm(as_over(one), claim.actor, claim.unix_s) for one in gone)
    told = (e.AlarmEnded(*_about(one), e.AlarmEnd.ACKNOWLEDGED) for one in gone)
    return tell(
        _without_leases(state, gone),
        *told,
        alarms=left,
        acknowledged=(*state.acknowledged, *now)[-MOST_ACKNOWLEDGED:],
    )


def ended_by_its_cause(state: WallState, change: EndAlarm, site: Site, claim: Claim) -> WallState:
    """The state in which the time of an alarm ends now, if it is raised. ``over`` does the rest.

    ``CommandError`` for a name that is neither an alarm's nor a source's.
    """
    name = meant(change.name, site).name
    one = _raised_as(name, state)
    if one is None or one.is_over:
        return state
    if one.lease is not None:
        state = prolonged(state, one.lease, claim.now_ns)
    told = e.AlarmCauseEnded(*_about(one))
    return tell(_with(state, replace(one, until_ns=claim.now_ns)), told)


def in_order(state: WallState) -> list[RaisedAlarm]:
    """All alarms, as they are told and acknowledged: those that are shown, then those that are
    not, both in their order; at last those that are over, the oldest first."""

    def place(one: RaisedAlarm) -> tuple[bool, bool, tuple[int, int]]:
        return one.is_over, not is_shown(state, one), (0, one.number) if one.is_over else one.rank

    return sorted(state.alarms, key=place)


def alarm_state(state: WallState, one: RaisedAlarm) -> AlarmState:
    """How an alarm of the queue fares."""
    if is_shown(state, one):
        return AlarmState.SHOWN
    if one.is_over:
        return AlarmState.OVER
    is_aside = one.is_aside or one.lease is not None
    return AlarmState.ASIDE if is_aside else AlarmState.WAITING


def is_shown(state: WallState, one: RaisedAlarm) -> bool:
    """Whether an alarm has its place on a screen now."""
    return _lease(state, one) is not None


def released(state: WallState, leases: Collection[int]) -> WallState:
    """The state in which the alarms are over whose leases somebody has ended."""
    return _over(state, [one for one in state.alarms if one.lease in leases])


def over(state: WallState, now_ns: int) -> WallState:
    """The state in which the alarms are over whose time is; the same value if there are none."""
    timed = (one for one in state.alarms if one.until_ns is not None)
    return _over(state, [one for one in timed if (one.until_ns or 0) <= now_ns])


def _over(state: WallState, alarms: Collection[RaisedAlarm]) -> WallState:
    if not alarms:
        return state
    state = _without_leases(state, alarms)
    for one in alarms:
        state = _with(state, as_over(one))
    return tell(state, *(e.AlarmOver(*_about(one)) for one in alarms))


def settled(state: WallState, site: Site, now_ns: int) -> WallState:
    """The state in which those alarms are shown that should be; the same value if they are."""
    if not state.alarms:
        return state
    covered = tuple(_covered_now(state))
    state = tell(state, *covered) if covered else state
    state = _all_put_aside(state, covered, site, now_ns)
    places = _places(state, site)
    misplaced = [one for one in state.alarms if _is_misplaced(state, one, places)]
    for one in misplaced:
        state = _with(ended(state, {one.lease or 0}, e.LeaseEnd.ENDED), as_waiting(one))
        if one.number not in places:
            state = tell(state, e.AlarmDeferred(*_about(one)))
    for one in state.alarms:
        place = places.get(one.number)
        if place is not None:
            lease = _claim(state, one, place, site)
            moves = any(one.number == other.number for other in misplaced)
            told = (e.AlarmMoved if moves else e.AlarmShown)(*_about(one), str(place))
            state = _shown(state, replace(one, place=place), lease, now_ns, told)
    return state


def _covered_now(state: WallState) -> Iterator[e.Event]:
    """What becomes of alarms whose leases somebody has just covered, or ``back`` has brought
    again."""
    by_lease = {one.lease: one for one in state.alarms if one.lease is not None}
    for event in state.happened:
        match event:
            case e.LeaseEnded(lease) if lease in by_lease:
                yield e.AlarmSetAside(*_about(by_lease[lease]))
            case e.LeaseReturned(lease) if lease in by_lease:
                yield e.AlarmShown(*_about(by_lease[lease]), str(by_lease[lease].place))


def _all_put_aside(
    state: WallState, covered: Collection[e.Event], site: Site, now_ns: int
) -> WallState:
    """The state in which no alarm that waits jumps up where the officer has just changed the
    picture: who put one aside there has read the notices of the others."""
    aside = {one.alarm for one in covered if isinstance(one, e.AlarmSetAside)}
    taken = {one.place.screen for one in state.alarms if one.number in aside and one.place}
    while taken:
        places = _places(state, site)
        jumping = [
            one
            for one in state.alarms
            if one.lease is None and one.number in places and places[one.number].screen in taken
        ]
        if not jumping:
            break
        for one in jumping:
            put = replace(one, is_aside=True, until_ns=_until(one.alarm, now_ns))
            state = tell(_with(state, put), e.AlarmSetAside(*_about(one)))
    return state


def _is_misplaced(state: WallState, one: RaisedAlarm, places: Mapping[int, AlarmPlace]) -> bool:
    """Whether an alarm is shown where it is not to be."""
    return is_shown(state, one) and places.get(one.number) != one.place


def _places(state: WallState, site: Site) -> dict[int, AlarmPlace]:
    """The place of each alarm that is to be shown, by its number."""
    found: dict[int, AlarmPlace] = {}
    for one in sorted(state.alarms, key=lambda one: one.rank):
        if alarm_state(state, one) in (AlarmState.ASIDE, AlarmState.OVER):
            continue
        wanted = (one.place, *one.alarm.at) if one.place is not None else one.alarm.at
        for place in wanted:
            taken = any(place.meets(other) for other in found.values())
            if not taken and _is_open(state, place, site, stays=place == one.place):
                found[one.number] = place
                break
    return found


def _is_open(state: WallState, place: AlarmPlace, site: Site, stays: bool) -> bool:
    """Whether an alarm may be shown in a place. Locks hold off what is not there yet only."""
    higher = [lease for lease in state.leases if lease.holder > Role.ALARM]
    if screen_blanked(state.blanked, place.screen) or highest(higher, place.screen) is not None:
        return False
    screen = _below(state)[place.screen]
    if place.tile is not None and _index(screen, place.tile) not in _seen(screen, site):
        return False
    return stays or not (state.locks.wall or _is_locked(state, place, site))


def _is_locked(state: WallState, place: AlarmPlace, site: Site) -> bool:
    """Whether a tile is locked that an alarm would cover in a place: there, or of a wide layout
    that lies over the screen."""
    below = _below(state)
    screen, over = below[place.screen], leader(below, place.screen, site)
    own = _seen(screen, site) if place.tile is None else (_index(screen, place.tile),)
    covered = {Selection(place.screen, i) for i in own}
    if over != place.screen:
        covered |= {Selection(over, i) for i in _seen(below[over], site)}
    return not covered.isdisjoint(state.locks.tiles)


def _below(state: WallState) -> dict[str, ScreenState]:
    """What fills each screen below all alarms."""
    others = [lease for lease in state.leases if lease.holder is not Role.ALARM]
    return grounds(state.base, others)


def _seen(screen: ScreenState, site: Site) -> Collection[int]:
    """The places of a screen's list that are in a tile now."""
    if screen.enlarged is not None:
        return (screen.enlarged,)
    return range(screen.first, screen.first + site.layouts[screen.layout].count)


def _index(screen: ScreenState, tile: int) -> int:
    return screen.first + tile - 1


def _shown(
    state: WallState, one: RaisedAlarm, lease: Lease, now_ns: int, told: e.Event
) -> WallState:
    """The state with an alarm shown by a lease, if it is not so yet, and with what is told of its
    begin."""
    if lease in state.leases:
        return state
    if one.lease is not None:
        told = e.LeaseChanged(*lease.about)
    else:
        until_ns = _until(one.alarm, now_ns)
        one = replace(one, lease=lease.number, until_ns=until_ns)
        lease = replace(lease, until_ns=until_ns)
    return tell(_with(granted(state, lease), one), told)


def _claim(state: WallState, one: RaisedAlarm, place: AlarmPlace, site: Site) -> Lease:
    """The lease that an alarm needs in a place. One in a tile follows the page of its screen."""
    below, source = _below(state)[place.screen], one.alarm.source
    lease = _lease(state, one) or Lease(state.begun + 1, Role.ALARM, name=one.alarm.name)
    if place.tile is not None:
        at = TileSource(place.screen, _index(below, place.tile), source)
        return replace(lease, tiles=(at,))
    if lease.screens:
        return lease
    return replace(lease, screens={place.screen: large(below, source, site)})


def large(screen: ScreenState, source: str, site: Site) -> ScreenState:
    """The screen with a source alone on it, uncovered; the rest of its list stays behind it."""
    order = screen.order if source in screen.order else (*screen.order, source)
    index = order.index(source)
    first = page_start(index, site.layouts[screen.layout].count)
    return replace(screen, order=order, first=first, enlarged=index, under=None)


def _until(alarm: Alarm, now_ns: int) -> int | None:
    return None if alarm.hold_ns is None else now_ns + alarm.hold_ns


def _lease(state: WallState, one: RaisedAlarm) -> Lease | None:
    return None if one.lease is None else numbered(state.leases, one.lease)


def _with(state: WallState, one: RaisedAlarm) -> WallState:
    alarms = tuple(one if old.number == one.number else old for old in state.alarms)
    return replace(state, alarms=alarms)


def _about(one: RaisedAlarm) -> tuple[int, str, str]:
    """How events name an alarm."""
    return one.number, one.alarm.name, one.alarm.source


def _without_leases(state: WallState, alarms: Collection[RaisedAlarm]) -> WallState:
    """The state without the leases by which alarms are shown."""
    leases = {one.lease for one in alarms if one.lease is not None}
    return ended(state, leases, e.LeaseEnd.ENDED) if leases else state
