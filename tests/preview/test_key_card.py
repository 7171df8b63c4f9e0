"""The key card: what is on it, that it lies on its sheet, and how it looks as SVG and as PDF.

The pictures in ``tests/data/golden/card`` are drawn from the PDF.
"""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from tests.support import golden_pictures
from tests.support.catalogues import EN, ZH
from tests.support.folders import ROOT
from tests.support.golden_pictures import GOLDEN, UPDATE
from tests.support.sites import site
from wallctl.config.site_file import load_site
from wallctl.display.text.fonts import find_font
from wallctl.display.text.text_line import Face
from wallctl.model.operator.help_content import HelpEntry, HelpGroup, HelpPage, help_page
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.preview.key_card import A4_MM, key_card
from wallctl.preview.sheet_elements import (
    Box,
    Piece,
    Sheet,
    Writing,
    dealt,
    in_row,
    rows_within,
    stacked,
)
from wallctl.preview.svg import svg

STREET = ROOT / "sites/street-centre/site.toml"
SVG = "{http://www.w3.org/2000/svg}"
GOLDEN_W_PX = 1000
face = golden_pictures.face


def texts(sheet: Sheet) -> list[str]:
    return [mark.text for mark in sheet.marks if isinstance(mark, Writing)]


def fixed_page(words: Catalogue) -> HelpPage:
    """A page that does not change with each new key."""
    actions = (
        HelpGroup(words.say(Text.HELP_TILE), (HelpEntry("Tab ← →", words.say(Text.DO_MOVE)),)),
        HelpGroup(
            words.say(Text.HELP_SAFETY), (HelpEntry("Ctrl+Shift+Q", words.say(Text.HELP_QUIT)),)
        ),
    )
    return replace(help_page(site(14, 2), words), actions=actions)


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh-CN", "en"])
def test_every_key_and_every_source_of_a_site_is_on_it(face: Face, words: Catalogue) -> None:
    page = help_page(load_site(STREET), words)
    said = texts(key_card(page, words, face).sheet)
    for group in (*page.pictures, *page.actions, page.sources):
        assert group.heading in said
        for entry in group.entries:
            assert set(entry.key.split()) <= set(said)
            assert entry.words in said
    assert page.site in said
    assert len(page.sources.entries) == 14


def test_the_svg_is_a_document_with_the_same_text_and_the_size_of_a4(face: Face) -> None:
    sheet = key_card(help_page(load_site(STREET), ZH), ZH, face).sheet
    root = ET.fromstring(svg(sheet))
    assert (root.get("width"), root.get("height")) == ("297mm", "210mm")
    assert root.get("viewBox") == "0 0 297 210"
    assert "Noto Sans CJK SC" in (root.get("font-family") or "")
    assert [one.text for one in root.iter(f"{SVG}text")] == texts(sheet)
    boxes = [mark for mark in sheet.marks if isinstance(mark, Box)]
    assert len(list(root.iter(f"{SVG}rect"))) == len(boxes) + 1  # the paper itself


def test_names_stand_in_the_svg_as_they_are_written(face: Face) -> None:
    """Whatever a site calls a camera, the document stays one."""
    page = HelpPage("<A & B>", sources=HelpGroup("x", (HelpEntry("1", "\"'<&>]]>"),)))
    root = ET.fromstring(svg(key_card(page, ZH, face).sheet))
    said = [one.text for one in root.iter(f"{SVG}text")]
    assert "<A & B>" in said
    assert "\"'<&>]]>" in said


def many(sources: int, names: str) -> HelpPage:
    entries = tuple(HelpEntry(str(i + 1), f"{names}{i + 1}") for i in range(sources))
    return replace(help_page(site(14, 2), ZH), sources=HelpGroup("监控点", entries))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 512), st.text("防汛东门A1gate ", max_size=40))
def test_however_many_and_long_all_lie_on_the_sheet(sources: int, names: str) -> None:
    face = Face(find_font())
    page = many(sources, names)
    sheet = key_card(page, ZH, face).sheet
    for mark in sheet.marks:
        assert mark.x >= 0
        assert mark.x + mark.w <= A4_MM[0]
        assert 0 <= mark.y <= A4_MM[1]
    assert {entry.key for entry in page.sources.entries} <= set(texts(sheet))


