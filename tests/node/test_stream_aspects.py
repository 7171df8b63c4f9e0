"""A smaller stream is shown in the shape of its source's main one, which is asked if need be."""

import pytest
from msgspec.structs import replace

from tests.support.controller_harness import Office, small_site
from tests.support.fakes import SECOND
from wallctl.decoder.messages import Demand
from wallctl.model.planning.connection_limits import LINGER_NS
from wallctl.model.planning.shedding_ladder import Rung
from wallctl.model.site.aspect import KnownShape
from wallctl.model.site.framing import Turn
from wallctl.model.site.site import Site, Stream, StreamKey
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.state import initial
from wallctl.node.camera_connections import CameraConnections
from wallctl.node.stream_aspects import AGAIN_NS, ASK_NS, StreamAspects
from wallctl.shm.stream_status import SHAPE_UNIT, Word

MAIN, SUB = ("摄像机1", "main"), ("摄像机1", "sub")
MAIN_WORKER, SUB_WORKER = "worker:摄像机1/main", "worker:摄像机1/sub"
WIDE = 16 / 9


def opened(site: Site) -> Office:
    office = Office(site)
    office.open()
    for name in office.root.children:
        office.root.told(name)
    return office


def one_source(**changes: object) -> Site:
    site = small_site(1)
    return replace(site, sources=(replace(site.sources[0], **changes),))


def says(office: Office, key: StreamKey, w: int, h: int, shape: float | None = None) -> None:
    """A stream is live, with pictures of this size and shape."""
    office.goes_live(key, w, h)
    office.words(key)[Word.SHAPE] = round((shape or w / h) * SHAPE_UNIT)


def look(office: Office, after_ns: int = SECOND // 10) -> None:
    office.clock.now_ns += after_ns
    office.streams.refresh(office.clock.now_ns)
    office.turn()
    office.turn()


def is_open(office: Office, name: str) -> bool:
    return name in office.root.children


def told_last(office: Office, name: str) -> KnownShape | None:
    orders = [one for one in office.root.told(name) if isinstance(one, Demand)]
    return orders[-1].shape if orders else None


def test_a_squeezed_substream_has_its_main_asked_once() -> None:
    office = opened(one_source())
    look(office)
    assert not is_open(office, MAIN_WORKER)
    says(office, SUB, 352, 288)
    look(office)
    assert is_open(office, MAIN_WORKER)
    says(office, MAIN, 1280, 720)
    look(office)
    shape = told_last(office, SUB_WORKER)
    assert shape is not None
    assert shape.of_main == pytest.approx(WIDE, abs=1e-5)
    look(office, LINGER_NS + SECOND)
    look(office, SECOND)
    assert not is_open(office, MAIN_WORKER)
    look(office, AGAIN_NS)
    assert not is_open(office, MAIN_WORKER)
    office.close()


def test_of_three_streams_the_main_one_is_asked_unless_a_larger_one_is_wanted() -> None:
    third = Stream("third", "rtsp://192.0.2.1/third")
    streams = (*small_site(1).sources[0].streams, third)
    office = opened(one_source(streams=streams))
    key = ("摄像机1", "third")
    office.streams.choices(resolve(initial(office.setup.site), office.setup.site), 0)
    says(office, key, 352, 288)
    look(office)
    assert is_open(office, MAIN_WORKER)
    assert not is_open(office, SUB_WORKER)
    says(office, MAIN, 1280, 720)
    look(office)
    shape = told_last(office, "worker:摄像机1/third")
    assert shape is not None
    assert shape.of_main == pytest.approx(WIDE, abs=1e-5)
    look(office, SECOND)
    assert not is_open(office, MAIN_WORKER), "it makes room for what a tile may want"
    office.close()


def test_the_shape_is_followed_when_the_main_changes_it() -> None:
    office = opened(one_source())
    says(office, SUB, 704, 576)
    says(office, MAIN, 1280, 720)
    look(office)
    assert told_last(office, SUB_WORKER) == KnownShape(of_main=1.777778)
    says(office, MAIN, 1280, 960)
    look(office)
    assert told_last(office, SUB_WORKER) == KnownShape(of_main=1.333333)
    look(office)
    assert told_last(office, SUB_WORKER) is None
    office.close()


@pytest.mark.parametrize(
    ("w", "h", "shape"), [(640, 360, None), (704, 576, WIDE), (960, 1080, WIDE)]
)
def test_a_substream_that_is_wide_or_says_its_shape_has_nobody_asked(
    w: int, h: int, shape: float | None
) -> None:
    office = opened(one_source())
    says(office, SUB, w, h, shape)
    look(office)
    assert not is_open(office, MAIN_WORKER)
    office.close()


@pytest.mark.parametrize(
    "changes",
    [{"connections": 1}, {"shapes": {"sub": WIDE}}, {"shapes": {"main": WIDE, "sub": WIDE}}],
)
def test_nobody_is_asked_where_the_camera_bears_no_more_or_the_site_says_it(
    changes: dict[str, object],
) -> None:
    office = opened(one_source(**changes))
    says(office, SUB, 352, 288)
    look(office)
    assert not is_open(office, MAIN_WORKER)
    office.close()


def test_nobody_is_asked_while_the_machine_is_too_busy() -> None:
    office = opened(one_source())
    office.streams.shed({"摄像机1": Rung.FILTER})
    says(office, SUB, 352, 288)
    look(office)
    assert not is_open(office, MAIN_WORKER)
    office.close()


def test_mains_are_asked_one_after_another_and_a_silent_one_again_much_later() -> None:
    office = opened(small_site(3))
    mains = [f"worker:摄像机{i}/main" for i in (1, 2, 3)]
    for number in (1, 2, 3):
        says(office, (f"摄像机{number}", "sub"), 352, 288)
    seen = list[list[str]]()
    for _ in range(4):
        look(office)
        seen.append([name for name in mains if is_open(office, name)])
        office.clock.now_ns += ASK_NS
    assert seen == [mains[:1], mains[1:2], mains[2:], []]
    look(office, LINGER_NS + SECOND)
    look(office, LINGER_NS + SECOND)
    assert not any(is_open(office, name) for name in mains)
    look(office, AGAIN_NS)
    assert is_open(office, mains[0])
    office.close()


@pytest.mark.parametrize(
    ("upright", "named"), [(Turn(), WIDE), (Turn(quarters=1), 1 / WIDE), (Turn(True, 2), WIDE)]
)
def test_a_shape_of_the_site_is_that_of_the_upright_picture(upright: Turn, named: float) -> None:
    office = opened(one_source(shapes={"main": WIDE, "sub": WIDE}, upright=upright))
    [source] = office.setup.site.sources
    blocks = {key: office.words(key) for key in (MAIN, SUB)}
    shapes = StreamAspects(office.setup, blocks, CameraConnections([source], lambda _: False), ())
    assert shapes.beside(source, "main") == KnownShape(named)
    assert shapes.beside(source, "sub") == KnownShape(named, named)
    office.close()


def test_a_site_that_names_another_shape_is_followed_without_a_new_connection() -> None:
    office = opened(one_source())
    says(office, SUB, 640, 360)
    look(office)
    office.root.told(SUB_WORKER)
    old = office.root.children[SUB_WORKER]
    office.streams.adopt(one_source(shapes={"main": WIDE, "sub": 4 / 3}), office.clock.now_ns)
    look(office)
    assert told_last(office, SUB_WORKER) == KnownShape(4 / 3, WIDE)
    assert office.root.children[SUB_WORKER] is old
    office.close()
