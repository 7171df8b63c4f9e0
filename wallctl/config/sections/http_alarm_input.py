"""The HTTP input of a site, with the devices that push to it: checked, and its value made."""

import ipaddress
from collections.abc import Iterable, Iterator
from pathlib import Path

from wallctl.config.references import Known
from wallctl.config.schema.alarms_schema import RawHttpInput, RawPush
from wallctl.config.schema.site_schema import RawSite
from wallctl.config.sections.alarm_input_rights import check_rights, rights
from wallctl.config.sections.alarm_mappings import check_alarm_table
from wallctl.config.sections.sources import check_credential
from wallctl.model.site.alarm_input import HttpInput, Push
from wallctl.model.site.credential import Credential
from wallctl.storage.file_findings import Key, Report, quoted

_AT: Key = ("inputs", "http")


def check_http_input(raw: RawSite, known: Known, report: Report) -> None:
    """Check the login, what callers may raise, who may call, and the devices that push."""
    http, pushes = raw.inputs.http, raw.inputs.pushes
    _check_pushes(pushes, known, report)
    if http is not None:
        check_credential(http.credential, (*_AT, "credential"), raw, report)
        check_rights(http, _AT, known, report)
        _check_networks(http.callers, (*_AT, "callers"), report)
        _check_address(http, bool(http.callers or pushes), report)
    elif pushes:
        found = "nothing that listens to them"
        report.error(("inputs", "pushes"), found, "[inputs] http = { port = ... }")


def _check_pushes(pushes: Iterable[RawPush], known: Known, report: Report) -> None:
    for i, one in enumerate(pushes):
        key: Key = ("inputs", "pushes", i)
        _check_networks(one.callers, (*key, "callers"), report)
        check_alarm_table(one.alarms, (*key, "alarms"), "a channel, without spaces", known, report)
        if not one.callers:
            report.error((*key, "callers"), "no address", "those of the devices that push")


def _check_address(http: RawHttpInput, names_callers: bool, report: Report) -> None:
    """Check that callers are named where it listens to more than this machine."""
    listen: Key = (*_AT, "listen")
    try:
        address = ipaddress.ip_address(http.listen)
    except ValueError:
        report.error(listen, quoted(http.listen), 'an address of this machine, as "192.0.2.5"')
        return
    if not address.is_loopback and not names_callers:
        expected = "callers or [[inputs.pushes]] that name who may call"
        report.error(listen, f"{quoted(http.listen)} for anybody", expected)


def _check_networks(networks: Iterable[str], key: Key, report: Report) -> None:
    for i, one in enumerate(networks):
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError:
            expected = 'an address or a network, as "192.0.2.31" or "192.0.2.0/28"'
            report.error((*key, i), quoted(one), expected)


def http_inputs(
    raw: RawSite, _folder: Path, logins: dict[str, Credential], known: Known
) -> Iterator[HttpInput]:
    """The input, if the site has it."""
    http = raw.inputs.http
    if http is None:
        return
    yield HttpInput(
        http.port,
        listen=http.listen,
        callers=http.callers,
        pushes=tuple(Push(o.maker, o.callers, o.alarms, o.events) for o in raw.inputs.pushes),
        hosts=http.hosts,
        credential=logins.get(http.credential or ""),
        may=rights(http, known),
    )
