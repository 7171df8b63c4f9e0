"""Layout files: one file, one layout, named as the file. Knows nothing of sites."""

import typing
from pathlib import Path

import msgspec

from wallctl.config.file_names import NamedFile, called, check_file_name, named_files
from wallctl.config.free_layout import check_free, free_layout
from wallctl.config.schema.layout_schema import MOST_TILES, RawFreeLayout, RawLayout, RawTile
from wallctl.config.sections.framing import check_framing, framing_of
from wallctl.config.toml.reader import read_as
from wallctl.model.base.geometry import Rect
from wallctl.model.site.layout import Cell, Layout, grid
from wallctl.storage.file_findings import FilesError, Finding, Report, in_order
from wallctl.storage.path_checks import is_folder, unreadable


class Shelf(msgspec.Struct, frozen=True):
    """Some layouts, and what is wrong with others. ``names`` has the faulty ones too."""

    layouts: dict[str, Layout]
    names: tuple[str, ...]
    findings: tuple[Finding, ...]

    def over(self, other: "Shelf") -> "Shelf":
        """Both shelves together; where a name is on both, this one's layout is taken."""
        kept = {name: one for name, one in other.layouts.items() if name not in self.names}
        return Shelf(
            kept | self.layouts,
            tuple(dict.fromkeys((*other.names, *self.names))),
            other.findings + self.findings,
        )


def layout_folder() -> Path:
    """Where the layouts lie that come with the program: in the package, or beside its source."""
    package = Path(__file__).parent
    packed = package / "layouts"
    return packed if is_folder(packed) else package.parents[1] / "layouts"


def shipped_layouts() -> dict[str, Layout]:
    """The layouts that come with the program, by name. Raises ``FilesError``."""
    shelf = read_layouts(layout_folder())
    if shelf.findings:
        raise FilesError(shelf.findings)
    return shelf.layouts


def load_layout(path: Path) -> Layout:
    """The layout of a file. Raises ``FilesError`` with all findings if there is any error."""
    report = Report(path)
    file = NamedFile(path, called(path))
    layout = _read_layout(file, report)
    check_file_name(file, (), report)
    if layout is None or not report.sound():
        raise FilesError(report.findings)
    return layout


def check_layouts(folder: Path | None = None) -> tuple[Finding, ...]:
    """Everything that is wrong with the layouts in a folder (else those of the program)."""
    return read_layouts(folder or layout_folder()).findings


def read_layouts(folder: Path) -> Shelf:
    """All layouts of a folder, those with few tiles first."""
    try:
        named = named_files(folder)
    except OSError as error:
        report = Report(folder)
        report.at_line(None, unreadable(error), "a folder of layout files")
        return Shelf({}, (), tuple(report.findings))
    layouts, findings = {}, list[Finding]()
    for i, file in enumerate(named):
        report = Report(file.path)
        layout = _read_layout(file, report)
        check_file_name(file, named[:i], report)
        findings += report.findings
        if layout is not None and report.sound():
            layouts[layout.name] = layout
    by_count = dict(sorted(layouts.items(), key=lambda item: item[1].count))
    return Shelf(by_count, tuple(file.name for file in named), in_order(findings))


def _read_layout(file: NamedFile, report: Report) -> Layout | None:
    raw = read_as(file.path, _kind, report)
    if isinstance(raw, RawFreeLayout):
        check_free(raw, report)
        return free_layout(file.name, raw) if report.sound() else None
    return _grid_layout(file.name, raw, report) if raw is not None else None


def _kind(data: dict[str, typing.Any]) -> type[RawLayout | RawFreeLayout]:
    return RawFreeLayout if "unit" in data else RawLayout


def _grid_layout(name: str, raw: RawLayout, report: Report) -> Layout | None:
    _check_size(raw, report)
    if isinstance(raw.tiles, str):
        equal = grid(raw.columns, raw.rows)
        return msgspec.structs.replace(
            equal, name=name, zh=raw.title or name, en=raw.title_en or name
        )
    _check_tiles(raw, raw.tiles, report)
    if not report.sound():
        return None
    cells = tuple(Cell(one.x, one.y, one.w, one.h, framing_of(one)) for one in raw.tiles)
    zh, en = raw.title or name, raw.title_en or name
    return Layout(name, zh, en, raw.columns, raw.rows, cells)


def _check_size(raw: RawLayout, report: Report) -> None:
    if raw.tiles == "each" and raw.columns * raw.rows > MOST_TILES:
        report.error(("rows",), f"{raw.columns * raw.rows} tiles", f"at most {MOST_TILES}")


def _check_tiles(raw: RawLayout, tiles: tuple[RawTile, ...], report: Report) -> None:
    sound = [i for i in range(len(tiles)) if report.sound("tiles", i)]
    for i in sound:
        _check_inside(raw, tiles[i], i, report)
        check_framing(tiles[i], ("tiles", i), report)
    for i in sound:
        rect = _rect(tiles[i])
        over = next((j for j in sound if j < i and rect.intersects(_rect(tiles[j]))), None)
        if over is not None:
            report.error(
                ("tiles", i), f"a tile that lies over tiles[{over + 1}]", "tiles side by side"
            )


def _rect(tile: RawTile) -> Rect:
    return Rect(tile.x, tile.y, tile.w, tile.h)


def _check_inside(raw: RawLayout, tile: RawTile, i: int, report: Report) -> None:
    for end, lines, words in (
        (tile.x + tile.w, "columns", f"x + w at most {raw.columns}"),
        (tile.y + tile.h, "rows", f"y + h at most {raw.rows}"),
    ):
        if report.sound(lines) and end > getattr(raw, lines):
            report.error(("tiles", i), f"a tile that ends at {end}", f"{words}, as {lines} says")
