"""The keys of X under the names of hotkey files. Pure: symbols and states are plain numbers.

A key that has a digit on it is that digit. So the number pad works with NumLock on and off, as an
officer expects who never looks at that light, and so does a French keyboard, whose digits want
Shift. CapsLock and NumLock never matter: a key is read by what is printed on it.
"""

from wallctl.model.key_names import KEYS, Modifier, key_name

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

_DIGITS = {ord(digit): digit for digit in "0123456789"} | {
    _KEYPAD_DIGIT_0 + number: str(number) for number in range(10)
}

_LETTERS = {ord(key.lower()): key for key in KEYS if len(key) == 1 and key.isalpha()} | {
    ord(key): key for key in KEYS if len(key) == 1 and key.isalpha()
}

_NAMED = {
    0x0020: "Space",
    0x002A: "Star",
    0x002B: "Plus",
    0x002D: "Minus",
    0x002E: "Period",
    0x002F: "Slash",
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
}

_OTHERS = _LETTERS | _NAMED | {_F1 + number: f"F{number + 1}" for number in range(12)}


def key_of(plain: int, second: int) -> str | None:
    """The name of the key that has these X symbols on its first and its second level.

    ``None`` for keys that no hotkey can name, such as Shift alone.
    """
    for symbol in (second, plain):
        if symbol in _DIGITS:
            return _DIGITS[symbol]
    return _OTHERS.get(plain) or _OTHERS.get(second)


def modifier_of(plain: int) -> Modifier | None:
    """The modifier that a key is which has this X symbol on its first level."""
    return _MODIFIER_KEYS.get(plain)


def pressed_name(key: str, state: int) -> str:
    """The full name of a key, with the modifiers of an X event's state before it."""
    return key_name(key, frozenset(held for held, mask in _MASKS.items() if state & mask))
