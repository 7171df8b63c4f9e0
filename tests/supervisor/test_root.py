"""Root and its children: tiny kinds in real processes, and a controller on a string."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.support import process_tree
from tests.support.fakes import SECOND
from tests.support.live_wall import PAUSE, eventually
from tests.support.process_tree import Tree, runs
from tests.support.root_harness import Mute, Remember, Text
from wallctl.supervisor.child_setup import short_name
from wallctl.supervisor.messages import Born, Died, Kill, Retire, Spawn
from wallctl.supervisor.restart_policy import KILLED_PAUSE_S, PAUSES_S, SHORT_LIFE_NS

tree = process_tree.tree

BACK_S = 1.0


def grow_old(pid: int) -> None:
    """Let real time pass until a child's end no longer counts as one at birth."""
    PAUSE.wait(1.1 * SHORT_LIFE_NS / SECOND)
    assert runs(pid)


def open_sockets(pid: int) -> list[str]:
    links = [str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir() if int(fd.name) > 2]
    return [link for link in links if link.startswith("socket:")]


def test_a_child_runs_under_its_name_with_its_own_channel_and_no_others(tree: Tree) -> None:
    first, second = tree.spawn("worker:a"), tree.spawn("worker:b")
    tree.answers("worker:a", first)
    tree.answers("worker:b", second)
    assert Path(f"/proc/{second}/comm").read_text().strip() == "wall:worker:b"
    assert len(open_sockets(second)) == 1
    assert open_sockets(first) != open_sockets(second)


def test_a_child_that_runs_already_is_not_started_twice(tree: Tree) -> None:
    pid = tree.spawn("worker:a")
    tree.tell(Spawn("worker:a", "echo", b""))
    tree.answers("worker:a", pid)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_killed_child_is_back_at_once_and_its_neighbour_stays(
    tree: Tree, number: signal.Signals
) -> None:
    neighbour, pid = tree.spawn("worker:a"), tree.spawn("worker:b")
    grow_old(pid)
    os.kill(pid, number)
    tree.died("worker:b", pid)
    back = tree.born("worker:b", within_s=0.3)
    tree.answers("worker:b", back)
    tree.answers("worker:a", neighbour)


def test_a_child_that_hangs_is_killed_on_demand_and_started_again(tree: Tree) -> None:
    pid = tree.spawn("worker:a")
    os.kill(pid, signal.SIGSTOP)
    tree.tell(Kill("worker:a"))
    tree.died("worker:a", pid)
    tree.answers("worker:a", tree.born("worker:a", within_s=BACK_S))


def test_a_controller_that_hangs_is_replaced_and_the_children_stay(tree: Tree) -> None:
    pid = tree.spawn("echo:a")
    hung = tree.up.pid
    tree.tell(Mute())
    up = tree.next_controller()
    assert up.pid != hung
    assert up.others == {"echo:a": pid}
    tree.answers("echo:a", pid)


def test_a_child_that_fails_at_birth_is_tried_ever_more_rarely(tree: Tree) -> None:
    tree.tell(Spawn("worker:a", "crash", b""))
    tree.died("worker:a", tree.born("worker:a"))
    for pause in PAUSES_S[:3]:
        died_s = time.monotonic()
        pid = tree.born("worker:a")
        assert pause - 0.05 < time.monotonic() - died_s < pause + 0.3
        tree.died("worker:a", pid)
    assert "worker:a is broken" in tree.stderr.read_text()


def test_a_child_killed_again_and_again_is_back_each_time_at_once(tree: Tree) -> None:
    pid = tree.spawn("worker:a")
    for _ in range(6):
        os.kill(pid, signal.SIGKILL)
        killed_s = time.monotonic()
        tree.died("worker:a", pid)
        pid = tree.born("worker:a")
        assert time.monotonic() - killed_s < KILLED_PAUSE_S + 0.3


def test_a_death_while_there_is_no_controller_is_told_to_the_next(tree: Tree) -> None:
    pid = tree.spawn("worker:a")
    os.kill(tree.root, signal.SIGSTOP)
    lost = {tree.up.pid, pid}
    for victim in lost:
        os.kill(victim, signal.SIGKILL)
    # else what root says of the one reaches a controller that is not dead yet, and is lost with it
    eventually(lambda: not any(runs(victim) for victim in lost), 2)
    os.kill(tree.root, signal.SIGCONT)
    tree.controller()
    while lost:
        heard = tree.hear()
        if isinstance(heard, Died):
            lost.remove(heard.pid)


