"""The schedule 计划 of a site, and its time zone: checked, and as model values.

Knows a site's names only, and which time zones there are.
"""

import zoneinfo

from wallctl.config.references import Known, check_named
from wallctl.config.schema.site_schema import RawSite
from wallctl.config.schema.tours_schema import DAYS, RawScheduleEntry
from wallctl.model.site.site import ScheduleEntry
from wallctl.storage.file_findings import Key, Report, one_of, quoted


def check_schedule(raw: RawSite, known: Known, report: Report) -> None:
    """The time zone, and what each entry shows and when."""
    if raw.timezone is not None and not _is_zone(raw.timezone):
        zones = sorted(zoneinfo.available_timezones())
        report.error(
            ("timezone",), quoted(raw.timezone), one_of("a time zone", raw.timezone, zones)
        )
    for i, entry in enumerate(raw.schedule):
        _check_entry(("schedule", i), entry, known, report)


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _check_entry(key: Key, entry: RawScheduleEntry, known: Known, report: Report) -> None:
    if entry.preset is not None:
        check_named(report, (*key, "preset"), "a preset", entry.preset, known.presets)
    if entry.tour is not None:
        check_named(report, (*key, "tour"), "a tour", entry.tour, known.tours)
    if (entry.preset is None) == (entry.tour is None):
        found = "neither a preset nor a tour" if entry.tour is None else "a preset and a tour"
        report.error(key, found, "one of both")
    same = report.sound(*key, "to") and _minutes(entry.from_) == _minutes(entry.to)
    if same and report.sound(*key, "from"):
        expected = "another time than from (all day is 00:00 to 24:00)"
        report.error((*key, "to"), quoted(entry.to), expected)


def schedule(raw: RawSite) -> tuple[ScheduleEntry, ...]:
    """The model values of entries that were found sound."""
    return tuple(
        ScheduleEntry(_days(one.days), _minutes(one.from_), _minutes(one.to), one.preset, one.tour)
        for one in raw.schedule
    )


def _days(text: str) -> frozenset[int]:
    """The days of ``mon-fri,sun``; a span may go over the end of the week."""
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found |= {day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)}
    return frozenset(found)


def _minutes(text: str) -> int:
    """Minutes since midnight of ``08:30``."""
    hours, _, minutes = text.partition(":")
    return int(hours or 0) * 60 + int(minutes or 0)
