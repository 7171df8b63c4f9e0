"""Keys under the names of hotkey files: as people write them, as X reports them."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.display.x11.keyboard import Keyboard
from wallctl.display.x11.keysyms import names_of, pressed_name
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.key_names import KEYS, Modifier, key_name, normal_key_name

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
    "written", ["", "+", "Ctrl", "Ctrl+", "Ctrl+Ctrl+Q", "Hyper+Q", "F25", "10", "A+B", "ctrl q"]
)
def test_what_is_no_key(written: str) -> None:
    assert normal_key_name(written) is None


def test_the_keys_of_x_are_all_keys_that_can_be_named() -> None:
    named = {
        name
        for symbol in range(0x10000)
        for name in names_of(0, 0, symbol, ((symbol,),), lambda _: True)
    }
    assert named == set(KEYS)


SHIFT_STATE, CAPS_STATE, CTRL_STATE, NUM_STATE = 1 << 0, 1 << 1, 1 << 2, 1 << 4
SUPER_STATE, ALTGR_STATE = 1 << 6, 1 << 7
SECOND_GROUP = 1 << 13


class Layouts:
    """A keyboard: by keycode the symbols on the levels of a key, for each layout it has."""

    def __init__(self, *layouts: dict[int, str | tuple[int, ...]]) -> None:
        self._layouts = [
            {code: [ord(one) if isinstance(one, str) else one for one in levels]
             for code, levels in layout.items()}
            for layout in layouts
        ]  # fmt: skip

    def said(self, keycode: int, state: int) -> int:
        levels = self.groups(keycode, state)[0]
        level = bool(state & SHIFT_STATE) + 2 * bool(state & ALTGR_STATE)
        return levels[level] if level < len(levels) else levels[0] if levels else 0

    def groups(self, keycode: int, state: int) -> list[list[int]]:
        first = state >> 13 & 3
        layouts = [*self._layouts[first:], *self._layouts[:first]]
        return [layout.get(keycode, []) for layout in layouts]

    def can_say(self, symbol: int) -> bool:
        return any(symbol in one for layout in self._layouts for one in layout.values())

    def is_for_desktop(self, state: int) -> bool:
        return bool(state & SUPER_STATE)


PAD = {79: (0xFF95, 0xFFB7), 83: (0xFF96, 0xFFB4), 91: (0xFF9F, 0xFFAE), 63: (0xFFAA, 0xFFAA)}
US = Layouts({
    10: "1!", 12: "3#", 17: "8*", 20: "-_", 21: "=+", 24: "qQ", 46: "lL", 61: "/?", 65: "  ",
    23: (0xFF09, 0xFE20), 50: (0xFFE1,), 66: (0xFFE5,), 104: (0xFF8D,), 110: (0xFF50,),
    191: (0x1008FF81,), 202: (), 96: (0xFFC9,), **PAD,
})  # fmt: skip
FRENCH = Layouts({11: "é2~", 12: '"3#', 15: "-6|", 17: "_8\\", 24: "aA", 38: "qQ", 51: "*µ",
                  58: ",?", 47: "mM", 60: ":/", 21: "=+", **PAD})  # fmt: skip
GERMAN = Layouts({17: "8(", 16: "7/{", 35: "+*~", 61: "-_", 20: "ß?\\", 19: "0=}", 29: "zZ"})
NORWEGIAN = Layouts({51: "'*", 17: "8(", 34: "å\u00c5"})
CZECH = Layouts({10: "+1", 11: (0x1EC, 0x32), 20: "=%"})
LITHUANIAN = Layouts({10: (0x1B1, 0x1A1, 0x31)})
_CYRILLIC: dict[int, str | tuple[int, ...]] = {
    46: (0x6C4, 0x6E4), 56: (0x6C9, 0x6E9), 17: "8*", 61: ".,", 24: (0x6CA, 0x6EA),
}  # fmt: skip
_LATIN: dict[int, str | tuple[int, ...]] = {46: "lL", 56: "bB", 24: "qQ", 17: "8*", 61: "/?"}
RUSSIAN = Layouts(_CYRILLIC)
BOTH, OTHER_WAY = Layouts(_LATIN, _CYRILLIC), Layouts(_CYRILLIC, _LATIN)
GREEK = Layouts({56: (0x7E2, 0x7C2), 24: ";:"})
HEBREW = Layouts({56: (0xCF0, 0x42), 24: "/Q"})
THAI = Layouts({10: (0xDE5, 0x2B), 11: (0x2F, 0xDF1), 24: (0xDE6, 0xDF0), **PAD})


@pytest.mark.parametrize(
    ("keyboard", "keycode", "state", "names"),
    [
        (US, 12, 0, ("3",)),
        (US, 12, SHIFT_STATE, ("Shift+3",)),
        (US, 17, SHIFT_STATE, ("Star", "Shift+8")),
        (US, 21, 0, ("Plus",)),  # as browsers zoom
        (US, 21, SHIFT_STATE, ("Plus", "Shift+Plus")),
        (US, 20, SHIFT_STATE, ("Shift+Minus",)),
        (US, 24, CTRL_STATE | SHIFT_STATE, ("Ctrl+Shift+Q",)),
        (US, 46, CAPS_STATE, ("L",)),
        (US, 23, SHIFT_STATE, ("Shift+Tab",)),
        (US, 65, SHIFT_STATE, ("Shift+Space",)),
        (US, 104, 0, ("Enter",)),
        (US, 110, 0, ("Home",)),  # the Home of the main block is no digit
        (US, 50, 0, ()),  # Shift by itself
        (US, 200, 0, ("F22",)),
        (US, 191, 0, ("F13",)),  # what keymaps call Tools
        (US, 202, CTRL_STATE, ("Ctrl+F24",)),
        (US, 96, 0, ("F12",)),
        (US, 79, 0, ("7",)),  # keypad Home / 7: the digit, whatever NumLock says
        (US, 79, NUM_STATE, ("7",)),
        (US, 79, NUM_STATE | CTRL_STATE, ("Ctrl+7",)),
        (US, 91, 0, ("Period",)),
        (US, 63, 0, ("Star",)),
        (FRENCH, 12, 0, ("3",)),
        (FRENCH, 12, SHIFT_STATE, ("3", "Shift+3")),
        (FRENCH, 17, SHIFT_STATE, ("8", "Shift+8")),
        (FRENCH, 12, ALTGR_STATE, ("3",)),
        (FRENCH, 15, 0, ("Minus", "6")),
        (FRENCH, 15, SHIFT_STATE, ("6", "Shift+6")),
        (FRENCH, 51, 0, ("Star",)),
        (FRENCH, 24, 0, ("A",)),
        (FRENCH, 58, 0, ()),  # lies where others have M, which is elsewhere
        (FRENCH, 60, SHIFT_STATE, ("Slash",)),
        (FRENCH, 83, NUM_STATE, ("4",)),
        (GERMAN, 35, 0, ("Plus",)),
        (GERMAN, 35, SHIFT_STATE, ("Star", "Shift+Plus")),
        (GERMAN, 17, SHIFT_STATE, ("Shift+8",)),
        (GERMAN, 16, SHIFT_STATE, ("Slash", "Shift+7")),
        (GERMAN, 19, SHIFT_STATE, ("Shift+0",)),
        (GERMAN, 29, 0, ("Z",)),
        (GERMAN, 20, 0, ()),
        (NORWEGIAN, 51, SHIFT_STATE, ("Star",)),
        (NORWEGIAN, 51, 0, ()),
        (NORWEGIAN, 34, 0, ()),
        (CZECH, 10, 0, ("Plus", "1")),
        (CZECH, 11, 0, ("2",)),
        (LITHUANIAN, 10, 0, ("1",)),
        (RUSSIAN, 46, 0, ("L",)),
        (RUSSIAN, 24, CTRL_STATE | SHIFT_STATE, ("Ctrl+Shift+Q",)),
        (RUSSIAN, 17, SHIFT_STATE, ("Star", "Shift+8")),
        (RUSSIAN, 61, 0, ("Period",)),
        (BOTH, 46, 0, ("L",)),
        (BOTH, 46, SECOND_GROUP, ("L",)),
        (OTHER_WAY, 46, 0, ("L",)),
        (OTHER_WAY, 61, 0, ("Period",)),
        (OTHER_WAY, 61, SECOND_GROUP, ("Slash",)),
        (GREEK, 56, 0, ("B",)),
        (GREEK, 24, 0, ("Q",)),
        (HEBREW, 56, 0, ("B",)),
        (HEBREW, 24, 0, ("Slash", "Q")),
        (HEBREW, 24, CTRL_STATE | SHIFT_STATE, ("Ctrl+Shift+Q",)),
        (THAI, 10, 0, ("1",)),
        (THAI, 10, SHIFT_STATE, ("Plus",)),
        (THAI, 24, 0, ("Q",)),
    ],
)
def test_presses_under_real_layouts(
    keyboard: Layouts, keycode: int, state: int, names: tuple[str, ...]
) -> None:
    """Signs by what the press says, digits and letters by what is on the key, or where it lies."""
    pressed = Keyboard("left", keyboard).down(keycode, state, 1)
    assert [(one.key, one.also) for one in pressed] == (
        [(names[0], "".join(names[1:]))] if names else []
    )


def test_a_desktops_shortcut_is_no_key_of_the_wall() -> None:
    keys = Keyboard("left", US)
    assert keys.down(46, SUPER_STATE, 1) == []
    assert keys.up(46, 2) == []
    assert [one.key for one in keys.down(46, 0, 3)] == ["L"]


@given(
    st.integers(8, 255),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFF),
    st.lists(st.lists(st.integers(0, 0xFFFF), max_size=4), max_size=4),
)
def test_every_name_given_to_a_key_is_one_that_a_file_can_use(
    keycode: int, state: int, said: int, groups: list[list[int]]
) -> None:
    names = names_of(keycode, state, said, groups, lambda _symbol: False)
    assert len(names) <= 2
    for name in names:
        assert normal_key_name(name) == name


@given(st.integers(0, 0xFF))
def test_only_three_modifiers_count(state: int) -> None:
    shift_ctrl_alt = 0b1101
    assert pressed_name("Q", state) == pressed_name("Q", state & shift_ctrl_alt)


def test_modifiers_come_in_their_order() -> None:
    assert pressed_name("Q", 0b1101) == "Ctrl+Alt+Shift+Q"


TAB, SHIFT_L = 23, 50


def keyboard() -> Keyboard:
    return Keyboard("left", US)


def test_a_sign_that_took_shift_is_down_until_its_own_release() -> None:
    keys = keyboard()
    keys.down(SHIFT_L, 0, 1)
    assert [event.key for event in keys.down(17, SHIFT_STATE, 2)] == ["Star"]
    assert keys.up(SHIFT_L, 3) == []
    assert [(event.key, event.pressed) for event in keys.up(17, 4)] == [("Star", False)]


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
