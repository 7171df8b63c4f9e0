"""Times in milliseconds, counted in bins: percentiles of any number of samples in fixed memory."""

import itertools

import msgspec

BINS = 2000
"""One bin a millisecond; what took longer counts as 2 s."""


class Percentiles(msgspec.Struct, frozen=True):
    """In milliseconds; ``None`` before the first sample."""

    p50: float | None
    p95: float | None
    p99: float | None


class Histogram:
    """Counts of samples by whole milliseconds."""

    def __init__(self) -> None:
        self._counts: list[int] = []
        """Only up to the largest bin that was ever used: percentiles are asked for in a tick."""
        self._total = 0

    def add(self, duration_ns: int) -> None:
        """Count one sample."""
        i = min(max(duration_ns, 0) // 1_000_000, BINS - 1)
        if i >= len(self._counts):
            self._counts += [0] * (i + 1 - len(self._counts))
        self._counts[i] += 1
        self._total += 1

    def percentiles(self) -> Percentiles:
        """The upper edge of the bin that holds each percentile."""
        return Percentiles(self._at(0.50), self._at(0.95), self._at(0.99))

    def _at(self, share: float) -> float | None:
        wanted = share * self._total
        for i, seen in enumerate(itertools.accumulate(self._counts)):
            if seen >= wanted and seen:
                return float(i + 1)
        return None
