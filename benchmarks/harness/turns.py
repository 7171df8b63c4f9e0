"""Measuring in turns, so that what else the machine does meets all that is compared alike."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Way = TypeVar("Way")
Found = TypeVar("Found")


def in_turns(
    ways: Iterable[Way], measure: Callable[[Way], Found], rounds: int
) -> dict[Way, list[Found]]:
    """Measure each way once a round; what was found of each, round by round."""
    found: dict[Way, list[Found]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, known in found.items():
            known.append(measure(way))
    return found


def median_ratio(values: Sequence[float], to: Sequence[float]) -> float:
    """The median over the rounds of the ratio of two neighbours."""
    return round(statistics.median(a / b for a, b in zip(values, to, strict=True)), 3)
