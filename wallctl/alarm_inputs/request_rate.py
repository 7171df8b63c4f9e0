"""How often an input asks the wall: a flood stays with the input that it comes to. Pure."""

from collections.abc import Container

from wallctl.model.wall.access.rate_limit import Bucket, Rate, charged, filled

KNOWN = Rate(10, 30)
"""For each name that the site lets the input raise; a contact that chatters stays below it."""
OTHERS = Rate(50, 100)
"""For all other names together: other spellings, sources by number, and what nobody knows."""


class Pace:
    """Counts what an input asks for, by names."""

    def __init__(self, known: Container[str]) -> None:
        self._known = known
        self._buckets: dict[str | None, Bucket] = {}
        """By name; ``None`` is all others."""

    def may(self, name: str, now_ns: int) -> bool:
        """Whether the wall may be asked once more; if so it is counted."""
        key = name if name in self._known else None
        rate = OTHERS if key is None else KNOWN
        bucket = filled(self._buckets.get(key, Bucket(rate.burst, now_ns)), rate, now_ns)
        self._buckets[key] = charged(bucket, rate, 1) if bucket.may else bucket
        return bucket.may
