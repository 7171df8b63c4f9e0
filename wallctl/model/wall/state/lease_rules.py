"""Who may change which screens, and what becomes of leases: granted, hidden, ended, undone. Pure.

It knows pictures of screens and who asks; what a command makes of a picture, ``picture_commands``
knows, and what is locked, ``authorize``.
"""

from collections.abc import Collection, Mapping

from msgspec.structs import replace

from wallctl.model.wall.commands.command import CommandError
from wallctl.model.wall.state.lease import (
    PEOPLE,
    Claim,
    Holder,
    Lease,
    highest,
    seen,
    still_seen,
    yielding,
)
from wallctl.model.wall.state.screen_state import ScreenState
from wallctl.model.wall.state.state import BACK_DEPTH, Past, Scheduled, WallState

Screens = Mapping[str, ScreenState]
MOST_LEASES = 100
"""So many of one holder may lie over each other: more than anybody keeps in mind."""


def claimed(state: WallState, pictures: Screens, claim: Claim) -> WallState:
    """The state with other pictures as the grounds of some screens.

    With a time they are a lease; without one the new base, and the leases that they replace there
    are gone. ``CommandError`` where a higher rank holds a screen, and for a lease too many.
    """
    grounds = state.grounds
    touched = {name: new for name, new in pictures.items() if new != grounds[name]}
    if not touched:
        return state
    check_may(state, touched, claim.holder)
    past = _past(state, claim.holder)
    if claim.for_ns is not None:
        _check_room(state, claim.holder)
        lease = Lease(
            number=state.begun + 1,
            holder=claim.holder,
            screens=touched,
            until_ns=claim.now_ns + claim.for_ns,
        )
        return replace(granted(state, lease), past=past)
    leases = state.leases
    for name, new in touched.items():
        leases = tuple(yielding(one, name, grounds[name], new) for one in leases)
    return replace(state, base={**state.base, **touched}, leases=still_seen(leases), past=past)


def granted(state: WallState, lease: Lease) -> WallState:
    """The state with a lease that begins now, or with the new picture of one that goes on.

    One that goes on shows nothing on the screens that it has yielded.
    """
    if lease.number > state.begun:
        return replace(state, leases=(*state.leases, lease), begun=lease.number)
    past = tuple(replace(one, leases=_renewed(one.leases, lease)) for one in state.past)
    return replace(state, leases=still_seen(_renewed(state.leases, lease)), past=past)


def prolonged(state: WallState, number: int, until_ns: int | None) -> WallState:
    """The state in which a lease lasts until another time. ``back`` does not undo that."""
    past = tuple(replace(one, leases=_until(one.leases, number, until_ns)) for one in state.past)
    return replace(state, leases=_until(state.leases, number, until_ns), past=past)


def laid(state: WallState, lease: Lease, by: Holder) -> WallState:
    """The state with a lease that somebody asked for in the name of a weaker holder, as a tour: a
    new one, or one that had given its screens up and has them again.

    What lies over it there gives way. ``CommandError`` where a higher rank than that of who
    asks holds a screen.
    """
    grounds, shown = state.grounds, seen(state.grounds, (lease,))
    touched = {name: new for name, new in shown.items() if new != grounds[name]}
    check_may(state, touched, by)
    leases = state.leases
    for name, new in touched.items():
        leases = tuple(
            yielding(one, name, grounds[name], new) if one.rank > lease.rank else one
            for one in leases
        )
    others = still_seen(one for one in leases if one.number != lease.number)
    return replace(
        state,
        leases=tuple(sorted((*others, lease), key=lambda one: one.number)),
        begun=max(state.begun, lease.number),
    )


def noted(state: WallState, before: WallState, by: Holder, tour: str = "") -> WallState:
    """The state from which ``back`` leads to the one before, if a person made the change.

    ``tour`` is what the change has begun.
    """
    return replace(state, past=_past(before, by, tour))


def ended(state: WallState, numbers: Collection[int]) -> WallState:
    """The state in which these leases and their tours are over. ``back`` does not undo that."""
    return replace(
        state,
        tours=tuple(one for one in state.tours if one.lease not in numbers),
        scheduled=_unless(state.scheduled, numbers),
        leases=_without(state.leases, numbers),
        past=tuple(replace(one, leases=_without(one.leases, numbers)) for one in state.past),
    )


def expired(state: WallState, now_ns: int) -> WallState:
    """The state without the leases whose time is over; the same value if there are none."""
    over = {
        lease.number
        for leases in (state.leases, *(one.leases for one in state.past))
        for lease in leases
        if lease.until_ns is not None and lease.until_ns <= now_ns
    }
    return ended(state, over) if over else state


