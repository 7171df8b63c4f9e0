"""How much of a machine may be used: quotas of control groups of both versions, and processors."""

import os
from pathlib import Path

import pytest

from tests.support.control_group_folders import GROUP, Groups
from wallctl.supervisor.control_groups import groups
from wallctl.supervisor.machine import (
    LEAST_CORES,
    Throttle,
    cpu_model,
    machine_cores,
    processors,
    throttle,
    usable_cores,
)
from wallctl.supervisor.usage import busy_s

VERSIONS = pytest.mark.parametrize("version", [None, "cpu"], ids=["version 2", "version 1"])
HZ = os.sysconf("SC_CLK_TCK")


def set_quota(tree: Groups, group: str, quota_us: int | None, *, version: str | None) -> None:
    if version is None:
        most = "max" if quota_us is None else quota_us
        tree.limit(group, {"cpu.max": f"{most} 100000"})
    else:
        most = -1 if quota_us is None else quota_us
        tree.limit(group, {"cpu.cfs_quota_us": str(most), "cpu.cfs_period_us": "100000"})


@VERSIONS
def test_a_quota_counts_as_the_machine_and_the_tightest_one_decides(
    tmp_path: Path, version: str | None
) -> None:
    tree = Groups(tmp_path, version)
    all_of_it = float(len(processors()))
    assert usable_cores(tree.proc) == all_of_it
    set_quota(tree, GROUP, None, version=version)
    assert usable_cores(tree.proc) == all_of_it
    set_quota(tree, "/wall.slice", 50_000, version=version)
    assert usable_cores(tree.proc) == 0.5
    set_quota(tree, GROUP, 25_000, version=version)
    assert usable_cores(tree.proc) == 0.25
    set_quota(tree, GROUP, 6_400_000, version=version)
    assert usable_cores(tree.proc) == 0.5
    set_quota(tree, "/wall.slice", 6_400_000, version=version)
    assert usable_cores(tree.proc) == all_of_it


@VERSIONS
def test_in_a_container_the_mounted_root_is_the_own_group(
    tmp_path: Path, version: str | None
) -> None:
    tree = Groups(tmp_path, version, root="/docker/0123")
    tree.put("/docker/0123")
    set_quota(tree, "/", 70_000, version=version)
    assert usable_cores(tree.proc) == 0.7
    tree.put("/")  # as in a name space of its own
    assert usable_cores(tree.proc) == 0.7
    tree.put("/../elsewhere")
    assert usable_cores(tree.proc) == 0.7
    tree.put("/docker/0123/inner")
    set_quota(tree, "/inner", 30_000, version=version)
    assert usable_cores(tree.proc) == 0.3


@pytest.mark.parametrize(
    "said", ["", "max", "0 0", "50000 0", "50000", "x y", "-1 100000", "0 100000", "1 100000"]
)
def test_whatever_a_group_says_there_is_something_to_use(tmp_path: Path, said: str) -> None:
    tree = Groups(tmp_path)
    tree.limit(GROUP, {"cpu.max": said})
    assert LEAST_CORES <= usable_cores(tree.proc) <= len(processors())


def test_affinity_counts(tmp_path: Path) -> None:
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert usable_cores(tmp_path) == 1.0
        assert machine_cores() >= len(allowed)
    finally:
        os.sched_setaffinity(0, allowed)


def test_where_nothing_is_mounted_nothing_limits(tmp_path: Path) -> None:
    assert groups("cpu", tmp_path) == []
    assert usable_cores(tmp_path) == len(processors())
    assert throttle(tmp_path) == Throttle()
    (tmp_path / "self").mkdir()
    (tmp_path / "self/cgroup").write_text("nonsense\n1\n::\n")
    (tmp_path / "self/mountinfo").write_text("nonsense - \n - \n\n1 2 3\n")
    assert groups("cpu", tmp_path) == []


def test_both_versions_may_be_mounted_at_once(tmp_path: Path) -> None:
    old, new = Groups(tmp_path / "old", "cpu"), Groups(tmp_path / "new")
    both = tmp_path / "proc"
    (both / "self").mkdir(parents=True)
    for name in ("cgroup", "mountinfo"):
        texts = [(tree.proc / "self" / name).read_text() for tree in (old, new)]
        (both / "self" / name).write_text("".join(texts))
    set_quota(old, GROUP, 80_000, version="cpu")
    assert usable_cores(both) == 0.8
    set_quota(new, "/wall.slice", 60_000, version=None)
    assert usable_cores(both) == 0.6


def test_it_is_told_how_often_a_quota_held_its_processes_up(tmp_path: Path) -> None:
    tree = Groups(tmp_path)
    tree.limit(GROUP, {"cpu.stat": "usage_usec 1\nnr_periods 40\nnr_throttled 7\nnr_bursts 0"})
    assert throttle(tree.proc) == Throttle()
    set_quota(tree, GROUP, 50_000, version=None)
    assert throttle(tree.proc) == Throttle(40, 7)


def test_only_the_processors_that_may_be_used_are_counted_as_busy(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    stat.write_text(
        f"cpu  {3 * HZ} 0 {HZ} 900 0 0 0 0 0 0\n"
        f"cpu0 {HZ} 0 0 300 0 0 0 0 0 0\n"
        f"cpu1 {2 * HZ} 0 {HZ} 600 0 0 0 0 0 0\n"
        "intr 1 2 3\n"
    )
    assert busy_s(frozenset({0}), stat) == 1.0
    assert busy_s(frozenset({1}), stat) == 3.0
    assert busy_s(frozenset({0, 1}), stat) == busy_s(None, stat) == 4.0
    assert busy_s(frozenset({7}), stat) == 4.0  # as where processors are numbered again


def test_a_processor_without_a_name_is_known_by_its_architecture(tmp_path: Path) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text("processor : 0\n")
    assert cpu_model(file) == os.uname().machine
