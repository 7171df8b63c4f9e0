"""Where a site's alarms come from: names and references checked, model values made."""

import ipaddress
from collections.abc import Iterable, Mapping
from pathlib import Path

from wallctl.files.addresses import opened_from
from wallctl.files.finding import Key, Report, quoted
from wallctl.files.names import Known, check_named, check_once
from wallctl.files.raw import RawSite
from wallctl.files.sources import check_credential
from wallctl.model.site import HttpInput, Input, LineInput, Login, MqttInput, Push


def check_inputs(raw: RawSite, known: Known, report: Report) -> None:
    """The credentials and alarms that ``[inputs]`` names, and that no line is read twice."""
    for kind in ("http", "mqtt"):
        one = getattr(raw.inputs, kind)
        if one is not None:
            check_credential(one.credential, ("inputs", kind, "credential"), raw, report)
    paths = [("inputs", "lines", i, "path") for i in range(len(raw.inputs.lines))]
    check_once(report, paths, [one.path for one in raw.inputs.lines])
    for i, one in enumerate(raw.inputs.lines):
        key: Key = ("inputs", "lines", i, "alarms")
        _check_alarms(one.alarms, key, "the name of a contact, without spaces", known, report)
    _check_callers(raw, known, report)


def _check_callers(raw: RawSite, known: Known, report: Report) -> None:
    """Who may call the HTTP input: real addresses, and somebody where it listens to more than
    this machine."""
    http, pushes = raw.inputs.http, raw.inputs.pushes
    for i, one in enumerate(pushes):
        key: Key = ("inputs", "pushes", i)
        _check_networks(one.callers, (*key, "callers"), report)
        _check_alarms(one.alarms, (*key, "alarms"), "a channel, without spaces", known, report)
        if not one.callers:
            report.error((*key, "callers"), "no address", "those of the devices that push")
    if http is None:
        if pushes:
            found = "nothing that listens to them"
            report.error(("inputs", "pushes"), found, "[inputs] http = { port = ... }")
        return
    _check_networks(http.callers, ("inputs", "http", "callers"), report)
    address = _address(http.listen)
    listen: Key = ("inputs", "http", "listen")
    if address is None:
        report.error(listen, quoted(http.listen), 'an address of this machine, as "192.0.2.5"')
    elif not address.is_loopback and not (http.callers or pushes):
        expected = "callers or [[inputs.pushes]] that name who may call"
        report.error(listen, f"{quoted(http.listen)} for anybody", expected)


def _check_networks(networks: Iterable[str], key: Key, report: Report) -> None:
    for i, one in enumerate(networks):
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError:
            expected = 'an address or a network, as "192.0.2.31" or "192.0.2.0/28"'
            report.error((*key, i), quoted(one), expected)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _check_alarms(
    alarms: Mapping[str, str], at: Key, expected: str, known: Known, report: Report
) -> None:
    """The keys of a table of alarms, and the alarms or sources that it names."""
    names = (*known.alarms, *known.sources)
    for one, alarm in alarms.items():
        key = (*at, one)
        if one.split() != [one]:
            report.error(key, quoted(one), expected)
        if known.source(alarm) is None:
            check_named(report, key, "an alarm or a source", alarm, names)


def inputs(raw: RawSite, folder: Path, logins: dict[str, Login]) -> tuple[Input, ...]:
    """The model values of inputs that were found sound."""
    http, mqtt = raw.inputs.http, raw.inputs.mqtt
    found: list[Input] = []
    if http is not None:
        login = logins.get(http.credential or "")
        pushes = tuple(Push(o.maker, o.callers, o.alarms, o.events) for o in raw.inputs.pushes)
        found.append(HttpInput(http.port, login, http.listen, http.callers, pushes))
    if mqtt is not None:
        login = logins.get(mqtt.credential or "")
        found.append(MqttInput(mqtt.host, mqtt.port, mqtt.topic, login, mqtt.client_id))
    lines = (LineInput(opened_from(o.path, folder), o.alarms, o.baud) for o in raw.inputs.lines)
    return (*found, *lines)
