"""What the next key, or a tour's next page, may bring up: it is kept near, to be there at once."""

from wallctl.model.operator.key_presses import list_changes
from wallctl.model.operator.keymap import KeyMap
from wallctl.model.planning.prewarm_policy import one_change_away
from wallctl.model.wall.state.blanking import blanked_sources
from wallctl.model.wall.state.state import WallState
from wallctl.model.wall.state.tours import next_sources
from wallctl.node.backup_sources import Backups
from wallctl.node.setup import Setup
from wallctl.node.stream_manager import Decoding


class Foresight:
    """Looks once at each state."""

    def __init__(self, setup: Setup, decoding: Decoding, backups: Backups) -> None:
        self._setup = setup
        self._decoding = decoding
        self._backups = backups
        self._seen: WallState | None = None

    def look(self, state: WallState, keys: KeyMap) -> None:
        """Keep sources warm that may be wanted next, and decode none that is hidden."""
        if state is self._seen:
            return
        self._seen, site = state, self._setup.site
        near = one_change_away(state, list_changes(keys, state), site) | next_sources(state, site)
        self._decoding.near = near | self._backups.behind_shown(state)
        self._decoding.masked = blanked_sources(state.blanked)
