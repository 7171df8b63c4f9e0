"""A wall made again from what it was given: the same reducer, asked the same. Pure."""

import typing

import msgspec

from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import CommandError
from wallctl.model.wall.events.event import Event, Refused
from wallctl.model.wall.events.event_record import Asked, Denied, Given, SiteRead, TimePassed
from wallctl.model.wall.state.lease import Claim
from wallctl.model.wall.state.reducer import pass_time, refit, step
from wallctl.model.wall.state.state import WallState


class Wall(msgspec.Struct, frozen=True):
    """A state, and the site that it goes by."""

    state: WallState
    site: Site


def replay(wall: Wall, given: Given) -> tuple[Wall, tuple[Event, ...]]:
    """The wall after it was given something, and what came of it. Of what was ``Denied`` it can't
    say anything."""
    state, site = wall.state, wall.site
    match given:
        case Asked(who, change, now_ns, unix_s, for_ns):
            try:
                outcome = step(state, change, site, Claim(who.actor, now_ns, unix_s, for_ns))
            except CommandError as error:
                return wall, (Refused(error.code, error.message, 1),)
        case Denied():
            return wall, ()
        case TimePassed(now_ns, dead, due):
            outcome = pass_time(state, now_ns, site, dead, due)
        case SiteRead(site):
            outcome = refit(state, site)
        case _:
            typing.assert_never(given)
    return Wall(outcome.state, site), outcome.events
