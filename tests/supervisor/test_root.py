"""Root and its children: tiny kinds in real processes, and a controller on a string."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.fakes import SECOND
from tests.support.live_wall import PAUSE, eventually, soon
from tests.support.root_harness import FromTest, FromTree, Mute, Remember, Text, Up
from wallctl.supervisor.channel import Channel
from wallctl.supervisor.child_setup import FAILED, short_name
from wallctl.supervisor.controller_watch import TRIES
from wallctl.supervisor.deadline import END_AFTER_S
from wallctl.supervisor.messages import Born, Died, End, Ended, Kill, ReadFiles, Retire, Spawn
from wallctl.supervisor.restart_policy import KILLED_PAUSE_S, PAUSES_S, SHORT_LIFE_NS
from wallctl.supervisor.root import CONTROLLER, OVERDUE_S

BACK_S = 1.0
END_S = 2.0


class Tree:
    """A running tree, and the string to its controller."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        path = folder / "strings.sock"
        self._listener.bind(str(path))
        self._listener.listen()
        self._listener.settimeout(10)
        self.stderr = folder / "stderr"
        with self.stderr.open("wb") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.root_harness", str(path)],
                stderr=stderr,
                start_new_session=True,
                env={**os.environ, **environ},
            )
        self.root = self._process.pid
        self._channel: Channel[FromTree] | None = None
        self.up = self.controller()

    def __enter__(self) -> "Tree":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._listener.close()
        if self._channel is not None:
            self._channel.close()

    def ended(self) -> int:
        """Wait for the end of root; its exit code."""
        return self._process.wait(END_S)

    def next_controller(self) -> Up:
        """Wait for a controller to come up, which hears what became of the one before."""
        old = self.up.pid
        self.up = self.controller()
        self.died(CONTROLLER, old)
        return self.up

    def controller(self) -> Up:
        """Wait for a controller to come up."""
        accepted, _ = self._listener.accept()
        if self._channel is not None:
            self._channel.close()
        self._channel = Channel(accepted, FromTree)
        up = self.hear()
        assert isinstance(up, Up)
        return up

    def tell(self, order: FromTest) -> None:
        assert self._channel is not None
        assert self._channel.send(order)

    def hear(self, within_s: float = 5.0) -> FromTree:
        """The next message from the tree."""
        assert self._channel is not None
        readable, _, _ = select.select([self._channel], [], [], within_s)
        assert readable, f"nothing was heard for {within_s} s"
        got = self._channel.receive()
        assert got is not None
        return got[0]

    def spawn(self, name: str, kind: str = "echo", args: bytes = b"", once: bool = False) -> int:
        """Start a child; its pid."""
        self.tell(Spawn(name, kind, args, once))
        return self.born(name)

    def born(self, name: str, within_s: float = 5.0) -> int:
        born = self.hear(within_s)
        assert isinstance(born, Born), born
        assert born.name == name
        return born.pid

    def died(self, name: str, pid: int) -> None:
        died = self.hear()
        assert isinstance(died, Died), died
        assert (died.name, died.pid) == (name, pid)
        assert died.cpu_s >= 0

    def answers(self, name: str, pid: int) -> None:
        """The child of that pid serves the channel that the controller holds."""
        self.tell(Text(name, "hello"))
        assert self.hear() == Text(name, f"hello from {pid}")


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    with Tree(tmp_path) as running:
        yield running


