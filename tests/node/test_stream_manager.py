"""Demand: what each worker is told to decode, who runs, and what happens when one hangs."""

from collections.abc import Iterator

import msgspec
import pytest
from msgspec.structs import replace

from tests.support.controller_harness import Office, small_site
from tests.support.fakes import SECOND
from wallctl.decoder.messages import Demand, WorkerSpec
from wallctl.model.base.geometry import Fit, Rect, Size
from wallctl.model.planning.connection_limits import LINGER_NS
from wallctl.model.planning.cost_model import TYPICAL
from wallctl.model.planning.shedding_ladder import Rung
from wallctl.model.site.decoder_preference import DecodedBy, Hardware
from wallctl.model.site.site import Policy
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import Phase, Reason, TileState
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.scene.scene import Scene, TapKey
from wallctl.model.wall.state.state import initial
from wallctl.node.child_kinds import CHILD_KINDS, WORKER
from wallctl.node.messages import Attention
from wallctl.node.tap_routing import Chain
from wallctl.shm.stream_status import Word

SILENT_NS = CHILD_KINDS[WORKER].silent_ns or 0

TILE = Size(188, 104)
MAIN, SUB = ("摄像机1", "main"), ("摄像机1", "sub")
MAIN_WORKER, SUB_WORKER = "worker:摄像机1/main", "worker:摄像机1/sub"


def tap(key: tuple[str, str], size: Size = TILE) -> TapKey:
    return TapKey(*key, size, Fit.CONTAIN)


CHAIN: Chain = (tap(MAIN), tap(SUB))


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office()
    office.open()
    for name in office.root.children:
        office.root.told(name)
    yield office
    office.close()


def demand(office: Office, *chains: Chain) -> None:
    office.streams.demand(set(chains), office.clock.now_ns)
    office.turn()
    office.turn()


def chains_of(office: Office, scene: Scene) -> dict[tuple[str, int], Chain]:
    choices = office.streams.choices(scene, office.clock.now_ns)
    return {place: choice.taps for place, choice in choices.items()}


def told(office: Office, name: str) -> list[list[Size]]:
    """The tile sizes of each demand that a worker was sent."""
    return [
        [tap.tile for tap in order.taps]
        for order in office.root.told(name)
        if isinstance(order, Demand)
    ]


def test_the_smallest_stream_of_every_source_runs_from_the_start(office: Office) -> None:
    workers = {n: s for n, s in office.root.spawned.items() if s.kind == "worker"}
    assert set(workers) == {f"worker:摄像机{i}/sub" for i in range(1, 5)}
    spec = msgspec.msgpack.decode(workers[SUB_WORKER].args, type=WorkerSpec)
    assert (spec.source, spec.stream.name) == SUB
    assert spec.block == office.setup.blocks[SUB]


def states(office: Office, number: int) -> list[TileState]:
    source = office.setup.site.sources[number - 1]
    return office.streams.states(source, office.clock.now_ns)


def test_what_the_streams_of_a_source_are_is_told_of_those_that_are_called(office: Office) -> None:
    assert states(office, 1) == [TileState.CONNECTING]
    office.words(SUB)[Word.PHASE] = Phase.FAILED
    assert states(office, 1) == [TileState.OFFLINE]
    demand(office, CHAIN)
    office.goes_live(MAIN)
    assert states(office, 1) == [TileState.LIVE, TileState.OFFLINE]
    assert states(office, 2) == [TileState.CONNECTING]


def test_until_the_large_stream_is_live_the_small_one_bridges(office: Office) -> None:
    demand(office, CHAIN)
    assert told(office, MAIN_WORKER) == [[TILE]]
    assert told(office, SUB_WORKER) == [[TILE]]
    office.goes_live(MAIN)
    office.streams.refresh(office.clock.now_ns)
    assert told(office, SUB_WORKER) == [[]]
    assert told(office, MAIN_WORKER) == []


def test_a_stream_of_several_tiles_is_told_all_of_them_at_once(office: Office) -> None:
    large = Size(384, 216)
    demand(office, (tap(SUB),), (tap(SUB, large),))
    assert sorted(*told(office, SUB_WORKER)) == [TILE, large]
    demand(office, (tap(SUB),), (tap(SUB, large),))
    assert told(office, SUB_WORKER) == []


