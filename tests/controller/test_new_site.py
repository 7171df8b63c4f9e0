"""Another site for a wall that runs: whose worker stays, whose goes, and what becomes of memory."""

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.controller_harness import LEFT, RIGHT, Office, small_site
from tests.support.credentials import ACCOUNT, OTHER_ACCOUNT
from tests.support.reducing import fitted
from tests.support.sites import source, source_of_three
from wallctl.decoder.messages import WorkerSpec
from wallctl.display.messages import Prepare, Ready
from wallctl.model.base.geometry import Fit
from wallctl.model.site.credential import Credential
from wallctl.model.site.site import Policy, PresetScreen, Site, Source, StreamKey
from wallctl.model.site.site_diff import find_replaced_streams, index_streams
from wallctl.model.streams.health import Phase, Reason
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.state import WallState, initial
from wallctl.node.child_kinds import WORKER
from wallctl.shm.ring import Ring, RingWord
from wallctl.shm.stream_status import Word

SITE = small_site()
SUB = ("摄像机1", "sub")


def elsewhere(one: Source, host: int = 99) -> Source:
    """The source at another address."""
    return replace(
        one, streams=tuple(replace(s, url=f"rtsp://192.0.2.{host}/{s.name}") for s in one.streams)
    )


def with_sources(*sources: Source, of: Site = SITE) -> Site:
    """A site with these sources, all at home on the left screen."""
    home = replace(of.home[0], tiles=tuple(one.name for one in sources))
    return replace(of, sources=sources, home=(home, *of.home[1:]))


class Wall(Office):
    """An office that shows what its state says, as the desk does."""

    def __init__(self, of: Site = SITE) -> None:
        super().__init__(of)
        self.state: WallState = initial(of)
        self.open()
        self.bring()

    def bring(self) -> None:
        """Have the state shown by all screens, and whatever is to happen happen."""
        self.changes.change(resolve(self.state, self.setup.site), "", self.clock.now_ns)
        version = self.changes.number
        self.turn()
        for name in (LEFT, RIGHT):
            self.root.says(name, Ready(version))
        self.turn()
        self.advance()
        for name in (LEFT, RIGHT):
            self.presents(name, version)
        self.turn()
        self.advance()
        self.settle()

    def settle(self) -> None:
        """A second in which workers do as they are told."""
        for _ in range(10):
            for name in list(self.root.children):
                if name.startswith(WORKER) and name in self.names(self.setup.site):
                    self.obeys(name)
            self.streams.refresh(self.clock.now_ns)
            self.turn(100)

    def names(self, site: Site) -> dict[str, StreamKey]:
        """The streams of a site by the names of their workers."""
        return {f"{WORKER}:{key[0]}/{key[1]}": key for key in index_streams(site)}

    def give(self, site: Site) -> bool:
        """Another site, as ``Reload`` gives it."""
        given = self.streams.adopt(site, self.clock.now_ns)
        if given:
            self.state = fitted(self.state, site)
            self.bring()
        return given

    def workers(self) -> dict[str, int]:
        """The process of each worker."""
        members = self.crew.members.items()
        return {name: one.pid for name, one in members if one.kind == WORKER}

    def spec(self, key: StreamKey) -> WorkerSpec:
        """What a worker was born with."""
        args = self.root.spawned[f"{WORKER}:{key[0]}/{key[1]}"].args
        return msgspec.msgpack.decode(args, type=WorkerSpec)


@pytest.fixture
def wall() -> Iterator[Wall]:
    wall = Wall()
    yield wall
    wall.close()


def test_only_the_worker_of_another_address_is_another(wall: Wall) -> None:
    before, rings = wall.workers(), dict(wall.streams.taps.rings)
    wall.goes_live(SUB, 640, 360)
    [stream] = [place for tap, place in rings.items() if (tap.source, tap.stream) == SUB]
    wall.give(with_sources(elsewhere(SITE.sources[0]), *SITE.sources[1:]))
    after = wall.workers()
    assert {name for name in after if after[name] != before.get(name)} == {"worker:摄像机1/sub"}
    assert wall.root.retired == ["worker:摄像机1/sub"]
    assert wall.spec(SUB).stream.url == "rtsp://192.0.2.99/sub"
    assert wall.streams.taps.rings == rings
    assert wall.words(SUB)[Word.PHASE] == Phase.CONNECTING
    assert wall.words(SUB)[Word.WIDTH_PX] == 0
    assert Ring(wall.arena, stream).words[RingWord.NEWEST] == 0


