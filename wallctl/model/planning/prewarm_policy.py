"""What becomes of a source while no tile shows it: the dearer, the sooner it can be there."""

from collections.abc import Container, Iterable

from wallctl.model.site.site import Policy, Site, Source
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.wall.commands.command import Change, CommandError
from wallctl.model.wall.state.reducer import foreseen
from wallctl.model.wall.state.screen_state import shown
from wallctl.model.wall.state.state import WallState

_EFFORTS = {
    Policy.OFF: Effort.NONE,
    Policy.PACKETS: Effort.NONE,
    Policy.WARM: Effort.KEYS,
    Policy.LIVE: Effort.FULL,
}


def hidden_effort(source: Source, near: Container[str], doubtful: Container[str] = ()) -> Effort:
    """How much of a source's smallest stream is decoded while nobody sees it.

    ``near`` are the sources that one key could bring up: they are warm if the site says nothing.
    The ``doubtful`` are decoded whatever it says: packets alone don't prove that they live.
    """
    if source.name in doubtful:
        return Effort.FULL
    chosen = source.hidden or (Policy.WARM if source.name in near else Policy.PACKETS)
    return _EFFORTS[chosen]


def one_change_away(state: WallState, changes: Iterable[Change], site: Site) -> frozenset[str]:
    """The sources that some screen would show after one of these changes."""
    found: set[str | None] = set()
    for change in changes:
        try:
            after = foreseen(state, change, site)
        except CommandError:
            continue  # it can't be done now, as closing what is not open
        for screen in after.screens.values():
            found.update(shown(screen, site))
    return frozenset(name for name in found if name is not None)