def released(state: WallState, number: int | None, holder: Holder) -> WallState:
    """The state without a lease (else the youngest of those that may be ended)."""
    if number is None:
        may = [one.number for one in state.leases if one.holder <= holder]
        if not may:
            raise CommandError("no_lease", "there is no lease that could be ended from here")
        number = may[-1]
    lease = next((one for one in state.leases if one.number == number), None)
    if lease is None:
        known = tuple(str(one.number) for one in state.leases)
        raise CommandError("no_lease", f"there is no lease {number} now", known)
    if lease.holder > holder:
        raise _held(lease, f"lease {number}")
    return ended(state, {number})


def gone_back(state: WallState, claim: Claim) -> WallState:
    """The state before the latest change that a person made.

    What has ended since stays ended, and what began by itself since goes on.
    """
    if not state.past:
        raise CommandError("nothing_before", "there is no earlier picture to go back to")
    was = state.past[-1]
    if was.by > claim.holder:
        raise CommandError("held", f"the latest change is the {was.by.label}'s, not yours to undo")
    since = [one for one in state.leases if one.number > was.begun and one.holder not in PEOPLE]
    back = replace(state, base=was.base, leases=(*was.leases, *since), past=state.past[:-1])
    back = ended(back, {one.lease for one in state.tours if one.name == was.tour})
    old, new = state.grounds, back.grounds
    check_may(state, {name: one for name, one in new.items() if one != old[name]}, claim.holder)
    return back


def unmade(state: WallState, before: WallState, by: Holder) -> WallState:
    """The state after a change that took back the one before it, if it did: ``back`` leads past
    both. Who has looked at a picture closely and is done does not want it large once more.
    """
    was = before.past[-1] if before.past else None
    if was is None or was.by > by or (was.base, was.leases) != (state.base, state.leases):
        return state
    return replace(state, past=before.past[:-1])


def shrunk(state: WallState) -> WallState:
    """The state in which no empty place fills a screen, as one would whose lent source is gone.
    The same value if none does."""
    empty = [name for name, one in state.screens.items() if _is_empty(one)]
    if not empty:
        return state
    leases = (replace(one, screens=_shrunk(one.screens, empty)) for one in state.leases)
    return replace(state, base=_shrunk(state.base, empty), leases=tuple(leases))


def _is_empty(screen: ScreenState) -> bool:
    return screen.enlarged is not None and screen.at(screen.enlarged) is None


def _shrunk(screens: Screens, names: Collection[str]) -> dict[str, ScreenState]:
    return {
        name: replace(one, enlarged=None) if name in names and _is_empty(one) else one
        for name, one in screens.items()
    }


def check_may(state: WallState, pictures: Screens, holder: Holder) -> None:
    """``CommandError`` if somebody may not make these the grounds of their screens."""
    for name in pictures:
        lease = highest(state.leases, name)
        if lease is not None and lease.holder > holder:
            raise _held(lease, f"screen {name}")


def _check_room(state: WallState, holder: Holder) -> None:
    """``CommandError`` if somebody has leases enough."""
    if sum(one.holder is holder for one in state.leases) >= MOST_LEASES:
        raise CommandError("too_many", f"you have {MOST_LEASES} leases: release some, or wait")


def _held(lease: Lease, what: str) -> CommandError:
    by = f"{lease.holder.label} {lease.name}".rstrip()
    return CommandError("held", f"{what} is held by the {by} (lease {lease.number})")


def _past(state: WallState, by: Holder, tour: str = "") -> tuple[Past, ...]:
    if by not in PEOPLE:
        return state.past
    now = Past(by, state.base, state.leases, state.begun, tour)
    return (*state.past, now)[-BACK_DEPTH:]


def _unless(scheduled: Scheduled | None, numbers: Collection[int]) -> Scheduled | None:
    """The entry of the schedule without its lease, if that is over: it is not begun again."""
    over = scheduled is not None and scheduled.lease in numbers
    return replace(scheduled, lease=0) if scheduled is not None and over else scheduled


def _renewed(leases: tuple[Lease, ...], lease: Lease) -> tuple[Lease, ...]:
    return tuple(
        replace(lease, yielded=one.yielded) if one.number == lease.number else one for one in leases
    )


def _until(leases: tuple[Lease, ...], number: int, until_ns: int | None) -> tuple[Lease, ...]:
    return tuple(replace(one, until_ns=until_ns) if one.number == number else one for one in leases)


def _without(leases: tuple[Lease, ...], numbers: Collection[int]) -> tuple[Lease, ...]:
    return tuple(one for one in leases if one.number not in numbers)
