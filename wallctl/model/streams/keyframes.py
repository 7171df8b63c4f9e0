"""When a stream's keyframes come, and whether it is no use to decode before the next one. Pure."""

from wallctl.model.streams.health import SECOND_NS

KEY_PATIENCE_NS = 10 * SECOND_NS
"""After this, packets are decoded without a keyframe: streams with rolling intra refresh never
send one, and heal after a while. Others go on waiting: some cameras send one in 40 s or more."""


class Keyframes:
    """The keyframes of one stream, over all of its connections."""

    def __init__(self, interval_ns: int = 0) -> None:
        self.interval_ns = interval_ns
        """The time between the last two, or the time for which none came yet, if that is longer;
        0 while nothing is known."""
        self.is_awaited = False
        """Whether neither a keyframe nor a whole picture has come since the connection began, or
        since packets were lost."""
        self.is_missing = False
        """Whether no keyframe came; pictures may have healed without."""
        self._since_ns = 0
        self._newest_ns: int | None = None

    def begin(self, now_ns: int) -> None:
        """Another connection begins, anywhere between two keyframes."""
        self._newest_ns = None
        self.await_one(now_ns)

    def await_one(self, now_ns: int) -> None:
        """Packets are missing from here on: only a keyframe helps."""
        self.is_awaited = self.is_missing = True
        self._since_ns = now_ns

    def healed(self) -> None:
        """A whole picture came out without a keyframe."""
        self.is_awaited = False

    def waited_ns(self, now_ns: int) -> int:
        """For how long one is awaited; 0 if none is."""
        return now_ns - self._since_ns if self.is_awaited else 0

    def admits(self, arrival_ns: int, is_key: bool, is_late: bool) -> bool:
        """Count a packet; whether to decode it. A backlog (``is_late``) has no pace."""
        if is_key:
            if self._newest_ns is not None and not is_late:
                self.interval_ns = arrival_ns - self._newest_ns
            self._newest_ns = arrival_ns
            self.is_awaited = self.is_missing = False
            return True
        if not self.is_awaited:
            return True
        waited_ns = arrival_ns - self._since_ns
        self.interval_ns = max(self.interval_ns, waited_ns)
        return waited_ns >= KEY_PATIENCE_NS
