"""Whatever reads what is printed, or does not: a wall goes on, and a verb says so."""

import fcntl
import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

PIPE_BYTES = 4096
NAME = "试验站"
WALL = """
import os, sys
from wallctl.supervisor import safe_output
safe_output.never_wait()
for number in range(2000):
    sys.stdout.write(f"试验站 {number} \\udcff\\n")
    sys.stderr.write("a warning that is as long as warnings usually are\\n")
os.write(int(sys.argv[1]), b"done")
"""
VERB = f"""
import sys
from wallctl.supervisor import safe_output
safe_output.prepare()
sys.stdout.write("{NAME}")
sys.stdout.flush()
"""


def wall_is_done(stdout: int, stderr: int, closed: tuple[int, ...] = ()) -> bool:
    """Whether a process that prints much comes to its end."""
    ours, theirs = os.pipe()

    def close() -> None:
        for fd in closed:
            os.close(fd)

    with subprocess.Popen(
        [sys.executable, "-c", WALL, str(theirs)],
        stdout=stdout,
        stderr=stderr,
        pass_fds=[theirs],
        preexec_fn=close,  # noqa: PLW1509 - nothing else runs here
    ) as process:
        os.close(theirs)
        ready, _, _ = select.select([ours], [], [], 20)
        done = bool(ready) and os.read(ours, 4) == b"done"
        process.kill()
    os.close(ours)
    return done


@pytest.fixture
def pipe() -> "tuple[int, int]":
    ours, theirs = os.pipe()
    fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return ours, theirs


def test_a_pipe_that_nobody_reads(pipe: tuple[int, int]) -> None:
    assert wall_is_done(pipe[1], pipe[1])
    flags = fcntl.fcntl(pipe[1], fcntl.F_GETFL)
    assert not flags & os.O_NONBLOCK  # others who have it open wait as before
    first = os.read(pipe[0], 1 << 16).decode()
    assert first.startswith(f"{NAME} 0 \\udcff\n")


def test_a_pipe_whose_reader_is_gone(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    assert wall_is_done(pipe[1], pipe[1])


def test_a_socket_that_nobody_reads() -> None:
    import socket

    ours, theirs = socket.socketpair()
    assert wall_is_done(theirs.fileno(), theirs.fileno())
    ours.close()
    theirs.close()


def test_a_terminal_that_is_stopped_or_gone() -> None:
    ours, theirs = os.openpty()
    assert wall_is_done(theirs, theirs)  # nobody reads it: as after Ctrl+S
    os.close(ours)
    assert wall_is_done(theirs, theirs)
    os.close(theirs)


@pytest.mark.parametrize("closed", [(1,), (2,), (1, 2), (0, 1, 2)])
def test_streams_that_are_closed(closed: tuple[int, ...]) -> None:
    assert wall_is_done(subprocess.DEVNULL, subprocess.DEVNULL, closed)


def test_a_full_disk() -> None:
    with Path("/dev/full").open("w") as full:
        assert wall_is_done(full.fileno(), full.fileno())


def test_a_line_that_was_cut_off_does_not_spoil_the_next(pipe: tuple[int, int]) -> None:
    code = """
import os, sys
from wallctl.supervisor import safe_output
safe_output.never_wait()
sys.stderr.write("a" * 5000 + "\\n")
os.read(int(sys.argv[1]), 1 << 16)
sys.stderr.write("whole\\n")
"""
    ours, theirs = pipe
    command = [sys.executable, "-c", code, str(ours)]
    subprocess.run(command, stderr=theirs, pass_fds=[ours], check=True, timeout=20)
    assert os.read(ours, 1 << 16) == b"\nwhole\n"


@pytest.mark.parametrize(
    ("environ", "encoding"),
    [
        ({"LC_ALL": "C"}, "utf-8"),
        ({"LC_ALL": "POSIX"}, "utf-8"),
        ({"LC_ALL": "no_such_place"}, "utf-8"),
        ({"PYTHONIOENCODING": "latin-1"}, "utf-8"),
        ({"PYTHONIOENCODING": "ascii:strict"}, "utf-8"),
        ({"PYTHONIOENCODING": "gb18030"}, "gb18030"),
        ({"PYTHONIOENCODING": "gbk"}, "gbk"),
        ({"PYTHONIOENCODING": "utf-8"}, "utf-8"),
    ],
)
def test_chinese_is_printed_whatever_the_locale_says(
    environ: dict[str, str], encoding: str
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", VERB],
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        check=True,
        timeout=20,
    )
    assert run.stdout.decode(encoding) == NAME


def verb(*words: str, stdout: int | None = None, **options: object) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "wallctl", *words]
    return subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("words", [("--help",), ("layout", "diff", "2x2", "3x3")])
def test_a_verb_says_where_its_answer_can_not_be_written(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full, verb(*words, stdout=full.fileno()) as asked:
        _, said = asked.communicate(timeout=20)
    assert asked.returncode == 1
    assert said.decode() == ("Error: what is printed can't be written: No space left on device\n")


def test_a_verb_whose_reader_has_seen_enough_is_quiet(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    with verb("--help", stdout=pipe[1]) as asked:
        _, said = asked.communicate(timeout=20)
    assert (asked.returncode, said) == (1, b"")


def test_a_verb_waits_for_a_reader_that_is_slow(pipe: tuple[int, int]) -> None:
    ours, theirs = pipe
    os.set_blocking(theirs, False)  # as some programs leave it to those that they start
    with verb("layout", "diff", "1x1", "8x8", stdout=theirs) as asked:
        os.close(theirs)
        with open(ours, "rb") as reader:  # noqa: PTH123 - a descriptor
            answer = reader.read()
        asked.communicate(timeout=20)
    assert asked.returncode == 0
    assert answer.endswith(b"tiles are the same\n")


def test_a_verb_without_any_stream_does_its_work() -> None:
    def close() -> None:
        for fd in (0, 1, 2):
            os.close(fd)

    with verb("layout", "diff", "1x1", "2x2", preexec_fn=close) as asked:
        assert asked.wait(20) == 0


def test_nothing_that_is_printed_controls_a_terminal_or_forges_a_line() -> None:
    """Not from a verb, not from a log, not from a traceback."""
    code = """
import logging, sys
from wallctl.supervisor import safe_output
safe_output.prepare()
print("\\x1b]52;c;eA==\\x07 \\x9b2J \\u202egpj\\tok")
logging.getLogger("x").warning("cam: %s", "a\\nforged\\x1b[2J")
raise RuntimeError("\\x1b[2J")
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, timeout=20
    )
    assert done.stdout.decode() == "\\u001b]52;c;eA==\\u0007 \\u009b2J \\u202egpj\tok\n"
    assert done.stderr.decode().splitlines()[0] == "cam: a forged [2J"
    assert b"\x1b" not in done.stderr
