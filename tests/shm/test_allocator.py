"""The allocator: extents never overlap, stay inside, and all comes back."""

from hypothesis import given
from hypothesis import strategies as st

from wallctl.shm.allocator import ALIGN_BYTES, Allocator

START, END = ALIGN_BYTES, 65 * ALIGN_BYTES
sizes = st.integers(1, 20 * ALIGN_BYTES)
Extents = dict[int, int]


def whole(size: int) -> int:
    return -(-size // ALIGN_BYTES) * ALIGN_BYTES


def check(taken: Extents) -> None:
    at = START
    for offset in sorted(taken):
        assert offset >= at
        assert offset % ALIGN_BYTES == 0
        at = offset + whole(taken[offset])
    assert at <= END


def play(allocator: Allocator, orders: list[int]) -> Extents:
    """Take positive sizes; a negative order frees one of what is taken."""
    taken: Extents = {}
    for order in orders:
        if order < 0 and taken:
            offset = sorted(taken)[-order % len(taken)]
            allocator.free(offset, taken.pop(offset))
        elif order > 0 and (got := allocator.take(order)) is not None:
            taken[got] = order
        check(taken)
    return taken


@given(st.lists(sizes | st.integers(-50, -1), max_size=60))
def test_extents_never_overlap_and_nothing_is_lost(orders: list[int]) -> None:
    allocator = Allocator(START, END)
    taken = play(allocator, orders)
    assert allocator.free_bytes() == END - START - sum(map(whole, taken.values()))
    for offset, size in taken.items():
        allocator.free(offset, size)
    assert allocator.take(END - START) == START


@given(st.lists(sizes | st.integers(-50, -1), max_size=60))
def test_an_allocator_built_around_what_is_taken_is_the_same(orders: list[int]) -> None:
    first = Allocator(START, END)
    taken = play(first, orders)
    again = Allocator.around(START, END, taken.items())
    assert again.free_bytes() == first.free_bytes()
    while (offset := first.take(ALIGN_BYTES)) is not None:
        assert again.take(ALIGN_BYTES) == offset
    assert again.take(1) is None


def test_too_much_is_refused() -> None:
    assert Allocator(START, END).take(END - START + 1) is None
