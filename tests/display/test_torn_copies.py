"""A picture that changes while it is copied is never seen torn."""

import typing

import numpy as np
import pytest

from tests.support import composer_harness as composing
from tests.support.composer_harness import LEFT, TILE, Wall, part, shows
from tests.support.fakes import FakeStream, Pixels, picture
from wallctl.display.compositor.ring_reader import FeedView
from wallctl.model.streams.health import TileState

wall = composing.wall


class TornRing:
    """Pixels whose writer comes round while they are copied, for so many copies."""

    def __init__(self, stream: FakeStream, times: int) -> None:
        self._stream = stream
        self.left = times

    def disturb(self) -> None:
        if self.left:
            self.left -= 1
            for seed in range(3):
                self._stream.noise(100 + 3 * self.left + seed)


class DisturbedView:
    """An array that is written by its stream each time it is read."""

    def __init__(self, pixels: Pixels, writer: TornRing) -> None:
        self._pixels, self._writer = pixels, writer

    def __getitem__(self, key: slice) -> Pixels:
        found = self._pixels[key].copy()
        if not key.start:  # the luma is copied first
            self._writer.disturb()
        return found


def disturbed(wall: Wall, camera: FakeStream, times: int) -> FeedView:
    """The feed of the first tile, with a writer that publishes during ``times`` copies."""
    view = wall.composer.tiles[0]._feeds[0]
    writer = TornRing(camera, times)
    view.ring.pixels = [
        typing.cast(Pixels, DisturbedView(pixels, writer)) for pixels in view.ring.pixels
    ]
    return view


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_torn_copy_is_done_again_from_the_newest(wall: Wall, times: int) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    view = disturbed(wall, camera, times)
    camera.noise(2)
    wall.tick()
    assert shows(wall, LEFT, picture(TILE, 102))
    assert view.torn == wall.composer.tiles[0].torn == times


def test_what_stays_torn_is_never_seen(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    disturbed(wall, camera, 4)
    camera.noise(2)
    assert wall.tick()
    assert len(np.unique(part(wall.canvas.pixels, LEFT)[0])) == 1
    assert wall.tick()
    assert shows(wall, LEFT, picture(TILE, 102))


def test_a_ring_that_goes_to_another_during_the_copy_is_never_seen(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    view = wall.composer.tiles[0]._feeds[0]

    class Reassigned(DisturbedView):
        def __getitem__(self, key: slice) -> Pixels:
            view.ring.words[0] += 1
            return self._pixels[key]

    view.ring.pixels = [
        typing.cast(Pixels, Reassigned(pixels, TornRing(camera, 0))) for pixels in view.ring.pixels
    ]
    camera.noise(2)
    wall.tick()
    assert len(np.unique(part(wall.canvas.pixels, LEFT)[0])) == 1
    assert view.torn == 1
    wall.tick()
    assert wall.state() is TileState.CONNECTING
