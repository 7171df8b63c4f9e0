"""The slow oracle: whatever happened before, the canvas is what a new composer would paint, and a
window that is told what changed shows it, and is told no more.
"""

import typing
from collections.abc import Callable

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.composer_harness import (
    ARTISTS,
    BELOW,
    LEFT,
    LOOK_NS,
    RIGHT,
    TILE,
    WALL,
    Wall,
    translucent,
)
from tests.support.fakes import MS, Pixels, bring
from tests.support.orders import prepare_order
from wallctl.display.compositor.composer import Composer, Place
from wallctl.display.drawing.sprite import Drawing
from wallctl.display.messages import TileOrder
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.streams.health import Phase, Reason
from wallctl.shm.canvas import Canvas
from wallctl.shm.ring import RingWord, prepare

OVERLAYS = [translucent(60, 20, 80, 40), translucent(0, 80, 192, 20), translucent(150, 0, 60, 60)]


class Random(Wall):
    """A wall on which anything may happen in any order."""

    def __init__(self) -> None:
        super().__init__()
        self._spare = self.studio.canvas(WALL)
        self.cameras = [self.studio.stream(TILE) for _ in range(3)]
        self.large = self.studio.stream(WALL)
        self.overlays: dict[int, Drawing] = {}
        self._counted: dict[int, int] = {}
        """The newest publication of a lost ring."""
        a, b, c = self.cameras
        self.scenes: list[tuple[TileOrder, ...]] = [
            (self.order(1, LEFT, a), self.order(2, RIGHT, b), TileOrder(3, BELOW)),
            (self.order(1, LEFT, b), self.order(2, RIGHT, a), self.order(3, BELOW, c)),
            (self.order(1, LEFT, a, c), self.order(2, RIGHT, b), TileOrder(3, BELOW)),
            (self.order(1, Rect(0, 0, 192, 108), self.large),),
            (),
            self._over_each_other(0, 1, 2),
            self._over_each_other(3, 1, 2),
        ]
        self.tick()

    def _over_each_other(self, large: int, *small: int) -> tuple[TileOrder, ...]:
        """A large tile, and two small ones at some heights that overlap it and each other."""
        a, b, _ = self.cameras
        rects = (Rect(20, 10, 88, 48), Rect(80, 40, 88, 48))
        return (
            replace(self.order(1, Rect(0, 0, 192, 108), self.large), z=large),
            *(
                replace(self.order(i + 2, rect, camera), z=z)
                for i, (rect, camera, z) in enumerate(zip(rects, (a, b), small, strict=True))
            ),
        )

    def prepare(self, scene: int, selected: int | None, blanked: bool) -> None:
        version = self.composer.version + 1
        self.composer.prepare(
            prepare_order(version, self.scenes[scene], selected=selected, blanked=blanked)
        )

    def commit(self) -> None:
        self.composer.commit()

    def publish(self, index: int, seed: int, narrow: bool) -> None:
        stream = [*self.cameras, self.large][index]
        # numbers of a generation never begin again; a view would take such a picture for its own
        stream.ring.words[RingWord.NEWEST] += self._counted.pop(index, 0)
        stream.noise(seed, Size(40, 30) if narrow else None)

    def fail(self, index: int, phase: Phase, reason: Reason) -> None:
        self.cameras[index].phase(phase, reason)

    def lose(self, index: int) -> None:
        ring = self.cameras[index].ring
        self._counted[index] = self._counted.get(index, 0) + ring.words[RingWord.NEWEST]
        prepare(ring)

    def wait(self, ns: int) -> None:
        self.clock.now_ns += ns

    def overlay(self, layer: int, drawing: int | None) -> None:
        laid = None if drawing is None else OVERLAYS[drawing]
        self.composer.overlay(Place(layer), laid)
        self.overlays.pop(layer, None)
        if laid is not None:
            self.overlays[layer] = laid

    def again(self) -> Pixels:
        canvas = Canvas(self.studio.arena, self._spare)
        canvas.pixels[...] = 77
        composer = Composer(self.studio.arena, canvas, ARTISTS)
        composer.prepare(self.composer.order)
        composer.commit()
        for layer, drawing in self.overlays.items():
            composer.overlay(Place(layer), drawing)
        composer.compose(self.clock.now_ns)
        return canvas.pixels


def doing(method: Callable[..., None], *arguments: st.SearchStrategy[typing.Any]) -> typing.Any:
    return st.tuples(st.just(method.__name__), st.tuples(*arguments))


STEPS = st.one_of(
    doing(Random.prepare, st.integers(0, 6), st.sampled_from([None, 1, 2]), st.booleans()),
    doing(Random.commit),
    doing(Random.publish, st.integers(0, 3), st.integers(0, 99), st.booleans()),
    doing(Random.publish, st.integers(0, 3), st.integers(0, 99), st.just(False)),
    doing(
        Random.fail, st.integers(0, 2), st.sampled_from(list(Phase)), st.sampled_from(list(Reason))
    ),
    doing(Random.lose, st.integers(0, 2)),
    doing(Random.wait, st.sampled_from([20 * MS, 1100 * MS, 3100 * MS])),
    doing(Random.overlay, st.integers(0, 2), st.sampled_from([None, 0, 1, 2])),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(STEPS, min_size=1, max_size=5), max_size=8))
@example(  # what lies below moves, and what lies above does not
    [
        [("prepare", (5, 2, False)), ("commit", ()), ("overlay", (0, 0))],
        [("publish", (0, 1, False)), ("publish", (1, 3, False)), ("publish", (3, 2, False))],
        [("publish", (3, 4, False))],
    ]
)
def test_the_canvas_is_what_a_new_composer_would_paint(passes: list[list[typing.Any]]) -> None:
    wall = Random()
    seen = wall.canvas.pixels.copy()
    for steps in passes:
        before = wall.canvas.pixels.copy()
        for name, arguments in steps:
            getattr(wall, name)(*arguments)
        assert np.array_equal(wall.canvas.pixels, before), "changed between two passes"
        bring(seen, wall.canvas.pixels, wall.tick(LOOK_NS))
        assert np.array_equal(wall.canvas.pixels, wall.again())
        assert np.array_equal(wall.canvas.pixels, seen), "a change was not told"


def test_what_changed_is_told_once_and_no_more() -> None:
    wall = Wall()
    cameras = [wall.studio.stream(TILE) for _ in range(2)]
    for i, camera in enumerate(cameras):
        camera.noise(i)
    whole = Rect(0, 0, WALL.w, WALL.h)
    assert wall.show(wall.order(1, LEFT, cameras[0]), wall.order(2, RIGHT, cameras[1])) == [whole]
    cameras[1].noise(3)
    assert wall.tick() == [RIGHT]
    beyond = translucent(WALL.w - 20, BELOW.y, 40, 20)
    wall.composer.overlay(Place(0), beyond)
    cameras[0].noise(4)
    assert wall.tick() == [LEFT, Rect(beyond.x, beyond.y, 20, 20)]
    wall.composer.overlay(Place(0), None)
    assert wall.tick() == [Rect(beyond.x, beyond.y, 20, 20)]
    assert wall.tick() == []
