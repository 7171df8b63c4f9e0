"""Times in milliseconds, counted in bins: percentiles of any number of samples in fixed memory."""

import itertools

import msgspec

FINE_BINS = 2000
"""One bin a millisecond."""
COARSE_MS = 100
"""Of this width are the bins beyond: a camera of one picture in 8 s is that old."""
MOST_MS = 62_000
"""What took longer counts as this."""
BINS = FINE_BINS + (MOST_MS - FINE_BINS) // COARSE_MS


def bin_of(duration_ns: int) -> int:
    """The index of the bin that counts a time."""
    ms = min(max(duration_ns, 0) // 1_000_000, MOST_MS - 1)
    return ms if ms < FINE_BINS else FINE_BINS + (ms - FINE_BINS) // COARSE_MS


def upper_ms(index: int) -> float:
    """The upper edge of a bin."""
    return float(
        index + 1 if index < FINE_BINS else FINE_BINS + (index + 1 - FINE_BINS) * COARSE_MS
    )


class Percentiles(msgspec.Struct, frozen=True):
    """In milliseconds; ``None`` before the first sample."""

    p50: float | None
    p95: float | None
    p99: float | None


class Histogram:
    """Counts of samples by whole milliseconds, and of those beyond 2 s by tenths of a second."""

    def __init__(self) -> None:
        self._counts: list[int] = []
        """Only up to the largest bin that was ever used: percentiles are asked for in a tick."""
        self._total = 0

    def add(self, duration_ns: int) -> None:
        """Count one sample."""
        i = bin_of(duration_ns)
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
                return upper_ms(i)
        return None
