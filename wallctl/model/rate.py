"""How often the wall may be changed from afar: bursts are taken, floods are not. Pure.

A token bucket (RFC 2697 has the classic form): it fills at a rate, holds a burst, and each change
takes one token.
"""

import msgspec

RATE_HZ = 50
"""More than anybody can look at; a console that waits for its receipts never reaches it."""
BURST = 100


class Bucket(msgspec.Struct, frozen=True):
    """What is left, and when that was counted."""

    left: float = BURST
    at_ns: int = 0


def taken(bucket: Bucket, now_ns: int) -> tuple[Bucket, bool]:
    """The bucket after one more change was asked for, and whether it may be made."""
    filled = bucket.left + max(0, now_ns - bucket.at_ns) * RATE_HZ / 1e9
    left = min(float(BURST), filled)
    return (Bucket(left - 1, now_ns), True) if left >= 1 else (Bucket(left, now_ns), False)
