"""The keys of X under the names of hotkey files. Pure: symbols and states are plain numbers.

What a press says decides for signs and digits, so that ``*`` is where a keyboard prints it, and
the Shift that it takes to say it does not count. A press that says nothing of use is named by its
key: by the digit or letter that is anywhere on it, so that a French keyboard needs no Shift for
its digits and a Russian one has its Latin letters; and last by where the key lies, if the keyboard
has that letter or digit nowhere. The number pad works with NumLock on and off, as an officer
expects who never looks at that light. CapsLock never matters.
"""

from collections.abc import Callable, Sequence
from itertools import chain

from wallctl.model.operator.key_names import KEYS, MAX_FUNCTION_KEYS, Modifier, key_name

Groups = Sequence[Sequence[int]]
"""The X symbols of a key: those of each layout that the keyboard can be switched to, the one that
is on now first, by the levels that Shift, AltGr and both give."""

_MASKS = {Modifier.SHIFT: 1 << 0, Modifier.CTRL: 1 << 2, Modifier.ALT: 1 << 3}
"""The bits of an X key event's state."""

_MODIFIER_KEYS = {
    **dict.fromkeys((0xFFE1, 0xFFE2), Modifier.SHIFT),
    **dict.fromkeys((0xFFE3, 0xFFE4), Modifier.CTRL),
    **dict.fromkeys((0xFFE9, 0xFFEA), Modifier.ALT),
}
"""Left and right."""

_KEYPAD_DIGIT_0 = 0xFFB0
_F1 = 0xFFBE

_KEYPAD_DIGITS = {_KEYPAD_DIGIT_0 + number: str(number) for number in range(10)}
_DIGITS = {ord(digit): digit for digit in "0123456789"}

_LETTERS = {ord(key.lower()): key for key in KEYS if len(key) == 1 and key.isalpha()} | {
    ord(key): key for key in KEYS if len(key) == 1 and key.isalpha()
}

_SIGNS = {ord("*"): "Star", ord("+"): "Plus", ord("-"): "Minus", ord("."): "Period"} | {
    ord("/"): "Slash"
}
_UNSHIFTED_SIGNS = {ord("="): "Plus"}
"""Below the sign on the same key, where both are on most keyboards: as browsers take it."""

_NAMED = {
    0x0020: "Space",
    0xFE20: "Tab",  # what Shift makes of it
    0xFF08: "Backspace",
    0xFF09: "Tab",
    0xFF0D: "Enter",
    0xFF1B: "Esc",
    0xFF50: "Home",
    0xFF51: "Left",
    0xFF52: "Up",
    0xFF53: "Right",
    0xFF54: "Down",
    0xFF55: "PgUp",
    0xFF56: "PgDn",
    0xFF57: "End",
    0xFF63: "Insert",
    0xFF8D: "Enter",  # from here on the keypad
    0xFFAA: "Star",
    0xFFAB: "Plus",
    0xFFAC: "Period",
    0xFFAD: "Minus",
    0xFFAE: "Period",
    0xFFAF: "Slash",
    0xFFFF: "Delete",
} | {_F1 + number: f"F{number + 1}" for number in range(MAX_FUNCTION_KEYS)}

_SHIFTLESS = _DIGITS | _SIGNS
"""What a press says counts without the Shift that it took."""
_SAID = _SHIFTLESS | _LETTERS | _NAMED
_ROWS = {10: "1234567890", 24: "QWERTYUIOP", 38: "ASDFGHJKL", 52: "ZXCVBNM"}
"""Where digits and letters lie on any PC keyboard, by the X keycode of the first of a row."""
_AT = {first + i: key for first, row in _ROWS.items() for i, key in enumerate(row)}
_FUNCTIONS_AT = {191 + i: f"F{13 + i}" for i in range(MAX_FUNCTION_KEYS - 12)}
"""Keymaps give these keys the meanings that some laptops print on them, not their names."""


def names_of(
    keycode: int, state: int, said: int, groups: Groups, can_say: Callable[[int], bool]
) -> tuple[str, ...]:
    """The names of a press, with its modifiers: first what it says, then what its key is.

    ``said`` is the X symbol that the press stands for by its Shift and AltGr alone, and ``can_say``
    tells whether any key of the keyboard has a symbol. There is no name for what no hotkey can
    name, such as Shift alone.
    """
    pad = next((_KEYPAD_DIGITS[one] for one in chain(*groups) if one in _KEYPAD_DIGITS), None)
    if pad is not None:
        return (pressed_name(pad, state),)
    names = []
    if said in _SAID:
        took_shift = _MASKS[Modifier.SHIFT] if said in _SHIFTLESS else 0
        names.append(pressed_name(_SAID[said], state & ~took_shift))
    key = _on_key(groups) or (_at(keycode, can_say) if not names else None)
    if key is not None:
        names.append(pressed_name(key, state))
    return tuple(dict.fromkeys(names))


def _on_key(groups: Groups) -> str | None:
    """What a key is called by what is on it, whatever is held with it."""
    plain = [one for levels in groups for one in levels[:1]]
    second = [one for levels in groups for one in levels[1:2]]
    rest = [one for levels in groups for one in levels[2:]]
    now = groups[0][:1] if groups else ()
    searched = (
        *((plain, _DIGITS), (second, _DIGITS), (plain, _LETTERS | _NAMED)),
        *((second, _LETTERS | _NAMED), (now, _SIGNS), (now, _UNSHIFTED_SIGNS), (rest, _DIGITS)),
    )
    return next((known[one] for some, known in searched for one in some if one in known), None)


def _at(keycode: int, can_say: Callable[[int], bool]) -> str | None:
    """What a key is called by where it lies, unless another key has that name by what it says."""
    if keycode in _FUNCTIONS_AT:
        return _FUNCTIONS_AT[keycode]
    key = _AT.get(keycode)
    if key is None or can_say(ord(key)) or can_say(ord(key.lower())):
        return None
    return key


def modifier_of(plain: int) -> Modifier | None:
    """The modifier that a key is which has this X symbol on its first level."""
    return _MODIFIER_KEYS.get(plain)


def pressed_name(key: str, state: int) -> str:
    """The full name of a key, with the modifiers of an X event's state before it."""
    return key_name(key, frozenset(held for held, mask in _MASKS.items() if state & mask))
