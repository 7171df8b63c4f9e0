"""What is taken from callers: a share each, whatever hides something, and true alarms."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.reducing import claim, step
from tests.support.sites import site
from wallctl.model.site.alarm import Alarm, AlarmPlace
from wallctl.model.wall.access.admission import Admission
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Actor, Origin, Role
from wallctl.model.wall.state.state import initial

MS = 1_000_000
ALARMS = tuple(
    Alarm(f"p{priority}", "摄像机1", (AlarmPlace("left"),), priority=priority)
    for priority in range(1, 10)
)
SITE = replace(site(8, 2), alarms=ALARMS)
NOISY, QUIET = (Actor(f"1000:{pid}", Role.REMOTE, Origin.CONTROL) for pid in (7, 8))
HTTP, MQTT = (Actor(name, Role.REMOTE, Origin.INPUT) for name in ("http", "mqtt"))


class Gate:
    """An admission and the state that what it lets through makes."""

    def __init__(self) -> None:
        self.admission, self.state = Admission(), initial(SITE)
        self.now_ns = 0

    def takes(self, caller: Actor, command: c.Command) -> bool:
        """Whether a command is taken; a change is then made, if it can be."""
        try:
            if isinstance(command, c.Query):
                self.admission.ask(caller, command, self.now_ns)
            else:
                self.admission.check(caller, command, self.state, SITE, self.now_ns)
        except c.CommandError:
            return False
        if not isinstance(command, c.Query):
            self._make(caller, command)
        return True

    def _make(self, caller: Actor, command: c.Change) -> None:
        try:
            self.state = step(self.state, command, SITE, claim(Role.REMOTE, self.now_ns))
        except c.CommandError as error:
            self.admission.failed(caller, command, error, self.now_ns)

    def flood(self, caller: Actor, command: c.Command, times: int = 300) -> int:
        """How often a command is taken that is asked for so often at once."""
        return sum(self.takes(caller, command) for _ in range(times))


@pytest.mark.parametrize("caller", [NOISY, HTTP])
def test_one_caller_that_floods_keeps_no_other_away(caller: Actor) -> None:
    gate = Gate()
    for tick in range(200):
        gate.now_ns = tick * 10 * MS
        gate.flood(caller, c.RaiseAlarm("p9"), 10)
        if caller is NOISY:
            gate.flood(caller, c.Hello(), 20)
            gate.flood(caller, c.SetLayout("3x3"), 20)
        if tick % 10 == 0:
            assert gate.takes(QUIET, c.SetLayout("2x2"))
            assert gate.takes(QUIET, c.Hello())
            assert gate.takes(QUIET, c.RaiseAlarm("p1"))
            assert gate.takes(MQTT, c.RaiseAlarm("p1"))


def test_a_true_alarm_comes_through_the_noise_of_its_own_input() -> None:
    """Two hundred and fifty a second, of many devices behind one input or of one program."""
    for noisy in (HTTP, NOISY):
        gate = Gate()
        for tick in range(500):
            gate.now_ns = tick * 10 * MS
            gate.flood(noisy, c.RaiseAlarm("p1"), 3)
            gate.flood(noisy, c.EndAlarm("nobody"), 2)
            if tick % 10 == 0:
                assert gate.takes(noisy, c.RaiseAlarm("p9"))


@given(st.lists(st.tuples(st.integers(1, 8), st.sampled_from([NOISY, HTTP, MQTT])), max_size=300))
@settings(deadline=None, max_examples=30)
def test_the_reserve_is_the_highest_priority_s(noise: list[tuple[int, Actor]]) -> None:
    gate = Gate()
    for caller in (NOISY, HTTP, MQTT):
        gate.flood(caller, c.RaiseAlarm("p1"))
    for priority, caller in noise:
        gate.takes(caller, c.RaiseAlarm(f"p{priority}"))
    assert all(gate.takes(HTTP, c.RaiseAlarm("p9")) for _ in range(10))


def test_to_hide_something_is_always_possible() -> None:
    gate = Gate()
    gate.flood(NOISY, c.Page("next"))
    assert not gate.takes(NOISY, c.SetLayout("3x3"))
    for number in range(1, 9):
        assert gate.takes(NOISY, c.Blank(source=str(number), reason="检修"))
    assert len(gate.state.blanked) == 8
    state = gate.state
    assert gate.flood(NOISY, c.Blank(source="1")) == 300, "it is hidden, so that is no lie"
    assert gate.flood(NOISY, c.Blank(source="1", reason="检修")) == 300
    assert gate.state is state
    assert not gate.takes(NOISY, c.Blank(source="1", reason="another")), "it hides nothing new"
    assert gate.takes(NOISY, c.Blank("left", reason="another"))


def test_who_hides_and_lifts_in_turn_has_no_more_than_a_share() -> None:
    gate, lifted = Gate(), 0
    for tick in range(1000):
        gate.now_ns = tick * MS
        gate.takes(NOISY, c.Blank())
        lifted += gate.takes(NOISY, c.Unblank())
    assert lifted <= 60


def test_questions_that_cost_more_are_fewer() -> None:
    taken = [Gate().flood(NOISY, query, 1000) for query in (c.Hello(), c.Status(), c.Snapshot())]
    assert taken == [400, 200, 40]


def test_names_that_nobody_knows_are_dear() -> None:
    """All names are looked through for those near them, which takes milliseconds."""
    assert Gate().flood(NOISY, c.SetLayout("nothing")) == 10
    assert Gate().flood(HTTP, c.RaiseAlarm("nobody")) == 10
    gate = Gate()
    assert gate.flood(NOISY, c.Blank(source="nobody")) == 10
    assert gate.flood(NOISY, c.Unblank(source="nobody")) == 0
    for nowhere in (c.Blank("nowhere"), c.Blank(source="99"), c.Blank(tile=c.TileRef(99))):
        assert not gate.takes(NOISY, nowhere)
    assert gate.takes(NOISY, c.Blank(source="摄像机3")), "it hides something"
    assert Gate().flood(NOISY, c.Select(c.TileRef(99)), 50) == 50, "a tile is no name"
