"""Tables of a site file that name an alarm for each contact or channel."""

from collections.abc import Mapping

from wallctl.config.references import Known, check_named
from wallctl.storage.file_findings import Key, Report, quoted


def check_alarm_table(
    alarms: Mapping[str, str], at: Key, expected: str, known: Known, report: Report
) -> None:
    """Check the keys of a table, and the alarms or sources that it names."""
    names = (*known.alarms, *known.sources)
    for one, alarm in alarms.items():
        key = (*at, one)
        if one.split() != [one]:
            report.error(key, quoted(one), expected)
        if known.source(alarm) is None:
            check_named(report, key, "an alarm or a source", alarm, names)
