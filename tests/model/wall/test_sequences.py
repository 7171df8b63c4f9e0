"""What no sequence of changes may break."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.random_commands import NO_WAY_BACK, SITE, changes, check_invariants
from tests.support.reducing import step
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.state.screen_state import shown
from wallctl.model.wall.state.state import initial


@given(st.lists(changes, max_size=40))
def test_no_sequence_of_commands_breaks_the_wall(sequence: list[c.Change]) -> None:
    state = initial(SITE)
    for change in sequence:
        before = state
        try:
            state = step(state, change, SITE)
        except c.CommandError:
            assert state is before
        else:
            changed = replace(state, revision=before.revision) != before
            assert state.revision == before.revision + changed
            assert changed or state is before
        check_invariants(state)


@given(
    st.lists(changes, max_size=20),
    st.sampled_from(list(SITE.layouts)),
    st.sampled_from(["left", "right"]),
)
def test_a_layout_never_hides_every_source_of_its_screen(
    sequence: list[c.Change], layout: str, screen: str
) -> None:
    state = initial(SITE)
    for change in sequence:
        with contextlib.suppress(c.CommandError):
            state = step(state, change, SITE)
    state = step(state, c.SetLayout(layout, screen), SITE)
    assert any(shown(state.screens[screen], SITE)), "there are always sources to fill it"


@given(st.lists(changes, max_size=20), changes)
def test_back_restores_exactly_the_picture_before(sequence: list[c.Change], last: c.Change) -> None:
    state = initial(SITE)
    for change in [*sequence, last]:
        before = state
        try:
            state = step(state, change, SITE)
        except c.CommandError:
            continue
        if isinstance(change, NO_WAY_BACK) or state.alarms != before.alarms:
            continue  # room for an alarm that waited is no picture that a person has made
        if state.screens != before.screens:
            assert step(state, c.Back(), SITE).screens == before.screens
