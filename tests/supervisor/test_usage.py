"""What processes use, as the kernel tells it."""

import os
import subprocess
import time

import pytest

from tests.support.fakes import NO_PROCESS
from tests.support.live_wall import eventually
from wallctl.supervisor.usage import (
    busy_s,
    cpu_ns,
    cpu_s,
    family,
    pss_bytes,
    total_cpu_s,
    total_pss_bytes,
)


def test_usage_counts_processes_and_takes_those_that_are_gone_as_nothing() -> None:
    own = os.getpid()
    before_s = cpu_s(own)
    while cpu_s(own) < before_s + 0.05:
        sum(range(10_000))
    assert cpu_s(own) == pytest.approx(time.process_time(), abs=0.1)
    assert pss_bytes(own) > 1 << 20
    assert cpu_s(NO_PROCESS) == pss_bytes(NO_PROCESS) == 0
    assert total_cpu_s([own, NO_PROCESS]) == pytest.approx(cpu_s(own), abs=0.1)
    assert total_pss_bytes([own, NO_PROCESS]) > 1 << 20


def test_processor_time_is_told_to_the_nanosecond_and_the_machine_s_own_is_no_less() -> None:
    machine_s, own_ns = busy_s(), cpu_ns(os.getpid())
    while time.process_time_ns() < own_ns + 60_000_000:
        pass
    assert cpu_ns(os.getpid()) == pytest.approx(time.process_time_ns(), abs=20_000_000)
    assert busy_s() > machine_s
    assert cpu_ns(NO_PROCESS) == 0


def test_a_family_is_a_process_and_its_children_by_name() -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        try:
            eventually(lambda: family(os.getpid()).get(child.pid) == "sleep", 5)
        finally:
            child.kill()
    assert os.getppid() not in family(os.getpid())
    assert family(NO_PROCESS) == {NO_PROCESS: ""}
