"""Logins: each stands in a file that its owner alone can read. A site holds where, never what.

Who checks a site reads them, says what is wrong with their files, and ends: what stays is a
``Credential``. Who uses a login reads it again, for itself alone. No finding shows what such a file
holds.
"""

import functools
import hashlib
import os
import secrets
import stat
import typing
from pathlib import Path

import msgspec

from wallctl.config.login_hosts import check_login_hosts, machines
from wallctl.config.schema.site_schema import RawLogin, RawSite
from wallctl.config.toml.reader import read
from wallctl.model.site.alarm_input import HttpInput, MqttInput
from wallctl.model.site.credential import Credential, Login
from wallctl.model.site.site import Broadcast, Stream
from wallctl.storage.file_findings import Key, Report, quoted
from wallctl.storage.path_checks import is_file, is_folder
from wallctl.supervisor.open_file_limit import SECRET

KEY_BYTES = 32
STAMP_BYTES = 16

_EVERYONE_ELSE = stat.S_IRWXG | stat.S_IRWXO

User = typing.TypeVar("User", Stream, Broadcast, HttpInput, MqttInput)
"""What uses a login."""


class LoginError(Exception):
    """A login can't be read now; the text says why, and shows nothing of it."""


def with_own_login(user: User) -> User:
    """The same with its login, for the process that uses it. Raises ``LoginError``."""
    if user.credential is None:
        return user
    report = Report(user.credential.file)
    login = read_login(Path(user.credential.file), user.credential.file, (), report)
    if login is None:
        raise LoginError(str(report.findings[0]))
    return msgspec.structs.replace(user, login=login)


def read_credentials(raw: RawSite, report: Report) -> tuple[dict[str, Credential], list[Report]]:
    """The logins by name, and a report for each of their files that was read.

    A file that is not there is a warning: a fresh copy of a site has none yet.
    """
    found, reports = {}, list[Report]()
    for name, file in raw.credentials.items():
        key, path = ("credentials", name), Path(report.file).parent / file
        if report.sound(*key) and _is_private(path, file, key, report):
            own = Report(path)
            reports.append(own)
            login = _content(own, machines(raw, name))
            if login is not None:
                found[name] = Credential(name, os.path.abspath(path), stamp_of(login))  # noqa: PTH100 - resolve() fails on a link to itself
    return found, reports


def read_login(
    path: Path, shown: str, key: Key, report: Report, used: tuple[str, ...] = ()
) -> Login | None:
    """The login of a file; ``None`` where there is none, and why in ``report``.

    It is an error if the file does not name the machines that the login is ``used`` for.
    """
    return _content(report, used) if _is_private(path, shown, key, report) else None


def stamp_of(login: Login) -> str:
    """What a login is compared by where nobody may know it."""
    content = msgspec.msgpack.encode(login)
    return hashlib.blake2b(content, key=_key(), digest_size=STAMP_BYTES).hexdigest()


@functools.cache
def stamp_key() -> int:
    """The descriptor of the key for stamps: a file without a name.

    Who stamps reads the key from it and ends, so that it is in no lasting memory. Call this before
    you fork processes that must stamp alike.
    """
    return os.memfd_create(f"{SECRET}-stamp-key", os.MFD_CLOEXEC)


def _key() -> bytes:
    """The key; the first who asks makes it."""
    key = os.pread(stamp_key(), KEY_BYTES, 0)
    if not key:
        key = secrets.token_bytes(KEY_BYTES)
        os.pwrite(stamp_key(), key, 0)
    return key


def _is_private(path: Path, shown: str, key: Key, report: Report) -> bool:
    """Whether there is a file to read that nobody but its owner can."""
    if not is_file(path) and not is_folder(path):
        expected = "a file with user and password; its cameras are opened without a login"
        report.warning(key, f"no file {quoted(shown)}", expected)
        return False
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _EVERYONE_ELSE and is_file(path):
        report.error(
            key,
            f"{quoted(shown)} open to others (mode {mode:04o})",
            f"mode 0600 (chmod 600 {shown})",
        )
        return False
    return True


def _content(report: Report, used: tuple[str, ...]) -> Login | None:
    """The login of a file. Nothing that stands in it is told, so that nothing leaks."""
    private = Report(report.file)
    raw = read(Path(report.file), RawLogin, private)
    if raw is not None and private.sound():
        report.lines = private.lines
        check_login_hosts(raw, used, report)
        return Login(raw.user, raw.password, raw.hosts, raw.basic)
    fault = private.findings[0]
    if not fault.key and fault.line is None:  # a folder, or a file that can't be read
        report.at_line(None, fault.found, f"{fault.expected} by the wall's user (chown, chmod 600)")
        return None
    wanting = [name for name in ("user", "password") if fault.key == name]
    found = f"no text for {wanting[0]}" if wanting else "something else than a login"
    report.at_line(
        fault.line,
        found,
        'user = "...", password = "..." and hosts = ["..."] in TOML, at most basic = true besides',
    )
    return None
