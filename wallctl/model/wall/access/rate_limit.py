"""How often something may be asked for: bursts are taken, floods are not. Pure.

A token bucket (RFC 2697 has the classic form): it fills at a rate, holds a burst, and what is asked
for takes its cost. Who has one token may take more and is then in debt, so that what is dear once
is possible and what is dear again and again is not.
"""

import msgspec

from wallctl.model.site.alarm import MAX_PRIORITY

LEAST = 1.0
"""What a bucket must hold for something to be taken from it."""


class Rate(msgspec.Struct, frozen=True):
    """How fast a bucket fills, and how much it holds."""

    hz: float
    burst: float


class Bucket(msgspec.Struct, frozen=True):
    """What is left, and when that was counted. Below zero it is a debt."""

    left: float
    at_ns: int

    @property
    def may(self) -> bool:
        """Whether something may be taken."""
        return self.left >= LEAST


def filled(bucket: Bucket, rate: Rate, now_ns: int) -> Bucket:
    """The bucket as it is now."""
    came = max(0, now_ns - bucket.at_ns) * rate.hz / 1e9
    return Bucket(min(rate.burst, bucket.left + came), max(now_ns, bucket.at_ns))


def charged(bucket: Bucket, rate: Rate, cost: float) -> Bucket:
    """The bucket after something of this cost was done; no debt is larger than a burst."""
    return Bucket(max(-rate.burst, bucket.left - cost), bucket.at_ns)


RESERVE_HZ = 10.0
STEP = 10.0
"""So much of the reserve is out of reach for each priority below the highest."""
RESERVE = Rate(RESERVE_HZ, STEP * MAX_PRIORITY)


class Reserve:
    """What alarms may take whose callers have used their own shares up.

    All share it, but the higher priorities keep what the lower ones can't reach: of one priority
    ten alarms at once and ten a second are taken, whatever lower ones come beside them.
    """

    def __init__(self) -> None:
        self._bucket = Bucket(RESERVE.burst, 0)

    def take(self, priority: int, now_ns: int) -> bool:
        """Whether one more alarm of a priority may be raised, from 1 to 9; if so it is counted."""
        self._bucket = filled(self._bucket, RESERVE, now_ns)
        if self._bucket.left < LEAST + STEP * (MAX_PRIORITY - priority):
            return False
        self._bucket = charged(self._bucket, RESERVE, LEAST)
        return True
