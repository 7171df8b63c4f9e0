"""A sheet of paper as PDF, with those characters of the font in it that it uses.

What needs other fonts, or runs from right to left, is drawn as a picture.
"""

import fpdf

from wallctl.display.text.glyph_run import BASELINE
from wallctl.display.text.text_line import Face, line_height
from wallctl.preview.sheet_elements import Box, Sheet, Writing

_FAMILY = "wall"
_POINTS_A_MM = 72 / 25.4
_PICTURE_PX = 96
"""To the em, of a text that is drawn: sharp on paper."""


def pdf(sheet: Sheet, face: Face) -> bytes:
    """The sheet as a PDF document of one page. ``face`` has a font."""
    font = face.font
    assert font is not None
    document = fpdf.FPDF(unit="mm", format=(sheet.w, sheet.h))
    document.set_title(sheet.title)
    document.set_auto_page_break(False)
    document.add_font(_FAMILY, fname=font.path, collection_font_number=font.index)
    document.add_page()
    for mark in sheet.marks:
        if isinstance(mark, Box):
            _box(document, mark)
        elif not face.is_plain(mark.text):
            _drawn(document, mark, face)
        else:
            document.set_font(_FAMILY, size=mark.em * _POINTS_A_MM)
            document.set_text_color(*mark.ink)
            document.text(mark.x, mark.y, mark.text)
    return bytes(document.output())


def _drawn(document: fpdf.FPDF, mark: Writing, face: Face) -> None:
    """A text as a picture, with its baseline where that of a text would be."""
    picture = face.image(mark.text, _PICTURE_PX, mark.ink)
    mm_a_px = mark.em / _PICTURE_PX
    above = line_height(_PICTURE_PX) / 2 + BASELINE * _PICTURE_PX
    w, h = picture.width * mm_a_px, picture.height * mm_a_px
    document.image(picture, mark.x, mark.y - above * mm_a_px, w, h)


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
