"""What becomes of a source that no tile shows, and which sources one key could bring up."""

import pytest
from msgspec.structs import replace

from tests.support.reducing import step
from tests.support.sites import site
from wallctl.model.operator.key_presses import list_changes
from wallctl.model.operator.keymap import KeyMap
from wallctl.model.planning.prewarm_policy import hidden_effort, one_change_away
from wallctl.model.site.site import Policy
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.state.state import initial

SITE = site(sources=30)
"""Sixteen on the wall, and two further pages of one screen."""


def names(*numbers: int) -> frozenset[str]:
    return frozenset(f"摄像机{number}" for number in numbers)


@pytest.mark.parametrize(
    ("policy", "effort"),
    [
        (Policy.OFF, Effort.NONE),
        (Policy.PACKETS, Effort.NONE),
        (Policy.WARM, Effort.KEYS),
        (Policy.LIVE, Effort.FULL),
    ],
)
def test_the_site_decides(policy: Policy, effort: Effort) -> None:
    source = replace(SITE.sources[0], hidden=policy)
    assert hidden_effort(source, names(1)) is effort
    assert hidden_effort(source, ()) is effort
    assert hidden_effort(source, (), {source.name}) is Effort.FULL


def test_where_it_says_nothing_what_a_key_brings_is_warm() -> None:
    assert hidden_effort(SITE.sources[0], names(1)) is Effort.KEYS
    assert hidden_effort(SITE.sources[0], names(2)) is Effort.NONE


def test_a_preset_brings_its_sources() -> None:
    state = step(initial(SITE), c.SetLayout("1x1"), SITE)
    assert one_change_away(state, [c.ShowPreset("路口")], SITE) >= names(1, 3)


def test_the_next_page_is_one_key_away_and_the_one_after_is_not() -> None:
    state = step(initial(SITE), c.SetLayout("2x2"), SITE)
    assert one_change_away(state, [c.Page("next")], SITE) == names(5, 6, 7, 8)


def test_what_can_not_be_done_brings_nothing() -> None:
    assert one_change_away(initial(SITE), [c.Back(), c.ShowPreset("none")], SITE) == frozenset()


def test_every_key_of_a_site_is_foreseen() -> None:
    state = initial(SITE)
    near = one_change_away(state, list_changes(KeyMap.of(SITE), state), SITE)
    assert near >= names(*range(1, 17))
