"""The streams that their cameras do not give, though they answer; others may fill their tiles."""

from wallctl.model.site.site import StreamKey
from wallctl.model.streams.health import AS_IT_SHOULD_BE, SECOND_NS, Facts, is_lost, tile_state

LOST_NS = 900 * SECOND_NS
"""After this a stream that its camera did not give is asked for again, if it was closed since."""


class UnavailableStreams:
    """A stream is in it until it is live: what is tried again and again must not flap."""

    def __init__(self) -> None:
        self._since_ns: dict[StreamKey, int] = {}

    def __contains__(self, key: object) -> bool:
        return key in self._since_ns

    def note(self, key: StreamKey, found: Facts, is_called: bool, now_ns: int) -> None:
        """Look at what a stream says of itself; ``is_called`` if it has a worker."""
        if is_called and is_lost(found):
            self._since_ns.setdefault(key, now_ns)
        elif key in self:
            forgotten = not is_called and now_ns - self._since_ns[key] > LOST_NS
            if forgotten or tile_state(found, now_ns) in AS_IT_SHOULD_BE:
                self.forget(key)

    def forget(self, key: StreamKey) -> None:
        """It is opened otherwise from now on, or gone."""
        self._since_ns.pop(key, None)
