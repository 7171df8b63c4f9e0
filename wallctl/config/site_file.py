"""A site file and all that it names: everything wrong with it at once, or the ``Site``.

Beside ``site.toml`` lie ``layouts/`` (the site's own layouts) and ``presets/``. This module puts
the parts together; each part is checked in its own module.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from wallctl.config.default_home_pictures import spread, square_for
from wallctl.config.file_names import is_utf8, misnamed_files
from wallctl.config.layout_files import (
    Shelf,
    check_layouts,
    layout_folder,
    read_layouts,
    shipped_layouts,
)
from wallctl.config.logins import read_credentials
from wallctl.config.preset_files import (
    PresetFile,
    check_home,
    check_preset,
    check_preset_keys,
    named,
    own_key,
    preset,
    read_presets,
)
from wallctl.config.references import Known
from wallctl.config.schema.site_schema import RawSite
from wallctl.config.sections.alarm_inputs import check_inputs, inputs
from wallctl.config.sections.alarms import alarm_places, alarms, check_alarms
from wallctl.config.sections.broadcasts import broadcast, check_broadcasts
from wallctl.config.sections.hotkeys import check_keys, hotkeys
from wallctl.config.sections.schedule import check_schedule, schedule
from wallctl.config.sections.screens import check_screens
from wallctl.config.sections.sources import check_backups, check_sources, source
from wallctl.config.sections.tours import check_groups, check_tours, groups, tours
from wallctl.config.source_urls import opened_from
from wallctl.config.toml.reader import read
from wallctl.config.wide_layouts import NOWHERE, Reach, check_preset_reach, check_reach, reach_of
from wallctl.model.site.credential import Credential
from wallctl.model.site.site import PresetScreen, Site
from wallctl.storage.file_findings import FilesError, Finding, Key, Level, Report, in_order, quoted
from wallctl.storage.path_checks import is_file, is_folder

__all__ = ["check_layouts", "check_site", "layout_folder", "load_site", "shipped_layouts"]

OWN_LAYOUTS = "layouts"
"""The folder beside a site file whose layouts need not be named."""
PRESETS = "presets"


class _Read(msgspec.Struct, frozen=True):
    """A site with all its files, checked; ``raw`` is ``None`` if its file can't be read."""

    raw: RawSite | None
    shelf: Shelf
    presets: tuple[PresetFile, ...]
    logins: dict[str, Credential]
    findings: tuple[Finding, ...]
    lines: Mapping[Key, int] = {}
    """Of the site file."""


class SiteRead(msgspec.Struct, frozen=True):
    """What reading a site's files came to."""

    site: Site | None
    """``None`` if there is any error."""
    findings: tuple[Finding, ...]
    places: tuple[str, ...]
    """The files and folders that it is made of; not those that come with the program."""
    lines: Mapping[Key, int]
    """Where each key of the site file stands."""


def site_file(path: Path) -> Path:
    """The site file of a site that was named by its folder."""
    inside = path / "site.toml"
    return inside if path.is_dir() and inside.is_file() else path


def load_site(path: Path) -> Site:
    """The site of a file. Raises ``FilesError`` with all findings if there is any error."""
    found = read_site(path)
    if found.site is None:
        raise FilesError(found.findings)
    return found.site


def read_site(path: Path) -> SiteRead:
    """The site of a file if there is no error, and all that can be said of its files."""
    checked = _checked(path)
    raw, folder = checked.raw, path.parent
    faulty = raw is None or any(one.level is Level.ERROR for one in checked.findings)
    site = None if raw is None or faulty else _site(raw, checked, folder)
    return SiteRead(site, checked.findings, _places(raw, path), checked.lines)


def _places(raw: RawSite | None, path: Path) -> tuple[str, ...]:
    named = (*raw.layouts, *raw.credentials.values(), *_parts(raw)) if raw is not None else ()
    places = (path, *(path.parent / name for name in (OWN_LAYOUTS, PRESETS, *named)))
    return tuple(dict.fromkeys(str(place) for place in places))


def _parts(raw: RawSite) -> Iterator[str]:
    """The files that the wall hands on as they are: a font, sounds, what TLS needs."""
    mqtt = raw.inputs.mqtt
    named = (raw.defaults.font, *(one.sound for one in raw.alarms))
    of_broker = () if mqtt is None else (mqtt.ca, mqtt.certificate, mqtt.key)
    tls = (*(one.ca for one in raw.sources), *of_broker)
    yield from (one for one in (*named, *tls) if one)


def check_site(path: Path) -> tuple[Finding, ...]:
    """Everything that is wrong with a site file and the files that it uses."""
    return _checked(path).findings


