"""Who stands in for whom on this wall: what the node says of streams is looked at, and the model
decides."""

import logging
from collections.abc import Mapping, Sequence

from wallctl.model.streams.failover import Standby, after, backups, behind, doubtful, health_of
from wallctl.model.streams.health import TileState
from wallctl.model.wall.state.screen_state import shown
from wallctl.model.wall.state.state import WallState
from wallctl.node.setup import Setup

log = logging.getLogger(__name__)


class BackupSources:
    """Keeps the verdicts; ``standby`` is what the next controller goes on with."""

    def __init__(self, setup: Setup, standby: Standby) -> None:
        self._setup = setup
        self.standby = standby

    def look(self, states: Mapping[str, Sequence[TileState]], now_ns: int) -> None:
        """Judge again; ``states`` are those of the streams of each source that is watched."""
        of = backups(self._setup.site)
        health = {name: health_of(states.get(name, ())) for name in self.watched()}
        before = self.standby.standing
        self.standby = after(self.standby, of, health, now_ns)
        self._log(before)

    def watched(self) -> frozenset[str]:
        """The sources whose states decide."""
        of = backups(self._setup.site)
        return frozenset({*of, *of.values()})

    def doubtful(self, state: WallState) -> frozenset[str]:
        """Those that must be called, and prove that they live."""
        of = backups(self._setup.site)
        return doubtful(self.standby, of, self._wanted(state)) if of else frozenset()

    def behind_shown(self, state: WallState) -> frozenset[str]:
        """The backups of what a state shows: they are kept warm, if the site says nothing."""
        of = backups(self._setup.site)
        return frozenset(one for name in self._wanted(state) for one in behind(name, of))

    def _wanted(self, state: WallState) -> set[str]:
        """The sources that a state shows, whoever stands in for them."""
        site = self._setup.site
        names = (name for one in state.screens.values() for name in shown(one, site))
        return {name for name in names if name is not None}

    def _log(self, before: dict[str, str]) -> None:
        now = self.standby.standing
        for lost, backup in now.items():
            if before.get(lost) != backup:
                log.warning("%s is lost: %s stands in for it", lost, backup)
        for lost in before.keys() - now.keys():
            log.info("%s has its tiles back", lost)
