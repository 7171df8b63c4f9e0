"""Orders to presenters, with what a test does not care for filled in."""

import typing

from wallctl.display.messages import Prepare, TileOrder
from wallctl.model.base.geometry import Size


def prepare_order(version: int, tiles: tuple[TileOrder, ...] = (), **fields: typing.Any) -> Prepare:
    """A scene of some screen."""
    return Prepare("left", Size(384, 216), "2x2", version=version, tiles=tiles, **fields)
