"""When a process that died is started again: at once, as long as that helps.

A process that keeps dying is tried ever more rarely. One that calls a camera is, in the end, left
alone for a minute: a stream that crashes its decoder must neither fill the log nor wear out the
camera with calls.
"""

import enum

import msgspec
from msgspec.structs import replace

SHORT_LIFE_NS = 1_000_000_000
"""A process that lived longer is started again at once; one that did not may be broken."""
PAUSES_S = (0.1, 0.2, 0.5, 1.0, 2.0)
"""The pause after 1, 2, ... short lives in a row."""
KILLED_PAUSE_S = 0.1
"""The longest pause after a kill from outside, which says nothing against the process."""

FORGIVEN_NS = 20_000_000_000
"""Life after which one failure is forgotten, and again after each such time."""
AT_ONCE = 3
"""Failures that count as bad luck."""
QUARANTINE_S = (5.0, 15.0, 60.0)
"""Further pauses of a process that calls cameras."""
KILLS_BORNE = 6
"""Kills that are no reason for a quarantine. The kernel kills, too, if memory is short."""


class Death(enum.Enum):
    """How a process ended."""

    FAILED = enum.auto()
    """By an exception or a crash."""
    KILLED = enum.auto()
    """From outside."""
    WAITING = enum.auto()
    """By itself: it can't do its work now, and wants to try again."""


class Lives(msgspec.Struct, frozen=True):
    """What is held against a process that is started again and again."""

    short: int = 0
    """Short lives in a row."""
    failures: float = 0.0
    """All deaths, less those that are forgotten."""


def after(lives: Lives, lived_ns: int, death: Death) -> Lives:
    """What is held against it after one more death."""
    short = lives.short + 1 if lived_ns < SHORT_LIFE_NS else 0
    left = max(0.0, lives.failures - lived_ns / FORGIVEN_NS)
    most = float(KILLS_BORNE + len(PAUSES_S) + len(QUARANTINE_S))
    failures = left if death is Death.WAITING else min(most, left + 1)
    return replace(lives, short=short, failures=failures)


def keeps_dying(lives: Lives, death: Death) -> bool:
    """Whether it has failed so often that this is no bad luck any more."""
    if death is Death.WAITING:
        return False
    return round(lives.failures) >= _borne(death)


def pause_s(lives: Lives, death: Death, *, quarantined: bool) -> float:
    """How long to wait before it is started again; ``quarantined`` if it may be left alone."""
    pause = _of(PAUSES_S, lives.short)
    if death is Death.KILLED:
        pause = min(pause, KILLED_PAUSE_S)
    if not quarantined or death is Death.WAITING:
        return pause
    further = int(lives.failures) - _borne(death)
    return max(pause, _of(PAUSES_S[2:] + QUARANTINE_S, further))


def _borne(death: Death) -> int:
    return KILLS_BORNE if death is Death.KILLED else AT_ONCE


def _of(pauses: tuple[float, ...], number: int) -> float:
    """The pause of that number, counted from 1; the last one from there on."""
    return pauses[min(number, len(pauses)) - 1] if number > 0 else 0.0
