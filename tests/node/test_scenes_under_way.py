"""Until when the taps of a scene are needed."""

from wallctl.model.base.geometry import Fit, Size
from wallctl.model.wall.scene.scene import TapKey
from wallctl.node.scenes_under_way import GIVE_UP_NS, ScenesUnderWay

BOTH = frozenset({"left", "right"})
CHAINS = [(TapKey(f"cam{i}", "main", Size(64, 36), Fit.CONTAIN),) for i in range(4)]


def under_way(*numbers: int) -> ScenesUnderWay:
    """These scenes are prepared, each with one chain of its own."""
    scenes = ScenesUnderWay()
    for number in numbers:
        scenes.prepare(number, {CHAINS[number]})
    return scenes


def test_the_scene_before_is_needed_until_all_screens_have_shown_the_next() -> None:
    scenes = under_way(0, 1)
    scenes.commit(1, BOTH, 0)
    scenes.note_shown("left", 1)
    assert not scenes.let_go(0)
    assert scenes.chains() == {CHAINS[0], CHAINS[1]}
    scenes.note_shown("right", 1)
    assert scenes.let_go(0)
    assert scenes.chains() == {CHAINS[1]}
    assert not scenes.let_go(0)


def test_who_shows_a_scene_shows_none_before_it() -> None:
    scenes = under_way(0, 1, 2)
    scenes.commit(1, BOTH, 0)
    scenes.commit(2, BOTH, 0)
    scenes.note_shown("left", 2)
    scenes.note_shown("right", 2)
    assert scenes.let_go(0)
    assert scenes.chains() == scenes.chains_of(2) == {CHAINS[2]}


def test_a_scene_of_no_screen_frees_nothing_that_is_seen_of_the_one_before() -> None:
    scenes = under_way(0, 1, 2)
    scenes.commit(1, BOTH, 0)
    scenes.commit(2, frozenset(), 0)
    assert not scenes.let_go(0)
    assert scenes.chains() == {CHAINS[0], CHAINS[1], CHAINS[2]}


def test_a_screen_that_does_not_show_it_is_not_waited_for_for_ever() -> None:
    scenes = under_way(0, 1)
    scenes.commit(1, BOTH, 5)
    assert not scenes.let_go(5 + GIVE_UP_NS)
    assert scenes.let_go(5 + GIVE_UP_NS + 1)
    assert scenes.chains() == {CHAINS[1]}
    assert scenes.chains_of(0) == set()