def test_the_new_worker_waits_until_the_old_one_is_gone(wall: Wall) -> None:
    """Else two would write at one place, and a camera that bears one viewer would have two."""
    wall.streams.adopt(
        with_sources(elsewhere(SITE.sources[0]), *SITE.sources[1:]), wall.clock.now_ns
    )
    wall.words(SUB)[Word.DECODED] = 7  # the last words of the old one
    spawned = dict(wall.root.spawned)
    wall.streams.refresh(wall.clock.now_ns)
    wall.root.serve()
    assert wall.root.spawned == spawned
    wall.turn()
    wall.streams.refresh(wall.clock.now_ns)
    wall.turn()
    assert wall.spec(SUB).stream.url == "rtsp://192.0.2.99/sub"
    assert wall.words(SUB)[Word.DECODED] == 0


def test_screens_are_told_only_of_tiles_that_are_other(wall: Wall) -> None:
    [old] = [order for order in wall.root.told(LEFT) if isinstance(order, Prepare)]
    wall.root.told(RIGHT)
    cover = replace(SITE.sources[0], fit=Fit.COVER)
    wall.give(with_sources(cover, *SITE.sources[1:]))
    [new] = [order for order in wall.root.told(LEFT) if isinstance(order, Prepare)][:1]
    assert new.tiles[0].feeds != old.tiles[0].feeds
    assert new.tiles[1:] == old.tiles[1:]
    assert not [order for order in wall.root.told(RIGHT) if isinstance(order, Prepare)]


def test_the_same_pictures_from_a_site_with_other_keys_move_nothing(wall: Wall) -> None:
    for name in (LEFT, RIGHT):
        wall.root.told(name)
    before = wall.workers()
    wall.give(replace(SITE, layout_keys=("1x1",), hotkeys={"F9": "home"}, presets=()))
    assert wall.workers() == before
    assert not [order for order in wall.root.told(LEFT) if isinstance(order, Prepare)]


def test_a_source_that_is_gone_leaves_nothing_behind(wall: Wall) -> None:
    rings = len(wall.rings())
    wall.give(with_sources(*SITE.sources[1:]))
    assert "worker:摄像机1/sub" not in wall.workers()
    assert len(wall.rings()) == rings - 1
    wall.give(with_sources(*SITE.sources[1:], source(9)))
    assert SUB not in wall.setup.blocks
    assert len(wall.setup.blocks) == len(index_streams(wall.setup.site))


def test_a_block_that_is_still_shown_is_given_to_nobody(wall: Wall) -> None:
    block, now_ns = wall.setup.blocks[SUB], wall.clock.now_ns
    assert wall.streams.adopt(with_sources(*SITE.sources[1:]), now_ns)
    assert wall.streams.adopt(with_sources(*SITE.sources[1:], source(9)), now_ns)
    assert wall.setup.blocks[SUB] == block
    assert len(set(wall.setup.blocks.values())) == len(wall.setup.blocks)
    wall.state = fitted(wall.state, wall.setup.site)
    wall.bring()
    wall.give(with_sources(*SITE.sources[1:], source(10)))
    assert SUB not in wall.setup.blocks


def test_a_new_source_has_a_clean_block_and_a_worker(wall: Wall) -> None:
    wall.goes_live(SUB, 640, 360)
    wall.give(with_sources(*SITE.sources[1:]))
    wall.give(with_sources(*SITE.sources[1:], source(9)))
    new = ("摄像机9", "sub")
    assert wall.spec(new).block == wall.setup.blocks[new]
    assert wall.words(new)[Word.WIDTH_PX] == 0
    assert "worker:摄像机9/sub" in wall.workers()


def test_a_source_that_is_to_be_connected_while_hidden_is_and_one_that_is_not_is_not() -> None:
    off = replace(SITE.sources[0], hidden=Policy.OFF)
    empty = replace(SITE.home[0], tiles=())
    wall = Wall(replace(SITE, sources=(off, *SITE.sources[1:]), home=(empty, *SITE.home[1:])))
    assert "worker:摄像机1/sub" not in wall.workers()
    wall.give(replace(wall.setup.site, sources=SITE.sources))
    assert "worker:摄像机1/sub" in wall.workers()
    wall.close()


