"""Which processes are decoders of the same wall."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from wallctl.supervisor import seccomp
from wallctl.supervisor.decoder_recognition import may_be_decoder

CONFINED = """
from wallctl.supervisor.privileges import renounce
from wallctl.supervisor.seccomp import refuse
renounce()
refuse(())
"""
PLAIN = ""
HELD = "print(flush=True)\ninput()\n"


@pytest.fixture
def children() -> Iterator[list[subprocess.Popen[bytes]]]:
    """One like a decoder, and one like any other."""
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", code + HELD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for code in (CONFINED, PLAIN)
    ]
    for one in begun:
        assert one.stdout is not None
        one.stdout.readline()
    yield begun
    for one in begun:
        one.communicate(b"\n")


@pytest.mark.skipif(not seccomp.is_there(), reason="the kernel has no filters")
def test_a_decoder_is_known_to_its_siblings_alone(children: list[subprocess.Popen[bytes]]) -> None:
    look = "import sys\nfrom wallctl.supervisor.decoder_recognition import may_be_decoder\n"
    asked = look + "print([may_be_decoder(int(pid)) for pid in sys.argv[1:]])"
    pids = [str(one.pid) for one in children]
    told = subprocess.run([sys.executable, "-c", asked, *pids], capture_output=True, check=True)
    assert told.stdout == b"[True, False]\n"
    assert not any(may_be_decoder(one.pid) for one in children), "they are no siblings of this one"


def test_a_process_that_is_gone_may_have_been_one() -> None:
    assert may_be_decoder(2**31)


def test_neither_this_process_nor_one_outside_the_container_is_one() -> None:
    assert not may_be_decoder(os.getpid())
    assert not may_be_decoder(0)
