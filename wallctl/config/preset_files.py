"""Preset files 预案: one file, one preset, named as the file.

What a screen of a preset and a screen of home say is checked alike. Knows a site's names only.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from wallctl.config.file_names import check_file_name, named_files
from wallctl.config.references import Known, check_named, check_once, check_source
from wallctl.config.schema.layout_schema import RawPreset, RawPresetTile
from wallctl.config.schema.site_schema import RawHome
from wallctl.config.sections.framing import check_framing, framing_of
from wallctl.config.toml.reader import read
from wallctl.model.operator.key_names import normal_key_name
from wallctl.model.operator.key_table import BUILT_IN, PRESET_KEYS
from wallctl.model.site.framing import Framing
from wallctl.model.site.layout import Layout
from wallctl.model.site.site import Preset, PresetScreen
from wallctl.storage.file_findings import Finding, Key, Report, quoted
from wallctl.storage.path_checks import unreadable


class PresetFile(msgspec.Struct, frozen=True):
    """A preset as it is written, and what was found so far."""

    name: str
    raw: RawPreset | None
    report: Report


def read_presets(folder: Path) -> tuple[PresetFile, ...]:
    """The preset files of a folder by name; a site may have none."""
    try:
        named = named_files(folder)
    except FileNotFoundError:
        return ()
    except OSError as error:
        report = Report(folder)
        report.at_line(None, unreadable(error), "a folder of preset files")
        return (PresetFile("", None, report),)
    files = []
    for i, file in enumerate(named):
        report = Report(file.path)
        raw = read(file.path, RawPreset, report)
        check_file_name(file, named[:i], report)
        files.append(PresetFile(file.name, raw, report))
    return tuple(files)


def check_preset(file: PresetFile, known: Known, layouts: dict[str, Layout]) -> list[Finding]:
    """The names in a preset, and whether its tiles are there."""
    report = file.report
    if file.raw is not None:
        screens = file.raw.screens
        check_once(
            report,
            [("screens", i, "screen") for i in range(len(screens))],
            [one.screen for one in screens],
        )
        for i, one in enumerate(screens):
            check_screen(PlaceOf(("screens", i), one.screen, one.layout), known, report)
            check_tiles(("screens", i, "tiles"), refs(one.tiles), known, report)
            for j, tile in enumerate(one.tiles):
                if isinstance(tile, RawPresetTile):
                    check_framing(tile, ("screens", i, "tiles", j), report)
            _check_room(("screens", i, "tiles"), len(one.tiles), layouts.get(one.layout), report)
    return report.findings


def preset(file: PresetFile, known: Known) -> Preset | None:
    """The model value of a preset that was found sound."""
    if file.raw is None:
        return None
    screens = tuple(
        PresetScreen(
            one.screen, one.layout, named(refs(one.tiles), known), _framed(one.tiles, known)
        )
        for one in file.raw.screens
    )
    title, title_en = file.raw.title or file.name, file.raw.title_en or file.name
    return Preset(file.name, screens, title, title_en, own_key(file))


def own_key(file: PresetFile) -> str:
    """The key that a preset's file gives it, in its one right spelling; empty if it gives none."""
    given = file.raw.key if file.raw is not None else None
    return (normal_key_name(given) or "") if given else ""


def check_preset_keys(files: tuple[PresetFile, ...], hotkeys: Mapping[str, str]) -> None:
    """The keys that presets give themselves: known, their own, and without another meaning."""
    owners: dict[str, str] = {}
    for file in files:
        if file.raw is None or file.raw.key is None:
            continue
        key = own_key(file)
        if not key:
            file.report.error(("key",), quoted(file.raw.key), "the name of a key, as F3")
        elif key in owners:
            expected = f"another key: the preset {quoted(owners[key])} has it"
            file.report.error(("key",), key, expected)
        elif key in BUILT_IN and key not in PRESET_KEYS:
            file.report.error(("key",), key, "a key without a meaning, or one of F2 to F12")
        elif key in hotkeys:
            file.report.error(("key",), key, "a key that is none of the site's hotkeys")
        owners.setdefault(key, file.name)


def refs(tiles: tuple[RawPresetTile | str | int, ...]) -> tuple[str | int, ...]:
    """Which source each tile of a preset names."""
    return tuple(one.source if isinstance(one, RawPresetTile) else one for one in tiles)


def _framed(tiles: tuple[RawPresetTile | str | int, ...], known: Known) -> dict[str, Framing]:
    """How those sources are shown of which a preset says it."""
    said = [(known.source(one.source), one) for one in tiles if isinstance(one, RawPresetTile)]
    return {name: framing_of(one) for name, one in said if name is not None}


def named(refs: tuple[str | int, ...], known: Known) -> tuple[str | None, ...]:
    """Each tile's source by its name; ``None`` where the tile is left empty."""
    return tuple(known.source(ref) if ref != "" else None for ref in refs)


class PlaceOf(msgspec.Struct, frozen=True):
    """Where a file says which layout a screen shows."""

    key: Key
    screen: str
    layout: str


def check_home(homes: tuple[RawHome, ...], known: Known, report: Report) -> None:
    """The names in ``[[home]]``."""
    check_once(
        report,
        [("home", i, "screen") for i in range(len(homes))],
        [one.screen for one in homes],
    )
    for i, one in enumerate(homes):
        check_screen(PlaceOf(("home", i), one.screen, one.layout), known, report)
        check_tiles(("home", i, "sources"), one.sources, known, report)


def check_screen(place: PlaceOf, known: Known, report: Report) -> None:
    """The screen and the layout that are named together."""
    check_named(report, (*place.key, "screen"), "a screen", place.screen, known.screens)
    check_named(report, (*place.key, "layout"), "a layout", place.layout, known.layouts)


def check_tiles(key: Key, refs: tuple[str | int, ...], known: Known, report: Report) -> None:
    """The sources of a screen's tiles: all known, and none twice."""
    keys, names = [], []
    for i, ref in enumerate(refs):
        if ref == "" or not report.sound(*key, i):
            continue
        name = check_source(report, (*key, i), ref, known)
        if name is not None:
            keys.append((*key, i))
            names.append(name)
    check_once(report, keys, names)


def _check_room(key: Key, tiles: int, layout: Layout | None, report: Report) -> None:
    if layout is not None and tiles > layout.count:
        report.warning(
            key,
            f"{tiles} tiles",
            f"at most {layout.count} in the layout {layout.name}; the rest is on further pages",
        )