def efforts(office: Office, name: str) -> list[Effort]:
    return [order.effort for order in office.root.told(name) if isinstance(order, Demand)]


def test_hidden_sources_that_a_key_could_bring_up_are_warm(office: Office) -> None:
    office.streams.attend(Attention(near=frozenset({"摄像机1"})))
    office.streams.refresh(office.clock.now_ns)
    assert efforts(office, SUB_WORKER) == [Effort.KEYS]
    assert efforts(office, "worker:摄像机2/sub") == []
    demand(office, (tap(SUB),))
    assert efforts(office, SUB_WORKER) == [Effort.FULL]
    office.streams.attend(Attention(near=frozenset()))
    demand(office)
    assert efforts(office, SUB_WORKER) == [Effort.NONE]


def test_nothing_of_a_blanked_source_is_decoded_however_near_it_is(office: Office) -> None:
    camera = frozenset({"摄像机1"})
    office.streams.attend(Attention(near=camera, blanked=camera))
    office.streams.refresh(office.clock.now_ns)
    assert efforts(office, SUB_WORKER) == []
    office.streams.attend(Attention(near=camera))
    office.streams.refresh(office.clock.now_ns)
    assert efforts(office, SUB_WORKER) == [Effort.KEYS]
    office.streams.attend(Attention(near=camera, blanked=camera))
    office.streams.refresh(office.clock.now_ns)
    assert efforts(office, SUB_WORKER) == [Effort.NONE]


def test_a_source_that_gives_its_large_stream_up_has_the_small_one(office: Office) -> None:
    scene = resolve(initial(small_site()), small_site())
    large = msgspec.structs.replace(scene[0].tiles[0], rect=Rect(0, 0, 1920, 1080))
    scene = (msgspec.structs.replace(scene[0], tiles=(large,)),)
    office.goes_live(SUB, 640, 360)
    assert [tap.stream for tap in chains_of(office, scene)["left", 1]] == ["main", "sub"]
    office.streams.shed({"摄像机1": Rung.STREAM})
    assert [tap.stream for tap in chains_of(office, scene)["left", 1]] == ["sub"]
    demand(office, (tap(SUB),))
    assert efforts(office, SUB_WORKER)[-1] is Effort.CAPPED


def test_what_the_machine_can_not_decode_is_not_opened() -> None:
    small = small_site()
    large = Rect(0, 0, 1920, 1080)
    slow = msgspec.structs.replace(TYPICAL, h264_mpx_ms=100.0)
    office = Office(small, speeds=slow)
    office.open()
    for number in range(1, 5):
        office.goes_live((f"摄像机{number}", "sub"), 640, 360)
    scene = resolve(initial(small), small)
    tiles = tuple(msgspec.structs.replace(tile, rect=large) for tile in scene[0].tiles)
    chains = chains_of(office, (msgspec.structs.replace(scene[0], tiles=tiles),))
    first = [chain[0].stream for _tile, chain in sorted(chains.items())]
    assert first == ["main", "sub", "sub", "sub"], "the selected tile has what it wants"
    office.close()


def test_a_source_that_is_off_is_connected_only_while_it_is_seen() -> None:
    small = small_site()
    first = msgspec.structs.replace(small.sources[0], hidden=Policy.OFF)
    office = Office(msgspec.structs.replace(small, sources=(first, *small.sources[1:])))
    office.open()
    assert SUB_WORKER not in office.root.spawned
    demand(office, (tap(SUB),))
    assert SUB_WORKER in office.root.spawned
    demand(office)
    office.clock.now_ns += LINGER_NS + SECOND
    office.streams.refresh(office.clock.now_ns)
    office.turn()
    assert SUB_WORKER not in office.root.children
    office.close()


def test_nothing_is_decoded_that_nobody_sees(office: Office) -> None:
    demand(office, CHAIN)
    office.root.told(SUB_WORKER)
    demand(office)
    assert told(office, MAIN_WORKER)[-1] == []
    assert told(office, SUB_WORKER) == [[]]
    assert office.rings() == set()


