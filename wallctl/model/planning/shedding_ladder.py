"""What a machine that can't decode everything gives up: the ladder, and when it goes down and up.

Every tile stands on a rung. Under overload tiles go down, the least important first, and all take
one rung before any takes the next, so that a little is taken from many before much from a few. The
most important tile goes last of all. With room again they climb, slower than they fell; a climb
that was too much is taken back, and the next waits longer.

The ladder knows tiles by their rank alone: what is shown may change under it.
"""

import enum
import math
from collections.abc import Container, Sequence

import msgspec
from msgspec.structs import replace

from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import SECOND_NS


class Rung(enum.IntEnum):
    """How much is given up. Each keeps what those before it gave."""

    NOTHING = 0
    RATE = 1
    """Pictures above ``CAP_HZ``."""
    STREAM = 2
    """The larger stream, where there is a smaller one."""
    FILTER = 3
    """The smoothing of blocks."""
    SPARE_PICTURES = 4
    """Pictures that no other is made from, where there are any."""
    MOTION = 5
    """All but keyframes."""
    EVERYTHING = 6
    """A still stays."""


_EFFORTS = {
    Rung.NOTHING: Effort.FULL,
    Rung.RATE: Effort.CAPPED,
    Rung.STREAM: Effort.CAPPED,
    Rung.FILTER: Effort.UNFILTERED,
    Rung.SPARE_PICTURES: Effort.REFERENCE,
    Rung.MOTION: Effort.KEYS,
    Rung.EVERYTHING: Effort.NONE,
}

LOOK_NS = SECOND_NS
"""How often the load is judged; a change has shown its effect by then."""
PROOF_LOOKS = 2
"""So many looks in a row must find an overload: a moment's burst is none."""
BUSY = 0.9
"""The share of the processors from which lateness is their fault, not the network's."""
LATE = 0.1
"""The share of late streams, or of missed ticks, that is too much."""
OWN = 0.25
"""The wall's own share of the processors below which giving up more would help others alone."""
CALM, NEARLY_BUSY = 0.75, 0.85
"""Below these shares there is room to climb. The first is for few tiles, where each is a large part
of the load; the second is for many."""
STEP = 0.6
"""A tile that climbs may take this share of the processors, divided by the tiles, in addition."""
OTHERS = 0.4
"""With so much used by others, full processors are no sign that there is no room: they share."""
LEAST_ROOM = 0.01
CLIMBING = 0.5
"""The share of the tiles that climbs at once, by the share of the processors that is still calm."""
CLIMB_NS = 4 * SECOND_NS
LONGEST_CLIMB_NS = 120 * SECOND_NS
"""The pause before a climb doubles up to this with each that was too much, and halves with each
that was not."""
STOPPING = 1 / 6
"""The share of the tiles that may lose their motion at one look."""
HEAD_START = 3
"""So many rungs the most important tile stays above the others."""


Idle = Sequence[Container[Rung]]
"""Of each tile, the least important first, the rungs on which it gives nothing up."""


class Load(msgspec.Struct, frozen=True):
    """What was measured since the last look, all from 0 to 1."""

    busy: float
    """The share of the processors in use, by whomever."""
    own: float
    """The share that the wall itself uses."""
    late: float
    """The share of moving streams whose packets are taken late, or the share of missed ticks."""

    @property
    def is_too_much(self) -> bool:
        """Whether something comes late since the processors are full."""
        return self.busy >= BUSY and self.own >= OWN and self.late >= LATE

    def room(self, tiles: int) -> float:
        """The share of the processors that one of so many tiles may still try to take; 0 without.

        Where others fill the machine there is always a little: they share.
        """
        calm = min(NEARLY_BUSY, max(CALM, BUSY - STEP / max(1, tiles)))
        others = self.busy - self.own > OTHERS and self.late < LATE
        return max(calm - self.busy, LEAST_ROOM if others else 0.0)


