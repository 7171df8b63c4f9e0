"""What a composer leaves on its canvas: always what a composer would paint that begins afresh."""

import typing
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.fakes import MS, SECOND, FakeStream, Pixels, Studio, picture
from wallctl.frames.canvas import Canvas
from wallctl.frames.ring import Flag, prepare
from wallctl.frames.stream_block import Word
from wallctl.model.geometry import Rect, Size
from wallctl.model.health import Phase, Reason, TileState
from wallctl.present.artist import Artist
from wallctl.present.compose import Composer
from wallctl.present.feed import FeedView
from wallctl.present.orders import Pending, Prepare, TileOrder
from wallctl.present.patch import Drawing, Patch, planes

WALL = Size(192, 108)
TILE = Size(88, 48)
LEFT, RIGHT = Rect(4, 4, 88, 48), Rect(100, 4, 88, 48)
BELOW = Rect(4, 56, 88, 48)
ARTIST = Artist(None)


def translucent(x: int, y: int, w: int = 40, h: int = 20) -> Drawing:
    """Something half dark over whatever is below."""
    return Drawing(Patch.from_image(Image.new("RGBA", (w, h), (200, 30, 60, 120))), x, y)


def part(canvas: Pixels, rect: Rect) -> list[Pixels]:
    """The three planes of a part of a canvas."""
    y, u, v = planes(canvas)
    half = np.s_[rect.y // 2 : rect.bottom // 2, rect.x // 2 : rect.right // 2]
    return [y[rect.y : rect.bottom, rect.x : rect.right], u[half], v[half]]


def packed(canvas: Pixels, rect: Rect) -> Pixels:
    """A part of a canvas as picture bytes."""
    return np.concatenate([plane.ravel() for plane in part(canvas, rect)])


class Wall:
    """A composer, and the streams that its orders name."""

    def __init__(self) -> None:
        self.studio = Studio(WALL)
        self.clock = self.studio.clock
        self.canvas = self.studio.mapped()
        self.composer = Composer(self.studio.arena, self.canvas, ARTIST)

    def order(self, number: int, rect: Rect, *streams: FakeStream) -> TileOrder:
        feeds = tuple(stream.feed for stream in streams)
        return TileOrder(number, rect, f"摄像机{number}", number, feeds)

    def show(self, *tiles: TileOrder, version: int = 1, **more: typing.Any) -> bool:
        self.composer.prepare(Prepare(version, tiles, **more))
        self.composer.commit()
        return self.tick()

    def tick(self, ns: int = 20 * MS) -> bool:
        self.clock.now_ns += ns
        return self.composer.compose(self.clock.now_ns)

    def state(self, index: int = 0) -> TileState:
        return self.composer.tiles[index].state


@pytest.fixture
def wall() -> Wall:
    return Wall()


def plain(number: int, rect: Rect, *streams: FakeStream) -> TileOrder:
    """A tile without a label to look behind."""
    return TileOrder(number, rect, "", 0, tuple(stream.feed for stream in streams))


def test_a_picture_is_where_its_tile_is_and_nowhere_else(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    pixels = camera.noise(1)
    wall.show(wall.order(1, RIGHT, camera))
    below_label = Rect(RIGHT.x, RIGHT.y + 24, 88, 24)
    shown = part(wall.canvas.pixels, below_label)
    y, u, v = planes(pixels.reshape(72, 88))
    assert np.array_equal(shown[0], y[24:])
    assert np.array_equal(shown[1], u[12:])
    assert np.array_equal(shown[2], v[12:])
    ground = ARTIST.ground(LEFT.size)
    for plane, layer in zip(part(wall.canvas.pixels, LEFT), ground.layers, strict=True):
        assert np.array_equal(plane, layer.ink)


def test_a_smaller_picture_stands_in_the_middle_of_its_tile(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    pixels = camera.noise(1, Size(40, 48))
    wall.show(plain(1, LEFT, camera))
    assert np.array_equal(packed(wall.canvas.pixels, Rect(LEFT.x + 24, LEFT.y, 40, 48)), pixels)


def test_the_first_pass_leaves_a_calm_wall(wall: Wall) -> None:
    assert wall.tick()
    assert len(np.unique(planes(wall.canvas.pixels).y)) == 1
    assert not wall.tick()


def test_nothing_is_seen_before_the_commit(wall: Wall) -> None:
    cameras = [wall.studio.stream(TILE) for _ in range(2)]
    for i, camera in enumerate(cameras):
        camera.noise(i)
    wall.show(wall.order(1, LEFT, cameras[0]))
    before = wall.canvas.pixels.copy()
    wall.composer.prepare(Prepare(2, (wall.order(1, LEFT, cameras[1]),)))
    while wall.composer.draw_ahead(wall.clock.now_ns):
        assert not wall.composer.is_ready(wall.clock.now_ns)
    assert wall.composer.is_ready(wall.clock.now_ns)
    assert not wall.tick()
    assert np.array_equal(wall.canvas.pixels, before)
    assert (wall.composer.version, wall.composer.coming) == (1, 2)
    wall.composer.commit()
    assert np.array_equal(wall.canvas.pixels, before)  # a reader between two passes sees no hole
    assert wall.tick()
    assert not np.array_equal(wall.canvas.pixels, before)
    assert (wall.composer.version, wall.composer.coming) == (2, None)


def test_a_commit_without_a_prepared_scene_changes_nothing(wall: Wall) -> None:
    wall.tick()
    wall.composer.commit()
    assert not wall.composer.draw_ahead(wall.clock.now_ns)
    assert not wall.composer.is_ready(wall.clock.now_ns)
    assert not wall.tick()


def test_an_untouched_tile_is_not_painted_again(wall: Wall) -> None:
    still, moving = wall.studio.stream(TILE), wall.studio.stream(TILE)
    still.noise(1)
    moving.noise(2)
    wall.show(wall.order(1, LEFT, still), wall.order(2, RIGHT, moving))
    part(wall.canvas.pixels, LEFT)[0][10:20, 30:50] = 99  # a scratch that painting would remove
    before = packed(wall.canvas.pixels, LEFT)
    for seed in range(3, 8):
        moving.noise(seed)
        assert wall.tick()
    assert np.array_equal(packed(wall.canvas.pixels, LEFT), before)
    assert not wall.tick()


def test_the_same_tile_in_a_new_scene_is_not_painted_again(wall: Wall) -> None:
    cameras = [wall.studio.stream(TILE) for _ in range(3)]
    for i, camera in enumerate(cameras):
        camera.noise(i)
    wall.show(wall.order(1, LEFT, cameras[0]), wall.order(2, RIGHT, cameras[1]))
    part(wall.canvas.pixels, LEFT)[0][10:20, 30:50] = 99
    before = packed(wall.canvas.pixels, LEFT)
    wall.show(wall.order(1, LEFT, cameras[0]), wall.order(2, RIGHT, cameras[2]), version=2)
    assert np.array_equal(packed(wall.canvas.pixels, LEFT), before)


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
    wall.show(plain(1, LEFT, camera))
    view = disturbed(wall, camera, times)
    camera.noise(2)
    wall.tick()
    assert np.array_equal(packed(wall.canvas.pixels, LEFT), picture(TILE, 102))
    assert view.torn == wall.composer.tiles[0].torn == times


def test_what_stays_torn_is_never_seen(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(plain(1, LEFT, camera))
    disturbed(wall, camera, 4)
    camera.noise(2)
    assert wall.tick()
    assert len(np.unique(part(wall.canvas.pixels, LEFT)[0])) == 1
    assert wall.tick()
    assert np.array_equal(packed(wall.canvas.pixels, LEFT), picture(TILE, 102))


def test_a_ring_that_goes_to_another_during_the_copy_is_never_seen(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(plain(1, LEFT, camera))
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


def test_live_goes_stale_then_offline_by_the_clock_alone_and_comes_back(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    looks = [packed(wall.canvas.pixels, LEFT)]
    for ns, state in ((1 * SECOND, TileState.STALE), (2 * SECOND, TileState.OFFLINE)):
        assert wall.tick(ns)
        assert wall.state() is state
        looks.append(packed(wall.canvas.pixels, LEFT))
        assert not wall.tick()
    camera.noise(1)
    assert wall.tick()
    assert wall.state() is TileState.LIVE
    assert np.array_equal(packed(wall.canvas.pixels, LEFT), looks[0])
    assert not np.array_equal(looks[0], looks[1])
    assert not np.array_equal(looks[1], looks[2])
    assert looks[1].mean() < looks[0].mean()  # dimmed


def test_a_still_never_goes_stale(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1, flags=Flag.STILL)
    wall.show(wall.order(1, LEFT, camera))
    assert not wall.tick(60 * SECOND)
    assert wall.state() is TileState.LIVE


def test_what_is_caught_up_is_never_shown_as_live(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    live = packed(wall.canvas.pixels, LEFT)
    camera.noise(1, flags=Flag.CATCHING_UP)
    wall.tick()
    assert not np.array_equal(packed(wall.canvas.pixels, LEFT), live)
    camera.words[Word.CATCHING_UP] = 1
    wall.tick()
    assert wall.state() is TileState.CATCHING_UP
    assert not wall.composer.is_settled()


def test_a_slate_tells_the_newest_reason(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    looks = []
    for reason in (Reason.UNREACHABLE, Reason.NO_SUCH_STREAM):
        camera.phase(Phase.FAILED, reason)
        wall.show(wall.order(1, Rect(0, 0, 192, 108), camera))
        looks.append(wall.canvas.pixels.copy())
        assert not wall.tick()
    assert not np.array_equal(*looks)


def test_each_state_without_a_picture_has_its_own_look(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    looks: list[bytes] = []
    for phase in (Phase.CONNECTING, Phase.WAITING_KEY, Phase.FAILED, Phase.REFUSED):
        camera.phase(phase)
        wall.show(wall.order(1, LEFT, camera))
        looks.append(wall.canvas.pixels.tobytes())
    wall.show(TileOrder(1, LEFT))
    assert wall.state() is TileState.EMPTY
    assert wall.composer.pending() == ()
    assert len({*looks, wall.canvas.pixels.tobytes()}) == 5


def test_the_main_stream_is_preferred_and_the_sub_stream_bridges(wall: Wall) -> None:
    main, sub = wall.studio.stream(TILE), wall.studio.stream(TILE, "sub")
    sub.noise(2)
    wall.show(plain(1, LEFT, main, sub))
    tile = wall.composer.tiles[0]

    def shown(seed: int, stream: str) -> bool:
        figures = tile.figures(wall.clock.now_ns)
        assert figures is not None
        assert figures.stream == stream
        return np.array_equal(packed(wall.canvas.pixels, LEFT), picture(TILE, seed))

    assert shown(2, "sub")
    main.noise(1)
    wall.tick()
    assert shown(1, "main")
    for seed in range(3, 6):  # main falls silent
        wall.tick(500 * MS)
        sub.noise(seed)
    wall.tick()
    assert shown(5, "sub")
    main.noise(6)
    sub.noise(7)
    wall.tick()
    assert shown(6, "main")


def test_a_stream_not_decoded_for_this_tile_shows_no_old_picture(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.tick(10 * SECOND)
    camera.words[Word.PICTURE_NS] = wall.clock.now_ns  # packets go on, this ring gets nothing
    wall.show(wall.order(1, LEFT, camera))
    assert wall.state() is TileState.CONNECTING
    assert wall.composer.pending() == (Pending(1, TileState.CONNECTING),)


def test_an_overlay_leaves_no_trace_and_grows_no_darker(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    before = wall.canvas.pixels.copy()
    wall.composer.overlay("toast", translucent(60, 20, 80, 40))
    assert np.array_equal(wall.canvas.pixels, before)
    assert wall.tick()
    laid = wall.canvas.pixels.copy()
    for _ in range(5):
        camera.noise(1)
        wall.tick()
    assert np.array_equal(wall.canvas.pixels, laid)
    wall.composer.overlay("toast", None)
    wall.tick()
    assert np.array_equal(wall.canvas.pixels, before)


def test_a_label_on_the_bar_beside_a_picture_grows_no_darker(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1, Size(30, 48))
    wall.show(wall.order(1, LEFT, camera))
    wall.composer.overlay("toast", translucent(0, 30, 30, 20))
    wall.tick()
    before = wall.canvas.pixels.copy()
    for _ in range(5):
        camera.noise(1, Size(30, 48))
        wall.tick()
    assert np.array_equal(wall.canvas.pixels, before)


def test_the_selection_frame_comes_and_goes(wall: Wall) -> None:
    cameras = [wall.studio.stream(TILE) for _ in range(2)]
    for i, camera in enumerate(cameras):
        camera.noise(i)
    tiles = wall.order(1, LEFT, cameras[0]), wall.order(2, RIGHT, cameras[1])
    wall.show(*tiles)
    plain_look = wall.canvas.pixels.copy()
    wall.show(*tiles, version=2, selected=2)
    assert np.array_equal(packed(wall.canvas.pixels, LEFT), packed(plain_look, LEFT))
    frame = part(wall.canvas.pixels, RIGHT)[0]
    assert len(np.unique(frame[0])) == len(np.unique(frame[-1])) == 1
    wall.show(*tiles, version=3, selected=1)
    assert np.array_equal(packed(wall.canvas.pixels, RIGHT), packed(plain_look, RIGHT))


def test_a_blanked_screen_shows_nothing_of_any_camera(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    tiles = (wall.order(1, LEFT, camera),)
    wall.show(*tiles, selected=1)
    before = wall.canvas.pixels.copy()
    wall.composer.overlay("toast", translucent(60, 20))
    wall.show(*tiles, version=2, blanked=True, selected=1)
    wall.composer.overlay("toast", None)
    camera.noise(2)
    wall.tick()
    expected = np.zeros_like(wall.canvas.pixels)
    ARTIST.blanked(WALL).lay(planes(expected), 0, 0)
    assert np.array_equal(wall.canvas.pixels, expected)
    camera.noise(3)
    assert not wall.tick()
    camera.noise(1)
    wall.show(*tiles, version=3, selected=1)
    assert np.array_equal(wall.canvas.pixels, before)


def test_counters_go_on_through_scenes_and_streams(wall: Wall) -> None:
    main, sub = wall.studio.stream(TILE), wall.studio.stream(TILE, "sub")
    sub.noise(1)
    wall.show(plain(1, LEFT, sub))
    wall.composer.presented(wall.clock.now_ns)
    for seed in range(4):  # two of each three are never looked at
        for _ in range(3):
            sub.noise(seed)
        wall.tick()
        wall.composer.presented(wall.clock.now_ns)
    wall.show(plain(1, LEFT, main, sub), version=2)
    main.noise(1)
    wall.tick()
    wall.composer.presented(wall.clock.now_ns)
    figures = wall.composer.tiles[0].figures(wall.clock.now_ns)
    assert figures is None  # a tile without a source tells none
    counters = wall.composer.tiles[0].counters
    assert (counters.decoded, counters.presented) == (14, 6)
    assert counters.latency.percentiles().p50 == 26.0  # 5 ms to decode, 20 ms to the tick
    assert counters.fps(wall.clock.now_ns) == pytest.approx(6 / 0.12, rel=0.2)


def test_frame_numbers_that_start_again_are_no_skipped_pictures(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    for _ in range(5):
        camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    camera.words[Word.DECODED] = 0
    camera.noise(2)
    wall.tick()
    figures = wall.composer.tiles[0].figures(wall.clock.now_ns)
    assert figures is not None
    assert (figures.decoded, figures.presented, figures.skipped) == (2, 2, 0)


# The slow oracle: whatever happened before, the canvas is what a new composer would paint.

OVERLAYS = [translucent(60, 20, 80, 40), translucent(0, 80, 192, 20), translucent(150, 0, 60, 60)]


class Random(Wall):
    """A wall on which anything may happen in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.cameras = [self.studio.stream(TILE) for _ in range(3)]
        self.large = self.studio.stream(WALL)
        self.overlays: dict[str, Drawing] = {}
        a, b, c = self.cameras
        self.scenes: list[tuple[TileOrder, ...]] = [
            (self.order(1, LEFT, a), self.order(2, RIGHT, b), TileOrder(3, BELOW)),
            (self.order(1, LEFT, b), self.order(2, RIGHT, a), self.order(3, BELOW, c)),
            (self.order(1, LEFT, a, c), self.order(2, RIGHT, b), TileOrder(3, BELOW)),
            (self.order(1, Rect(0, 0, 192, 108), self.large),),
            (),
        ]
        self.tick()

    def prepare(self, scene: int, selected: int | None, blanked: bool) -> None:
        version = self.composer.version + 1
        self.composer.prepare(
            Prepare(version, self.scenes[scene], selected=selected, blanked=blanked)
        )

    def commit(self) -> None:
        self.composer.commit()

    def publish(self, index: int, seed: int, narrow: bool) -> None:
        stream = [*self.cameras, self.large][index]
        stream.noise(seed, Size(40, 30) if narrow else None)

    def fail(self, index: int, phase: Phase, reason: Reason) -> None:
        self.cameras[index].phase(phase, reason)

    def lose(self, index: int) -> None:
        prepare(self.cameras[index].ring)

    def wait(self, ns: int) -> None:
        self.clock.now_ns += ns

    def overlay(self, name: str, drawing: int | None) -> None:
        laid = None if drawing is None else OVERLAYS[drawing]
        self.composer.overlay(name, laid)
        self.overlays.pop(name, None)
        if laid is not None:
            self.overlays[name] = laid

    def anew(self) -> Pixels:
        canvas = Canvas(self.studio.arena, self.spare)
        canvas.pixels[...] = 77
        composer = Composer(self.studio.arena, canvas, ARTIST)
        composer.prepare(self.composer.order)
        composer.commit()
        for name, drawing in self.overlays.items():
            composer.overlay(name, drawing)
        composer.compose(self.clock.now_ns)
        return canvas.pixels

    @property
    def spare(self) -> typing.Any:
        if not hasattr(self, "_spare"):
            self._spare = self.studio.canvas(WALL)
        return self._spare


def doing(method: Callable[..., None], *arguments: st.SearchStrategy[typing.Any]) -> typing.Any:
    return st.tuples(st.just(method.__name__), st.tuples(*arguments))


STEPS = st.one_of(
    doing(Random.prepare, st.integers(0, 4), st.sampled_from([None, 1, 2]), st.booleans()),
    doing(Random.commit),
    doing(Random.publish, st.integers(0, 3), st.integers(0, 99), st.booleans()),
    doing(Random.publish, st.integers(0, 3), st.integers(0, 99), st.just(False)),
    doing(
        Random.fail, st.integers(0, 2), st.sampled_from(list(Phase)), st.sampled_from(list(Reason))
    ),
    doing(Random.lose, st.integers(0, 2)),
    doing(Random.wait, st.sampled_from([20 * MS, 1100 * MS, 3100 * MS])),
    doing(Random.overlay, st.sampled_from("abc"), st.sampled_from([None, 0, 1, 2])),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(STEPS, min_size=1, max_size=5), max_size=8))
def test_the_canvas_is_what_a_new_composer_would_paint(passes: list[list[typing.Any]]) -> None:
    wall = Random()
    for steps in passes:
        before = wall.canvas.pixels.copy()
        for name, arguments in steps:
            getattr(wall, name)(*arguments)
        assert np.array_equal(wall.canvas.pixels, before), "changed between two passes"
        changed = wall.tick()
        assert np.array_equal(wall.canvas.pixels, wall.anew())
        assert changed or np.array_equal(wall.canvas.pixels, before), "a change was not told"
