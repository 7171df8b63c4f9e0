"""What a decoder can't do, tried for real in a child; and what it can do for ever."""

import contextlib
import ctypes
import errno
import fcntl
import functools
import json
import os
import signal
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from wallctl.cli.machine_warnings import unprotected
from wallctl.decoder.confinement import FILES, confine, devices_for, families
from wallctl.model.site.decoder_preference import Hardware
from wallctl.model.site.site import Stream
from wallctl.node.child_kinds import CHILD_KINDS, WORKER
from wallctl.supervisor import landlock, seccomp
from wallctl.supervisor.child_setup import NotNowError
from wallctl.supervisor.landlock import Reach
from wallctl.supervisor.privileges import take
from wallctl.supervisor.usage import pss_bytes

CAMERA = Stream("main", "rtsp://192.0.2.1/a")
NAMED = Stream("main", "rtsp://localhost/a")
NEIGHBOUR = Stream("main", "rtsp://Gate.local:554/a")
KINDS = {
    "AF_INET": (socket.AF_INET, socket.SOCK_DGRAM),
    "AF_INET6": (socket.AF_INET6, socket.SOCK_DGRAM),
    "AF_NETLINK": (socket.AF_NETLINK, socket.SOCK_RAW),
    "AF_UNIX": (socket.AF_UNIX, socket.SOCK_DGRAM),
    "AF_PACKET": (socket.AF_PACKET, socket.SOCK_DGRAM),
    "AF_ALG": (socket.AF_ALG, socket.SOCK_SEQPACKET),
}
needs_landlock = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")
needs_seccomp = pytest.mark.skipif(not seccomp.is_there(), reason="no filter for this machine")


