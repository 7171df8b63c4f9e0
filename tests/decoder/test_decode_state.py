"""The decode scheduler's states: a table holds every pair of state and event that can come."""

import enum
import itertools
from collections.abc import Mapping

import pytest

from wallctl.decoder.decode_state import (
    NEXT_DECODING,
    NEXT_SHOWING,
    DecodeEvent,
    Decoding,
    ShowEvent,
    Showing,
)

IMPOSSIBLE_DECODING = {
    # A connection is proven once.
    *((state, DecodeEvent.FIRST_PICTURE) for state in Decoding if state.is_proven),
    # The decoder restarts only behind a gap.
    *((state, DecodeEvent.RESTARTED) for state in Decoding if not state.has_gap),
}
IMPOSSIBLE_SHOWING = {
    # What is shown already needs no event.
    (Showing.NEWEST, ShowEvent.SHOWN),
    # The announced picture is shown though it is late.
    (Showing.ANNOUNCING, ShowEvent.LATE_PICTURE),
}


@pytest.mark.parametrize(
    ("states", "events", "table", "impossible"),
    [
        (Decoding, DecodeEvent, NEXT_DECODING, IMPOSSIBLE_DECODING),
        (Showing, ShowEvent, NEXT_SHOWING, IMPOSSIBLE_SHOWING),
    ],
)
def test_every_pair_is_in_the_table_or_impossible(
    states: type[enum.Enum],
    events: type[enum.Enum],
    table: Mapping[enum.Enum, Mapping[enum.Enum, enum.Enum]],
    impossible: set[tuple[enum.Enum, enum.Enum]],
) -> None:
    present = {(state, event) for state, row in table.items() for event in row}
    assert not present & impossible
    assert present | impossible == set(itertools.product(states, events))


PAIRS = [(state, event) for state, row in NEXT_DECODING.items() for event in row]


@pytest.mark.parametrize(("state", "event"), PAIRS)
def test_an_event_changes_what_its_name_says_and_nothing_else(
    state: Decoding, event: DecodeEvent
) -> None:
    to = NEXT_DECODING[state][event]
    match event:
        case DecodeEvent.OPENED:
            assert to is Decoding.PROVING
        case DecodeEvent.FIRST_PICTURE:
            assert (to.is_proven, to.decodes, to.has_gap) == (True, True, state.has_gap)
        case DecodeEvent.MOTION_WANTED | DecodeEvent.STILL_WANTED:
            decodes = event is DecodeEvent.MOTION_WANTED or not state.is_proven
            assert (to.is_proven, to.decodes) == (state.is_proven, decodes)
            assert to.has_gap == state.has_gap
        case DecodeEvent.GAP | DecodeEvent.RESTARTED:
            assert to.has_gap == (event is DecodeEvent.GAP)
            assert (to.is_proven, to.decodes) == (state.is_proven, state.decodes)


@pytest.mark.parametrize("state", Showing)
def test_the_newest_picture_is_shown_again_from_every_state(state: Showing) -> None:
    assert NEXT_SHOWING[state][ShowEvent.CONNECTION] is Showing.NEWEST
    assert NEXT_SHOWING[state].get(ShowEvent.SHOWN, state) is Showing.NEWEST
