"""Which stream has which block, whatever sites follow one another; what is read there, whatever
stands there."""

from enum import IntEnum

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.site.decoder_preference import DecodedBy, HardwareFailure
from wallctl.model.site.site import MAX_STREAMS, StreamKey
from wallctl.model.streams.codec import Coding
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import Phase, Reason, TileState, tile_state
from wallctl.shm.stream_status import (
    BLOCKS,
    MOST_PX,
    WORDS,
    Word,
    allotted,
    heal,
    member,
    read,
    shape,
    size,
)
from wallctl.storage.local_time import local_time

KEYS = st.builds(lambda n: (f"摄像机{n}", "main"), st.integers(0, 30))
STEPS = st.lists(st.tuples(st.sets(KEYS), st.sets(KEYS)), max_size=12)


@given(STEPS)
def test_no_block_has_two_streams_and_none_moves(
    steps: list[tuple[set[StreamKey], set[StreamKey]]],
) -> None:
    now: dict[StreamKey, int] = {}
    for wanted, held in steps:
        new = allotted(now, sorted(wanted), held)
        assert new is not None
        assert set(new) == wanted | (now.keys() & held)
        assert len(set(new.values())) == len(new)
        assert all(0 <= index < BLOCKS for index in new.values())
        assert all(new[key] == now[key] for key in new.keys() & now.keys())
        now = new


def many(name: str, count: int = MAX_STREAMS) -> list[StreamKey]:
    return [(f"{name}{n}", "main") for n in range(count)]


def test_a_full_site_can_be_exchanged_for_another_while_it_is_still_shown() -> None:
    old = allotted({}, many("old"))
    assert old is not None
    both = allotted(old, many("new"), set(old))
    assert both is not None
    assert len(both) == BLOCKS
    assert allotted(both, many("third"), set(both)) is None
    assert allotted(both, many("third"), set(many("new"))) is not None


@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1), min_size=WORDS, max_size=WORDS))
def test_any_words_can_be_read_and_gone_on_with(words: list[int]) -> None:
    """A stream that has taken over its decoder writes anything, and all processes read it."""
    told = read(words)
    assert tile_state(told.facts, 1 << 60) in TileState
    assert msgspec.json.encode(told)
    assert local_time(told.picture_unix_ns / 1e9, None).year < 2200
    assert size(words).w <= MOST_PX
    shape(words)
    heal(words)
    assert all(0 <= word + 1 < 1 << 63 for word in words)


@pytest.mark.parametrize("kind", [Phase, Reason, Effort, Coding, DecodedBy, HardwareFailure])
def test_a_word_that_is_none_of_a_few_is_the_first(kind: type[IntEnum]) -> None:
    for junk in (-1, 999, 1 << 62):
        assert member([junk], Word.PHASE, kind) is kind(0)
    for one in kind:
        assert member([one], Word.PHASE, kind) is one
