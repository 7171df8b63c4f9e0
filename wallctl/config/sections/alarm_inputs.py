"""Where a site's alarms come from. A row for each kind of input, a module for each."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from wallctl.config.references import Known
from wallctl.config.schema.site_schema import RawSite
from wallctl.config.sections.contact_inputs import check_line_inputs, line_inputs
from wallctl.config.sections.http_alarm_input import check_http_input, http_inputs
from wallctl.config.sections.mqtt_alarm_input import check_mqtt_input, mqtt_inputs
from wallctl.model.site.alarm_input import HttpInput, Input, LineInput, MqttInput
from wallctl.model.site.credential import Credential
from wallctl.storage.file_findings import Report


class Section(NamedTuple):
    """How a kind of input is read from a site file."""

    check: Callable[[RawSite, Known, Report], None]
    """Reports wrong names and references."""
    values: Callable[[RawSite, Path, dict[str, Credential], Known], Iterable[Input]]
    """Makes the model values of those that were found sound."""


SECTIONS: dict[type[Input], Section] = {
    HttpInput: Section(check_http_input, http_inputs),
    MqttInput: Section(check_mqtt_input, mqtt_inputs),
    LineInput: Section(check_line_inputs, line_inputs),
}


def check_inputs(raw: RawSite, known: Known, report: Report) -> None:
    """Check all that ``[inputs]`` names."""
    for section in SECTIONS.values():
        section.check(raw, known, report)


def inputs(
    raw: RawSite, folder: Path, logins: dict[str, Credential], known: Known
) -> tuple[Input, ...]:
    """The model values of inputs that were found sound."""
    kinds = (section.values(raw, folder, logins, known) for section in SECTIONS.values())
    return tuple(one for values in kinds for one in values)
