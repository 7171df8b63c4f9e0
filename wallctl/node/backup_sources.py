"""Who stands in for whom on this wall: what streams say is looked at, and the model decides."""

import logging

from wallctl.model.streams.failover import Standby, after, backups, behind, doubtful, health_of
from wallctl.model.wall.state.screen_state import shown
from wallctl.model.wall.state.state import WallState
from wallctl.node.setup import Setup
from wallctl.node.stream_manager import Decoding

log = logging.getLogger(__name__)


class Backups:
    """Keeps the verdicts; ``standby`` is what the next controller goes on with."""

    def __init__(self, setup: Setup, decoding: Decoding, standby: Standby) -> None:
        self._setup = setup
        self._decoding = decoding
        self.standby = standby

    def look(self, state: WallState, now_ns: int) -> None:
        """Judge anew, and have those called that must prove that they live."""
        of = backups(self._setup.site)
        names = {*of, *of.values()}
        sources = (source for source in self._setup.site.sources if source.name in names)
        health = {
            source.name: health_of(self._decoding.states(source, now_ns)) for source in sources
        }
        before = self.standby.standing
        self.standby = after(self.standby, of, health, now_ns)
        self._decoding.doubtful = doubtful(self.standby, of, self._wanted(state) if of else ())
        self._log(before)

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
