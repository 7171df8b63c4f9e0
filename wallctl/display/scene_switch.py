"""How a screen comes from one scene to the next: prepared, shown at its time, and told of."""

from wallctl.display.compositor.composer import Composer
from wallctl.display.messages import Commit, Prepare, Presented, Ready, Settled, ToPresenter
from wallctl.display.overlays.overlay_board import OverlayBoard
from wallctl.supervisor.channel import Channel


class SceneSwitch:
    """Keeps a commit until its time, and behind it what came meanwhile. Tells the controller of
    each step of a scene once."""

    def __init__(
        self, composer: Composer, overlays: OverlayBoard, channel: Channel[ToPresenter]
    ) -> None:
        self._composer = composer
        self._overlays = overlays
        self._channel = channel
        self._commit: Commit | None = None
        self._waiting: list[Prepare | Commit] = []
        self._ready = 0
        """Newest version said to be ready."""
        self._settled = 0
        """Newest version said to be settled."""

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

    def tell_ready(self, now_ns: int) -> bool:
        """Say when the coming scene is ready; whether there is one that is not yet."""
        coming = self._composer.coming
        if coming is None or coming <= self._ready:
            return False
        if not self._composer.is_ready(now_ns):
            return True
        self._ready = coming
        self._channel.send(Ready(coming))
        return False

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

    def tell_shown(self, shown_ns: int, committed: bool) -> None:
        """Say what a pass has shown; ``committed``: it is the first of its scene."""
        composer = self._composer
        if committed:
            self._channel.send(Presented(composer.version, shown_ns, composer.pending()))
        if composer.version > self._settled and composer.is_settled():
            self._settled = composer.version
            self._channel.send(Settled(composer.version, shown_ns, composer.pending()))
