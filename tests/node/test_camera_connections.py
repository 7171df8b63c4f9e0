"""Cameras that bear few connections: what is open to them, and what their tiles show meanwhile."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from tests.support.controller_harness import Office, small_site
from tests.support.credentials import ACCOUNT
from tests.support.fakes import MS
from tests.support.sites import source, source_of_three
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.planning.connection_limits import LINGER_NS
from wallctl.model.site.site import Source, StreamKey
from wallctl.model.streams.health import Phase, Reason
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.scene.scene import Scene
from wallctl.model.wall.state.state import initial
from wallctl.node.camera_connections import SHOW_NS
from wallctl.node.tap_routing import Chain
from wallctl.node.unavailable_streams import LOST_NS
from wallctl.shm.stream_status import Word

SMALL, LARGE = Size(188, 104), Size(1920, 1080)
MIDDLE = Size(800, 450)
NAME = "摄像机1"
MAIN, SUB, THIRD = (NAME, "main"), (NAME, "sub"), (NAME, "third")


class Wall(Office):
    """An office with one camera, whose tile has the size that a test says."""

    def __init__(self, camera: Source, room: int = 1 << 26) -> None:
        super().__init__(replace(small_site(sources=1), sources=(camera,)), room=room)
        self.most_open = 0
        self.live: StreamKey | None = None
        """The stream that gives pictures all the time."""
        self.open()
        self.show(SMALL)

    def scene(self, *tiles: Size) -> Scene:
        site = self.setup.site
        whole = resolve(initial(site), site)
        made = tuple(
            replace(whole[0].tiles[0], number=n, rect=Rect(0, 0, size.w, size.h))
            for n, size in enumerate(tiles, start=1)
        )
        return (replace(whole[0], tiles=made),)

    def chain(self, *tiles: Size) -> Chain:
        """The chain of the first tile."""
        return self.streams.choices(self.scene(*tiles), self.clock.now_ns)["left", 1].taps

    def show(self, *tiles: Size, ms: int = 200) -> None:
        """Show tiles of these sizes for a time; as the desk does, look each 100 ms."""
        for _ in range(max(1, ms // 100)):
            choices = self.streams.choices(self.scene(*tiles), self.clock.now_ns)
            self.streams.demand({one.taps for one in choices.values()}, self.clock.now_ns)
            if self.live is not None:
                self.goes_live(self.live, 1920, 1080)
            self.streams.refresh(self.clock.now_ns)
            self.turn(100)
            self.most_open = max(self.most_open, len(self.workers()))

    def workers(self) -> list[str]:
        """The streams that are open."""
        of = (name.partition("/")[2] for name in self.root.children if name.startswith("worker"))
        return sorted(of)

    def fails(self, key: tuple[str, str]) -> None:
        """A camera answers, and does not give a stream."""
        words = self.words(key)
        words[Word.PHASE], words[Word.REASON] = Phase.FAILED, Reason.NO_SUCH_STREAM
        words[Word.ATTEMPTS] = 2


@pytest.fixture
def one() -> Iterator[Wall]:
    wall = Wall(replace(source(1), connections=1))
    yield wall
    assert wall.most_open == 1
    wall.close()


def streams(chain: Chain) -> list[str]:
    return [tap.stream for tap in chain]


def test_the_old_stream_is_closed_before_the_new_one_opens_and_leaves_its_picture(
    one: Wall,
) -> None:
    one.goes_live(SUB, 640, 360)
    one.show(LARGE, ms=100)
    assert one.workers() == ["sub"], "it has no picture in the large tile yet"
    assert streams(one.chain(LARGE)) == ["main", "sub"]
    one.goes_live(SUB, 640, 360)
    one.show(LARGE)
    assert one.workers() == ["main"]
    assert streams(one.chain(LARGE)) == ["main", "sub"]
    one.goes_live(MAIN, 1920, 1080)
    one.show(LARGE)
    assert streams(one.chain(LARGE)) == ["main"]


def test_a_stream_that_has_no_picture_to_leave_makes_room_all_the_same(one: Wall) -> None:
    one.show(LARGE, ms=SHOW_NS // MS + 300)
    assert one.workers() == ["main"]


def test_the_large_stream_serves_small_tiles_until_it_has_lingered(one: Wall) -> None:
    one.live = MAIN
    one.show(LARGE, ms=2000)
    one.show(SMALL, ms=LINGER_NS // MS - 100)
    assert one.workers() == ["main"]
    assert streams(one.chain(SMALL)) == ["main"]
    one.show(SMALL, ms=600)
    assert one.workers() == ["sub"]
    assert streams(one.chain(SMALL)) == ["sub", "main"]


def test_pressed_again_and_again_a_key_opens_nothing_more(one: Wall) -> None:
    for _ in range(50):
        one.show(LARGE, ms=500)
        one.show(SMALL, ms=1500)
    assert one.root.retired == ["worker:摄像机1/sub"]


def test_a_hidden_camera_falls_back_to_its_smallest_stream(one: Wall) -> None:
    one.show(LARGE, ms=1000)
    assert one.workers() == ["main"]
    one.show(ms=LINGER_NS // MS + 500)
    assert one.workers() == ["sub"]


def test_where_memory_is_short_the_old_stream_stays() -> None:
    wall = Wall(replace(source(1), connections=1), room=12 << 20)
    wall.live = SUB
    wall.show(LARGE, ms=2000)
    assert wall.workers() == ["sub"]
    wall.close()


def test_one_stream_serves_tiles_of_any_size(one: Wall) -> None:
    one.show(SMALL, LARGE, ms=1000)
    choices = one.streams.choices(one.scene(SMALL, LARGE), one.clock.now_ns)
    assert {choice.taps[0].stream for choice in choices.values()} == {"main"}
    assert one.workers() == ["main"]


def test_a_large_stream_that_the_camera_does_not_give_is_asked_for_again_after_a_while(
    one: Wall,
) -> None:
    one.show(LARGE, ms=1000)
    one.fails(MAIN)
    one.show(LARGE, ms=SHOW_NS // MS + 500)
    assert one.workers() == ["sub"]
    one.show(LARGE, ms=5000)
    assert one.workers() == ["sub"]
    one.clock.now_ns += LOST_NS
    one.show(LARGE, ms=SHOW_NS // MS + 500)
    assert one.workers() == ["main"]


def test_the_next_controller_does_not_open_a_second_stream(one: Wall) -> None:
    one.show(LARGE, ms=1000)
    one.root.inherit()
    one.begin(one.node.memory())
    one.open()
    one.show(LARGE)
    assert one.workers() == ["main"]


def test_a_login_is_proved_by_the_smallest_stream_first() -> None:
    camera = replace(source(1), connections=1)
    streams = tuple(replace(one, credential=ACCOUNT) for one in camera.streams)
    wall = Wall(replace(camera, streams=streams))
    wall.show(LARGE, ms=3000)
    assert wall.workers() == ["sub"]
    wall.words(SUB)[Word.PHASE], wall.words(SUB)[Word.REASON] = Phase.FAILED, Reason.UNREACHABLE
    wall.show(LARGE, ms=3000)
    assert wall.workers() == ["sub"]
    wall.words(SUB)[Word.DECODED] = 1
    wall.show(LARGE, ms=1000)
    assert wall.workers() == ["main"]
    wall.close()


def test_of_three_sizes_two_are_open_and_the_smallest_bridges() -> None:
    wall = Wall(source_of_three(1, connections=2))
    wall.show(MIDDLE)
    assert wall.workers() == ["sub", "third"]
    wall.show(LARGE, ms=300)
    assert wall.workers() == ["main", "third"]
    assert streams(wall.chain(LARGE)) == ["main", "third"]
    wall.show(MIDDLE, ms=2 * LINGER_NS // MS + 500)
    assert wall.workers() == ["sub", "third"]
    assert wall.most_open == 2
    wall.close()


def test_the_more_often_a_camera_is_called_the_longer_its_streams_are_kept() -> None:
    wall = Wall(source(1))
    for closed, lingers_ns in enumerate((LINGER_NS, 2 * LINGER_NS, 4 * LINGER_NS)):
        wall.show(LARGE, ms=300)
        wall.show(ms=lingers_ns // MS - 200)
        assert wall.root.retired == ["worker:摄像机1/main"] * closed
        wall.show(ms=500)
        assert wall.root.retired == ["worker:摄像机1/main"] * (closed + 1)
    wall.close()