class Ladder(msgspec.Struct, frozen=True):
    """Where every tile stands, the least important first, and what the next step waits for."""

    rungs: tuple[Rung, ...] = ()
    overloads: int = 0
    """How many looks in a row have found one."""
    changed_ns: int = 0
    climbed: bool = False
    """Whether the last change was a climb."""
    pause_ns: int = CLIMB_NS


def effort_on(rung: Rung) -> Effort:
    """How much of a stream is decoded on a rung."""
    return _EFFORTS[rung]


def fitted(ladder: Ladder, tiles: int) -> Ladder:
    """The ladder for another number of tiles: those that go or come are the least important.

    For half as many, what was measured says nothing any more: they begin with all.
    """
    if 2 * tiles <= len(ladder.rungs):
        return Ladder((Rung.NOTHING,) * tiles)
    rungs = ladder.rungs[max(0, len(ladder.rungs) - tiles) :]
    lowest = rungs[0] if rungs else Rung.NOTHING
    return replace(ladder, rungs=(lowest,) * (tiles - len(rungs)) + rungs)


def judged(ladder: Ladder, load: Load, idle: Idle, now_ns: int) -> Ladder:
    """The ladder after a look at the load. A step that gives nothing up is taken along with the
    next, so that no time is lost on it."""
    if load.is_too_much:
        ladder = replace(ladder, overloads=ladder.overloads + 1)
        return _lowered(ladder, load, idle, now_ns) if _is_proven(ladder) else ladder
    ladder = replace(ladder, overloads=0)
    waited_ns = now_ns - ladder.changed_ns
    room = load.room(len(ladder.rungs))
    if room and waited_ns >= ladder.pause_ns and any(ladder.rungs):
        return _raised(ladder, room, idle, now_ns)
    return ladder


def _is_proven(ladder: Ladder) -> bool:
    """Whether the overload lasts; while tiles are going down no further proof is needed."""
    falling = any(ladder.rungs) and not ladder.climbed
    return falling or ladder.overloads >= PROOF_LOOKS


def _lowered(ladder: Ladder, load: Load, idle: Idle, now_ns: int) -> Ladder:
    """A share of the tiles one rung down, the more the later things come; but few at a time lose
    their motion, for that saves nearly all that they cost."""
    rungs = list(ladder.rungs)
    stopping = math.ceil(len(rungs) * STOPPING)
    falling = math.ceil(len(rungs) * min(1.0, 0.25 + load.late))
    while falling and stopping and (place := _next_to_fall(rungs)) is not None:
        rungs[place] = Rung(rungs[place] + 1)
        falling -= rungs[place] not in idle[place]
        stopping -= rungs[place] >= Rung.MOTION
    too_soon = ladder.climbed and now_ns - ladder.changed_ns < 2 * ladder.pause_ns
    pause_ns = min(LONGEST_CLIMB_NS, 2 * ladder.pause_ns) if too_soon else ladder.pause_ns
    return Ladder(tuple(rungs), ladder.overloads, now_ns, climbed=False, pause_ns=pause_ns)


def _next_to_fall(rungs: list[Rung]) -> int | None:
    """Of those that can go down the one that gave up least; of equals the least important."""
    last = len(rungs) - 1
    can = [place for place, rung in enumerate(rungs) if rung < Rung.EVERYTHING]
    return min(can, key=lambda at: (rungs[at] + HEAD_START * (at == last), at), default=None)


def _raised(ladder: Ladder, room: float, idle: Idle, now_ns: int) -> Ladder:
    """A tile a rung up, or more of them the more room there is."""
    rungs = list(ladder.rungs)
    climbing = max(1, int(len(rungs) * CLIMBING * room))
    while climbing and any(rungs):
        place = max(range(len(rungs)), key=lambda at: (rungs[at], at))
        climbing -= rungs[place] not in idle[place]
        rungs[place] = Rung(rungs[place] - 1)
    pause_ns = max(CLIMB_NS, ladder.pause_ns // 2) if ladder.climbed else ladder.pause_ns
    return Ladder(tuple(rungs), 0, now_ns, climbed=True, pause_ns=pause_ns)
