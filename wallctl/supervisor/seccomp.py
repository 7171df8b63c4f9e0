"""Which calls of the kernel a process may still make: a filter (seccomp) that nobody can lift.

It refuses what a decoder never needs: other programs, other processes and their priorities, the
permissions of files, mounts, the kernel's keys, profilers and loaders. A refused call fails with
EPERM, so nothing crashes.
"""

import ctypes
import errno
import functools
import os
import struct
from collections.abc import Collection, Iterator

_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_LOAD, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16
"""Where the fields of ``struct seccomp_data`` lie."""
_SET_FILTER, _ASK_ACTION, _KEEP_SPECULATION = 1, 2, 4
"""The last one keeps a mitigation off that would slow a decoder, which runs no foreign code."""
_X32 = 0x40000000
_CLONE_THREAD = 0x00010000
_FAKE_INPUT = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX type into the terminal that the wall was started from."""
_OWN_BY_IOCTL = (0x8901, 0x8902)
_OWN_BY_FCNTL = (8, 10, 15)
"""FIOSETOWN and SIOCSPGRP; F_SETOWN, F_SETSIG and F_SETOWN_EX. They choose who gets which signal
once a file can be read: any process of the same user, and even a signal that ends it."""

_LIBC = ctypes.CDLL(None, use_errno=True)
_MACHINE_HERE = os.uname().machine
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""What the kernel calls a machine, and its column below."""
_SECCOMP, _SOCKET, _CLONE, _CLONE3 = (317, 277), (41, 198), (56, 220), (435, 435)
_TGKILL, _PRLIMIT, _IOCTL = (234, 131), (302, 261), (16, 29)
_FCNTL = (72, 25)
_REFUSED: dict[str, tuple[int, int | None]] = {
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "kill": (62, 129),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "setns": (308, 268),
    "unshare": (272, 97),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "syslog": (103, 116),
    "personality": (135, 92),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    "setpriority": (141, 140),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "ioprio_set": (251, 30),
    "process_mrelease": (448, 448),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "semctl": (66, 191),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    "setpgid": (109, 154),
    "setsid": (112, 157),
    "modify_ldt": (154, None),
    "iopl": (172, None),
    "ioperm": (173, None),
}

Instruction = tuple[int, int, int, int]
"""Code, jumps if true and if false, operand."""
_INSTRUCTION, _OPERAND = struct.Struct("HBBI"), 4
"""How the kernel reads one, and the byte at which its operand begins."""
_ITSELF = (1 << 31) - 1
"""Stands for the number of the process until that is known; no process has this one."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def is_there() -> bool:
    """Whether there is a filter for this kind of machine, and the kernel accepts it."""
    if _MACHINE_HERE not in _MACHINES:
        return False
    action = ctypes.byref(ctypes.c_uint(_ERRNO))
    return int(_LIBC.syscall(_SECCOMP[_MACHINES[_MACHINE_HERE][1]], _ASK_ACTION, 0, action)) == 0


def list_refused(machine: str = _MACHINE_HERE) -> list[int]:
    """The numbers of the calls that are refused whatever their arguments are."""
    column = _MACHINES[machine][1]
    return [number for one in _REFUSED.values() if (number := one[column]) is not None]


def refuse(families: Collection[int]) -> bool:
    """Let this thread, and those that it begins, make sockets of these families alone, and none of
    the calls above. ``False`` where the kernel or the machine knows no filters.

    It needs ``no_new_privs``.
    """
    if _MACHINE_HERE not in _MACHINES:
        return False
    template, places = pack_filter(_MACHINE_HERE, tuple(families))
    raw = bytearray(template)
    for place in places:
        struct.pack_into("I", raw, place, os.getpid())
    call = _SECCOMP[_MACHINES[_MACHINE_HERE][1]]
    given = ctypes.byref(_Program(len(raw) // _INSTRUCTION.size, bytes(raw)))
    return int(_LIBC.syscall(call, _SET_FILTER, _KEEP_SPECULATION, given)) == 0


def prepare(*families: tuple[int, ...]) -> None:
    """Work out the filters for these families, so that children born from now on share them."""
    if _MACHINE_HERE in _MACHINES:
        for one in families:
            pack_filter(_MACHINE_HERE, one)


@functools.cache
def pack_filter(machine: str, families: tuple[int, ...]) -> tuple[bytes, tuple[int, ...]]:
    """The filter as the kernel reads it, and the places in it, in bytes, where the number of the
    process belongs."""
    code = program(machine, families, _ITSELF)
    raw = b"".join(_INSTRUCTION.pack(*one) for one in code)
    places = (i for i, one in enumerate(code) if one[0] == _EQUAL and one[3] == _ITSELF)
    return raw, tuple(i * _INSTRUCTION.size + _OPERAND for i in places)


def program(machine: str, families: Collection[int], pid: int) -> list[Instruction]:
    """The filter, in the kernel's classic BPF."""
    name, column = _MACHINES[machine]
    refusal = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    code: list[Instruction] = [(_LOAD, 0, 0, _MACHINE), (_EQUAL, 1, 0, name), refusal]
    code.append((_LOAD, 0, 0, _NUMBER))
    if column == 0:
        code += [(_AT_LEAST, 0, 1, _X32), refusal]
    for number in list_refused(machine):
        code += [(_EQUAL, 0, 1, number), refusal]
    code += _case(_CLONE3[column], [(_RETURN, 0, 0, _ERRNO | errno.ENOSYS)])
    code += _case(_SOCKET[column], [*_argument(0), *_only(families)])
    code += _case(_TGKILL[column], [*_argument(0), *_only((pid,))])
    code += _case(_PRLIMIT[column], [*_argument(0), *_only((0, pid))])
    allowed = (_RETURN, 0, 0, _ALLOW)
    code += _case(_IOCTL[column], [*_argument(1), *_but(_FAKE_INPUT + _OWN_BY_IOCTL)])
    code += _case(_FCNTL[column], [*_argument(1), *_but(_OWN_BY_FCNTL)])
    code += _case(
        _CLONE[column], [*_argument(0), (_ANY_BIT, 0, 1, _CLONE_THREAD), allowed, refusal]
    )
    return [*code, allowed]


def _case(number: int, then: list[Instruction]) -> Iterator[Instruction]:
    """What the filter does at one call; ``then`` ends with a verdict."""
    yield (_EQUAL, 0, len(then), number)
    yield from then


def _argument(index: int) -> Iterator[Instruction]:
    """The lower half of an argument; both kinds of machine are little-endian."""
    yield (_LOAD, 0, 0, _ARGUMENTS + 8 * index)


def _but(values: Collection[int]) -> Iterator[Instruction]:
    for value in values:
        yield from ((_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ERRNO | errno.EPERM))
    yield (_RETURN, 0, 0, _ALLOW)


def _only(values: Collection[int]) -> Iterator[Instruction]:
    for value in values:
        yield from ((_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ALLOW))
    yield (_RETURN, 0, 0, _ERRNO | errno.EPERM)
