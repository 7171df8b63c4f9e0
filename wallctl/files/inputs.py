"""Where a site's alarms come from: names and references checked, model values made."""

from pathlib import Path

from wallctl.files.addresses import opened_from
from wallctl.files.finding import Report, quoted
from wallctl.files.names import Known, check_named, check_once
from wallctl.files.raw import RawSite
from wallctl.files.sources import check_credential
from wallctl.model.site import HttpInput, Input, LineInput, Login, MqttInput


def check_inputs(raw: RawSite, known: Known, report: Report) -> None:
    """The credentials and alarms that ``[inputs]`` names, and that no line is read twice."""
    for kind in ("http", "mqtt"):
        one = getattr(raw.inputs, kind)
        if one is not None:
            check_credential(one.credential, ("inputs", kind, "credential"), raw, report)
    paths = [("inputs", "lines", i, "path") for i in range(len(raw.inputs.lines))]
    check_once(report, paths, [one.path for one in raw.inputs.lines])
    names = (*known.alarms, *known.sources)
    for i, one in enumerate(raw.inputs.lines):
        for contact, alarm in one.alarms.items():
            key = ("inputs", "lines", i, "alarms", contact)
            if contact.split() != [contact]:
                report.error(key, quoted(contact), "the name of a contact, without spaces")
            if known.source(alarm) is None:
                check_named(report, key, "an alarm or a source", alarm, names)


def inputs(raw: RawSite, folder: Path, logins: dict[str, Login]) -> tuple[Input, ...]:
    """The model values of inputs that were found sound."""
    http, mqtt = raw.inputs.http, raw.inputs.mqtt
    found: list[Input] = []
    if http is not None:
        found.append(HttpInput(http.port, logins.get(http.credential or "")))
    if mqtt is not None:
        login = logins.get(mqtt.credential or "")
        found.append(MqttInput(mqtt.host, mqtt.port, mqtt.topic, login))
    lines = (LineInput(opened_from(o.path, folder), o.alarms, o.baud) for o in raw.inputs.lines)
    return (*found, *lines)
