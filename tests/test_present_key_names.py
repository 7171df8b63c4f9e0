"""Keys under the names of hotkey files: as people write them, as X reports them."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.key_names import KEYS, Modifier, key_name, normal_key_name
from wallctl.model.keys import KeyEvent
from wallctl.present.key_names import key_of, pressed_name
from wallctl.present.x11_keyboard import Keyboard

names = st.builds(key_name, st.sampled_from(KEYS), st.frozensets(st.sampled_from(list(Modifier))))


@given(names)
def test_case_order_and_spaces_do_not_matter(name: str) -> None:
    *held, key = name.split("+")
    for order in permutations(held):
        written = " + ".join([*order, key])
        assert normal_key_name(written) == name
        assert normal_key_name(written.upper()) == name
        assert normal_key_name(written.lower()) == name


@given(st.text(max_size=20))
def test_any_text_is_a_name_or_nothing(text: str) -> None:
    name = normal_key_name(text)
    assert name is None or normal_key_name(name) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("escape", "Esc"),
        ("Return", "Enter"),
        ("PageUp", "PgUp"),
        ("shift+ctrl+q", "Ctrl+Shift+Q"),
        ("Control+Alt+F1", "Ctrl+Alt+F1"),
        ("ctrl+-", "Ctrl+Minus"),
        ("5", "5"),
    ],
)
def test_what_people_write(written: str, name: str) -> None:
    assert normal_key_name(written) == name


@pytest.mark.parametrize(
    "written", ["", "+", "Ctrl", "Ctrl+", "Ctrl+Ctrl+Q", "Hyper+Q", "F13", "10", "A+B", "ctrl q"]
)
def test_what_is_no_key(written: str) -> None:
    assert normal_key_name(written) is None


@pytest.mark.parametrize(
    ("symbols", "key"),
    [
        ((0x31, 0x21), "1"),
        ((0xFF95, 0xFFB7), "7"),  # keypad Home / 7: the digit, whatever NumLock says
        ((0xFF9E, 0xFFB0), "0"),
        ((0xFFB5, 0xFFB5), "5"),
        ((0x26, 0x31), "1"),  # a French keyboard
        ((0x71, 0x51), "Q"),
        ((0xFF09, 0xFE20), "Tab"),
        ((0xFF8D, 0), "Enter"),
        ((0xFF9F, 0xFFAE), "Period"),
        ((0xFFC9, 0), "F12"),
        ((0xFF50, 0), "Home"),  # the Home of the main block is no digit
        ((0xFFE1, 0), None),  # Shift by itself
        ((0, 0), None),
    ],
)
def test_keys_of_x(symbols: tuple[int, int], key: str | None) -> None:
    assert key_of(*symbols) == key


@given(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF))
def test_every_name_given_to_a_key_is_one_that_a_file_can_use(plain: int, second: int) -> None:
    key = key_of(plain, second)
    assert key is None or key in KEYS


@given(st.integers(0, 0xFF))
def test_only_three_modifiers_count(state: int) -> None:
    shift_ctrl_alt = 0b1101
    assert pressed_name("Q", state) == pressed_name("Q", state & shift_ctrl_alt)


def test_modifiers_come_in_their_order() -> None:
    assert pressed_name("Q", 0b1101) == "Ctrl+Alt+Shift+Q"


TAB, SHIFT_L = 23, 50
SHIFT_STATE = 1
SYMBOLS = {TAB: (0xFF09, 0xFE20), SHIFT_L: (0xFFE1, 0)}


def keyboard() -> Keyboard:
    return Keyboard("left", lambda keycode: SYMBOLS[keycode])


def test_a_held_key_repeats_and_is_released_once() -> None:
    keys = keyboard()
    events = [event for at_ns in (1, 2, 3) for event in keys.down(TAB, 0, at_ns)]
    assert [event.repeat for event in events] == [False, True, True]
    assert keys.up(TAB, 4) == [KeyEvent("left", "Tab", pressed=False, at_ns=4)]
    assert keys.up(TAB, 5) == []


def test_a_key_is_released_under_the_name_it_was_pressed_with() -> None:
    keys = keyboard()
    assert keys.down(SHIFT_L, 0, 1) == []
    assert [event.key for event in keys.down(TAB, SHIFT_STATE, 2)] == ["Shift+Tab"]
    assert keys.up(TAB, 3) == [KeyEvent("left", "Shift+Tab", pressed=False, at_ns=3)]
    assert keys.up(SHIFT_L, 4) == []


def test_a_key_that_loses_its_modifier_is_released_and_is_no_other_key() -> None:
    keys = keyboard()
    keys.down(SHIFT_L, 0, 1)
    keys.down(TAB, SHIFT_STATE, 2)
    assert keys.up(SHIFT_L, 3) == [KeyEvent("left", "Shift+Tab", pressed=False, at_ns=3)]
    assert keys.down(TAB, 0, 4) == []
    assert keys.up(TAB, 5) == []
    assert [event.key for event in keys.down(TAB, 0, 6)] == ["Tab"]


def test_losing_the_focus_releases_what_was_held() -> None:
    keys = keyboard()
    keys.down(TAB, 0, 1)
    assert keys.let_go(2) == [KeyEvent("left", "Tab", pressed=False, at_ns=2)]
    assert keys.let_go(3) == []
    assert [event.repeat for event in keys.down(TAB, 0, 4)] == [False]
