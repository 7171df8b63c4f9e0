"""What a tile counts: pictures decoded, presented and skipped, whatever its streams do."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.composer_harness import LEFT, LOOK_NS, TILE, Wall
from tests.support.fakes import MS, SECOND
from wallctl.display.compositor.counters import BitRate, TileCounters
from wallctl.display.messages import TileFigures, TileOrder
from wallctl.model.planning.stream_choice import Why
from wallctl.model.site.decoder_preference import DecodedBy
from wallctl.model.streams.codec import Coding
from wallctl.model.streams.health import TileState
from wallctl.model.streams.transport import Carrier
from wallctl.shm.ring import Flag, Header
from wallctl.shm.stream_status import Word

JUNK = st.integers(0, (1 << 62) - 1)


@given(st.lists(JUNK, min_size=2, max_size=20), st.lists(JUNK, min_size=2, max_size=20))
def test_whatever_a_decoder_counts_can_be_told(counts: list[int], frames: list[int]) -> None:
    rate, counters = BitRate(), TileCounters()
    for i, (count, frame) in enumerate(zip(counts, frames, strict=False)):
        told = rate.bits_s(count, i * SECOND)
        counters.painted("main", Header(LEFT.size, Flag.NONE, frame, 0, 0, 0))
        counters.shown(i * SECOND)
        assert msgspec.msgpack.encode((told, counters.decoded))


def figures(wall: Wall) -> TileFigures:
    """Those of the first tile."""
    found = wall.composer.tiles[0].figures(wall.clock.now_ns)
    assert found is not None
    return found


def test_counters_go_on_through_scenes_and_streams() -> None:
    wall = Wall()
    main, sub = wall.studio.stream(TILE), wall.studio.stream(TILE, "sub")
    sub.noise(1)
    wall.show(wall.order(1, LEFT, sub))
    wall.composer.presented(wall.clock.now_ns)
    for seed in range(4):  # two of each three are never looked at
        for _ in range(3):
            sub.noise(seed)
        wall.tick()
        wall.composer.presented(wall.clock.now_ns)
    wall.show(wall.order(1, LEFT, main, sub), version=2)
    main.noise(1)
    wall.tick(LOOK_NS)
    wall.composer.presented(wall.clock.now_ns)
    told = figures(wall)
    assert (told.decoded, told.presented, told.skipped) == (14, 6, 8)
    assert told.latency_ms.p50 == 26.0  # 5 ms to decode, 20 ms to the tick, a bin's upper edge
    assert told.fps == 25.0  # five more in six ticks, of which one was long
    assert told.stream == "main"


def test_frame_numbers_that_start_again_are_no_skipped_pictures() -> None:
    wall = Wall()
    camera = wall.studio.stream(TILE)
    for _ in range(5):
        camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    camera.words[Word.DECODED] = 0
    camera.noise(2)
    wall.tick()
    told = figures(wall)
    assert (told.decoded, told.presented, told.skipped) == (2, 2, 0)


def test_a_picture_that_is_painted_again_counts_once_and_an_old_one_has_no_latency() -> None:
    wall = Wall()
    camera = wall.studio.stream(TILE)
    for flags in (Flag.NONE, Flag.CATCHING_UP, Flag.STILL):
        camera.noise(1, flags=flags)
        wall.show(wall.order(1, LEFT, camera), version=wall.composer.version + 1)
        for selected in (1, None):
            tiles = (wall.order(1, LEFT, camera),)
            wall.show(*tiles, version=wall.composer.version + 1, selected=selected)
            wall.composer.presented(wall.clock.now_ns)
    assert figures(wall).presented == 3
    assert figures(wall).latency_ms.p50 is None


def test_an_empty_tile_counts_nothing_and_a_silent_one_nothing_yet() -> None:
    wall = Wall()
    camera = wall.studio.stream(TILE)
    wall.show(wall.order(1, LEFT, camera))
    wall.composer.presented(wall.clock.now_ns)
    told = figures(wall)
    assert (told.state, told.decoded, told.fps) == (TileState.CONNECTING, 0, 0.0)
    assert told.decoder is DecodedBy.NONE
    wall.show(TileOrder(1, LEFT), version=2)
    assert wall.composer.tiles[0].figures(wall.clock.now_ns + MS) is None


def test_a_tile_tells_what_decodes_its_stream() -> None:
    wall = Wall()
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    camera.words[Word.DECODED_BY] = DecodedBy.CUDA
    assert figures(wall).decoder is DecodedBy.CUDA


def test_the_rate_is_that_of_the_last_second() -> None:
    wall = Wall()
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    assert figures(wall).fps_now == 0.0
    for seed in range(50):  # two seconds, then nothing any more
        camera.noise(seed)
        wall.tick(40 * MS)
        wall.composer.presented(wall.clock.now_ns)
        figures(wall)
    assert figures(wall).fps_now == pytest.approx(25, abs=1)
    wall.tick(SECOND)
    assert figures(wall).fps_now < 5
    wall.tick(SECOND)
    assert figures(wall).fps_now == 0.0
    assert figures(wall).fps > 0


def test_bits_are_counted_over_seconds_and_anew_where_the_counter_falls() -> None:
    rate = BitRate()
    assert rate.bits_s(5000, 0) == 0
    assert rate.bits_s(50_000, SECOND // 2) == 0
    assert rate.bits_s(105_000, SECOND) == 800_000
    assert rate.bits_s(105_500, SECOND + 1) == 800_000
    assert rate.bits_s(0, 2 * SECOND) == 800_000
    assert rate.bits_s(1000, 3 * SECOND) == 8000


def test_figures_tell_why_this_stream_unless_it_stands_in_for_another() -> None:
    wall = Wall()
    main, sub = wall.studio.stream(TILE), wall.studio.stream(TILE, "sub")
    sub.noise(1)
    sub.words[Word.CODING], sub.words[Word.LOST] = Coding.HEVC, 3
    sub.words[Word.CARRIER] = Carrier.UDP | Carrier.FALLBACK
    order = msgspec.structs.replace(wall.order(1, LEFT, main, sub), why=Why.LARGEST)
    wall.show(order)
    told = figures(wall)
    assert (told.coding, told.lost, told.why) == (Coding.HEVC, 3, None)
    assert told.carrier == Carrier.UDP | Carrier.FALLBACK
    main.noise(1)
    wall.tick(LOOK_NS)
    assert figures(wall).why is Why.LARGEST
