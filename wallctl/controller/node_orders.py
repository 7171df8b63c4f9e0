"""What the node is told beside scenes: which sources matter, which broadcasts run, what sounds."""

from collections.abc import Callable

from wallctl.controller.alarm_sounds import NewAlarms, find_sound
from wallctl.controller.backup_sources import BackupSources
from wallctl.controller.offscreen_sources import OffscreenSources
from wallctl.model.operator.keymap import KeyMap
from wallctl.model.wall.events.event_record import Record
from wallctl.model.wall.state.state import WallState
from wallctl.node.messages import SceneOrder
from wallctl.node.setup import Setup


class NodeOrders:
    """Each is given when it is other than the node knows."""

    def __init__(
        self, setup: Setup, backups: BackupSources, order: Callable[[SceneOrder], object]
    ) -> None:
        self._setup = setup
        self._order = order
        self._attention = OffscreenSources(setup, backups, order)
        self._broadcasts: dict[str, bool] | None = None
        """Those that people have switched, as the node knows them."""
        self._alarms = NewAlarms()

    def hear(self, record: Record) -> None:
        """Something has happened on the wall."""
        self._alarms.hear(record)

    def repeat(self, state: WallState, keys: KeyMap) -> None:
        """A node may not have heard of them: give them again."""
        self._attention.forget()
        self._broadcasts = None
        self.attend(state, keys)
        self.switch_broadcasts(state)

    def attend(self, state: WallState, keys: KeyMap) -> None:
        """Tell which sources matter."""
        self._attention.look(state, keys)

    def switch_broadcasts(self, state: WallState) -> None:
        """Tell which broadcasts run."""
        if state.broadcasts != self._broadcasts:
            self._broadcasts = state.broadcasts
            self._order(SceneOrder(broadcasts=state.broadcasts))

    def sound(self) -> None:
        """Have the sound of a new alarm played."""
        if sound := find_sound(self._alarms.take(), self._setup.site):
            self._order(SceneOrder(sound=sound))
