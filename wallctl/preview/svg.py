"""A sheet of paper as SVG: sharp at any size, and its text can be searched."""

from collections.abc import Iterator
from html import escape

from wallctl.model.base.colours import Colour
from wallctl.preview.sheet_elements import Box, Mark, Sheet

_FONTS = (
    "'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', "
    "'WenQuanYi Micro Hei', sans-serif"
)


def svg(sheet: Sheet) -> str:
    """The sheet as an SVG document; a browser prints it on one page of its size.

    Where a machine lacks the fonts, another is pressed into the same widths.
    """
    w, h = _mm(sheet.w), _mm(sheet.h)
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}mm" height="{h}mm"'
        f' viewBox="0 0 {w} {h}" font-family="{_FONTS}">',
        f"<title>{escape(sheet.title)}</title>",
        f"<style>@page {{ size: {w}mm {h}mm; margin: 0 }}</style>",
        f'<rect width="{w}" height="{h}" fill="#ffffff"/>',
        *(line for mark in sheet.marks for line in _drawn(mark)),
        "</svg>",
    )
    return "\n".join(lines) + "\n"


def _drawn(mark: Mark) -> Iterator[str]:
    if isinstance(mark, Box):
        edge = f' stroke="{_hex(mark.edge)}" stroke-width="{_mm(mark.edge_w)}"' if mark.edge else ""
        yield (
            f'<rect x="{_mm(mark.x)}" y="{_mm(mark.y)}" width="{_mm(mark.w)}"'
            f' height="{_mm(mark.h)}" rx="{_mm(mark.radius)}"'
            f' fill="{_hex(mark.fill) if mark.fill else "none"}"{edge}/>'
        )
    elif mark.text:
        yield (
            f'<text x="{_mm(mark.x)}" y="{_mm(mark.y)}" font-size="{_mm(mark.em)}"'
            f' textLength="{_mm(mark.w)}" lengthAdjust="spacingAndGlyphs"'
            f' fill="{_hex(mark.ink)}">{escape(mark.text)}</text>'
        )


def _mm(length: float) -> str:
    return f"{length:.2f}".rstrip("0").rstrip(".")


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
