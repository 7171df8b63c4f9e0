"""Where a site's alarms come from: names and references checked, model values made."""

import ipaddress
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from wallctl.config.references import Known, check_named, check_once
from wallctl.config.schema.alarms_schema import RawMqttInput
from wallctl.config.schema.site_schema import RawSite
from wallctl.config.sections.input_rights import check_rights, rights
from wallctl.config.sections.sources import check_credential
from wallctl.config.source_urls import opened_from
from wallctl.model.site.credential import Credential
from wallctl.model.site.site import HttpInput, Input, LineInput, MqttInput, Push, Tls
from wallctl.storage.finding import Key, Report, quoted
from wallctl.storage.path_checks import is_file

_TLS_FILES = ("ca", "certificate", "key")


def check_inputs(raw: RawSite, known: Known, report: Report) -> None:
    """The credentials and alarms that ``[inputs]`` names, and that no line is read twice."""
    for kind in ("http", "mqtt"):
        one = getattr(raw.inputs, kind)
        if one is not None:
            check_credential(one.credential, ("inputs", kind, "credential"), raw, report)
            check_rights(one, ("inputs", kind), known, report)
    paths = [("inputs", "lines", i, "path") for i in range(len(raw.inputs.lines))]
    check_once(report, paths, [one.path for one in raw.inputs.lines])
    for i, one in enumerate(raw.inputs.lines):
        key: Key = ("inputs", "lines", i, "alarms")
        _check_alarms(one.alarms, key, "the name of a contact, without spaces", known, report)
    _check_callers(raw, known, report)
    _check_broker(raw, report)


def _check_broker(raw: RawSite, report: Report) -> None:
    """That the files of TLS are there, and that no login travels for all to read."""
    mqtt = raw.inputs.mqtt
    if mqtt is None:
        return
    at: Key = ("inputs", "mqtt")
    folder = Path(report.file).parent
    for name in _TLS_FILES:
        file = getattr(mqtt, name)
        if file is None or not report.sound(*at, name):
            continue
        if not mqtt.tls:
            report.error((*at, name), quoted(file), "tls = true beside it")
        elif not is_file(folder / file):
            report.error((*at, name), f"no file {quoted(file)}", "a file in PEM")
    if (mqtt.certificate is None) != (mqtt.key is None):
        report.error(at, "one of certificate and key", "both or none")
    here = _address(mqtt.host)
    is_here = mqtt.host == "localhost" or (here is not None and here.is_loopback)
    if mqtt.credential is not None and not mqtt.tls and not is_here:
        expected = "tls = true: anybody on the way can read the login"
        report.warning((*at, "credential"), "a login without TLS", expected)


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


def inputs(
    raw: RawSite, folder: Path, logins: dict[str, Credential], known: Known
) -> tuple[Input, ...]:
    """The model values of inputs that were found sound."""
    http, mqtt = raw.inputs.http, raw.inputs.mqtt
    found: list[Input] = []
    if http is not None:
        login = logins.get(http.credential or "")
        pushes = tuple(Push(o.maker, o.callers, o.alarms, o.events) for o in raw.inputs.pushes)
        found.append(
            HttpInput(
                http.port,
                listen=http.listen,
                callers=http.callers,
                pushes=pushes,
                hosts=http.hosts,
                credential=login,
                may=rights(http, known),
            )
        )
    if mqtt is not None:
        login = logins.get(mqtt.credential or "")
        found.append(replace(_mqtt(mqtt, login, folder), may=rights(mqtt, known)))
    lines = (LineInput(opened_from(o.path, folder), o.alarms, o.baud) for o in raw.inputs.lines)
    return (*found, *lines)


def _mqtt(raw: RawMqttInput, login: Credential | None, folder: Path) -> MqttInput:
    files = (getattr(raw, name) for name in _TLS_FILES)
    found = (None if file is None else str(folder.absolute() / file) for file in files)
    tls = Tls(*found) if raw.tls else None
    return MqttInput(raw.host, raw.port, raw.topic, None, raw.client_id, tls, login)
