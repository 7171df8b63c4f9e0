"""Limits of a process to which strangers speak: tried in a process of its own, since they stay."""

import subprocess
import sys

import pytest

BOUND = """
import os, resource, sys
from wallctl.supervisor.resource_limits import Growth, bound
growth = Growth()
os.dup2(0, 200)  # how many it has already does not matter
bound(64 << 20, 100)
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] == 301
bound(1 << 40, 1 << 20)  # never higher again
assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] == 301
assert os.dup(0) < 301
kept = bytearray(int(sys.argv[1]) << 20)
assert growth.bytes() > (int(sys.argv[1]) - 4) << 20
"""


@pytest.mark.parametrize(("mb", "fits"), [(20, True), (200, False)])
def test_so_much_memory_and_no_more(mb: int, fits: bool) -> None:
    ended = subprocess.run([sys.executable, "-c", BOUND, str(mb)], capture_output=True, check=False)
    assert (ended.returncode == 0) == fits, ended.stderr
    assert fits or b"MemoryError" in ended.stderr
