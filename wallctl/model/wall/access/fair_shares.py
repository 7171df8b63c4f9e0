"""How callers share what the wall can do: none is refused for another's sake. Pure.

Each caller has a bucket. It fills with an equal share of what all may have (max-min fairness): of
a second in which five callers ask, each may have a fifth, so one that asks for less than that is
never refused, however much the others ask for. A newcomer begins with half of what is kept for
newcomers; so a program that starts others in its place wins little, and the next newcomer finds
something still. What is remembered is bounded: when too many callers are known, further ones
share one bucket.
"""

import collections

import msgspec

from wallctl.model.wall.access.rate_limit import Bucket, Rate, charged, filled
from wallctl.model.wall.commands.actor import Actor

MOST_CALLERS = 128
"""How many have a bucket of their own."""
FORGOTTEN_NS = 60_000_000_000
"""A caller that was silent for so long gives its place to a newcomer, if all are taken."""
BUSY_NS = 1_000_000_000
"""Who asked within this time counts as one of those who share."""
COUNTED_NS = 100_000_000
"""How often those are counted."""
LEAST_BURST = 4.0
"""What each may save up at least, however many there are."""


class Budget(msgspec.Struct, frozen=True):
    """What callers may have."""

    all_hz: float
    """In a second, all together."""
    each: Rate
    """The most that one may have."""
    saved: float
    """What all together may save up."""
    newcomers: Rate
    """What is kept for those who were not known before."""


class _Member(msgspec.Struct):
    bucket: Bucket
    asked_ns: int


class Shares:
    """What each caller has left."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._newcomers = Bucket(budget.newcomers.burst, 0)
        self._members: collections.OrderedDict[Actor | None, _Member] = collections.OrderedDict()
        """Who asked last stands last; ``None`` are those without a place of their own."""
        self._busy, self._counted_ns = 1, -COUNTED_NS

    def __len__(self) -> int:
        return len(self._members)

    def may(self, caller: Actor, now_ns: int) -> bool:
        """Whether a caller may have something more; it counts as one that asks."""
        member = self._asking(caller, now_ns)
        member.bucket = filled(member.bucket, self._rate(now_ns), now_ns)
        return member.bucket.may

    def charge(self, caller: Actor, cost: float, now_ns: int) -> None:
        """Count what a caller had, also if it may not have had it."""
        member = self._asking(caller, now_ns)
        member.bucket = charged(member.bucket, self._budget.each, cost)

    def _rate(self, now_ns: int) -> Rate:
        """How fast each bucket fills now, and how much it holds."""
        if now_ns - self._counted_ns >= COUNTED_NS:
            self._counted_ns = now_ns
            self._busy = max(1, self._asking_since(now_ns - BUSY_NS))
        each = self._budget.each
        burst = max(LEAST_BURST, self._budget.saved / max(1, len(self._members)))
        return Rate(min(each.hz, self._budget.all_hz / self._busy), min(each.burst, burst))

    def _asking_since(self, at_ns: int) -> int:
        found = 0
        for member in reversed(self._members.values()):
            if member.asked_ns <= at_ns:
                break
            found += 1
        return found

    def _asking(self, caller: Actor, now_ns: int) -> _Member:
        """A caller that asks now, known or not."""
        key = caller if caller in self._members or self._has_room(now_ns) else None
        member = self._members.get(key)
        if member is None:
            member = self._members[key] = _Member(self._gift(now_ns), now_ns)
        self._members.move_to_end(key)
        member.asked_ns = now_ns
        return member

    def _has_room(self, now_ns: int) -> bool:
        """Whether one more can have a place; the one that was silent longest may lose its own."""
        if len(self._members) < MOST_CALLERS:
            return True
        name, longest = next(iter(self._members.items()))
        if now_ns - longest.asked_ns < FORGOTTEN_NS:
            return False
        del self._members[name]
        return True

    def _gift(self, now_ns: int) -> Bucket:
        """What a newcomer begins with."""
        kept = filled(self._newcomers, self._budget.newcomers, now_ns)
        given = min(self._budget.each.burst, kept.left / 2)
        self._newcomers = Bucket(kept.left - given, now_ns)
        return Bucket(given, now_ns)
