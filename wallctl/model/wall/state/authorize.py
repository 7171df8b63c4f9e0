"""Who may ask for a command, by its row and by what is locked. Pure.

Whether somebody of higher rank holds a screen, ``lease_rules`` knows.
"""

from collections.abc import Mapping
from typing import Any

from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.commands.command import CommandError
from wallctl.model.wall.state.command_row import Permission, Row
from wallctl.model.wall.state.screen_state import ScreenState, Selection
from wallctl.model.wall.state.state import WallState

_THOUGH_LOCKED = frozenset({Permission.ALWAYS, Permission.WAITS})
"""A locked wall takes nothing from afar but what hides a picture, and alarms: they wait, and change
no picture."""


def check_user(row: Row[Any], uid: int, own_uid: int) -> None:
    """``CommandError`` if the programs of a user may not ask for a command, whatever the wall
    shows. ``own_uid`` runs the wall."""
    if row.permission is Permission.OWN_USER and uid != own_uid:
        raise CommandError("own_user_only", "only the user who runs the wall can end it")


def authorize(row: Row[Any], state: WallState, holder: Role) -> None:
    """``CommandError`` if somebody may not ask for a change at all."""
    if row.permission is Permission.AT_THE_WALL and holder is not Role.OFFICER:
        raise CommandError("officer_only", "only who stands at the wall locks it and unlocks it")
    is_afar = state.locks.wall and holder is Role.REMOTE
    if is_afar and row.permission not in _THOUGH_LOCKED:
        raise CommandError("locked", "the officer has locked the wall: ask there")


def check_place(state: WallState, place: Selection, holder: Role) -> None:
    """``CommandError`` if somebody may not change how a place is seen."""
    if holder is Role.REMOTE and place in state.locks.tiles:
        raise CommandError("locked", "the officer has locked that tile: ask there")


def check_covered(state: WallState, screen: str | None, holder: Role) -> None:
    """``CommandError`` if somebody may not write over a screen, or over all of them."""
    if holder is not Role.REMOTE:
        return
    for at in state.locks.tiles:
        if screen in (None, at.screen):
            raise _locked(at.screen)


def check_moved(row: Row[Any], before: WallState, after: WallState, holder: Role) -> None:
    """``CommandError`` if somebody who is not at the wall has moved what the officer has locked
    there: a locked tile that shows something else, or stands somewhere else."""
    if row.permission is Permission.WAITS or holder is not Role.REMOTE:
        return
    if not before.locks.tiles:
        return
    for old, new in ((before.screens, after.screens), (before.grounds, after.grounds)):
        for at in before.locks.tiles:
            if _standing(old, at) != _standing(new, at):
                raise _locked(at.screen)


def _standing(screens: Mapping[str, ScreenState], at: Selection) -> tuple[object, ...]:
    """What a place of a screen's list shows, how, and where on the wall."""
    screen = screens.get(at.screen)
    if screen is None:  # the site lacks it now; the lock stays until it is back
        return ()
    source = screen.at(at.index)
    framing = screen.framed.get(source) if source is not None else None
    reached = {name for name, one in screens.items() if one.under == at.screen}
    return screen.layout, screen.first, screen.enlarged, screen.under, source, framing, reached


def _locked(screen: str) -> CommandError:
    return CommandError("locked", f"the officer has locked a tile of screen {screen}: ask there")
