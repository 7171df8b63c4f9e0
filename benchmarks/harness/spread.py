"""Samples in a few figures: their spread, in numbers and in words, and parts of a whole."""

from collections.abc import Sequence

import msgspec
import numpy as np


class Spread(msgspec.Struct, frozen=True):
    """How some samples lie: their middle and their tail, in their own unit."""

    count: int
    p50: float
    p95: float
    p99: float
    most: float


def spread(samples: Sequence[float]) -> Spread | None:
    """The spread of some samples; ``None`` of none."""
    if not samples:
        return None
    p50, p95, p99, most = np.percentile(samples, (50, 95, 99, 100))
    return Spread(len(samples), *(round(float(value), 2) for value in (p50, p95, p99, most)))


def describe(found: Spread | None, unit: str) -> str:
    """A spread in words."""
    if found is None:
        return "none"
    return (
        f"p50 {found.p50:g}, p95 {found.p95:g}, p99 {found.p99:g}, "
        f"at most {found.most:g} {unit} ({found.count} samples)"
    )


def percent(part: int, whole: int) -> float:
    """How many in a hundred; 0 of nothing."""
    return round(100 * part / whole, 2) if whole else 0.0


def missing_percent(had: float, wanted: float) -> float:
    """How many in a hundred of what was wanted did not come."""
    return round(max(0.0, 100 - 100 * had / wanted), 2)
