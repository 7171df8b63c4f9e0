"""What a loop does again and again: data in the order in which it is done, each with its reason."""

from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar

Side = TypeVar("Side")


class Step(NamedTuple, Generic[Side]):
    """One thing that is done, and why at its place."""

    do: Callable[[Side, int], None]
    """Takes the time of the turn, in ns of ``monotonic_ns``."""
    why: str


def take_steps(steps: Iterable[Step[Side]], side: Side, now_ns: int) -> None:
    """Do them all, in their order."""
    for step in steps:
        step.do(side, now_ns)
