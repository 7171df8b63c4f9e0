"""Which tiles matter most: the order in which a machine that can't do everything gives up."""

from wallctl.model.wall.scene.scene import Scene

TileAt = tuple[str, int]
"""A tile by its screen and number."""


def least_first(scene: Scene) -> list[TileAt]:
    """The tiles that pictures are decoded for, the least important first.

    The selected tile comes last of all; among the others the smaller one is given up earlier, and
    of equals the one that stands later, since lists are read from their beginning.
    """
    ranked = [
        (
            (tile.number == screen.selected, tile.rect.w * tile.rect.h, -at, -tile.number),
            (screen.screen, tile.number),
        )
        for at, screen in enumerate(scene)
        for tile in screen.pictured
    ]
    return [place for _rank, place in sorted(ranked)]
