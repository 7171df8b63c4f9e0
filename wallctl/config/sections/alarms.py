"""The alarms of a site: what each shows, and where. Knows a site's names only."""

import re
from pathlib import Path

from wallctl.config.references import Known, check_named, check_names, check_once, check_source
from wallctl.config.schema.alarms_schema import RawAlarm
from wallctl.config.schema.layout_schema import MOST_TILES
from wallctl.config.schema.site_schema import RawSite
from wallctl.config.source_urls import opened_from
from wallctl.model.site.alarm import Alarm, AlarmPlace
from wallctl.storage.file_findings import Key, Report, quoted
from wallctl.storage.path_checks import is_file

_TILE = re.compile(r"[1-9][0-9]?", re.ASCII)


def check_alarms(raw: RawSite, known: Known, folder: Path, report: Report) -> None:
    """The names in ``[[alarms]]`` and in ``alarms_at``, and whether sounds are there."""
    _check_places(raw.defaults.alarms_at, ("defaults", "alarms_at"), known, report)
    places = range(len(raw.alarms))
    check_names(report, [("alarms", i, "name") for i in places], [one.name for one in raw.alarms])
    for i, one in enumerate(raw.alarms):
        check_source(report, ("alarms", i, "source"), one.source, known)
        _check_places(one.at, ("alarms", i, "at"), known, report)
        sound, key = one.sound, ("alarms", i, "sound")
        if sound is not None and not is_file(folder / sound) and report.sound(*key):
            report.error(key, f"no file {quoted(sound)}", "the path of a sound file")


def alarms(raw: RawSite, known: Known, folder: Path) -> tuple[Alarm, ...]:
    """The model values of alarms that were found sound."""
    return tuple(_alarm(one, raw, known, folder) for one in raw.alarms)


def _alarm(one: RawAlarm, raw: RawSite, known: Known, folder: Path) -> Alarm:
    at = (
        alarm_places(one.at)
        or alarm_places(raw.defaults.alarms_at)
        or (AlarmPlace(raw.screens[0].name),)
    )
    return Alarm(
        name=one.name,
        source=known.source(one.source) or "",
        at=at,
        text=one.text,
        text_en=one.text_en,
        priority=one.priority,
        hold_ns=one.hold_s * 1_000_000_000 or None,
        colour=one.colour,
        sound=None if one.sound is None else opened_from(one.sound, folder),
    )


def alarm_places(written: tuple[str, ...]) -> tuple[AlarmPlace, ...]:
    """Places from ``left`` and ``left/3``."""
    return tuple(_place(one) for one in written)


def _place(text: str) -> AlarmPlace:
    screen, slash, tile = text.partition("/")
    return AlarmPlace(screen, int(tile) if slash else None)


def _check_places(written: tuple[str, ...], key: Key, known: Known, report: Report) -> None:
    for i, text in enumerate(written):
        screen, slash, tile = text.partition("/")
        if slash and not (_TILE.fullmatch(tile) and int(tile) <= MOST_TILES):
            if report.usable(*key, i):
                report.error((*key, i), quoted(text), "a screen, or one of its tiles as left/3")
        else:
            check_named(report, (*key, i), "a screen", screen, known.screens)
    check_once(report, [(*key, i) for i in range(len(written))], written)
