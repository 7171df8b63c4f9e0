"""When something that failed is tried again: once it is given something else, or after a while.
Pure."""

import msgspec

OVER_NS = 600_000_000_000
"""After so long it is tried again with the same: what was in its way may be gone."""


class Suspicion(msgspec.Struct, frozen=True):
    """Something fails, perhaps because of one of these texts."""

    texts: frozenset[str]
    since_ns: int

    def is_over(self, texts: frozenset[str], now_ns: int) -> bool:
        """Whether it may work now: some text is gone, or much time has passed. A new text is no
        reason, since the old ones are still there."""
        return not self.texts <= texts or now_ns - self.since_ns >= OVER_NS