def test_a_ring_waits_for_the_worker_even_if_its_demand_looks_the_same(office: Office) -> None:
    """A tap that a live better one spared from decoding leaves a demand that was empty before."""
    demand(office, CHAIN)
    office.goes_live(MAIN)
    office.streams.refresh(office.clock.now_ns)
    office.root.told(SUB_WORKER), office.root.told(MAIN_WORKER)
    demand(office)
    assert len(office.streams.taps.table().leaving) == 2
    assert len(office.obeys(SUB_WORKER)) == len(office.obeys(MAIN_WORKER)) == 1
    office.streams.refresh(office.clock.now_ns)
    assert office.streams.taps.table().leaving == ()


def test_what_changed_hands_is_kept_before_anyone_is_told(office: Office) -> None:
    kept = office.kept
    office.streams.demand({CHAIN}, office.clock.now_ns)
    assert office.kept == kept + 1
    office.streams.refresh(office.clock.now_ns)
    assert office.kept == kept + 1


def test_a_worker_that_starts_again_is_told_its_demand_again(office: Office) -> None:
    demand(office, CHAIN)
    office.root.told(SUB_WORKER)
    office.root.bury(SUB_WORKER)
    office.turn()
    office.root.bear(SUB_WORKER)
    office.turn()
    assert told(office, SUB_WORKER) == [[TILE]]
    office.streams.born("worker:nobody/main", office.clock.now_ns)


