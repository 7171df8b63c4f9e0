"""Backups: who stands in for whom, when, and that nothing flaps; on a clock that the test turns."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.sites import site
from wallctl.model.base.geometry import Fit
from wallctl.model.streams.failover import (
    BACK_AFTER_NS,
    LONGEST_BACK_NS,
    LOST_AFTER_NS,
    Health,
    Standby,
    Verdict,
    after,
    backups,
    behind,
    doubtful,
    health_of,
)
from wallctl.model.streams.health import SECOND_NS, TileState
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.state import initial

LIVES, LOST, UNKNOWN = Health.LIVES, Health.LOST, Health.UNKNOWN
GATE, YARD, ROOF = "gate", "yard", "roof"
OF = {GATE: YARD, YARD: ROOF}
LOOK_NS = SECOND_NS // 10


class Wall:
    """Looks at three sources ten times a second."""

    def __init__(self) -> None:
        self.now_ns = 1000 * SECOND_NS
        self.standby = Standby()
        self.health = dict.fromkeys((GATE, YARD, ROOF), LIVES)
        self.changes: list[tuple[int, dict[str, str]]] = []

    def are(self, gate: Health, yard: Health = LIVES, roof: Health = LIVES) -> None:
        self.health = {GATE: gate, YARD: yard, ROOF: roof}

    def look(self, for_ns: int) -> dict[str, str]:
        """Look for so long; who stands in then."""
        for _ in range(for_ns // LOOK_NS):
            self.now_ns += LOOK_NS
            before = self.standby.standing
            self.standby = after(self.standby, OF, self.health, self.now_ns)
            if self.standby.standing != before:
                self.changes.append((self.now_ns, self.standby.standing))
        return self.standby.standing


@pytest.mark.parametrize(
    ("states", "health"),
    [
        ([], UNKNOWN),
        ([TileState.CONNECTING], UNKNOWN),
        ([TileState.OFFLINE, TileState.CONNECTING], UNKNOWN),
        ([TileState.OFFLINE, TileState.LIVE], LIVES),
        ([TileState.SHED], LIVES),
        ([TileState.CATCHING_UP], LIVES),
        ([TileState.STALE], LOST),
        ([TileState.WAITING_KEY], LOST),
        ([TileState.REFUSED, TileState.OFFLINE], LOST),
    ],
)
def test_the_health_of_a_source_is_that_of_its_best_stream(
    states: list[TileState], health: Health
) -> None:
    assert health_of(states) is health


def test_a_backup_takes_over_after_some_seconds_and_hands_back_after_some() -> None:
    wall = Wall()
    assert wall.look(60 * SECOND_NS) == {}
    wall.are(LOST)
    assert wall.look(LOST_AFTER_NS) == {}
    assert wall.look(2 * LOOK_NS) == {GATE: YARD}
    assert wall.look(3600 * SECOND_NS) == {GATE: YARD}
    wall.are(LIVES)
    assert wall.look(BACK_AFTER_NS) == {GATE: YARD}
    assert wall.look(2 * LOOK_NS) == {}
    assert wall.look(3600 * SECOND_NS) == {}


def test_a_short_silence_is_nothing_and_neither_is_a_short_life() -> None:
    wall = Wall()
    for _ in range(5):
        wall.are(LOST)
        wall.look(LOST_AFTER_NS)
        wall.are(LIVES)
        wall.look(SECOND_NS)
    assert wall.changes == []
    wall.are(LOST)
    wall.look(2 * LOST_AFTER_NS)
    for between in (LOST, UNKNOWN):
        wall.are(LIVES)
        wall.look(BACK_AFTER_NS)
        wall.are(between)
        wall.look(LOOK_NS)
    assert [standing for _at_ns, standing in wall.changes] == [{GATE: YARD}]


def test_a_source_that_is_called_again_and_again_counts_as_lost_from_its_first_failure() -> None:
    wall = Wall()
    wall.are(UNKNOWN)
    assert wall.look(60 * SECOND_NS) == {}, "it is connecting; nobody said that it is lost"
    for _ in range(3):
        wall.are(LOST)
        wall.look(SECOND_NS)
        wall.are(UNKNOWN)
        wall.look(SECOND_NS)
    wall.are(LOST)
    assert wall.look(LOOK_NS) == {GATE: YARD}


def test_where_the_backup_is_lost_too_its_own_stands_in_and_where_all_are_nobody() -> None:
    wall = Wall()
    wall.are(LOST, LOST)
    assert wall.look(LOST_AFTER_NS + 2 * LOOK_NS) == {GATE: ROOF, YARD: ROOF}
    wall.are(LOST, LIVES)
    assert wall.look(BACK_AFTER_NS + 2 * LOOK_NS) == {GATE: YARD}
    wall.are(LOST, LOST, LOST)
    assert wall.look(LOST_AFTER_NS + 2 * LOOK_NS) == {}


def test_a_backup_that_was_never_seen_alive_does_not_take_over() -> None:
    wall = Wall()
    wall.are(LOST, UNKNOWN, UNKNOWN)
    assert wall.look(60 * SECOND_NS) == {}
    wall.are(LOST, UNKNOWN, LIVES)
    assert wall.look(LOOK_NS) == {GATE: ROOF}


def test_one_that_stands_in_stays_through_a_moment_of_its_own() -> None:
    wall = Wall()
    wall.are(LOST)
    wall.look(LOST_AFTER_NS + 2 * LOOK_NS)
    wall.are(LOST, LOST)
    assert wall.look(LOST_AFTER_NS // 2) == {GATE: YARD}
    wall.are(LOST, UNKNOWN)
    assert wall.look(LOST_AFTER_NS) == {GATE: YARD}


@pytest.mark.parametrize("life_s", [6, 10, 20])
def test_a_source_that_comes_and_goes_changes_its_tile_ever_less_often(life_s: int) -> None:
    wall = Wall()
    for _ in range(200):
        wall.are(LOST)
        wall.look(8 * SECOND_NS)
        wall.are(LIVES)
        wall.look(life_s * SECOND_NS)
    returns = [at_ns for at_ns, standing in wall.changes if not standing]
    assert 1 <= len(returns) <= 3, "then it never lives for long enough"
    wall.look(LONGEST_BACK_NS)
    assert wall.standby.standing == {}, "it lives on, and has its tile back at last"


def test_a_source_that_was_well_for_long_is_trusted_as_before() -> None:
    wall = Wall()
    for _ in range(3):
        wall.are(LOST)
        wall.look(8 * SECOND_NS)
        wall.are(LIVES)
        wall.look(600 * SECOND_NS)
    assert wall.standby.verdicts[GATE].back_after_ns == BACK_AFTER_NS
    assert len(wall.changes) == 6


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(Health), min_size=3, max_size=3), st.integers(1, 150)),
        max_size=30,
    )
)
@example([([LOST, LIVES, LOST], 41), ([LIVES, LOST, LIVES], 51)])
def test_whatever_happens_nothing_flaps_and_only_the_lost_are_stood_in_for(
    past: list[tuple[list[Health], int]],
) -> None:
    wall = Wall()
    for health, looks in past:
        wall.are(*health)
        wall.look(looks * LOOK_NS)
        for lost, backup in wall.standby.standing.items():
            assert wall.standby.verdicts[lost].lost
            assert not wall.standby.verdicts[backup].lost
            assert backup in behind(lost, OF)
    steps = itertools.pairwise([(0, {}), *wall.changes])
    taken = [at_ns for (_, before), (at_ns, now) in steps if GATE in now and GATE not in before]
    assert all(b - a >= LOST_AFTER_NS for a, b in itertools.pairwise(taken))
    wall.are(LIVES)
    assert wall.look(LONGEST_BACK_NS + SECOND_NS) == {}


def test_who_must_prove_that_it_lives() -> None:
    lost = Standby({GATE: Verdict(lost=True), YARD: Verdict(), ROOF: Verdict()})
    seems_lost = Standby({GATE: Verdict(doubted_ns=5)})
    for standby in (lost, seems_lost):
        assert doubtful(standby, OF, [GATE]) == {GATE, YARD, ROOF}
        assert doubtful(standby, OF, [YARD, ROOF]) == frozenset()
    assert doubtful(Standby(), OF, [GATE, YARD]) == frozenset()


def test_the_backup_takes_the_tiles_and_nothing_else_changes() -> None:
    plain = site(4)
    first, second, *others = plain.sources
    with_backup = replace(
        plain,
        sources=(replace(first, backup=second.name), replace(second, fit=Fit.COVER), *others),
    )
    assert backups(with_backup) == {first.name: second.name}
    state = initial(with_backup)
    [before] = resolve(state, with_backup)
    [after_] = resolve(state, with_backup, {first.name: second.name})
    tile = after_.tiles[0]
    assert (tile.source, tile.spoken, tile.fit) == (second.name, 2, Fit.COVER)
    assert tile.stands_for == first.name
    as_before = {"source": first.name, "spoken": 1, "fit": Fit.CONTAIN, "stands_for": None}
    assert replace(tile, **as_before) == before.tiles[0]
    assert replace(after_, tiles=before.tiles) == before
    assert after_.tiles[1:] == before.tiles[1:]


def test_a_backup_that_the_site_no_longer_has_leaves_the_tile_to_its_own() -> None:
    plain = site(2)
    state = initial(plain)
    gone = {plain.sources[0].name: "gone"}
    assert resolve(state, plain, gone) == resolve(state, plain)
