"""From what is measured to what each source is given."""

import errno

from msgspec.structs import replace

from tests.support.controller_harness import small_site
from tests.support.fakes import SECOND
from wallctl.display.messages import Figures
from wallctl.model.planning.shedding_ladder import LOOK_NS, Load, Rung
from wallctl.model.site.decoder_preference import DecodedBy
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import Facts, Phase, Reason
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.state import initial
from wallctl.node.load_shedding import LATE_NS, LoadShedding, Meter
from wallctl.shm.stream_status import StreamFacts
from wallctl.supervisor.machine import Capacity, Throttle

SITE = small_site()
SCENE = resolve(initial(SITE), SITE)
LIVE = Facts(Phase.LIVE, Reason.NONE, 0, 1)


def moving(behind_ns: int) -> StreamFacts:
    return StreamFacts(LIVE, 0, 0, 1, 640, 360, 0, 0, 0, Effort.FULL, behind_ns, DecodedBy.SOFTWARE)


def ticked(ticks: int, missed: int) -> Figures:
    return Figures(50.0, ticks, missed, 0, 0, 1, ())


class Machine:
    """Sums of processor seconds that a test sets."""

    def __init__(self) -> None:
        self.busy_s = self.own_s = 0.0
        self.capacity = Capacity(frozenset({0, 1}), 2.0)
        self.meter = Meter(lambda: self.own_s, lambda _processors: self.busy_s, self._capacity)
        self.overload = LoadShedding(self.meter)
        self.now_ns = 10 * LOOK_NS
        self.spares = False

    def _capacity(self) -> Capacity:
        return self.capacity

    def second(self, busy_s: float, own_s: float, behind_ns: int) -> None:
        self.now_ns += LOOK_NS
        self.busy_s += busy_s
        self.own_s += own_s
        facts = replace(moving(behind_ns), spares=self.spares)
        streams = {(f"摄像机{n}", "sub"): facts for n in range(1, 5)}
        self.overload.look(SCENE, lambda: streams, [], self.now_ns)


def test_shares_are_those_since_the_last_reading() -> None:
    machine = Machine()
    assert machine.meter.read([ticked(100, 0)], 0.0, 0) is None
    machine.busy_s, machine.own_s = 3.0, 1.0
    load = machine.meter.read([ticked(148, 2)], 0.01, 2 * SECOND)
    assert load == Load(busy=0.75, own=0.25, late=0.2)


def test_a_presenter_that_began_anew_has_missed_nothing() -> None:
    machine = Machine()
    machine.meter.read([ticked(1000, 50)], 0.0, 0)
    load = machine.meter.read([ticked(10, 0)], 0.0, SECOND)
    assert load == Load(0.0, 0.0, 0.0)


def test_a_quota_is_the_machine() -> None:
    machine = Machine()
    machine.capacity = Capacity(frozenset({0, 1}), 0.5)
    machine.meter.read([], 0.0, 0)
    machine.busy_s, machine.own_s = 0.6, 0.4
    load = machine.meter.read([], 0.0, SECOND)
    assert load == Load(busy=0.8, own=0.8, late=0.0)


def test_what_is_held_up_by_a_quota_finds_the_processors_full() -> None:
    machine = Machine()
    machine.meter.read([], 0.0, 0)
    machine.capacity = Capacity(frozenset({0, 1}), 2.0, Throttle(periods=10, held_up=2))
    machine.busy_s = 0.2
    load = machine.meter.read([], 0.0, SECOND)
    assert load is not None
    assert load.busy == 0.1
    machine.capacity = Capacity(frozenset({0, 1}), 2.0, Throttle(periods=20, held_up=6))
    load = machine.meter.read([], 0.0, 2 * SECOND)
    assert load is not None
    assert load.busy == 1.0


def test_a_limit_that_changes_while_the_wall_runs_counts_from_then_on() -> None:
    machine = Machine()
    for _ in range(7):
        machine.second(0.5, 0.48, LATE_NS + 1)
    assert machine.overload.rungs == {}  # the machine is not full: the network is late
    machine.capacity = Capacity(frozenset({0, 1}), 0.5)
    for _ in range(7):
        machine.second(0.5, 0.48, LATE_NS + 1)
    assert machine.overload.rungs != {}


def test_under_overload_sources_give_something_up_and_the_selected_one_least() -> None:
    machine = Machine()
    for _ in range(7):
        machine.second(2.0, 1.8, LATE_NS + 1)
    rungs = machine.overload.rungs
    assert rungs["摄像机2"] > rungs.get("摄像机1", Rung.NOTHING)
    assert machine.overload.load == Load(1.0, 0.9, 1.0)


def test_in_time_nobody_gives_anything_up() -> None:
    machine = Machine()
    for _ in range(10):
        machine.second(2.0, 1.8, LATE_NS)
    assert machine.overload.rungs == {}


def test_a_source_in_two_tiles_gets_what_the_better_one_does() -> None:
    state = initial(SITE)
    left = state.screens["left"]
    twice = replace(left, order=("摄像机1", "摄像机1", "摄像机1", "摄像机1"))
    scene = resolve(replace(state, base={**state.screens, "left": twice}), SITE)
    machine = Machine()
    for _ in range(4):
        machine.second(2.0, 1.8, LATE_NS + 1)
    machine.overload.look(scene, dict, [], machine.now_ns)
    assert machine.overload.rungs.get("摄像机1", Rung.NOTHING) == Rung.NOTHING


def seconds_until_motion_is_lost(*, spares: bool) -> int:
    machine = Machine()
    machine.spares = spares
    for second in range(30):
        machine.second(2.0, 1.8, LATE_NS + 1)
        if Rung.MOTION in machine.overload.rungs.values():
            return second
    raise AssertionError("no tile ever lost its motion")


def test_no_second_is_lost_on_spare_pictures_that_are_not_there() -> None:
    with_spares = seconds_until_motion_is_lost(spares=True)
    assert seconds_until_motion_is_lost(spares=False) == with_spares - 1


def test_without_a_descriptor_to_look_with_nothing_is_judged() -> None:
    def fails(_processors: object) -> float:
        raise OSError(errno.EMFILE, "too many open files")

    assert Meter(lambda: 0.0, fails, Machine()._capacity).read([], 0.0, 0) is None
