"""The crew: who lives, what they said last, and what root is asked to do."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.controller_harness import LEFT
from tests.support.fakes import FakeRoot
from wallctl.display.messages import Finish, Keys, Ready
from wallctl.node.child_processes import ChildProcesses
from wallctl.supervisor.child_setup import NOT_NOW
from wallctl.supervisor.messages import Born, Died, ReadFiles

ENDLESS = b"\x82\xa4type\xa5Ready\xa1x" + b"\x91" * 5000 + b"\xc0"


@pytest.fixture
def root() -> Iterator[FakeRoot]:
    root = FakeRoot()
    yield root
    root.close()


@pytest.fixture
def crew(root: FakeRoot) -> Iterator[ChildProcesses]:
    crew = ChildProcesses(root.birth, 0)
    crew.start(LEFT, "presenter", b"")
    root.serve()
    assert list(crew.hear_root(1)) == [(LEFT, True)]
    yield crew
    for member in crew.members.values():
        member.channel.close()


def test_a_child_is_started_once(root: FakeRoot, crew: ChildProcesses) -> None:
    root.spawned.clear()
    crew.start(LEFT, "presenter", b"")
    root.serve()
    assert root.spawned == {}
    assert len(crew.fds()) == 2
    assert len(crew.pids()) == 1


def test_root_hears_of_a_controller_that_looks_up_what_many_processes_cost(
    root: FakeRoot, crew: ChildProcesses
) -> None:
    costs = crew.costs((os.getpid(), os.getpid()))
    root.serve()
    assert root.beats == 2 + len(crew.pids())
    assert costs.pss_mb > 1


def test_the_last_words_of_a_child_are_heard_before_it_is_forgotten(
    root: FakeRoot, crew: ChildProcesses
) -> None:
    root.says(LEFT, Ready(7))
    root.bury(LEFT, cpu_s=0.5)
    for name, born in crew.hear_root(2):
        assert not born
        assert [message for message, _ in crew.hear(name, 2)] == [Ready(7)]
    assert crew.members == {}
    assert crew.cpu_of_dead_s == 0.5
    assert not crew.send(LEFT, Finish())
    assert list(crew.hear(LEFT, 3)) == []


def test_a_child_whose_channel_is_closed_is_gone(root: FakeRoot, crew: ChildProcesses) -> None:
    root.hang_up(LEFT)
    assert list(crew.hear(LEFT, 2)) == []
    assert crew.members == {}


def test_what_root_is_asked_for(root: FakeRoot, crew: ChildProcesses) -> None:
    crew.kill(LEFT)
    crew.keep(b"memory")
    crew.retire(LEFT)
    crew.retire("worker:nobody")
    crew.end(3)
    root.end()
    root.serve()
    assert (root.killed, root.kept, root.retired, root.code) == ([LEFT], [b"memory"], [LEFT], 3)
    assert not crew.ending
    list(crew.hear_root(2))
    assert crew.ending


def test_silence_is_counted_from_the_last_word_and_can_be_excused(
    root: FakeRoot, crew: ChildProcesses
) -> None:
    root.says(LEFT, Ready(1))
    list(crew.hear(LEFT, 5))
    assert crew.members[LEFT].heard_ns == 5
    crew.excuse(9)
    assert (crew.members[LEFT].heard_ns, crew.members[LEFT].born_ns) == (9, 9)


def test_a_snapshot_child_may_be_made_again_under_its_name(
    root: FakeRoot, crew: ChildProcesses
) -> None:
    for _ in range(2):
        crew.start("snapshot:1", "snapshot", b"")
        root.serve()
        assert list(crew.hear_root(2)) == [("snapshot:1", True)]
        root.bury("snapshot:1")
        assert list(crew.hear_root(2)) == [("snapshot:1", False)]


def test_a_child_that_is_not_dead_yet_is_not_asked_for_again(
    root: FakeRoot, crew: ChildProcesses
) -> None:
    """Its channel ends before it does. Root would pass over a second of its name."""
    for _ in range(2):
        crew.start("saving:state", "saving", b"")
        root.serve()
        assert list(crew.hear_root(2)) == [("saving:state", True)]
        pid = crew.members["saving:state"].pid
        root.hang_up("saving:state")
        assert list(crew.hear("saving:state", 3)) == []
        assert crew.has("saving:state")
        root.tell_death("saving:state", pid)
        assert list(crew.hear_root(4)) == [("saving:state", False)]
        assert not crew.has("saving:state")


def test_who_is_killed_is_told_and_who_was_sent_away_is_not(
    root: FakeRoot, crew: ChildProcesses, caplog: pytest.LogCaptureFixture
) -> None:
    root.bury(LEFT, code=-9)
    list(crew.hear_root(2))
    assert f"{LEFT} (process" in caplog.text
    assert "ended by SIGKILL" in caplog.text
    caplog.clear()
    root.bear(LEFT)
    list(crew.hear_root(3))
    crew.retire(LEFT)
    root.bury(LEFT, code=-9)
    list(crew.hear_root(4))
    assert caplog.messages == [f"process starts again process={LEFT}"]


def test_a_signal_without_a_name_is_told_by_its_number(
    root: FakeRoot, crew: ChildProcesses, caplog: pytest.LogCaptureFixture
) -> None:
    root.bury(LEFT, code=-40)
    list(crew.hear_root(2))
    assert "ended by signal 40" in caplog.text


def test_a_hang_up_is_noted_for_the_controller_to_act_on(
    root: FakeRoot, crew: ChildProcesses
) -> None:
    root.say(ReadFiles())
    assert list(crew.hear_root(2)) == []
    assert crew.take_hang_up()
    assert not crew.ending


def test_a_child_that_can_not_be_reached_is_begun_anew(
    root: FakeRoot, crew: ChildProcesses
) -> None:
    root.say(Born("worker:a", 7))  # its channel got lost: no descriptor was left for it
    assert list(crew.hear_root(2)) == []
    root.serve()
    assert root.killed == ["worker:a"]
    assert "worker:a" not in crew.members


def test_only_what_calls_others_may_be_left_alone(root: FakeRoot, crew: ChildProcesses) -> None:
    for kind in ("worker", "broadcast", "input", "sound"):
        crew.start(f"{kind}:a", kind, b"")
    root.serve()
    rest = {name for name, spawn in root.spawned.items() if spawn.quarantined}
    assert rest == {"worker:a", "broadcast:a"}


def test_one_that_rests_is_told(
    root: FakeRoot, crew: ChildProcesses, caplog: pytest.LogCaptureFixture
) -> None:
    crew.start("worker:a", "worker", b"")
    root.say(Died("worker:a", 7, 70, 0.0, pause_s=2.0, why="ValueError: x"))
    list(crew.hear_root(2))
    assert caplog.messages == ['process failed process=worker:a why="ValueError: x"']
    root.say(Died("worker:a", 7, 70, 0.0, pause_s=60.0))
    list(crew.hear_root(2))
    assert "worker:a keeps dying: it rests for 60 s" in caplog.text


@pytest.mark.parametrize(
    "garbage", [b"garbage", b"\x81\xa4type\xa5Ready", b"\xc1", b"\x80", ENDLESS]
)
def test_a_child_that_says_what_nobody_understands_is_started_again(
    root: FakeRoot, crew: ChildProcesses, garbage: bytes
) -> None:
    root.children[LEFT].socket.send(garbage)
    assert list(crew.hear(LEFT, 2)) == []
    assert LEFT not in crew.members
    root.serve()
    assert root.killed == [LEFT]


@pytest.mark.parametrize("name", ["worker:a", "doorkeeper", "sound", "input:http"])
def test_nobody_but_a_screen_presses_keys(root: FakeRoot, crew: ChildProcesses, name: str) -> None:
    crew.start(name, name.partition(":")[0], b"")
    root.serve()
    list(crew.hear_root(2))
    root.says(name, Keys(()))
    assert list(crew.hear(name, 3)) == []
    root.serve()
    assert root.killed == [name]


def test_files_that_nobody_asked_for_are_closed(root: FakeRoot, crew: ChildProcesses) -> None:
    channel, before = root.children[LEFT], set(Path("/proc/self/fd").iterdir())
    assert channel.send(Ready(1), [channel.fileno()])
    assert [fds for _, fds in crew.hear(LEFT, 2)] == [[]]
    assert channel.send(Finish(), [channel.fileno()])
    assert list(crew.hear(LEFT, 2)) == []
    assert set(Path("/proc/self/fd").iterdir()) <= before


@pytest.mark.parametrize("name", ["worker:a", "errand:demo", "sound"])
def test_who_has_nothing_to_say_may_not_even_say_nothing(
    root: FakeRoot, crew: ChildProcesses, name: str
) -> None:
    """A decoder that was taken over would say it without end, and nobody else be heard."""
    crew.start(name, name.partition(":")[0], b"")
    root.serve()
    list(crew.hear_root(2))
    channel, before = root.children[name], set(Path("/proc/self/fd").iterdir())
    socket.send_fds(channel.socket, [b"\xc0"], [channel.fileno()])
    assert list(crew.hear(name, 3)) == []
    root.serve()
    assert root.killed == [name]
    assert set(Path("/proc/self/fd").iterdir()) <= before


@pytest.mark.parametrize("code", [0, NOT_NOW])
def test_one_that_is_done_or_waits_has_not_failed(
    root: FakeRoot, crew: ChildProcesses, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    crew.start("saving:state", "saving", b"")
    root.say(Died("saving:state", 7, code, 0.0, why=f"exit code {code}"))
    list(crew.hear_root(2))
    assert caplog.text == ""
