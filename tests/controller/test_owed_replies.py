"""Replies that are owed: who waits for a picture that a newer change overtakes."""

from tests.support.reducing import claim, step
from tests.support.sites import site
from wallctl.api.doorkeeper_messages import Ticket
from wallctl.api.protocol import SUPERSEDED, Reply
from wallctl.controller.owed_replies import MOST_CARRIED, OwedReplies, OwedReply
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.state.state import initial

SITE = site(30, 1)
CLAIM = claim(Role.REMOTE)


def waiting(name: str, command: c.Change) -> OwedReply:
    return OwedReply(Ticket((b"me",), name), command, CLAIM, 1)


def test_those_wait_on_whose_change_still_stands() -> None:
    told: list[tuple[str, Reply]] = []
    owed = OwedReplies(lambda ticket, reply: told.append((ticket.id, reply)))
    stands, gone = c.Blank(source="1"), (c.SetLayout("3x3"), c.Page("next"), c.Release(9))
    state = initial(SITE)
    for command in (c.SetLayout("3x3"), c.Blank(source="1"), c.SetLayout("2x2")):
        state = step(state, command, SITE, CLAIM)
    owed.owe(7, *(waiting(repr(one), one) for one in (stands, *gone)))
    assert [one.command for one in owed.carried(7, state, SITE)] == [stands]
    assert told == [(repr(one), SUPERSEDED) for one in gone]
    assert owed.shown(7) == ()


def test_only_so_many_wait_for_one_picture() -> None:
    told: list[str] = []
    owed = OwedReplies(lambda ticket, _reply: told.append(ticket.id))
    state, many = initial(SITE), [c.Blank(source=str(number)) for number in range(1, 31)]
    for command in many:
        state = step(state, command, SITE, CLAIM)
    owed.owe(7, *(waiting(one.source or "", one) for one in many))
    assert [one.command for one in owed.carried(7, state, SITE)] == many[-MOST_CARRIED:]
    assert told == [one.source for one in many[:-MOST_CARRIED]]


def test_at_the_end_all_are_told() -> None:
    owed = OwedReplies(lambda _ticket, _reply: None)
    owed.owe(7, waiting("a", c.Blank()), waiting("b", c.Blank()))
    owed.owe(8)
    owed.owe(9, waiting("c", c.Blank()))
    assert [ticket.id for ticket in owed.give_up()] == ["a", "b", "c"]
    assert owed.shown(7) == ()
