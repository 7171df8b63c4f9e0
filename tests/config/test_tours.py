"""Tours of a file, laid out: what each page shows, where, and for how long."""

from pathlib import Path

import pytest

from wallctl.config.site_file import load_site
from wallctl.model.site.site import PresetScreen, TileSource, Tour
from wallctl.storage.file_findings import FilesError

SITE = """\
schema = 1
name = "test"
{screens}
{sources}
[[groups]]
name = "river"
sources = [2, 3]
[[tours]]
name = "round"
{tour}
"""
SCREEN = '[[screens]]\nname = "{}"\nx = {}\nwidth = 1920\nheight = 1080\n'
SOURCE = '[[sources]]\nname = "c{0}"\nnumber = {0}\nmain = "test:bars"\n'
PRESET = 'schema = 1\n[[screens]]\nscreen = "right"\nlayout = "1x1"\ntiles = [5]\n'


def tour(folder: Path, text: str) -> Tour:
    screens = SCREEN.format("left", 0) + SCREEN.format("right", 1920)
    sources = "".join(SOURCE.format(number) for number in range(1, 7))
    (folder / "presets").mkdir()
    (folder / "presets" / "gate.toml").write_text(PRESET)
    file = folder / "site.toml"
    file.write_text(SITE.format(screens=screens, sources=sources, tour=text))
    (only,) = load_site(file).tours
    return only


def shown(of: Tour) -> list[list[tuple[str, str, str]]]:
    """Page by page, each screen's name, layout and sources in short."""
    return [
        [
            (one.screen, one.layout, " ".join(name or "-" for name in one.tiles))
            for one in page.screens
        ]
        for page in of.pages
    ]


def test_more_sources_than_tiles_are_several_pages(tmp_path: Path) -> None:
    found = tour(
        tmp_path, 'screen = "left"\nlayout = "2x2"\npages = [{ sources = [1, 2, 3, 4, 5, 6] }]'
    )
    assert shown(found) == [[("left", "2x2", "c1 c2 c3 c4")], [("left", "2x2", "c5 c6")]]


def test_without_a_layout_a_square_holds_them(tmp_path: Path) -> None:
    found = tour(tmp_path, 'screen = "left"\npages = [{ sources = [1, 2] }, { sources = [3] }]')
    assert shown(found) == [[("left", "2x2", "c1 c2")], [("left", "1x1", "c3")]]


def test_without_a_screen_all_screens_turn_together(tmp_path: Path) -> None:
    found = tour(tmp_path, 'layout = "1x1"\npages = [{ sources = [1, 2, 3] }]')
    assert shown(found) == [
        [("left", "1x1", "c1"), ("right", "1x1", "c2")],
        [("left", "1x1", "c3"), ("right", "1x1", "")],
    ]


def test_one_tile(tmp_path: Path) -> None:
    found = tour(tmp_path, 'tile = "right/3"\npages = [{ sources = [4] }, { group = "river" }]')
    assert [page.tiles for page in found.pages] == [
        (TileSource("right", 2, name),) for name in ("c4", "c2", "c3")
    ]
    assert [page.sources for page in found.pages] == [{"c4"}, {"c2"}, {"c3"}]


def test_presets_groups_and_their_time(tmp_path: Path) -> None:
    found = tour(
        tmp_path,
        'screen = "left"\ndwell_s = 7\nskip_dead = true\n'
        'pages = [{ preset = "gate", dwell_s = 20 }, { group = "river" }]',
    )
    assert found.pages[0].screens == (PresetScreen("right", "1x1", ("c5",)),)
    assert shown(found)[1] == [("left", "2x2", "c2 c3")]
    assert [page.dwell_ns for page in found.pages] == [20_000_000_000, 7_000_000_000]
    assert found.skip_dead


def test_one_page_alone_is_no_tour(tmp_path: Path) -> None:
    with pytest.raises(FilesError, match="found 1 page, expected at least 2"):
        tour(tmp_path, 'screen = "left"\npages = [{ group = "river" }]')
