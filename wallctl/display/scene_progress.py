"""How far a screen's scene has come: ready, presented, settled."""

from wallctl.display.compositor.composer import Composer
from wallctl.display.messages import Presented, Ready, Settled, ToPresenter
from wallctl.supervisor.channel import Channel


class SceneProgress:
    """Tells the controller of each step of a scene once."""

    def __init__(self, composer: Composer, channel: Channel[ToPresenter]) -> None:
        self._composer = composer
        self._channel = channel
        self._ready = 0
        """Newest version said to be ready."""
        self._settled = 0
        """Newest version said to be settled."""

    def announce(self, now_ns: int) -> bool:
        """Say when the coming scene is ready; whether there is one that is not yet."""
        coming = self._composer.coming
        if coming is None or coming <= self._ready:
            return False
        if not self._composer.is_ready(now_ns):
            return True
        self._ready = coming
        self._channel.send(Ready(coming))
        return False

    def tell(self, shown_ns: int, committed: bool) -> None:
        """Say what a pass has shown; ``committed``: it is the first of its scene."""
        composer = self._composer
        if committed:
            self._channel.send(Presented(composer.version, shown_ns, composer.pending()))
        if composer.version > self._settled and composer.is_settled():
            self._settled = composer.version
            self._channel.send(Settled(composer.version, shown_ns, composer.pending()))
