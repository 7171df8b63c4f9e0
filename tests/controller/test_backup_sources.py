"""Backups on a wall: who is called and decoded for it, and what presenters and readers are told."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tests.support.controller_harness import LEFT, Office, small_site
from tests.support.fakes import SECOND
from tests.support.requests_harness import Counter
from wallctl.controller.backup_sources import BackupSources
from wallctl.controller.crash_handover import WallMemory
from wallctl.controller.offscreen_sources import OffscreenSources
from wallctl.decoder.messages import Demand
from wallctl.display.messages import Figures, Prepare, TileFigures
from wallctl.model.operator.keymap import KeyMap
from wallctl.model.site.site import Policy, Site, StreamKey
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.failover import BACK_AFTER_NS, LOST_AFTER_NS, Standby
from wallctl.model.streams.health import Phase
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.state.state import initial
from wallctl.shm.stream_status import Word

GATE, YARD = "摄像机1", "摄像机5"
GATE_SUB, YARD_SUB = (GATE, "sub"), (YARD, "sub")
GATE_WORKER, YARD_WORKER = f"worker:{GATE}/sub", f"worker:{YARD}/sub"
LOOK_MS = 100


def with_backup(hidden: Policy | None = None) -> Site:
    """Camera 5 is on no screen, and backs camera 1 up, which is in tile 1."""
    plain = small_site(5)
    first, *others, spare = plain.sources
    sources = (replace(first, backup=spare.name), *others, replace(spare, hidden=hidden))
    home = replace(plain.home[0], tiles=tuple(one.name for one in (first, *others)))
    return replace(plain, sources=sources, home=(home, *plain.home[1:]))


class Yard:
    """An office whose controller looks after backups."""

    def __init__(self, hidden: Policy | None = None) -> None:
        self.office = Office(with_backup(hidden))
        self.state = initial(self.office.setup.site)
        self.well: set[StreamKey] = {GATE_SUB, YARD_SUB}
        """The streams that give pictures whenever they are called."""
        for key in self.office.setup.blocks:
            self.office.words(key)[Word.INTERVAL_NS] = SECOND // 25
        self.begin(Standby())
        self.office.open()

    def begin(self, standby: Standby) -> None:
        """A controller begins with what the one before left."""
        office = self.office
        self.backups = BackupSources(office.setup, standby)
        self.attention = OffscreenSources(office.setup, self.backups, office.screens.order)

    def passes(self, for_ns: int) -> dict[str, str]:
        """Time passes; who stands in then."""
        office = self.office
        for _ in range(for_ns // (LOOK_MS * 1_000_000)):
            for key in self.well & self.called():
                office.goes_live(key, 64, 36)
            self.backups.look(office.screens.facts.states, office.clock.now_ns)
            self.attention.look(self.state, KeyMap.of(office.setup.site))
            office.node.look_after(office.clock.now_ns)
            office.turn(LOOK_MS)
        return self.backups.standby.standing

    def falls_silent(self, key: StreamKey = GATE_SUB) -> None:
        """Its worker says why; its last picture grows old."""
        self.well.discard(key)
        self.office.words(key)[Word.PHASE] = Phase.FAILED

    def called(self) -> set[StreamKey]:
        """The streams that have a worker."""
        names = (name.partition(":")[2] for name in self.office.root.children)
        return {(name.split("/")[0], name.split("/")[1]) for name in names if "/" in name}

    def efforts(self, name: str) -> list[Effort]:
        """What a worker was told to do since the last call."""
        orders = self.office.root.told(name)
        return [order.effort for order in orders if isinstance(order, Demand)]


@pytest.fixture(params=[None, Policy.OFF], ids=["warm", "off"])
def yard(request: pytest.FixtureRequest) -> Iterator[Yard]:
    yard = Yard(request.param)
    yard.passes(SECOND)
    yield yard
    yard.office.close()


def test_a_backup_that_the_site_has_not_off_is_warm_and_proves_itself_when_it_may_be_needed() -> (
    None
):
    yard = Yard()
    yard.passes(SECOND)
    assert yard.efforts(YARD_WORKER)[-1] is Effort.KEYS
    yard.falls_silent()
    yard.passes(3 * SECOND)
    assert yard.efforts(YARD_WORKER)[-1] is Effort.FULL
    yard.office.close()


def test_one_that_is_off_is_called_when_it_may_be_needed_and_no_longer() -> None:
    yard = Yard(Policy.OFF)
    yard.passes(5 * SECOND)
    assert YARD_SUB not in yard.called()
    yard.falls_silent()
    yard.passes(2 * SECOND)
    assert YARD_SUB in yard.called()
    yard.well.add(GATE_SUB)
    yard.passes(60 * SECOND)
    assert YARD_SUB not in yard.called()
    yard.office.close()


def test_the_lost_one_goes_on_being_tried_and_must_give_pictures_to_come_back(yard: Yard) -> None:
    yard.falls_silent()
    assert yard.passes(LOST_AFTER_NS + 4 * SECOND) == {GATE: YARD}
    assert GATE_SUB in yard.called()
    assert yard.efforts(GATE_WORKER)[-1] is Effort.FULL, "packets alone prove nothing"
    assert yard.passes(60 * SECOND) == {GATE: YARD}
    yard.well.add(GATE_SUB)
    assert yard.passes(BACK_AFTER_NS - SECOND) == {GATE: YARD}
    assert yard.passes(2 * SECOND) == {}


def test_where_the_backup_gives_nothing_the_lost_one_keeps_its_tile(yard: Yard) -> None:
    yard.falls_silent()
    yard.falls_silent(YARD_SUB)
    assert yard.passes(60 * SECOND) == {}


def test_the_next_controller_goes_on_with_who_stands_in(yard: Yard) -> None:
    yard.falls_silent()
    yard.passes(LOST_AFTER_NS + 4 * SECOND)
    left = WallMemory(yard.state, 1, standby=yard.backups.standby)
    read = msgspec.msgpack.decode(msgspec.msgpack.encode(left), type=WallMemory)
    yard.begin(read.standby)
    assert yard.passes(SECOND) == {GATE: YARD}


def test_a_site_that_is_read_again_without_the_backup_ends_what_it_did(yard: Yard) -> None:
    yard.falls_silent()
    assert yard.passes(LOST_AFTER_NS + 4 * SECOND) == {GATE: YARD}
    setup = yard.office.setup
    plain = tuple(replace(one, backup=None) for one in setup.site.sources)
    assert yard.office.streams.adopt(replace(setup.site, sources=plain), 0)
    assert yard.passes(SECOND) == {}
    assert yard.office.orders[-1].attention is not None
    assert yard.office.orders[-1].attention.doubtful == frozenset()


def test_a_wall_without_backups_looks_at_nothing() -> None:
    office = Office()
    office.open()
    backups = BackupSources(office.setup, Standby())
    state = initial(office.setup.site)
    backups.look({}, office.clock.now_ns)
    assert backups.standby == Standby()
    assert backups.watched() == frozenset()
    assert backups.behind_shown(state) == frozenset()
    office.close()


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    counter = Counter(tmp_path, with_backup())
    yield counter
    counter.close()


def shown(counter: Counter) -> tuple[str, str]:
    """What status tells of tile 1: its source, and for which one it stands there."""
    tile = counter.result(c.Status())["tiles"][0]
    return tile["source"], tile["stands_for"]


def test_presenters_and_readers_are_told_who_stands_in_and_the_state_stays(
    counter: Counter,
) -> None:
    state, changes = counter.requests.state, counter.office.changes
    now_ns = counter.office.clock.now_ns
    counter.all_present(changes.number)
    assert shown(counter) == (GATE, "")
    counter.requests.stand_in({GATE: YARD})
    counter.refresh()
    [order] = [one for one in counter.office.root.told(LEFT) if isinstance(one, Prepare)][-1:]
    first = order.tiles[0]
    assert (first.source, first.spoken, first.stands_for) == (YARD, 5, GATE)
    assert first.feeds
    counter.all_present(changes.number)
    assert shown(counter) == (YARD, GATE)
    figures = Figures(50.0, 1, 0, 1, 0, changes.number, (TileFigures(1, YARD),))
    counter.office.root.says(LEFT, figures)
    counter.turn()
    counter.requests.tell(now_ns)
    told = counter.event("tile")
    assert (told["source"], told["stands_for"]) == (YARD, GATE)
    assert counter.requests.state is state
    counter.requests.stand_in({})
    counter.refresh()
    counter.all_present(changes.number)
    assert shown(counter) == (GATE, "")
