"""How much memory can be had, told from folders that look like /proc and /sys/fs/cgroup."""

from pathlib import Path

import pytest

from wallctl.frames.headroom import available_bytes, cgroup_bytes

GB = 1 << 30


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    folder = tmp_path / "proc"
    (folder / "self").mkdir(parents=True)
    (folder / "self/cgroup").write_text("0::/wall.slice/wall.service\n")
    (folder / "meminfo").write_text(f"MemTotal: 99999999 kB\nMemAvailable: {8 * GB >> 10} kB\n")
    return folder


@pytest.fixture
def cgroups(tmp_path: Path) -> Path:
    """A mounted tree without limits: its root has no memory files, as the kernel's."""
    folder = tmp_path / "cgroup"
    limit(folder / "wall.slice", "max", 3 * GB)
    limit(folder / "wall.slice/wall.service", "max", 1 * GB)
    return folder


def limit(group: Path, most: str, used: int, droppable: int = 0) -> None:
    group.mkdir(parents=True, exist_ok=True)
    (group / "memory.max").write_text(f"{most}\n")
    (group / "memory.current").write_text(f"{used}\n")
    (group / "memory.stat").write_text(f"anon 12345\nfile 999\ninactive_file {droppable}\n")


def test_without_a_limit_the_kernel_tells(proc: Path, cgroups: Path) -> None:
    assert cgroup_bytes(proc, cgroups) is None
    assert available_bytes(proc, cgroups) == 8 * GB


def test_the_groups_limit_counts_less_what_is_used_but_for_pages_that_can_be_dropped(
    proc: Path, cgroups: Path
) -> None:
    limit(cgroups / "wall.slice/wall.service", str(2 * GB), GB, droppable=GB // 2)
    assert available_bytes(proc, cgroups) == GB + GB // 2


def test_the_tightest_group_above_decides(proc: Path, cgroups: Path) -> None:
    limit(cgroups / "wall.slice/wall.service", str(4 * GB), GB)
    limit(cgroups / "wall.slice", str(4 * GB), 3 * GB)
    assert available_bytes(proc, cgroups) == GB


def test_an_overdrawn_group_has_nothing(proc: Path, cgroups: Path) -> None:
    limit(cgroups / "wall.slice", str(GB), 2 * GB)
    assert available_bytes(proc, cgroups) == 0


def test_in_a_container_the_mounted_root_is_the_own_group(proc: Path, cgroups: Path) -> None:
    (proc / "self/cgroup").write_text("0::/\n")
    limit(cgroups, str(GB), GB // 4)
    assert available_bytes(proc, cgroups) == GB - GB // 4


def test_the_kernel_may_have_less_than_the_group_allows(proc: Path, cgroups: Path) -> None:
    limit(cgroups / "wall.slice", str(64 * GB), 0)
    assert available_bytes(proc, cgroups) == 8 * GB


def test_groups_of_version_1_and_a_machine_that_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "self").mkdir()
    (tmp_path / "self/cgroup").write_text("4:memory:/wall\n")
    assert cgroup_bytes(tmp_path, tmp_path) is None
    assert available_bytes(tmp_path / "no", tmp_path / "none") is None
