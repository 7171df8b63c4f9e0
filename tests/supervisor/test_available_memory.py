"""How much memory can be had, told from folders that look like /proc and /sys/fs/cgroup."""

from pathlib import Path

import pytest

from tests.support.control_group_folders import GROUP, Groups
from wallctl.supervisor.available_memory import available_bytes, cgroup_bytes

GB = 1 << 30
NAMES = {
    None: ("memory.max", "memory.current", "inactive_file"),
    "memory": ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
}
"""The files of each version of control groups."""
NO_LIMIT = {None: "max", "memory": "9223372036854771712"}


class Limits:
    """The memory that groups may have, in the files of one version."""

    def __init__(self, folder: Path, version: str | None) -> None:
        self.groups = Groups(folder, version)
        self.proc = self.groups.proc
        self.version = version
        (self.proc / "meminfo").write_text(f"MemTotal: 9 kB\nMemAvailable: {8 * GB >> 10} kB\n")
        self.set("/wall.slice", None, 3 * GB)
        self.set(GROUP, None, 1 * GB)

    def set(self, group: str, most: int | None, used: int, droppable: int = 0) -> None:
        limit, current, inactive = NAMES[self.version]
        stat = f"anon 12345\nfile 999\ninactive_file 1\n{inactive} {droppable}"
        if self.version is None:
            stat = f"anon 12345\nfile 999\n{inactive} {droppable}"
        most_said = NO_LIMIT[self.version] if most is None else str(most)
        self.groups.limit(group, {limit: most_said, current: str(used), "memory.stat": stat})


@pytest.fixture(params=[None, "memory"], ids=["version 2", "version 1"])
def limits(tmp_path: Path, request: pytest.FixtureRequest) -> Limits:
    return Limits(tmp_path, request.param)


def test_without_a_limit_the_kernel_tells(limits: Limits) -> None:
    assert available_bytes(limits.proc) == 8 * GB


def test_the_groups_limit_counts_less_what_is_used_but_for_pages_that_can_be_dropped(
    limits: Limits,
) -> None:
    limits.set(GROUP, 2 * GB, GB, droppable=GB // 2)
    assert available_bytes(limits.proc) == GB + GB // 2


def test_the_tightest_group_above_decides(limits: Limits) -> None:
    limits.set(GROUP, 4 * GB, GB)
    limits.set("/wall.slice", 4 * GB, 3 * GB)
    assert available_bytes(limits.proc) == GB


def test_an_overdrawn_group_has_nothing(limits: Limits) -> None:
    limits.set("/wall.slice", GB, 2 * GB)
    assert available_bytes(limits.proc) == 0


def test_in_a_container_the_mounted_root_is_the_own_group(limits: Limits) -> None:
    limits.groups.put("/")
    limits.set("/", GB, GB // 4)
    assert available_bytes(limits.proc) == GB - GB // 4


def test_the_kernel_may_have_less_than_the_group_allows(limits: Limits) -> None:
    limits.set("/wall.slice", 64 * GB, 0)
    assert available_bytes(limits.proc) == 8 * GB


def test_a_group_that_is_slowed_down_from_a_bound_on_has_no_more(tmp_path: Path) -> None:
    limits = Limits(tmp_path, None)
    limits.groups.limit(GROUP, {"memory.high": str(3 * GB)})
    assert cgroup_bytes(limits.proc) == 2 * GB


def test_a_machine_that_tells_nothing(tmp_path: Path) -> None:
    assert cgroup_bytes(tmp_path) is None
    assert available_bytes(tmp_path) is None
