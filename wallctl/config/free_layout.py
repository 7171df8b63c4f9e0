"""Layouts of free tiles: checked, and made into the model's."""

from wallctl.config.schema.layout_schema import RawFreeLayout, RawFreeTile
from wallctl.config.sections.framing import END, check_framing, framing_of
from wallctl.model.site.layout import Bezels, Cell, Layout, Unit
from wallctl.storage.file_findings import Report


def check_free(raw: RawFreeLayout, report: Report) -> None:
    """Whether the tiles are where their unit has places."""
    on_screen = report.sound("of") and raw.of == "screen"
    if on_screen and raw.unit == Unit.MM.value:
        report.error(("unit",), '"mm" of a screen', '"fraction", or of = "wall"')
    if on_screen and raw.bezels is not None:
        report.error(("bezels",), "bezels on a screen", 'bezels only with of = "wall"')
    for i, tile in enumerate(raw.tiles):
        if report.sound("tiles", i):
            check_framing(tile, ("tiles", i), report)
            if raw.unit == Unit.FRACTION.value:
                _check_inside(tile, i, report)


def _check_inside(tile: RawFreeTile, i: int, report: Report) -> None:
    for end, words in ((tile.x + tile.w, "x + w"), (tile.y + tile.h, "y + h")):
        if end > END:
            report.error(("tiles", i), f"a tile that ends at {end:g}", f"{words} at most 1")


def free_layout(name: str, raw: RawFreeLayout) -> Layout:
    """The model value of a layout that was found sound."""
    return Layout(
        name=name,
        zh=raw.title or name,
        en=raw.title_en or name,
        columns=1,
        rows=1,
        cells=tuple(Cell(one.x, one.y, one.w, one.h, framing_of(one), one.z) for one in raw.tiles),
        unit=Unit(raw.unit),
        bezels=(raw.bezels or Bezels.BEHIND) if raw.of == "wall" else None,
    )