def tried(begin: Callable[[], object], *actions: Callable[[], object]) -> list[str]:
    """What becomes of actions in a child that has done ``begin``: ``ok``, or the error."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            take(CHILD_KINDS[WORKER].rights)
            begin()
            os.write(writing, json.dumps([_outcome(one) for one in actions]).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told: list[str] = json.loads(pipe.read() or "[]")
    os.waitpid(pid, 0)
    return told


def _outcome(action: Callable[[], object]) -> str:
    try:
        action()
    except Exception as error:  # noqa: BLE001 - it is what the test is about
        return type(error).__name__
    return "ok"


def called(number: int, *arguments: int) -> Callable[[], object]:
    """A call of the kernel by its number; PermissionError if it is not permitted."""

    def call() -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.syscall(number, *arguments) < 0 and ctypes.get_errno() == 1:
            raise PermissionError

    return call


@needs_landlock
def test_a_decoder_reads_its_own_file_and_no_other(tmp_path: Path) -> None:
    own, other, here = tmp_path / "gate.mp4", tmp_path / "cameras.login.toml", os.getpid()
    for one in (own, other):
        one.write_text("x")
    assert (
        tried(
            lambda: confine(Stream("main", str(own)), Hardware.OFF),
            own.read_bytes,
            other.read_bytes,
            lambda: list(tmp_path.iterdir()),
            lambda: own.write_text("y"),
            (tmp_path / "new").touch,
            other.unlink,
            Path("/etc/passwd").read_bytes,
            Path(f"/proc/{os.getpid()}/environ").read_bytes,
            Path(f"/proc/{os.getpid()}/mem").read_bytes,
            Path(f"/proc/{here}/fd/0").readlink,
        )
        == ["ok"] + ["PermissionError"] * 9
    )


@needs_landlock
def test_the_decoder_of_a_camera_reads_what_names_and_certificates_need(tmp_path: Path) -> None:
    other = tmp_path / "cameras.login.toml"
    other.write_text("x")
    told = tried(
        lambda: confine(NAMED, Hardware.OFF),
        lambda: socket.getaddrinfo("localhost", 554),
        lambda: list(Path("/proc/self/fd").iterdir()),
        lambda: __import__("xml.dom.minidom"),
        other.read_bytes,
    )
    assert told == ["ok", "ok", "ok", "PermissionError"]


@needs_seccomp
def test_a_decoder_begins_no_program_and_touches_no_process(tmp_path: Path) -> None:
    root = os.getpid()
    numbers = seccomp.list_refused()
    told = tried(
        lambda: confine(CAMERA, Hardware.OFF),
        lambda: os.execv("/bin/true", ["true"]),
        os.fork,
        lambda: os.kill(root, 0),
        lambda: signal.pidfd_send_signal(0, 0),
        *map(called, numbers),
    )
    assert set(told) == {"PermissionError"}


@needs_seccomp
def test_a_decoder_slows_no_other_process_and_changes_who_may_read_a_file(tmp_path: Path) -> None:
    """All of it is allowed to any program of the same user, whatever Landlock says."""
    own, other = tmp_path / "gate.mp4", tmp_path / "cameras.login.toml"
    for one in (own, other):
        one.write_text("x")
        one.chmod(0o600)
    root = os.getpid()

    def be_ordinary() -> None:
        if os.getuid() == 0:
            os.chown(tmp_path, 65534, 65534)
            os.chown(other, 65534, 65534)
            os.setuid(65534)
        confine(Stream("main", str(own)), Hardware.OFF)

    told = tried(
        be_ordinary,
        lambda: other.chmod(0o666),
        lambda: os.utime(other),
        lambda: os.setxattr(other, "user.note", b"x"),
        lambda: os.setpriority(os.PRIO_PROCESS, root, 19),
        lambda: os.setpriority(os.PRIO_USER, 0, 19),
        lambda: os.sched_setaffinity(root, {0}),
        lambda: os.sched_setscheduler(root, os.SCHED_IDLE, os.sched_param(0)),
        lambda: fcntl.fcntl(0, fcntl.F_SETOWN, root),
        lambda: fcntl.fcntl(0, fcntl.F_SETSIG, signal.SIGKILL),
    )
    assert set(told) == {"PermissionError"}
    assert len(told) == 9
    assert other.stat().st_mode & 0o777 == 0o600


def test_a_decoder_keeps_few_files_open() -> None:
    def open_many() -> None:
        with contextlib.ExitStack() as opened:
            for _ in range(FILES):
                for end in socket.socketpair():
                    opened.enter_context(end)

    assert tried(lambda: confine(CAMERA, Hardware.OFF), open_many) == ["OSError"]


@needs_seccomp
def test_a_decoder_still_has_threads_and_its_own_signals() -> None:
    thread = threading.Thread(target=lambda: None)
    told = tried(
        lambda: confine(CAMERA, Hardware.OFF),
        thread.start,
        thread.join,
        lambda: signal.pthread_kill(threading.get_ident(), 0),
        lambda: signal.raise_signal(signal.SIGCONT),
    )
    assert told == ["ok"] * 4


@needs_seccomp
@pytest.mark.parametrize(
    ("stream", "allowed"),
    [
        (CAMERA, {"AF_INET", "AF_INET6", "AF_NETLINK"}),
        (NAMED, {"AF_INET", "AF_INET6", "AF_NETLINK"}),
        (NEIGHBOUR, {"AF_INET", "AF_INET6", "AF_NETLINK", "AF_UNIX"}),
        (Stream("main", "rtsp://[fe80::1%25eth0]/a"), {"AF_INET", "AF_INET6", "AF_NETLINK"}),
        (Stream("main", "/clips/gate.mp4"), set[str]()),
        (Stream("main", "test:bars"), set[str]()),
    ],
)
def test_sockets_are_those_that_a_stream_needs(stream: Stream, allowed: set[str]) -> None:
    makers = [functools.partial(socket.socket, *kind) for kind in KINDS.values()]
    told = tried(lambda: confine(stream, Hardware.OFF), *makers)
    assert {kind for kind, one in zip(KINDS, told, strict=True) if one == "ok"} == allowed


def test_a_device_needs_local_sockets_too() -> None:
    assert socket.AF_UNIX in families(CAMERA, ("/dev/nvidia0",))
    assert devices_for(Hardware.OFF) == ()


@pytest.mark.skipif(landlock.version() < 4, reason="this kernel's Landlock knows no TCP")
def test_a_decoder_of_a_file_connects_to_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as caller:
        call = functools.partial(caller.connect, server.getsockname())
        for network, outcome in ((False, "PermissionError"), (True, "ok")):
            reach = Reach(network=network)
            assert tried(functools.partial(landlock.restrict, reach), call) == [outcome]


def test_a_file_that_was_replaced_or_came_is_for_the_next_worker(tmp_path: Path) -> None:
    file, other = tmp_path / "gate.mp4", tmp_path / "other.mp4"
    other.write_text("new")
    stream = Stream("main", str(file))

    def replaced() -> None:
        look = confine(stream, Hardware.OFF)
        look()
        os.write(ready[1], b"x")
        os.read(go[0], 1)
        with pytest.raises(NotNowError):
            look()

    ready, go = os.pipe(), os.pipe()
    mover = threading.Thread(
        target=lambda: (os.read(ready[0], 1), other.rename(file), os.write(go[1], b"x"))
    )
    mover.start()
    assert tried(replaced, lambda: None) == ["ok"]
    mover.join()


def test_a_machine_says_what_it_lacks() -> None:
    assert list(unprotected(7, filters=True)) == []
    assert ["Landlock" in one for one in unprotected(0, filters=False)] == [True, False]


def test_the_memory_of_a_private_process_is_told_to_its_own_user() -> None:
    """As far as it can be: whoever may not look at its memory still sees its own pages."""
    assert pss_bytes(os.getpid()) > 0  # and what that imports is there for the other user

    def be_another() -> None:
        if os.getuid() == 0:
            os.setuid(65534)
        take(CHILD_KINDS[WORKER].rights)

    def be_looked_at() -> None:
        other, pid = os.getpid(), os.fork()
        if pid == 0:
            os._exit(pss_bytes(other) == 0)
        assert os.waitpid(pid, 0)[1] == 0

    assert tried(be_another, be_looked_at) == ["ok"]


def test_where_the_kernel_lacks_them_a_decoder_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 0)
    monkeypatch.setattr(seccomp, "_MACHINE_HERE", "sparc")
    told = tried(lambda: confine(CAMERA, Hardware.OFF), Path("/etc/passwd").read_bytes)
    assert told == ["ok"]
    assert not seccomp.refuse(())


@pytest.mark.parametrize("known", range(1, landlock.version() + 1))
def test_every_version_of_landlock_takes_our_rules(known: int, tmp_path: Path) -> None:
    told = tried(
        lambda: landlock.restrict(Reach((str(tmp_path),), ("/dev/null",)), known),
        lambda: list(tmp_path.iterdir()),
        lambda: Path("/dev/null").write_bytes(b""),
        Path("/etc/passwd").read_bytes,
    )
    assert told == ["ok", "ok", "PermissionError"]


def verdict(code: list[seccomp.Instruction], machine: int, number: int, *arguments: int) -> int:
    """What the kernel's own machine says of a call: the operand of the ``RET`` that it comes to."""
    data = struct.pack("=IIQ6Q", number, machine, 0, *(*arguments, *[0] * 6)[:6])
    place = loaded = 0
    while True:
        operation, yes, no, operand = code[place]
        match operation:
            case 0x06:
                return operand
            case 0x20:
                loaded = int.from_bytes(data[operand : operand + 4], "little")
                place += 1
                continue
            case 0x15:
                holds = loaded == operand
            case 0x35:
                holds = loaded >= operand
            case _:
                assert operation == 0x45
                holds = bool(loaded & operand)
        place += 1 + (yes if holds else no)


