"""What a decoder may still do once it has its login: call its camera, or read its file.

A camera's name is looked up again and again, and its file may be replaced. The kernel knows files,
not names. So a worker ends when its file, or its list of name servers, is replaced. The next worker
may open the new one.
"""

import os
import socket
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

import msgspec

import wallctl
from wallctl.media.network.tls import authorities
from wallctl.model.site.decoder_preference import Hardware
from wallctl.model.site.site import Stream
from wallctl.model.site.source_kind import file_path, host_of, is_private, source_kind
from wallctl.supervisor.child_setup import NotNowError
from wallctl.supervisor.landlock import Reach, restrict
from wallctl.supervisor.privileges import drop_capabilities
from wallctl.supervisor.resource_limits import bound_files
from wallctl.supervisor.seccomp import prepare as prepare_filters
from wallctl.supervisor.seccomp import refuse

_PROGRAM = (
    *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    str(Path(msgspec.__file__).parent.parent),
    str(Path(wallctl.__file__).parent),
)
"""What Python may still load."""
# /proc as a whole: the kernel makes its folders again when memory is short, and a rule holds for
# one folder only. Landlock closes what belongs to other processes all the same.
_SYSTEM = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"),
    *("/proc", "/sys/devices/system/cpu"),
    *("/etc/localtime", "/usr/share/zoneinfo", "/dev/null", "/dev/urandom", "/dev/random"),
)
_NAMES = (
    *("/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf"),
    *("/etc/services", "/etc/protocols"),
)
"""How the system finds a machine by its name."""
_TRUSTED = ("/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki", "/usr/share/ca-certificates")
_DEVICES = ("nvidia", "dri")
"""How the names of devices that decode begin."""
_DRIVERS = ("/sys", "/usr/share", "/etc/OpenCL", "/etc/vulkan")
_PLAYLISTS = frozenset({".m3u8", ".m3u", ".mpd", ".ffconcat", ".sdp"})
"""Files that name others beside them."""

_LOCAL = (socket.AF_UNIX,)
_NETWORK = (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
_OF_NEIGHBOURS = ".local"
"""How names end that machines of one network give themselves (RFC 6762)."""
FILES, FILES_OF_A_DRIVER = 256, 4096
"""How many more files a decoder may open: sockets hold memory that no limit counts."""

Places = dict[str, tuple[int, int] | None]
"""By path, the device and inode there; ``None`` for nothing."""


def confine(stream: Stream, hardware: Hardware) -> Callable[[], None]:
    """Keep this thread, and those that it begins, to what the stream needs.

    The function that is returned raises ``NotNowError`` once one of its files was replaced.
    """
    devices = devices_for(hardware)
    pinned = _list_pinned(stream)
    before = _locate(pinned)
    files = (*_PROGRAM, *_SYSTEM, *_list_named(stream), *(_DRIVERS if devices else ()))
    live = source_kind(stream.url).is_live
    drop_capabilities()
    restrict(Reach((*files, *pinned), devices, network=live))
    bound_files(FILES_OF_A_DRIVER if devices else FILES)
    refuse(families(stream, devices))

    def look() -> None:
        if _locate(pinned) != before:
            raise NotNowError

    return look


def prepare() -> None:
    """Work out what is the same for all workers, in the process that they are forked from."""
    prepare_filters((), _LOCAL, _NETWORK, (*_NETWORK, *_LOCAL))


def devices_for(hardware: Hardware) -> tuple[str, ...]:
    """The devices that may decode."""
    if hardware is Hardware.OFF:
        return ()
    return tuple(f"/dev/{name}" for name in os.listdir("/dev") if name.startswith(_DEVICES))  # noqa: PTH208 - names


def families(stream: Stream, devices: tuple[str, ...]) -> tuple[int, ...]:
    """The kinds of socket that a stream needs.

    Drivers talk over local ones, and the system asks its neighbours over them for a ``.local``
    name. They also lead to the desktop's bus and the screen's server, and so to all that the user
    may do: no other stream has them.
    """
    if not source_kind(stream.url).is_live:
        return _LOCAL if devices else ()
    asks = host_of(stream.url).lower().rstrip(".").endswith(_OF_NEIGHBOURS)
    return (*_NETWORK, *_LOCAL) if devices or asks else _NETWORK


def _list_pinned(stream: Stream) -> tuple[str, ...]:
    """The files that the stream needs, and that may be replaced while it runs."""
    path = file_path(stream.url)
    if source_kind(stream.url).is_live:
        return _NAMES if stream.trust.ca is None else (*_NAMES, stream.trust.ca)
    return () if path is None else (path,)


def _list_named(stream: Stream) -> tuple[str, ...]:
    """The folder of a file that names others; the certificates that prove who a camera is."""
    if source_kind(stream.url).is_live:
        return (*_TRUSTED, *(authorities() if is_private(stream.url) else ()))
    path = PurePosixPath(file_path(stream.url) or "")
    return (str(path.parent),) if path.suffix.lower() in _PLAYLISTS or "%" in path.name else ()


def _locate(paths: Iterable[str]) -> Places:
    return {path: _locate_one(path) for path in paths}


def _locate_one(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - beside the paths above
    except OSError:
        return None
    return found.st_dev, found.st_ino
