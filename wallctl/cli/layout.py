"""``wallctl layout``: layouts looked at before anybody stands in front of them."""

from pathlib import Path

import click
import msgspec
from PIL import Image

from wallctl.cli.error_messages import told
from wallctl.cli.plan_inputs import here, known_formats
from wallctl.cli.terminal_text import JSON, WORD, as_json
from wallctl.config.layout_files import load_layout, shipped_layouts
from wallctl.config.lint_findings import WrittenSite
from wallctl.config.po_file import catalogues
from wallctl.config.site_file import check_site, load_site, site_file
from wallctl.display.drawing.drawing_cache import Artist
from wallctl.display.drawing.test_card import card
from wallctl.display.drawing.tile_graphics import label_text_height, number_box
from wallctl.display.text.fonts import find_font
from wallctl.display.text.text_line import Face
from wallctl.model.base.geometry import Rect
from wallctl.model.base.suggestions import offered
from wallctl.model.planning.layout_diff import Change, TileChange, difference
from wallctl.model.planning.site_lint import ENLARGED_LIMIT, Limits, of_layout, of_picture
from wallctl.model.site.layout import Layout
from wallctl.model.site.site import Screen, Site
from wallctl.model.wall.commands.command import CommandError
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.scene.selectable_scenes import picture_named, pictures_of
from wallctl.preview.layout_diff_image import drawn_difference
from wallctl.preview.wall_preview import rendered
from wallctl.storage.file_findings import Level, place

_SITE = click.argument("site", type=click.Path(path_type=Path))
_ONE_SCREEN = (Screen("screen", Rect(0, 0, 1920, 1080)),)


@click.group(short_help="Look at layouts without cameras: lint, render, diff.")
def layout() -> None:
    """Look at a site's layouts without cameras and without a wall."""


@layout.command(short_help="Tell what would disappoint at the wall.")
@_SITE
@click.option(
    "--enlarged",
    type=click.FloatRange(1, 16),
    default=ENLARGED_LIMIT,
    show_default=True,
    help="So many times a picture may be enlarged.",
)
@JSON
def lint(site: Path, enlarged: float, as_data: bool) -> None:
    """Tell what of SITE.toml would disappoint at the wall, though its files are right.

    Tiles that lie over each other, below others, behind a bezel or across one; labels too small
    for the viewing distance; pictures enlarged too much; more than this machine can decode. First
    all that `wallctl check` says. Exits with 1 if there is anything to say.
    """
    path = site_file(site)
    findings = list(check_site(path))
    if not any(one.level is Level.ERROR for one in findings):
        loaded = load_site(path)
        written = WrittenSite(path, loaded)
        limits = Limits(
            known_formats(loaded), here(windowed=True).machine, label_text_height, enlarged
        )
        own = [loaded.layouts[name] for name in written.own_layouts()]
        remarks = [one for layout_ in own for one in of_layout(layout_, loaded, number_box)]
        remarks += [one for p in pictures_of(loaded) for one in of_picture(p, loaded, limits)]
        findings += written.findings(remarks)
    if as_data:
        click.echo(as_json({"findings": msgspec.to_builtins(findings)}, indent=2))
        raise SystemExit(1 if findings else 0)
    for finding in findings:
        click.echo(str(finding))
    click.echo(
        f"{place(path)}: {f'{len(findings)} to look at' if findings else 'nothing to look at'}"
    )
    if findings:
        raise SystemExit(1)


@layout.command(short_help="Draw the wall with test cards.")
@_SITE
@click.argument("name", metavar="LAYOUT", type=WORD)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def render(site: Path, name: str, file: Path) -> None:
    """Draw the wall of SITE.toml as it shows LAYOUT (or a preset, or home) into FILE.png.

    Panels are where they hang, and test cards stand for the cameras.
    """
    with told():
        loaded = load_site(site_file(site))
        scene = resolve(picture_named(loaded, name).state(loaded), loaded)
        face = Face(find_font(loaded.font))
        artist = Artist(face, catalogues()[loaded.language])
    picture = rendered(scene, loaded.screens, artist, lambda number: card(face, number))
    _save(picture, file)


@layout.command(short_help="Tell what is other from one layout to another.")
@click.argument("a", type=WORD)
@click.argument("b", type=WORD)
@click.option(
    "--site",
    type=click.Path(path_type=Path),
    help="Its screens and layouts; else one of 1920x1080.",
)
@click.option(
    "--picture", type=click.Path(path_type=Path, dir_okay=False), help="Draw both into FILE.png."
)
def diff(a: str, b: str, site: Path | None, picture: Path | None) -> None:
    """Tell what is other from layout A to layout B, tile by tile.

    Each is a name, or a layout file: NAME.toml.
    """
    with told():
        loaded = load_site(site_file(site)) if site is not None else None
        one, other = _layout(a, loaded), _layout(b, loaded)
    screens = loaded.screens if loaded is not None else _ONE_SCREEN
    changes = difference(one, other, screens)
    for change in changes:
        if change.change is not Change.SAME:
            click.echo(f"tile {_at(change, screens)}: {'; '.join(change.words())}")
    same = sum(change.change is Change.SAME for change in changes)
    click.echo(f"{same} of {len(changes)} tiles are the same")
    if picture is not None:
        face = Face(find_font(loaded.font if loaded is not None else None))
        _save(drawn_difference((one.name, other.name), changes, screens, face), picture)


def _layout(named: str, site: Site | None) -> Layout:
    """The layout of a name or of a file."""
    if named.endswith(".toml"):
        return load_layout(Path(named))
    layouts = site.layouts if site is not None else shipped_layouts()
    if named not in layouts:
        end, names = offered(named, layouts)
        raise CommandError("unknown_layout", f"no layout is called {named!r}{end}", names)
    return layouts[named]


def _at(change: TileChange, screens: tuple[Screen, ...]) -> str:
    screen, number = change.at
    return str(number) if len(screens) == 1 else f"{screen}/{number}"


def _save(picture: Image.Image, file: Path) -> None:
    try:
        picture.save(file, "PNG")
    except OSError as error:
        reason = error.strerror or error
        raise click.ClickException(f"{file} can't be written: {reason}") from error