def test_a_child_of_one_job_says_its_word_and_is_not_started_again(tree: Tree) -> None:
    tree.tell(Spawn("snapshot:1", "word", b"done", once=True))
    heard = [tree.hear() for _ in range(3)]
    assert Text("snapshot:1", "done") in heard
    born = next(message for message in heard if isinstance(message, Born))
    assert any(isinstance(message, Died) for message in heard)
    tree.answers("worker:a", tree.spawn("worker:a"))  # and nothing came between
    assert not runs(born.pid)
    assert tree.spawn("snapshot:1", once=True) != born.pid  # its name is free again


def test_a_retired_child_ends_and_its_name_is_free(tree: Tree) -> None:
    pid = tree.spawn("worker:a")
    tree.tell(Retire("worker:a"))
    tree.died("worker:a", pid)
    assert not runs(pid)
    tree.answers("worker:a", tree.spawn("worker:a"))


def test_the_next_controller_finds_memory_and_children_and_what_they_said(tree: Tree) -> None:
    pids = {name: tree.spawn(name) for name in ("worker:a", "presenter:b")}
    tree.tell(Remember(b"what I knew"))
    for name, pid in pids.items():
        tree.answers(name, pid)
    for turn in range(3):
        old = tree.up.pid
        killed_s = time.monotonic()
        os.kill(old, signal.SIGKILL)
        tree.next_controller()
        assert time.monotonic() - killed_s < BACK_S, turn
        assert tree.up.pid != old
        assert tree.up.memory == b"what I knew"
        assert tree.up.others == pids
        for name, pid in pids.items():
            tree.answers(name, pid)


def test_the_last_words_of_a_killed_controller_are_obeyed(tree: Tree) -> None:
    tree.spawn("worker:a")
    tree.tell(Text("worker:a", "hello"))
    tree.hear()
    os.kill(tree.root, signal.SIGSTOP)  # root hears nothing, as when it is busy
    tree.tell(Remember(b"newest"))
    tree.tell(Spawn("worker:b", "echo", b""))
    tree.tell(Text("worker:a", "the orders before this are with root now"))
    tree.hear()
    os.kill(tree.up.pid, signal.SIGKILL)
    os.kill(tree.root, signal.SIGCONT)
    up = tree.next_controller()
    assert up.memory == b"newest"
    assert {"worker:a", "worker:b"} == set(up.others)


def test_what_a_child_says_while_there_is_no_controller_is_heard_by_the_next(tree: Tree) -> None:
    pid = tree.spawn("worker:a")
    os.kill(pid, signal.SIGSTOP)
    tree.tell(Text("worker:a", "hello"))
    tree.tell(Mute())
    eventually(lambda: "S" in state_of(tree.up.pid), 2)
    os.kill(tree.up.pid, signal.SIGSTOP)
    os.kill(pid, signal.SIGCONT)
    eventually(lambda: "S" in state_of(pid), 2)
    os.kill(tree.up.pid, signal.SIGKILL)
    up = tree.next_controller()
    assert up.others == {"worker:a": pid}
    assert tree.hear() == Text("worker:a", f"hello from {pid}")


def state_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_a_child_is_told_that_it_rests(tree: Tree) -> None:
    tree.tell(Spawn("worker:a", "crash", b"", quarantined=True))
    pauses = []
    for _ in range(4):
        tree.born("worker:a")
        died = tree.hear()
        assert isinstance(died, Died)
        pauses.append(died.pause_s)
    assert pauses == [0.1, 0.2, 0.5, 1.0]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("worker:a", "wall:worker:a"),
        ("worker:东门/sub", "wall:worker:东"),
        ("worker:a东门/sub", "wall:worker:a"),
        ("presenter:屏", "wall:presenter:"),
        ("input:报警", "wall:input:报"),
        ("worker:😀", "wall:worker:"),
    ],
)
def test_a_name_is_never_cut_within_a_character(name: str, short: str) -> None:
    assert short_name(name).decode() == short
