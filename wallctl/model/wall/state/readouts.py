"""Facts told over the pictures: each command that asks for some is answered here. Pure.

Which there are, the commands' table says; an overlay of the same verb tells them.
"""

import typing

from wallctl.model.site.site import Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.events.non_picture_event import ReadoutShown
from wallctl.model.wall.state.authorize import check_covered
from wallctl.model.wall.state.lease import Claim
from wallctl.model.wall.state.lookup import find_screen
from wallctl.model.wall.state.state import Readout, WallState, tell

MOST_S = 3600


def switch(state: WallState, change: c.SwitchedReadout, _site: Site, claim: Claim) -> WallState:
    """The state that tells a command's facts on all screens, or does not.

    ``CommandError`` where they would lie over what is locked.
    """
    verb = c.verb_of(change)
    is_shown = any(one.verb == verb for one in state.readouts)
    shown = not is_shown if change.shown is None else change.shown
    if shown == is_shown:
        return state
    readouts = _others(state, verb)
    if shown:
        check_covered(state, None, claim.role)
        readouts += (Readout(verb),)
    return tell(state, ReadoutShown(verb, shown), readouts=readouts)


def show_timed(state: WallState, change: c.TimedReadout, _site: Site, claim: Claim) -> WallState:
    """The state that tells a command's facts for some time.

    ``CommandError`` for too long a one, and where they would lie over what is locked.
    """
    verb = c.verb_of(change)
    if not 0 <= change.seconds <= MOST_S:
        raise c.CommandError("bad_args", f"{verb} takes 0 to {MOST_S} seconds")
    screen = None if change.screen is None else find_screen(state, change.screen)
    if not change.seconds:
        is_there = screen is None or verb in readouts_on(screen, state)
        return _without(state, verb) if is_there else state
    check_covered(state, screen, claim.role)
    readout = Readout(verb, screen, claim.now_ns + change.seconds * 1_000_000_000)
    if readout in state.readouts:
        return state
    if any(one.verb == verb and one.screen != screen for one in state.readouts):
        state = _without(state, verb)  # the event says where it ends
    told = ReadoutShown(verb, True, screen, change.seconds)
    return tell(state, told, readouts=(*_others(state, verb), readout))


def end_due(state: WallState, now_ns: int) -> WallState:
    """The state without readouts whose time is over. The same value if there are none."""
    for one in state.readouts:
        if one.until_ns is not None and one.until_ns <= now_ns:
            state = _without(state, one.verb)
    return state


def readouts_on(screen: str, state: WallState) -> frozenset[str]:
    """The verbs of the readouts on a screen."""
    return frozenset(one.verb for one in state.readouts if one.screen in (None, screen))


def ending(state: WallState, screen: str) -> c.Change | None:
    """The command that ends what is told for some time on a screen, if anything is."""
    timed = [one for one in state.readouts if one.until_ns is not None]
    verb = next((one.verb for one in timed if one.screen in (None, screen)), None)
    kind = next((one for one in typing.get_args(c.Readout) if c.verb_of(one) == verb), None)
    return kind(screen, 0) if kind is not None else None


def _without(state: WallState, verb: str) -> WallState:
    gone = (ReadoutShown(verb, False, one.screen) for one in state.readouts if one.verb == verb)
    left = _others(state, verb)
    return state if left == state.readouts else tell(state, *gone, readouts=left)


def _others(state: WallState, verb: str) -> tuple[Readout, ...]:
    return tuple(one for one in state.readouts if one.verb != verb)
