"""Which sources matter beyond those that are shown: the node is told whenever they are others."""

from collections.abc import Callable

from wallctl.controller.backup_sources import BackupSources
from wallctl.model.operator.key_presses import list_changes
from wallctl.model.operator.keymap import KeyMap
from wallctl.model.planning.prewarm_policy import one_change_away
from wallctl.model.wall.state.blanking import blanked_sources
from wallctl.model.wall.state.state import WallState
from wallctl.model.wall.state.tours import next_sources
from wallctl.node.messages import Attention, SceneOrder
from wallctl.node.setup import Setup


class OffscreenSources:
    """What the next key, or a tour's next page, may bring up is kept near, to be there at once."""

    def __init__(
        self, setup: Setup, backups: BackupSources, order: Callable[[SceneOrder], object]
    ) -> None:
        self._setup = setup
        self._backups = backups
        self._order = order
        self._seen: WallState | None = None
        self._near: frozenset[str] = frozenset()
        self._told: Attention | None = None

    def look(self, state: WallState, keys: KeyMap) -> None:
        """Have the node told, if something is other than it knows."""
        site = self._setup.site
        if state is not self._seen:
            self._seen = state
            near = one_change_away(state, list_changes(keys, state), site)
            self._near = near | next_sources(state, site) | self._backups.behind_shown(state)
        now = Attention(
            near=self._near,
            doubtful=self._backups.doubtful(state),
            blanked=blanked_sources(state.blanked),
            watched=self._backups.watched() | self._skipped(state),
        )
        if now != self._told:
            self._told = now
            self._order(SceneOrder(attention=now))

    def _skipped(self, state: WallState) -> frozenset[str]:
        """The sources that a running tour leaves out while they give no picture."""
        site = self._setup.site
        running = (site.tour(one.name) for one in state.tours)
        if any(tour is not None and tour.skip_dead for tour in running):
            return frozenset(source.name for source in site.sources)
        return frozenset()

    def forget(self) -> None:
        """A node may not have heard of it: it is told again."""
        self._told = None
