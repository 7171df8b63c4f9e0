"""How much of each stream is decoded, and which stay connected while nothing wants them."""

from collections.abc import Mapping

from wallctl.model.planning.prewarm_policy import hidden_effort
from wallctl.model.planning.shedding_ladder import Rung, effort_on
from wallctl.model.site.site import Policy, Source, Stream
from wallctl.model.streams.decode_effort import Effort
from wallctl.node.camera_connections import CameraConnections
from wallctl.node.messages import Attention


class StreamEffort:
    """It follows from what the wall's side attends to, and from what an overload takes away."""

    def __init__(self, connections: CameraConnections) -> None:
        self._connections = connections
        self.attention = Attention()
        """Sources to be near beyond the scene, and those that nobody may see."""
        self.rungs: Mapping[str, Rung] = {}
        """What sources give up, since the machine is too busy."""

    def of(self, source: Source, stream: Stream, *, seen: bool) -> Effort:
        """How much of a stream is decoded, ``seen`` or not."""
        if seen:
            return effort_on(self.rungs.get(source.name, Rung.NOTHING))
        attention = self.attention
        if source.name in attention.blanked or not self.keeps(source, stream):
            return Effort.NONE
        return hidden_effort(source, attention.near, attention.doubtful)

    def keeps(self, source: Source, stream: Stream) -> bool:
        """Whether a stream stays connected while nothing wants it."""
        off = source.hidden is Policy.OFF and source.name not in self.attention.doubtful
        if stream is not source.streams[-1] or off:
            return False
        return self._connections.permits((source.name, stream.name))
