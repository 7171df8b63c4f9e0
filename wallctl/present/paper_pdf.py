"""A sheet of paper as PDF, with those characters of the font in it that it uses."""

import fpdf

from wallctl.present.fonts import FontFile
from wallctl.present.paper import Box, Sheet

_FAMILY = "wall"
_POINTS_A_MM = 72 / 25.4


def pdf(sheet: Sheet, font: FontFile) -> bytes:
    """The sheet as a PDF document of one page."""
    document = fpdf.FPDF(unit="mm", format=(sheet.w, sheet.h))
    document.set_title(sheet.title)
    document.set_auto_page_break(False)
    document.add_font(_FAMILY, fname=font.path, collection_font_number=font.index)
    document.add_page()
    for mark in sheet.marks:
        if isinstance(mark, Box):
            _box(document, mark)
        else:
            document.set_font(_FAMILY, size=mark.em * _POINTS_A_MM)
            document.set_text_color(*mark.ink)
            document.text(mark.x, mark.y, mark.text)
    return bytes(document.output())


def _box(document: fpdf.FPDF, box: Box) -> None:
    if box.fill:
        document.set_fill_color(*box.fill)
    if box.edge:
        document.set_draw_color(*box.edge)
        document.set_line_width(box.edge_w)
    style = ("D" if box.edge else "") + ("F" if box.fill else "")
    document.rect(
        box.x, box.y, box.w, box.h, style,
        round_corners=box.radius > 0, corner_radius=box.radius,
    )  # fmt: skip
