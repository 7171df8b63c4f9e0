"""Is it too much for this machine? Looks at the load, and says what each source is given.

``wallctl.model.planning.shedding_ladder`` decides what to give up and when. Workers know what a
rung means.
"""

from collections.abc import Callable, Container, Mapping

import msgspec

from wallctl.display.messages import Figures
from wallctl.model.planning.shedding_ladder import LOOK_NS, Ladder, Load, Rung, fitted, judged
from wallctl.model.planning.tile_priority import least_first
from wallctl.model.site.site import StreamKey
from wallctl.model.streams.health import SECOND_NS
from wallctl.model.wall.scene.scene import Scene
from wallctl.shm.stream_status import StreamFacts
from wallctl.supervisor.machine import Capacity, capacity
from wallctl.supervisor.usage import busy_s

LATE_NS = SECOND_NS * 15 // 100
"""A packet taken later than this has waited for a processor, or for the network."""
MISSED_WEIGHT = 5
"""A missed tick harms all tiles of its screen: 2 % of them weigh as 10 % of the streams."""
HELD_UP = 0.25
"""The share of a quota's periods in which it was used up too early that is no accident."""
_NO_SPARES = frozenset({Rung.SPARE_PICTURES})
"""The rung on which a stream without such pictures gives nothing up; most cameras send none."""


class Reading(msgspec.Struct, frozen=True):
    """Sums since the wall began; what counts is what they grew by."""

    at_ns: int
    busy_s: float
    own_s: float
    ticks: int
    missed_ticks: int
    periods: int
    held_up: int


class Meter:
    """How busy the machine and its processors were since the last reading."""

    def __init__(
        self,
        own_s: Callable[[], float],
        all_s: Callable[[Container[int]], float] = busy_s,
        capacity: Callable[[], Capacity] = capacity,
    ) -> None:
        """``own_s`` tells the processor seconds of the wall, ``all_s`` those of everything that
        runs on some processors, ``capacity`` what the wall may use."""
        self._own_s = own_s
        self._all_s = all_s
        self._capacity = capacity
        self._before: Reading | None = None

    def read(self, figures: list[Figures], late: float, now_ns: int) -> Load | None:
        """The load, with the share of streams that are ``late``; ``None`` at first, and where the
        system does not tell."""
        ticks, missed = sum(f.ticks for f in figures), sum(f.missed_ticks for f in figures)
        has = self._capacity()
        sums = (has.throttle.periods, has.throttle.held_up)
        try:
            busy_s = self._all_s(has.processors)
        except OSError:  # no descriptor is left to look with
            return None
        now = Reading(now_ns, busy_s, self._own_s(), ticks, missed, *sums)
        before, self._before = self._before, now
        if before is None:
            return None
        took_s = (now.at_ns - before.at_ns) / SECOND_NS
        own = (now.own_s - before.own_s) / (has.cores * took_s)
        busy = (now.busy_s - before.busy_s) / (len(has.processors) * took_s)
        lost = max(0, now.missed_ticks - before.missed_ticks)
        had = max(1, now.ticks - before.ticks + lost)
        return Load(
            busy=_share(max(busy, own, _held_up(now, before))),
            own=_share(own),
            late=_share(max(late, MISSED_WEIGHT * lost / had)),
        )


def _held_up(now: Reading, before: Reading) -> float:
    """1 if a control group's quota is too little: to its processes the processors are full."""
    periods, held_up = now.periods - before.periods, now.held_up - before.held_up
    return float(held_up > HELD_UP * max(1, periods))


def _share(of_all: float) -> float:
    return round(min(1.0, max(0.0, of_all)), 3)


class LoadShedding:
    """The ladder of a wall, by source."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._ladder = Ladder()
        self._looked_ns = 0
        self.load = Load(0.0, 0.0, 0.0)
        """As it was found last."""
        self.rungs: Mapping[str, Rung] = {}
        """Of each source that gives anything up."""

    def look(
        self,
        scene: Scene,
        moving: Callable[[], Mapping[StreamKey, StreamFacts]],
        figures: list[Figures],
        now_ns: int,
    ) -> None:
        """Judge the load, if it is time. ``moving`` tells the streams decoded as they come."""
        self._ladder = fitted(self._ladder, len(least_first(scene)))
        if now_ns - self._looked_ns >= LOOK_NS:
            self._looked_ns = now_ns
            streams = moving()
            behind = [facts.behind_ns for facts in streams.values()]
            late = sum(ns > LATE_NS for ns in behind) / max(1, len(behind))
            load = self._meter.read(figures, late, now_ns)
            if load is not None:
                self.load = load
                with_spares = {key[0] for key, facts in streams.items() if facts.spares}
                idle = [() if one in with_spares else _NO_SPARES for one in _sources(scene)]
                self._ladder = judged(self._ladder, load, idle, now_ns)
        self.rungs = self._by_source(scene)

    def _by_source(self, scene: Scene) -> dict[str, Rung]:
        """A source in several tiles is given what the best of them gets."""
        found: dict[str, Rung] = {}
        for source, rung in zip(_sources(scene), self._ladder.rungs, strict=True):
            found[source] = min(rung, found.get(source, rung))
        return {source: rung for source, rung in found.items() if rung}


def _sources(scene: Scene) -> list[str]:
    """The sources of a scene's tiles, the least important first."""
    shown = {(s.screen, tile.number): tile.source for s in scene for tile in s.tiles}
    return [source for place in least_first(scene) if (source := shown[place]) is not None]
