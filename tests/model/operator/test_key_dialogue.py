"""Keys that take more than one press: a source by its number, a question before hiding."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.catalogues import EN, ZH
from tests.support.reducing import step
from tests.support.sites import site
from wallctl.model.operator.feedback import ERROR_NS, Feedback
from wallctl.model.operator.key_dialogue import ENTRY_NS, LAPSED_NS, QUESTION_NS
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.key_presses import (
    KeyboardState,
    count_down_dialogue,
    pass_time,
    press_key,
)
from wallctl.model.operator.keymap import KeyMap
from wallctl.model.streams.health import SECOND_NS
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.state import WallState, initial

SITE = site(sources=14, screens=2)
STATE = initial(SITE)
MS = 1_000_000
NONE = Feedback("")
FULL = "  (15 s)"
"""What stands behind a number that has just had its key."""
LAPSED = Feedback("The number has timed out", "left", ERROR_NS)


class Typing:
    """Somebody at the keys of a wall that stays as it is."""

    def __init__(self, state: WallState = STATE, **own: str) -> None:
        self.requests = KeyboardState(KeyMap.of(msgspec.structs.replace(SITE, hotkeys=own)))
        self.state = state
        self.now_ns = 0
        self.said = NONE
        """The newest words."""

    def press(self, *keys: str) -> c.Change | c.Snapshot | None:
        """Press keys one after the other; what the last one does."""
        command = None
        for key in keys:
            event = KeyEvent("left", key, pressed=True, at_ns=self.now_ns)
            self.requests, command, said = press_key(
                self.requests, event, self.state, EN, self.now_ns
            )
            self.said = said or NONE
            up = KeyEvent("left", key, pressed=False, at_ns=self.now_ns)
            self.requests, _, _ = press_key(self.requests, up, self.state, EN, self.now_ns)
        return command

    def wait(self, ns: int) -> None:
        self.now_ns += ns
        self.requests, said = count_down_dialogue(self.requests, self.state, EN, self.now_ns)
        self.said = said or self.said
        self.requests, _, _ = pass_time(self.requests, self.now_ns)


def test_a_number_puts_its_source_into_the_selected_tile() -> None:
    typing = Typing()
    assert typing.press("Star") is None
    assert typing.said == Feedback(f"Source number _{FULL}", "left", ENTRY_NS)
    assert typing.press("1") is None
    assert typing.said == Feedback(f"1_  摄像机1{FULL}", "left", ENTRY_NS)
    assert typing.press("2") is None
    assert typing.said == Feedback(f"12_  摄像机12{FULL}", "left", ENTRY_NS)
    assert typing.press("Enter") == c.Show("摄像机12")
    assert typing.press("Enter") == c.Enlarge()


def test_a_key_that_says_a_sign_is_its_digit_in_a_number() -> None:
    """Of a French keyboard: its key of 6 says ``-``, and its key of 1 nothing that counts."""
    typing = Typing()
    typing.press("Star", "1")
    six = KeyEvent("left", "6", pressed=True, at_ns=0, also="Minus")
    typing.requests, command, said = press_key(typing.requests, six, STATE, EN, 0)
    assert command is None
    assert said is not None
    assert said.words == f"16_  no such number{FULL}"


def test_a_wrong_number_says_so_while_it_is_typed_and_when_it_is_sent() -> None:
    typing = Typing()
    typing.press("Star", "9", "9")
    assert typing.said.words == f"99_  no such number{FULL}"
    assert typing.press("Enter") is None
    assert typing.said == Feedback("No source has number 99", "left", ERROR_NS)
    assert typing.press("1") == c.SetLayout("1x1")


def test_a_mistyped_digit_is_taken_back_and_leading_zeros_do_not_matter() -> None:
    typing = Typing()
    typing.press("Star", "0", "1", "5", "Backspace", "3")
    assert typing.said.words == f"013_  摄像机13{FULL}"
    assert typing.press("Enter") == c.Show("摄像机13")
    typing.press("Star", "Backspace", "0")
    assert typing.said.words == f"Source number 0_{FULL}"


def test_a_number_can_be_no_longer_than_any_is() -> None:
    typing = Typing()
    typing.press("Star", *"1234567890")
    assert typing.said.words.startswith("123456_ ")


def test_enter_without_a_number_asks_for_it_still() -> None:
    typing = Typing()
    assert typing.press("Star", "Enter") is None
    assert typing.said.words == f"Source number _{FULL}"
    assert typing.press("3", "Enter") == c.Show("摄像机3")


@pytest.mark.parametrize("begun", [("Star",), ("Star", "1"), ("B",)])
def test_escape_ends_it_and_says_so(begun: tuple[str, ...]) -> None:
    typing = Typing()
    assert typing.press(*begun, "Esc") is None
    assert typing.said.words == "Cancelled"
    assert typing.press("Esc") == c.Back()


def test_a_number_counts_down_from_each_key() -> None:
    typing = Typing()
    typing.press("Star", "1")
    typing.wait(ENTRY_NS - 1)
    assert typing.said == Feedback("1_  摄像机1  (1 s)", "left", 1)
    typing.press("2")
    typing.said = NONE
    typing.wait(SECOND_NS // 2)
    assert typing.said == NONE, "nothing else is shown within a second"
    typing.wait(SECOND_NS // 2)
    assert typing.said == Feedback("12_  摄像机12  (14 s)", "left", ENTRY_NS - SECOND_NS)
    assert typing.press("Enter") == c.Show("摄像机12")


@pytest.mark.parametrize("is_looked_at", [True, False])
def test_an_enter_that_comes_too_late_does_nothing_and_says_so(is_looked_at: bool) -> None:
    typing = Typing()
    typing.press("Star", "1")
    if is_looked_at:
        typing.wait(ENTRY_NS)
        assert typing.said == LAPSED
    else:
        typing.now_ns += ENTRY_NS
    assert typing.press("Enter") is None
    assert typing.said == LAPSED
    assert typing.press("Enter") == c.Enlarge(), "but the next one counts"


@pytest.mark.parametrize("key", ["2", "Esc", "Tab"])
def test_after_a_number_has_lapsed_other_keys_do_what_they_do(key: str) -> None:
    typing, plain = Typing(), Typing()
    typing.press("Star", "1")
    typing.wait(ENTRY_NS)
    assert typing.press(key) == plain.press(key)
    assert typing.press("Enter") == c.Enlarge()


def test_a_number_that_lapsed_long_ago_is_forgotten() -> None:
    typing = Typing()
    typing.press("Star", "1")
    typing.wait(ENTRY_NS + LAPSED_NS)
    assert typing.press("Enter") == c.Enlarge()


def test_another_key_ends_it_and_does_what_it_does() -> None:
    typing = Typing()
    assert typing.press("Star", "1", "Tab") == c.Move(c.Direction.NEXT)
    assert typing.press("2") == c.SetLayout("2x2")
    assert typing.press("B", "2") == c.SetLayout("2x2")
    assert typing.press("Enter") == c.Enlarge()


def test_the_star_again_begins_anew() -> None:
    typing = Typing()
    assert typing.press("Star", "1", "Star", "4", "Enter") == c.Show("摄像机4")


def test_hiding_is_asked_for_first_and_is_of_all_or_of_the_selected_source() -> None:
    typing = Typing()
    assert typing.press("B") is None
    asked = "Hide?  B: all pictures, Enter: only 1 摄像机1, Esc: nothing"
    assert typing.said == Feedback(asked, None, QUESTION_NS)
    assert typing.press("B") == c.Blank()
    assert typing.press("B", "Enter") == c.Blank(source="摄像机1")
    assert typing.press("B", "Esc") is None
    assert typing.said.words == "Cancelled"


def at_last_tile_of_page_two() -> WallState:
    state = STATE
    for change in (c.SetLayout("2x2"), c.Page("next"), c.Select(c.TileRef(3))):
        state = step(state, change, SITE)
    return state


@pytest.mark.parametrize("hide", [c.Blank(tile=c.TileRef(3)), c.Blank(source="7"), c.Blank("left")])
def test_what_hides_the_selected_tile_is_lifted_the_same_way(hide: c.Blank) -> None:
    seen = at_last_tile_of_page_two()
    hidden = step(seen, hide, SITE)
    typing = Typing(hidden)
    typing.press("B")
    assert "Enter: show 7 摄像机7 again" in typing.said.words
    lift = typing.press("Enter")
    assert isinstance(lift, c.Unblank)
    assert step(hidden, lift, SITE).blanked == ()
    assert typing.press("B", "B") == c.Blank()


def test_what_is_hidden_from_visitors_comes_up_in_no_other_tile() -> None:
    for seen in (small := at_last_tile_of_page_two(), step(small, c.Enlarge(), SITE)):
        hide = Typing(seen).press("B", "Enter")
        assert hide == c.Blank(source="摄像机7")
        hidden = step(step(seen, hide, SITE), c.Show("7", c.TileRef(2, "right")), SITE)
        there = [tile for one in resolve(hidden, SITE) for tile in one.tiles]
        assert {tile.masked for tile in there if tile.source == "摄像机7"} == {True}


def test_an_empty_tile_has_nothing_to_hide_but_all() -> None:
    empty = step(STATE, c.Clear(c.TileRef(1)), SITE)
    typing = Typing(empty)
    typing.press("B")
    assert typing.said.words == "Hide all pictures?  B or Enter: yes, Esc: no"
    assert typing.press("Enter") == c.Blank()
    typing = Typing(step(empty, c.Blank("left"), SITE))
    typing.press("B")
    assert "Enter: show left again" in typing.said.words
    assert typing.press("Enter") == c.Unblank("left")


def test_a_question_lasts_three_seconds() -> None:
    typing = Typing()
    typing.press("B")
    typing.wait(QUESTION_NS - 1)
    assert typing.press("B") == c.Blank()
    typing.press("B")
    typing.wait(QUESTION_NS)
    assert typing.press("Enter") == c.Enlarge()
    typing.press("B")
    typing.wait(QUESTION_NS)
    assert typing.press("B") is None
    assert typing.said.words.startswith("Hide")


def test_what_is_hidden_is_shown_again_the_same_way() -> None:
    hidden = step(STATE, c.Blank(), SITE)
    typing = Typing(hidden)
    typing.press("B")
    assert typing.said.words.startswith("Show the screens again?")
    assert typing.press("B") == c.Unblank()
    assert typing.press("B", "Enter") == c.Unblank()
    typing = Typing(step(hidden, c.Unblank("left"), SITE))
    assert typing.press("B", "B") == c.Blank()


def test_a_held_key_says_yes_to_nothing() -> None:
    typing = Typing()
    typing.press("B")
    repeat = KeyEvent("left", "B", pressed=True, at_ns=0, repeat=True)
    desk, command, said = press_key(typing.requests, repeat, STATE, ZH, 0)
    assert (desk, command, said) == (typing.requests, None, None)


def test_a_site_puts_them_on_other_keys() -> None:
    typing = Typing(F9="number", X="blank-or-unblank", Y="snapshot @right", Z="Lock-or-unlock")
    assert typing.press("F9", "4", "Enter") == c.Show("摄像机4")
    assert typing.press("X") is None
    assert "X: all" in typing.said.words
    assert typing.press("X") == c.Blank()
    assert typing.press("Y") == c.Snapshot("right")
    assert typing.press("Z") == c.Lock()


KEYS = st.sampled_from([*KeyMap.of(SITE).bindings, "6", "7", "8", "9", "Backspace", "X"])


@given(st.lists(st.tuples(KEYS, st.integers(0, 6000 * MS)), max_size=40))
def test_no_typing_hides_anything_without_a_yes_in_time(typed: list[tuple[str, int]]) -> None:
    typing = Typing()
    asked_ns = None
    for key, pause_ns in typed:
        typing.wait(pause_ns)
        command = typing.press(key)
        if isinstance(command, c.Blank):
            assert key in ("B", "Enter")
            assert asked_ns is not None
            assert typing.now_ns - asked_ns < QUESTION_NS
        asked_ns = typing.now_ns if key == "B" and command is None else None
