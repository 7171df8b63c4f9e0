"""The MQTT input of a site: checked, and its value made."""

import ipaddress
from collections.abc import Iterator
from pathlib import Path

from wallctl.config.references import Known
from wallctl.config.schema.alarms_schema import RawMqttInput
from wallctl.config.schema.site_schema import RawSite
from wallctl.config.sections.alarm_input_rights import check_rights, rights
from wallctl.config.sections.sources import check_credential
from wallctl.model.site.alarm_input import MqttInput, Tls
from wallctl.model.site.credential import Credential
from wallctl.storage.file_findings import Key, Report, quoted
from wallctl.storage.path_checks import is_file

_AT: Key = ("inputs", "mqtt")
_TLS_FILES = ("ca", "certificate", "key")


def check_mqtt_input(raw: RawSite, known: Known, report: Report) -> None:
    """Check the login, what messages may raise, the files of TLS, and that nobody on the way can
    read the login."""
    mqtt = raw.inputs.mqtt
    if mqtt is None:
        return
    check_credential(mqtt.credential, (*_AT, "credential"), raw, report)
    check_rights(mqtt, _AT, known, report)
    _check_tls_files(mqtt, report)
    if mqtt.credential is not None and not mqtt.tls and not _is_this_machine(mqtt.host):
        expected = "tls = true: anybody on the way can read the login"
        report.warning((*_AT, "credential"), "a login without TLS", expected)


def _check_tls_files(mqtt: RawMqttInput, report: Report) -> None:
    folder = Path(report.file).parent
    for name in _TLS_FILES:
        file = getattr(mqtt, name)
        if file is None or not report.sound(*_AT, name):
            continue
        if not mqtt.tls:
            report.error((*_AT, name), quoted(file), "tls = true beside it")
        elif not is_file(folder / file):
            report.error((*_AT, name), f"no file {quoted(file)}", "a file in PEM")
    if (mqtt.certificate is None) != (mqtt.key is None):
        report.error(_AT, "one of certificate and key", "both or none")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def mqtt_inputs(
    raw: RawSite, folder: Path, logins: dict[str, Credential], known: Known
) -> Iterator[MqttInput]:
    """The input, if the site has it."""
    mqtt = raw.inputs.mqtt
    if mqtt is None:
        return
    yield MqttInput(
        mqtt.host,
        mqtt.port,
        mqtt.topic,
        client_id=mqtt.client_id,
        tls=_tls(mqtt, folder.absolute()) if mqtt.tls else None,
        credential=logins.get(mqtt.credential or ""),
        may=rights(mqtt, known),
    )


def _tls(mqtt: RawMqttInput, folder: Path) -> Tls:
    files = (mqtt.ca, mqtt.certificate, mqtt.key)
    return Tls(*(None if file is None else str(folder / file) for file in files))