def _checked(path: Path) -> _Read:
    report = Report(path)
    if not is_utf8(path):
        expected = "folders and files with names in UTF-8: rename them"
        report.at_line(None, "a path that is not UTF-8", expected)
        return _Read(None, Shelf({}, (), ()), (), {}, tuple(report.findings))
    raw = read(path, RawSite, report)
    if raw is None:
        return _Read(None, Shelf({}, (), ()), (), {}, (*report.findings, *_beside(path.parent)))
    shelf = _shelf(raw, path.parent, report)
    presets = read_presets(path.parent / PRESETS)
    known = _known(raw, shelf, presets)
    check_screens(raw.screens, report)
    check_sources(raw, report)
    check_backups(raw, known, report)
    check_broadcasts(raw, report)
    logins, login_reports = read_credentials(raw, report)
    check_keys(raw, known, report)
    check_home(raw.home, known, report)
    reach = reach_of(raw, shelf.layouts) if report.sound("screens") else NOWHERE
    check_reach(reach, raw.home, report)
    check_groups(raw.groups, known, report)
    check_tours(raw, known, shelf.layouts, report)
    check_schedule(raw, known, report)
    check_alarms(raw, known, path.parent, report)
    check_inputs(raw, known, report)
    _check_font(raw, path.parent, report)
    findings = [*report.findings, *(one for r in login_reports for one in r.findings)]
    findings += shelf.findings
    for folder in (OWN_LAYOUTS, PRESETS):
        findings += misnamed_files(path.parent / folder)
    check_preset_keys(presets, hotkeys(raw))
    for file in presets:
        check_preset_reach(reach, file)
        findings += check_preset(file, known, shelf.layouts)
    return _Read(raw, shelf, presets, logins, in_order(findings), report.lines)


def _beside(folder: Path) -> Iterator[Finding]:
    """What is wrong with a site's other files for itself, where its own file can't be read."""
    yield from _own_layouts(folder).findings
    for file in read_presets(folder / PRESETS):
        yield from file.report.findings


def _own_layouts(folder: Path) -> Shelf:
    own = folder / OWN_LAYOUTS
    return read_layouts(own) if own.exists() else Shelf({}, (), ())


def _shelf(raw: RawSite, folder: Path, report: Report) -> Shelf:
    """The layouts of the program, then the site's own, then those of the folders it names."""
    shelf = _own_layouts(folder).over(read_layouts(layout_folder()))
    for i, name in enumerate(raw.layouts):
        if not report.sound("layouts", i):
            continue
        if not name.strip() or not is_folder(folder / name):
            report.error(("layouts", i), f"no folder {quoted(name)}", "a folder of layout files")
        elif name != OWN_LAYOUTS:
            shelf = read_layouts(folder / name).over(shelf)
    return shelf


def _known(raw: RawSite, shelf: Shelf, presets: tuple[PresetFile, ...]) -> Known:
    return Known(
        tuple(screen.name for screen in raw.screens),
        shelf.names,
        tuple(file.name for file in presets),
        {one.name: one.number for one in raw.sources if one.name},
        {one.name: one.sources for one in raw.groups},
        tuple(dict.fromkeys(one.name for one in raw.tours)),
        tuple(one.name for one in raw.alarms),
        {file.name: own_key(file) for file in presets},
    )


def _check_font(raw: RawSite, folder: Path, report: Report) -> None:
    font = raw.defaults.font
    if font is not None and not is_file(folder / font) and report.sound("defaults", "font"):
        report.error(("defaults", "font"), f"no file {quoted(font)}", "the path of a font file")


def _site(raw: RawSite, checked: _Read, folder: Path) -> Site:
    """The model value of a site without errors."""
    known = _known(raw, checked.shelf, checked.presets)
    reach = reach_of(raw, checked.shelf.layouts)
    presets = tuple(
        msgspec.structs.replace(one, screens=reach.with_covered(one.screens))
        for file in checked.presets
        if (one := preset(file, known)) is not None
    )
    font = raw.defaults.font
    return Site(
        name=raw.name,
        id=raw.id or "",
        screens=reach.screens,
        sources=tuple(source(one, raw, folder, checked.logins, known) for one in raw.sources),
        layouts=checked.shelf.layouts,
        layout_keys=raw.keys,
        home=_home(raw, checked.shelf, known, reach),
        presets=presets,
        groups=groups(raw, known),
        tours=tours(raw, known, checked.shelf.layouts, presets),
        schedule=schedule(raw),
        timezone=raw.timezone,
        hotkeys=hotkeys(raw),
        fit=raw.defaults.fit,
        clock=raw.defaults.clock,
        language=raw.defaults.language,
        keep_awake=raw.defaults.keep_awake,
        font=None if font is None else opened_from(font, folder),
        hardware=raw.decoding.hardware,
        broadcasts=tuple(broadcast(one, raw, folder, checked.logins) for one in raw.broadcasts),
        alarms=alarms(raw, known, folder),
        inputs=inputs(raw, folder, checked.logins, known),
        alarms_at=alarm_places(raw.defaults.alarms_at),
        viewing_m=raw.defaults.viewing_m,
    )


def _home(raw: RawSite, shelf: Shelf, known: Known, reach: Reach) -> tuple[PresetScreen, ...]:
    """Home of every screen, in the order of the screens.

    Screens that the file says nothing of share the sources that it puts nowhere, and lie below the
    wide layouts that it names.
    """
    said = {
        one.screen: PresetScreen(one.screen, one.layout, named(one.sources, known))
        for one in raw.home
    }
    placed = {name for one in said.values() for name in one.tiles}
    free = [one.name for one in raw.sources if one.name not in placed]
    silent = [one.name for one in raw.screens if one.name not in said]
    layout = shelf.layouts[square_for(len(free), len(silent))]
    under = {one.screen: one.under for one in reach.with_covered(tuple(said.values()))}
    rest = {
        one.screen: msgspec.structs.replace(one, under=under.get(one.screen))
        for one in spread(free, silent, layout)
    }
    return tuple((said | rest)[one.name] for one in raw.screens)