def test_no_two_lines_of_writing_lie_over_each_other(face: Face) -> None:
    page = many(140, "人民路与解放街交叉路口东南角")
    lines = [mark for mark in key_card(page, ZH, face).sheet.marks if isinstance(mark, Writing)]
    for i, one in enumerate(lines):
        for other in lines[:i]:
            apart_x = one.x + one.w <= other.x + 0.05 or other.x + other.w <= one.x + 0.05
            apart_y = abs(one.y - other.y) >= min(one.em, other.em) * 0.9
            assert apart_x or apart_y, (one, other)


def test_a_small_site_is_written_larger_than_a_large_one(face: Face) -> None:
    small, large = (key_card(many(n, "摄像机"), ZH, face).em_mm for n in (4, 400))
    assert small > 4 > large > 1.2


def test_a_card_of_nothing_still_has_its_title(face: Face) -> None:
    assert texts(key_card(HelpPage(), EN, face).sheet) == ["Key card", "In trouble, call"]


def test_the_pdf_is_one_page_of_a4_and_looks_as_meant(face: Face) -> None:
    pytest.importorskip("fpdf")
    pdfium = pytest.importorskip("pypdfium2")
    from wallctl.preview.pdf import pdf

    assert face.font is not None
    for words in (ZH, EN):
        page = fixed_page(words)
        document = pdfium.PdfDocument(pdf(key_card(page, words, face).sheet, face))
        [sheet] = document
        assert sheet.get_size() == pytest.approx([mm * 72 / 25.4 for mm in A4_MM], abs=0.1)
        said = re.sub(r"\s", "", sheet.get_textpage().get_text_range())
        for entry in page.sources.entries:
            assert entry.key + entry.words in said
        drawn = sheet.render(scale=GOLDEN_W_PX / sheet.get_width()).to_pil().convert("L")
        check(words.language.value, drawn)


def check(name: str, drawn: Image.Image) -> None:
    path = GOLDEN / "card" / f"{name}.png"
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        drawn.quantize(16).save(path, optimize=True)
        return
    with Image.open(path) as image:
        golden = image.convert("L")
    assert drawn.size == golden.size
    distance = np.abs(np.asarray(drawn, float) - np.asarray(golden, float))
    assert distance.mean() < 3


def test_pieces_are_put_together_by_their_rectangles() -> None:
    a, b = Piece(4, 2, (Box(0, 0, 4, 2),)), Piece(6, 4, (Box(0, 0, 6, 4),))
    row, stack = in_row([a, b], 1), stacked([a, b], 1)
    assert (row.w, row.h) == (11, 4)
    assert [(mark.x, mark.y) for mark in row.marks] == [(0, 1), (5, 0)]
    assert (stack.w, stack.h) == (6, 7)
    assert [(mark.x, mark.y) for mark in stack.marks] == [(0, 0), (0, 3)]
    assert (in_row([]).w, stacked([]).h) == (0, 0)
    columns = dealt([a, b, a], 2, 10, (1, 1))
    assert [(mark.x, mark.y) for mark in columns.marks] == [(0, 0), (0, 3), (11, 0)]


def test_rows_hold_about_as_many_each() -> None:
    pieces = [Piece(10, 5)] * 10
    assert [len(row) for row in rows_within(pieces, 105, 1)] == [5, 5]
    assert [len(row) for row in rows_within(pieces, 200, 1)] == [10]
    wide_at_the_end = [*[Piece(10, 5)] * 4, *[Piece(30, 5)] * 2]
    assert [len(row) for row in rows_within(wide_at_the_end, 65, 1)] == [4, 2]
    assert rows_within([], 10, 1) == []


def test_a_site_whose_name_has_what_cannot_be_drawn_has_a_card_that_can_be_read(face: Face) -> None:
    sheet = key_card(HelpPage(site="街\x07道 "), ZH, face).sheet
    assert (
        ET.fromstring(svg(sheet)).findtext(f"{SVG}title") == f"街\ufffd道 {ZH.say(Text.CARD_TITLE)}"
    )


def test_a_pdf_has_pictures_of_what_its_font_lacks(face: Face) -> None:
    pytest.importorskip("fpdf")
    pdfium = pytest.importorskip("pypdfium2")
    from wallctl.preview.pdf import pdf

    sheet = key_card(HelpPage(site="ئۈرۈمچى 🚪 站 \ue123"), ZH, face).sheet
    page = next(iter(pdfium.PdfDocument(pdf(sheet, face))))
    image = 3
    assert [one.type for one in page.get_objects()].count(image) == 1
