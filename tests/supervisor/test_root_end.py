"""How a tree ends: by signals, by its time, by its controller, and by its root's death."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import process_tree
from tests.support.live_wall import eventually, soon
from tests.support.process_tree import END_S, Tree, runs
from wallctl.supervisor.child_setup import FAILED
from wallctl.supervisor.controller_watch import TRIES
from wallctl.supervisor.messages import End, Ended, ReadFiles
from wallctl.supervisor.root import OVERDUE_S
from wallctl.supervisor.shutdown_deadline import END_AFTER_S

tree = process_tree.tree


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


def test_children_die_with_root_however_it_went(tree: Tree) -> None:
    pids = [tree.spawn("worker:a"), tree.spawn("presenter:b"), tree.up.pid]
    tree.answers("worker:a", pids[0])  # it has made its arrangements for this
    os.kill(pids[0], signal.SIGSTOP)
    os.kill(tree.root, signal.SIGKILL)
    eventually(lambda: not any(runs(pid) for pid in pids), END_S)
