"""The lines of contacts of a site: checked, and their values made."""

from collections.abc import Iterator
from pathlib import Path

from wallctl.config.references import Known, check_once
from wallctl.config.schema.site_schema import RawSite
from wallctl.config.sections.alarm_mappings import check_alarm_table
from wallctl.config.source_urls import opened_from
from wallctl.model.site.alarm_input import LineInput
from wallctl.model.site.credential import Credential
from wallctl.storage.file_findings import Report

_CONTACT = "the name of a contact, without spaces"


def check_line_inputs(raw: RawSite, known: Known, report: Report) -> None:
    """Check that no line is read twice, and the alarms of their contacts."""
    lines = raw.inputs.lines
    paths = [("inputs", "lines", i, "path") for i in range(len(lines))]
    check_once(report, paths, [one.path for one in lines])
    for i, one in enumerate(lines):
        check_alarm_table(one.alarms, ("inputs", "lines", i, "alarms"), _CONTACT, known, report)


def line_inputs(
    raw: RawSite, folder: Path, _logins: dict[str, Credential], _known: Known
) -> Iterator[LineInput]:
    """Each line that the site reads."""
    for one in raw.inputs.lines:
        yield LineInput(opened_from(one.path, folder), one.alarms, one.baud)
