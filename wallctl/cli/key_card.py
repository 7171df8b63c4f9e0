"""``wallctl keycard``: a site's keys and cameras on one sheet of paper."""

import importlib.util
from pathlib import Path

import click

from wallctl.cli.error_messages import told
from wallctl.config.po_file import catalogues
from wallctl.config.site_file import load_site, site_file
from wallctl.display.text.fonts import find_font, font_warning
from wallctl.display.text.text_line import Face
from wallctl.model.base.language import Language
from wallctl.model.operator.help_content import help_page
from wallctl.preview.key_card import key_card
from wallctl.preview.sheet_elements import Sheet
from wallctl.preview.svg import svg
from wallctl.storage.atomic_write import Holds, write_named

_SMALL_MM = 2.0
"""Smaller writing is hard to read at arm's length."""


@click.command(short_help="Print a site's keys and cameras on a card.")
@click.argument("site", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--language",
    type=click.Choice([language.value for language in Language]),
    help="What the card speaks. Default: what the site's wall speaks.",
)
def keycard(site: Path, file: Path, language: str | None) -> None:
    """Write the key card of SITE.toml for a printer: A4 across, dark on white.

    FILE ends in .svg or .pdf. The card tells what F1 shows on the wall: layouts and presets as they
    look, all keys, and the cameras by number.
    """
    with told():
        loaded = load_site(site_file(site))
        words = catalogues()[Language(language) if language else loaded.language]
    font = find_font(loaded.font)
    if font is None:
        raise click.ClickException(font_warning(loaded.font, font) or "")
    face = Face(font)
    card = key_card(help_page(loaded, words), words, face)
    content = _content(card.sheet, file, face)
    try:
        write_named(file, content, Holds.PAPER)
    except OSError as error:
        raise click.ClickException(f"{file} can't be written: {error.strerror}") from error
    click.echo(str(file))
    if card.em_mm < _SMALL_MM:
        click.echo(f"its writing is only {card.em_mm:.1f} mm high: print it on A3", err=True)


def _content(sheet: Sheet, file: Path, face: Face) -> bytes:
    """The sheet in the format that the file's name asks for."""
    match file.suffix.lower():
        case ".svg":
            return svg(sheet).encode()
        case ".pdf" if importlib.util.find_spec("fpdf"):
            from wallctl.preview.pdf import pdf  # noqa: PLC0415 - an optional package

            return pdf(sheet, face)
        case ".pdf":
            raise click.ClickException(
                "a PDF needs the package fpdf2: install it with pip install fpdf2, or name a "
                "file that ends in .svg, which every browser prints"
            )
    raise click.UsageError(f"a key card is an .svg or a .pdf file, and {file} is neither")
