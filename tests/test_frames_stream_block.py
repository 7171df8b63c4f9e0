"""Which stream has which block, whatever sites follow one another."""

from hypothesis import given
from hypothesis import strategies as st

from wallctl.frames.stream_block import BLOCKS, allotted
from wallctl.model.site import MOST_STREAMS, StreamKey

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


def many(name: str, count: int = MOST_STREAMS) -> list[StreamKey]:
    return [(f"{name}{n}", "main") for n in range(count)]


def test_a_full_site_can_be_exchanged_for_another_while_it_is_still_shown() -> None:
    old = allotted({}, many("old"))
    assert old is not None
    both = allotted(old, many("new"), set(old))
    assert both is not None
    assert len(both) == BLOCKS
    assert allotted(both, many("third"), set(both)) is None
    assert allotted(both, many("third"), set(many("new"))) is not None