@pytest.mark.parametrize(
    ("name", "machine", "execve", "read", "clone", "tgkill", "ioctl", "fcntl"),
    [
        ("x86_64", 0xC000003E, 59, 0, 56, 234, 16, 72),
        ("aarch64", 0xC00000B7, 221, 63, 220, 131, 29, 25),
    ],
)
def test_the_filter_of_each_machine(
    name: str,
    machine: int,
    execve: int,
    read: int,
    clone: int,
    tgkill: int,
    ioctl: int,
    fcntl: int,
) -> None:
    allow, refusal, unknown = 0x7FFF0000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS
    say = functools.partial(verdict, seccomp.program(name, (socket.AF_INET,), 7))
    assert say(machine, read) == allow
    assert say(machine, execve) == refusal
    assert say(0x40000003, read) == refusal  # 32-bit calls, whose numbers are others
    assert say(machine, clone, 0x10000) == allow
    assert say(machine, clone, signal.SIGCHLD) == refusal
    assert say(machine, 435) == unknown
    assert [say(machine, tgkill, pid) for pid in (7, 8)] == [allow, refusal]
    assert say(machine, ioctl, 1, 0x5401) == allow
    for typing_or_owning in (0x5412, 0x541C, 0x8901, 0x8902):
        assert say(machine, ioctl, 1, typing_or_owning) == refusal
    assert say(machine, fcntl, 1, 3) == allow
    assert {say(machine, fcntl, 1, owning) for owning in (8, 10, 15)} == {refusal}


def test_calls_by_another_table_of_the_same_machine_are_refused() -> None:
    code = seccomp.program("x86_64", (), 7)
    assert verdict(code, 0xC000003E, 0x40000000 | 59) == 0x50000 | errno.EPERM