def test_a_worker_that_hangs_is_ended_and_its_next_life_has_its_time(office: Office) -> None:
    office.turn(SILENT_NS // 1_000_000 - 1)
    office.words(SUB)[Word.HEARTBEAT_NS] = office.clock.now_ns
    office.streams.refresh(office.clock.now_ns)
    office.turn(10)
    office.streams.refresh(office.clock.now_ns)
    office.turn()
    assert sorted(office.root.killed) == [f"worker:摄像机{i}/sub" for i in range(2, 5)]
    office.streams.refresh(office.clock.now_ns)
    office.turn()
    assert len(office.root.killed) == 3


def test_a_large_stream_lingers_and_goes_and_the_small_one_stays(office: Office) -> None:
    demand(office, CHAIN)
    demand(office)
    office.turn(LINGER_NS // 1_000_000 - 10)
    office.streams.refresh(office.clock.now_ns)
    office.turn()
    assert office.root.retired == []
    office.turn(20)
    office.streams.refresh(office.clock.now_ns)
    office.turn()
    assert office.root.retired == [MAIN_WORKER]
    assert SUB_WORKER in office.crew.members
    demand(office, CHAIN)
    assert MAIN_WORKER in office.crew.members
    assert told(office, MAIN_WORKER)[-1] == [TILE]


def test_where_the_arena_is_full_a_tap_waits_for_room() -> None:
    office = Office(room=100_000)
    office.open()
    second = (tap(("摄像机2", "sub")),)
    demand(office, (tap(SUB),), second)
    assert len(office.rings()) == 1
    [first] = office.streams.taps.rings
    demand(office, second if first.source == "摄像机1" else (tap(SUB),))
    assert office.rings() == set()
    office.obeys(f"worker:{first.source}/sub")
    office.streams.refresh(office.clock.now_ns)
    assert len(office.rings()) == 1
    office.close()


def test_chains_follow_the_sizes_that_streams_have_told(office: Office) -> None:
    site = office.setup.site
    scene = resolve(initial(site), site)
    assert [t.stream for t in chains_of(office, scene)["left", 1]] == ["sub"]
    office.goes_live(SUB, 64, 0)  # read between its width and its height
    assert [t.stream for t in chains_of(office, scene)["left", 1]] == ["sub"]
    office.goes_live(SUB, 64, 36)
    chains = chains_of(office, scene)
    assert [t.stream for t in chains["left", 1]] == ["main", "sub"]
    assert set(chains) == {("left", i) for i in range(1, 5)}


def test_the_next_controller_finds_all_as_it_was(office: Office) -> None:
    demand(office, CHAIN)
    rings, spawned = office.rings(), dict(office.root.spawned)
    office.root.inherit()
    office.begin(office.node.memory())
    assert office.rings() == rings
    assert set(office.crew.members) == set(spawned)
    office.root.spawned.clear()
    office.open()
    demand(office, CHAIN)
    assert office.root.spawned == {}
    assert told(office, SUB_WORKER)[-1] == [TILE]
    assert office.rings() == rings


def test_a_wall_without_a_larger_stream_never_retires() -> None:
    office = Office(small_site(sources=1))
    office.open()
    demand(office, (tap(SUB),))
    demand(office)
    office.turn(round(LINGER_NS / SECOND * 2000))
    office.streams.refresh(office.clock.now_ns)
    office.turn()
    assert office.root.retired == []
    office.close()


def test_a_larger_stream_stands_in_for_one_that_the_camera_does_not_give(office: Office) -> None:
    site = office.setup.site
    scene = resolve(initial(site), site)
    words = office.words(SUB)
    words[Word.PHASE], words[Word.REASON] = Phase.FAILED, Reason.NO_SUCH_STREAM
    words[Word.ATTEMPTS] = 1
    office.streams.refresh(office.clock.now_ns)
    assert [t.stream for t in chains_of(office, scene)["left", 1]] == ["sub"]
    words[Word.ATTEMPTS] = 2
    office.streams.refresh(office.clock.now_ns)
    assert [t.stream for t in chains_of(office, scene)["left", 1]] == ["sub", "main"]
    words[Word.PHASE] = Phase.WAITING_KEY  # and is tried again
    office.streams.refresh(office.clock.now_ns)
    assert [t.stream for t in chains_of(office, scene)["left", 1]] == ["sub", "main"]
    office.goes_live(SUB)
    office.streams.refresh(office.clock.now_ns)
    assert [t.stream for t in chains_of(office, scene)["left", 1]] == ["sub"]


def test_a_camera_that_is_away_is_not_called_twice(office: Office) -> None:
    site = office.setup.site
    words = office.words(SUB)
    words[Word.PHASE], words[Word.REASON] = Phase.FAILED, Reason.UNREACHABLE
    words[Word.ATTEMPTS] = 9
    office.streams.refresh(office.clock.now_ns)
    chains = chains_of(office, resolve(initial(site), site))
    assert [t.stream for t in chains["left", 1]] == ["sub"]


def test_only_a_worker_that_died_by_itself_leaves_its_device_as_a_warning(office: Office) -> None:
    demand(office, CHAIN)
    office.words(MAIN)[Word.DEVICE] = DecodedBy.CUDA
    office.root.bury(MAIN_WORKER)
    office.turn()
    office.root.bear(MAIN_WORKER)
    demand(office, CHAIN)
    assert office.words(MAIN)[Word.DEVICE] == DecodedBy.CUDA
    demand(office)
    office.turn(LINGER_NS // 1_000_000 + 10)
    office.streams.refresh(office.clock.now_ns)
    office.turn()
    demand(office, CHAIN)
    assert MAIN_WORKER in office.crew.members
    assert office.words(MAIN)[Word.DEVICE] == DecodedBy.NONE


def test_a_worker_is_told_what_the_site_says_of_hardware() -> None:
    office = Office(replace(small_site(), hardware=Hardware.OFF))
    office.open()
    specs = [
        msgspec.msgpack.decode(spawn.args, type=WorkerSpec)
        for spawn in office.root.spawned.values()
        if spawn.kind == WORKER
    ]
    assert {spec.hardware for spec in specs} == {Hardware.OFF}
    office.close()


def test_a_worker_is_told_the_masks_of_its_source() -> None:
    mask = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5))
    small = small_site()
    masked = replace(small.sources[0], masks=(mask,))
    office = Office(replace(small, sources=(masked, *small.sources[1:])))
    chains = chains_of(office, resolve(initial(office.setup.site), office.setup.site))
    demand(office, *chains.values())
    taps = {
        name: [tap.view.masks for told in office.obeys(name) for tap in told.taps]
        for name in (f"worker:{source.name}/sub" for source in office.setup.site.sources[:2])
    }
    assert set(taps.pop(f"worker:{masked.name}/sub")) == {(mask,)}
    assert set(*taps.values()) == {()}
    office.close()
