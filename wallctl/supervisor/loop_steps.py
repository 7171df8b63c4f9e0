"""The steps of a loop: data in the order in which they are done, each with its reason."""

from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar

Side = TypeVar("Side")


class LoopStep(NamedTuple, Generic[Side]):
    """One step, and why it has its place."""

    do: Callable[[Side, int], None]
    """Takes the time of the turn, in ns of ``monotonic_ns``."""
    why: str


def take_steps(steps: Iterable[LoopStep[Side]], side: Side, now_ns: int) -> None:
    """Do all steps in their order."""
    for step in steps:
        step.do(side, now_ns)
