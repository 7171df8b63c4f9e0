"""Screens tell which they are, for as long as somebody wants it."""

import pytest

from tests.support.reducing import claim, passed, step
from tests.support.sites import alarmed
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.events.non_picture_event import ReadoutShown
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state import reducer
from wallctl.model.wall.state.readouts import ending
from wallctl.model.wall.state.state import WallState, initial, lasting

SITE = alarmed()
HOME = initial(SITE)
SECOND = 1_000_000_000
LEFT, RIGHT = ("left", 1, 2), ("right", 2, 2)


def asked(change: c.Change, state: WallState = HOME, now_s: int = 0) -> WallState:
    return step(state, change, SITE, claim(Role.REMOTE, now_s * SECOND))


def told(state: WallState) -> list[tuple[str, int, int] | None]:
    return [
        (screen.screen, screen.number, screen.of) if "identify" in screen.readouts else None
        for screen in resolve(state, SITE)
    ]


def test_every_screen_tells_its_name_and_number() -> None:
    assert told(HOME) == [None, None]
    assert told(asked(c.Identify())) == [LEFT, RIGHT]
    assert told(asked(c.Identify("right"))) == [None, RIGHT]


def test_it_ends_by_itself_and_leaves_nothing() -> None:
    state = asked(c.Identify(seconds=5), now_s=3)
    assert passed(state, 7 * SECOND, SITE) is state
    over = passed(state, 8 * SECOND, SITE)
    assert told(over) == [None, None]
    assert (over.screens, over.past, over.leases) == (HOME.screens, (), ())
    assert told(asked(c.Identify(seconds=0), state)) == [None, None]
    assert lasting(state).readouts == ()


def test_it_is_ended_where_it_is_and_nowhere_else() -> None:
    state = asked(c.Identify("left"))
    assert asked(c.Identify("right", 0), state) is state
    assert told(asked(c.Identify("left", 0), state)) == [None, None]
    assert told(asked(c.Identify("left", 0), asked(c.Identify()))) == [None, None]
    with pytest.raises(c.CommandError, match="no screen is called"):
        asked(c.Identify("nowhere", 0), state)


def test_each_screen_that_begins_and_ends_is_told() -> None:
    first = asked(c.Identify("left", 5))
    now = reducer.step(first, c.Identify("right", 5), SITE, claim(Role.REMOTE, 0))
    assert now.events == (
        ReadoutShown("identify", False, "left"),
        ReadoutShown("identify", True, "right", 5),
    )
    over = reducer.pass_time(now.state, 5 * SECOND, SITE)
    assert over.events == (ReadoutShown("identify", False, "right"),)


def test_the_newest_wish_counts() -> None:
    state = asked(c.Identify("right", 3600), asked(c.Identify(seconds=5)))
    assert told(passed(state, 6 * SECOND, SITE)) == [None, RIGHT]


def test_it_goes_on_while_the_picture_changes_and_back_does_not_end_it() -> None:
    state = asked(c.Back(), asked(c.SetLayout("1x1"), asked(c.Identify())))
    assert told(state) == [LEFT, RIGHT]
    assert state.screens == HOME.screens


def test_what_can_not_be_done_says_why() -> None:
    with pytest.raises(c.CommandError, match="0 to 3600 seconds"):
        asked(c.Identify(seconds=3601))
    with pytest.raises(c.CommandError, match="no screen is called"):
        asked(c.Identify("nowhere"))
    with pytest.raises(c.CommandError, match="locked the wall"):
        asked(c.Identify(), step(HOME, c.Lock(), SITE))


@pytest.mark.parametrize("change", [c.Identify(), c.Identify("left"), c.Info(), c.Health(True)])
def test_nobody_writes_from_afar_over_a_tile_that_is_locked(change: c.Change) -> None:
    locked = step(HOME, c.Lock(c.TileRef(1, "left")), SITE)
    with pytest.raises(c.CommandError, match="locked a tile of screen left"):
        asked(change, locked)
    assert told(asked(c.Identify("right"), locked)) == [None, RIGHT]
    assert step(locked, change, SITE).readouts  # at the wall
    shown = step(step(HOME, c.Info(), SITE), c.Lock(c.TileRef(1, "left")), SITE)
    assert not asked(c.Info(False), shown).readouts


def test_the_command_that_ends_it_on_a_screen() -> None:
    assert ending(HOME, "left") is None
    assert ending(step(HOME, c.Info(), SITE), "left") is None  # it has no time
    assert ending(asked(c.Identify("left")), "right") is None
    for state in (asked(c.Identify("left")), asked(c.Identify())):
        end = ending(state, "left")
        assert end is not None
        assert not asked(end, state).readouts
