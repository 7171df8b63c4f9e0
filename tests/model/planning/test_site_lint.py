"""What would disappoint at the wall: each fault is told, and a sound wall gets no remark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.panel_walls import MIXED
from tests.support.sites import LAYOUTS, site, source
from wallctl.display.drawing.tile_graphics import label_text_height, number_box
from wallctl.model.base.geometry import Area, Fit, Rect, Size
from wallctl.model.planning.cost_model import TYPICAL
from wallctl.model.planning.plan import Format, Machine
from wallctl.model.planning.site_lint import Fault, Limits, Remark, of_layout, of_picture
from wallctl.model.site.layout import Bezels, Cell, Layout, Unit
from wallctl.model.site.site import PresetScreen, Screen, Site
from wallctl.model.wall.scene.selectable_scenes import Picture, PictureKind, picture_named

SITE = site(4, screens=2)
HOME = Picture(PictureKind.HOME)
LIMITS = Limits({}, Machine(TYPICAL, 4), label_text_height)


def free(*cells: Cell, wide: bool = True, bezels: Bezels = Bezels.BEHIND) -> Layout:
    return Layout("own", "", "", 1, 1, cells, Unit.FRACTION, bezels if wide else None)


def faults(layout: Layout, of: Site = SITE) -> list[tuple[Fault, int | None]]:
    return [(one.fault, one.tile) for one in of_layout(layout, of, number_box)]


def test_a_picture_in_picture_is_meant_and_tiles_of_one_height_are_not() -> None:
    whole, inset = Cell(0, 0), Cell(0.5, 0.5, 0.4, 0.4)
    assert faults(free(whole, replace(inset, z=1), wide=False)) == []
    assert (Fault.OVERLAP, 2) in faults(free(whole, inset, wide=False))


def test_a_tile_that_is_below_another_wholly_is_never_seen() -> None:
    assert faults(free(Cell(0, 0, z=1), Cell(0.5, 0.5, 0.4, 0.4), wide=False)) == [
        (Fault.HIDDEN, 2)
    ]


def test_a_tile_over_the_label_of_another() -> None:
    whole, corner = Cell(0, 0), Cell(0.01, 0.01, 0.4, 0.4, z=1)
    assert faults(free(whole, corner, wide=False)) == [(Fault.UNNAMED, 1)]


def test_a_tile_across_a_bezel_and_one_behind_it() -> None:
    mixed = replace(SITE, screens=MIXED)
    across = Layout("own", "", "", 1, 1, (Cell(900, 200, 300, 200),), Unit.MM, Bezels.BEHIND)
    [remark] = of_layout(across, mixed, number_box)
    assert (remark.fault, remark.tile) == (Fault.ACROSS, 1)
    assert remark.found == "a tile across the bezels of a, b, which hides a strip"
    behind = replace(across, cells=(Cell(1019, 0, 10, 100), Cell(0, 0, 100, 100)))
    assert faults(behind, mixed) == [(Fault.NOWHERE, 1)]


@given(st.sampled_from(sorted(LAYOUTS)))
def test_a_grid_is_never_remarked_upon(name: str) -> None:
    assert faults(LAYOUTS[name]) == []


def remarks(of: Site, picture: Picture = HOME, limits: Limits = LIMITS) -> list[Remark]:
    return list(of_picture(picture, of, limits))


def hung(of: Site, viewing_m: float | None) -> Site:
    """On panels of 55 inches."""
    screens = tuple(
        replace(one, on_wall_mm=Area(i * 1215.0, 0, 1209.6, 680.4))
        for i, one in enumerate(of.screens)
    )
    return replace(of, screens=screens, viewing_m=viewing_m)


@pytest.mark.parametrize(("viewing_m", "unreadable"), [(None, 0), (1.5, 0), (6.0, 1)])
def test_labels_are_to_be_read_from_the_chair(viewing_m: float | None, unreadable: int) -> None:
    found = remarks(hung(SITE, viewing_m), picture_named(SITE, "4x4"))
    on_left = [one for one in found if one.screen == "left"]
    assert [one.fault for one in on_left] == [Fault.UNREADABLE] * unreadable
    for one in found:
        assert one.found.startswith("labels 9.")
        assert one.expected == "at least 17.5 mm, to be read at 6 m: fewer tiles"


@pytest.mark.parametrize(
    ("given", "fit", "times"),
    [
        (Size(640, 360), Fit.CONTAIN, "3.0"),
        (Size(960, 540), Fit.CONTAIN, None),
        (Size(960, 1080), Fit.CONTAIN, None),
        (Size(720, 1080), Fit.COVER, "2.7"),
    ],
)
def test_a_picture_that_is_enlarged_too_much(given: Size, fit: Fit, times: str | None) -> None:
    alone = PresetScreen("left", "1x1", ("摄像机1",))
    there = replace(SITE, sources=(source(1, main=False),), home=(alone, SITE.home[1]), fit=fit)
    limits = replace(LIMITS, known={("摄像机1", "sub"): Format(given)})
    found = remarks(there, limits=limits)
    assert [(one.fault, one.screen, one.tile) for one in found] == (
        [(Fault.ENLARGED, "left", 1)] if times else []
    )
    assert not found or f"enlarged {times} times" in found[0].found


def test_an_enlarged_picture_over_many_screens_is_told_once() -> None:
    alone = PresetScreen("a", "wall", ("摄像机1",))
    others = tuple(PresetScreen(one.name, "1x1", (), under="a") for one in MIXED[1:])
    wall = replace(free(Cell(0, 0)), name="wall")
    layouts = {**SITE.layouts, "wall": wall}
    there = replace(
        SITE, sources=(source(1, main=False),), screens=MIXED, home=(alone, *others),
        layouts=layouts,
    )  # fmt: skip
    assert [one.fault for one in remarks(there)] == [Fault.ENLARGED]


def test_more_main_streams_than_the_machine_decodes() -> None:
    screens = tuple(Screen(f"s{i}", Rect(i * 1920, 0, 1920, 1080)) for i in range(16))
    home = tuple(
        PresetScreen(one.name, "1x1", (f"摄像机{i + 1}",)) for i, one in enumerate(screens)
    )
    there = replace(site(16), screens=screens, home=home)
    large = {(one.name, "main"): Format(Size(3840, 2160)) for one in there.sources}
    small = Limits(large, Machine(TYPICAL, 1), label_text_height)
    [remark, *_] = remarks(there, limits=small)
    assert remark.fault is Fault.TOO_MUCH
    assert remark.found == "16 main streams"
    assert remark.expected.startswith("at most ")
    assert remarks(there, limits=replace(LIMITS, machine=Machine(TYPICAL, 64))) == []
