"""Which tiles are given up first."""

from wallctl.model.base.geometry import Rect, Size
from wallctl.model.planning.tile_priority import least_first
from wallctl.model.wall.scene.scene import ScreenScene, Tile


def screen(name: str, *tiles: Tile, selected: int | None = None) -> ScreenScene:
    return ScreenScene(name, Size(800, 600), tiles, "any", selected)


def tile(number: int, width_px: int, source: str | None = "gate") -> Tile:
    return Tile(number, Rect(0, 0, width_px, 100), source)


def test_small_tiles_go_first_and_the_selected_one_last() -> None:
    scene = (screen("left", tile(1, 400), tile(2, 100), tile(3, 200), selected=2),)
    assert least_first(scene) == [("left", 3), ("left", 1), ("left", 2)]


def test_of_equal_tiles_the_later_one_goes_first() -> None:
    scene = (screen("left", tile(1, 100), tile(2, 100)), screen("right", tile(1, 100)))
    assert least_first(scene) == [("right", 1), ("left", 2), ("left", 1)]


def test_empty_tiles_cost_nothing_and_are_not_named() -> None:
    assert least_first((screen("left", tile(1, 100, source=None)),)) == []