def test_there_is_not_always_room(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wallctl.shm.stream_status.BLOCKS", 9)
    before = wall.setup.site, dict(wall.setup.blocks), wall.workers()
    assert not wall.give(with_sources(*(source(n) for n in range(1, 7))))
    assert (wall.setup.site, wall.setup.blocks, wall.workers()) == before


def test_a_corrected_login_is_tried_at_once() -> None:
    def behind(account: Credential) -> Site:
        streams_ = tuple(replace(one.streams[1], credential=account) for one in SITE.sources)
        same = tuple(replace(s, url=f"rtsp://192.0.2.1/{i}") for i, s in enumerate(streams_))
        pairs = zip(SITE.sources, same, strict=True)
        return with_sources(*(replace(one, streams=(stream,)) for one, stream in pairs))

    wall = Wall(behind(ACCOUNT))
    for words in (wall.words((f"摄像机{n}", "sub")) for n in (1, 2)):
        words[Word.PHASE], words[Word.REASON] = Phase.REFUSED, Reason.BAD_CREDENTIALS
        wall.settle()
    assert wall.workers() == {}
    assert wall.words(("摄像机4", "sub"))[Word.PHASE] == Phase.REFUSED
    wall.give(behind(OTHER_ACCOUNT))
    assert list(wall.workers()) == ["worker:摄像机1/sub"]
    wall.goes_live(SUB, 640, 360)
    wall.settle()
    assert len(wall.workers()) == 4
    wall.close()


def test_cameras_with_few_connections_keep_their_line() -> None:
    narrow = source_of_three(1, connections=1)
    wall = Wall(with_sources(narrow, *SITE.sources[1:]))
    before = wall.workers()
    wall.give(with_sources(replace(narrow, number=99), *SITE.sources[1:]))
    assert wall.workers() == before
    wall.give(with_sources(elsewhere(narrow), *SITE.sources[1:]))
    [name] = [name for name in wall.workers() if "摄像机1/" in name]
    assert wall.workers()[name] not in before.values()
    wall.close()


def test_the_next_controller_finds_all_as_it_was_left(wall: Wall) -> None:
    wall.give(with_sources(elsewhere(SITE.sources[0]), *SITE.sources[1:], source(9)))
    before, rings = wall.workers(), wall.rings()
    wall.root.inherit()
    wall.begin(wall.node.memory())
    wall.open()
    wall.bring()
    assert wall.workers() == before
    assert wall.rings() == rings


NUMBERS = st.integers(1, 8)
SOURCES = st.builds(
    lambda number, host, main, connections: replace(
        elsewhere(source(number, main=main), host), connections=connections
    ),
    NUMBERS,
    st.sampled_from([50, 51]),
    st.booleans(),
    st.integers(1, 2),
)
SITES = st.lists(SOURCES, unique_by=lambda one: one.name, max_size=6).map(
    lambda sources: replace(
        with_sources(*sources),
        home=(
            PresetScreen("left", "3x3", tuple(one.name for one in sources)),
            PresetScreen("right", "2x2", tuple(one.name for one in sources[:2])),
        ),
    )
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SITES, min_size=2, max_size=5))
def test_whatever_sites_follow_one_another(sequence: list[Site]) -> None:
    wall = Wall(sequence[0])
    try:
        for new in sequence[1:]:
            old, before, rings = wall.setup.site, wall.workers(), dict(wall.streams.taps.rings)
            assert wall.give(new)
            check(wall, old, new, before)
            for tap, place in wall.streams.taps.rings.items():
                if tap in rings:
                    assert place == rings[tap]
    finally:
        wall.close()


def check(wall: Wall, old: Site, new: Site, before: dict[str, int]) -> None:
    """All tables are of the new site alone, and no worker that could stay was touched."""
    after, names = wall.workers(), wall.names(new)
    assert after.keys() <= names.keys()
    assert {(tap.source, tap.stream) for tap in wall.streams.taps.rings} <= index_streams(
        new
    ).keys()
    assert len(set(wall.setup.blocks.values())) == len(wall.setup.blocks)
    for key in (names[name] for name in after):
        assert wall.spec(key).block == wall.setup.blocks[key]
        assert wall.spec(key).stream == index_streams(new)[key][1]
    replaced = find_replaced_streams(old, new)
    for name in before.keys() & after.keys():
        assert (after[name] == before[name]) == (names[name] not in replaced)
    for one in new.sources:
        smallest = f"{WORKER}:{one.name}/{one.streams[-1].name}"
        assert smallest in after or one.connections < len(one.streams)