def runs(pid: int) -> bool:
    """Whether a process is there and is no zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


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


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGPWR, signal.SIGHUP]
)
def test_a_signal_to_the_whole_group_is_roots_alone(tree: Tree, number: signal.Signals) -> None:
    pids = [tree.spawn("worker:a"), tree.spawn("presenter:b"), tree.up.pid]
    os.killpg(tree.root, number)
    assert isinstance(tree.hear(), End)
    tree.answers("worker:a", pids[0])  # nobody but root has taken notice
    tree.tell(Ended(7))
    assert tree.ended() == 7
    assert not any(runs(pid) for pid in pids)


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_the_tree_ends_in_time_whatever_the_controller_does(
    tree: Tree, number: signal.Signals
) -> None:
    pids = [tree.spawn("worker:a"), tree.up.pid]
    os.kill(pids[0], signal.SIGSTOP)
    os.kill(tree.root, signal.SIGTERM)
    assert isinstance(tree.hear(), End)
    os.kill(tree.up.pid, number)
    assert tree.ended() == 1
    assert not any(runs(pid) for pid in pids)


def test_a_hang_up_has_files_read_again_where_there_is_no_terminal(tmp_path: Path) -> None:
    with Tree(tmp_path, REREADS="1") as tree:
        pid = tree.spawn("worker:a")
        for _ in range(2):
            os.killpg(tree.root, signal.SIGHUP)
            assert isinstance(tree.hear(), ReadFiles)
        tree.answers("worker:a", pid)
        os.kill(tree.root, signal.SIGSTOP)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCONT):  # as xinit and systemd do
            os.kill(tree.root, number)
        assert {type(tree.hear()), type(tree.hear())} == {ReadFiles, End}
        tree.tell(Ended(0))
        assert tree.ended() == 0


def test_signals_that_mean_nothing_end_nobody(tree: Tree) -> None:
    pid = tree.spawn("worker:a")
    for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGTTOU):
        os.killpg(tree.root, number)
    tree.answers("worker:a", pid)
    assert runs(tree.root)


def test_a_hang_up_is_ignored_under_nohup(tmp_path: Path) -> None:
    old = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Tree(tmp_path) as tree:
            os.killpg(tree.root, signal.SIGHUP)
            tree.answers("worker:a", tree.spawn("worker:a"))
    finally:
        signal.signal(signal.SIGHUP, old)


def harness(*words: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.support.root_harness", *words]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)


def test_a_controller_that_fails_each_time_ends_the_tree_with_its_reason() -> None:
    with harness("-", "crash") as root:
        _, said = root.communicate(timeout=20)
    assert root.returncode == FAILED
    assert said.count("Traceback") == 1  # the others say it in a line
    assert said.count("controller fails again: RuntimeError: controller is broken") == TRIES - 1
    *_, last = said.splitlines()
    assert last.startswith("the wall can't go on")
    assert last.endswith("(RuntimeError: controller is broken)")


def test_a_tree_ends_when_its_time_is_over_though_no_controller_ends_it() -> None:
    with harness("-", "hang", "0.3") as root:
        began_s = time.monotonic()
        _, said = root.communicate(timeout=20)
    assert root.returncode == 1
    assert time.monotonic() - began_s < 0.3 + OVERDUE_S + END_AFTER_S + 3.0
    assert said == ""


@pytest.mark.parametrize("kind", ["crash", "hang"])
def test_ctrl_c_is_heard_while_no_controller_comes_up(kind: str) -> None:
    with harness("-", kind) as root:
        handled = 1 << signal.SIGQUIT - 1

        def is_ready() -> bool:
            status = Path(f"/proc/{root.pid}/status").read_text()
            caught = int(re.findall(r"SigCgt:\s*(\w+)", status)[0], 16)
            return bool(caught & handled)

        eventually(is_ready, 10)
        os.kill(root.pid, signal.SIGINT)
        root.communicate(timeout=END_S)
    assert root.returncode == 1


def test_a_controller_that_writes_when_it_ends_is_given_its_time(tree: Tree) -> None:
    os.kill(tree.root, signal.SIGTERM)
    assert isinstance(tree.hear(), End)
    # real time passes here: longer than a silent one would be given
    assert not soon(lambda: not runs(tree.root), END_AFTER_S + 1.0)
    tree.tell(Ended(0))
    assert tree.ended() == 0


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


def test_children_die_with_root_however_it_went(tree: Tree) -> None:
    pids = [tree.spawn("worker:a"), tree.spawn("presenter:b"), tree.up.pid]
    tree.answers("worker:a", pids[0])  # it has made its arrangements for this
    os.kill(pids[0], signal.SIGSTOP)
    os.kill(tree.root, signal.SIGKILL)
    eventually(lambda: not any(runs(pid) for pid in pids), END_S)
