"""Machines that files name, and for which of them a login is.

Who may edit a site must not be able to send the login to a machine of his own, so the file of the
login has the last word.
"""

import json
import urllib.parse
from collections.abc import Iterable, Iterator

from wallctl.config.schema.site_schema import RawLogin, RawSite
from wallctl.model.site.hosts import can_name, covers
from wallctl.storage.file_findings import Key, Report, quoted

_STREAMS = ("main", "sub", "third")
_CALLED = frozenset({"rtsp", "rtsps", "http", "https", "rtmp"})
"""The schemes of addresses that are called, by which a login could go out."""


def machines(raw: RawSite, name: str) -> tuple[str, ...]:
    """The machines that a site would give a login to, each once."""
    return tuple(dict.fromkeys(host for host in _machines(raw, name) if host))


def _machines(raw: RawSite, name: str) -> Iterator[str]:
    for one in raw.sources:
        if one.credential == name:
            yield from (_host(getattr(one, stream)) for stream in _STREAMS)
    yield from (_host(one.url) for one in raw.broadcasts if one.credential == name)
    mqtt = raw.inputs.mqtt
    if mqtt is not None and mqtt.credential == name:
        yield mqtt.host


def _host(address: str | None) -> str:
    """The machine that is called there; empty if none is."""
    try:
        parts = urllib.parse.urlsplit(address or "")
        return (parts.hostname or "") if parts.scheme in _CALLED else ""
    except ValueError:
        return ""


def called(addresses: Iterable[str]) -> tuple[str, ...]:
    """The machines that addresses call, each once."""
    return tuple(dict.fromkeys(host for host in map(_host, addresses) if host))


def check_hosts(hosts: tuple[str, ...], key: Key, report: Report) -> None:
    """Whether each of ``hosts`` names a machine, or a network of them."""
    for i, one in enumerate(hosts):
        if not can_name(one):
            report.error(
                (*key, i), quoted(one), 'a name, an address, or a network, as "192.0.2.0/24"'
            )


def check_login_hosts(login: RawLogin, used: tuple[str, ...], report: Report) -> None:
    """Errors where the file of a login does not name the machines that it is ``used`` for.

    ``report`` is of that file. No line of it is told but the names of machines.
    """
    check_hosts(login.hosts, ("hosts",), report)
    if not report.sound("hosts"):
        return
    if login.redirect_hosts:
        found = "redirect_hosts, which is hosts now"
        report.error(("redirect_hosts",), found, _line((*used, *login.redirect_hosts)))
        return
    missing = [host for host in used if not covers(login.hosts, host)]
    if missing and not login.hosts:
        found = "no machine that the login is for"
        report.error(("hosts",), found, _line(used))
    elif missing:
        found = f"no {', '.join(map(quoted, missing))}, where the site uses this login"
        report.error(("hosts",), found, _line((*login.hosts, *missing)))


def _line(hosts: tuple[str, ...]) -> str:
    """What is to be written."""
    return f"hosts = {json.dumps(list(dict.fromkeys(hosts)), ensure_ascii=False)}"
