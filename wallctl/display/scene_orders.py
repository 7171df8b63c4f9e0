"""The scenes that a screen is told, one after the other: each is prepared, then has its time."""

from wallctl.display.compositor.composer import Composer
from wallctl.display.messages import Commit, Prepare
from wallctl.display.overlays.overlay_board import OverlayBoard


class SceneOrders:
    """Keeps a commit until its time, and behind it what came meanwhile."""

    def __init__(self, composer: Composer, overlays: OverlayBoard) -> None:
        self._composer = composer
        self._overlays = overlays
        self._commit: Commit | None = None
        self._waiting: list[Prepare | Commit] = []

    def obey(self, order: Prepare | Commit) -> None:
        """Prepare a scene, or have it shown at its time."""
        match order:
            case _ if self._commit is not None:
                self._waiting.append(order)  # the scene before it has its time; first that one
            case Prepare():
                self._composer.prepare(order)
                self._overlays.prepare(order)
            case Commit() if order.version == self._composer.coming:
                self._commit = order
            case Commit():
                pass  # of a scene that a later one has replaced already

    def take_commit(self, due_ns: int) -> bool:
        """Whether the pass that is due then is the first of the scene that was prepared."""
        commit = self._commit
        if commit is None or commit.at_ns > due_ns:
            return False
        self._commit = None
        self._composer.commit()
        waiting, self._waiting = self._waiting, []
        for order in waiting:
            self.obey(order)
        return True
