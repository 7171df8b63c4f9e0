"""The names of keys in hotkey files: which names there are, and how a person may write them.

``Ctrl+Shift+Q``: modifiers in the order of ``Modifier``, then one key. It knows nothing of window
systems; ``wallctl.display.x11.keysyms`` gives these names to the keys of X.
"""

import enum

from wallctl.model.base.unicode_rules import half_width


class Modifier(enum.Enum):
    """A key that is held down with another one, in the order in which a name lists them."""

    CTRL = "Ctrl"
    ALT = "Alt"
    SHIFT = "Shift"


MAX_FUNCTION_KEYS = 24
"""As many as macro pads and long keyboards have."""

KEYS: tuple[str, ...] = (
    *"0123456789",
    *"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    *(f"F{number}" for number in range(1, MAX_FUNCTION_KEYS + 1)),
    *("Left", "Right", "Up", "Down", "PgUp", "PgDn", "Home", "End"),
    *("Tab", "Enter", "Esc", "Space", "Backspace", "Insert", "Delete"),
    *("Plus", "Minus", "Star", "Slash", "Period"),
)
"""Every key that can be named, without modifiers. The signs are there for the keypad's sake."""

_SYNONYMS = {
    "escape": "Esc",
    "return": "Enter",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "del": "Delete",
    "ins": "Insert",
    "spacebar": "Space",
    "-": "Minus",
    "*": "Star",
    "/": "Slash",
    ".": "Period",
}
_KEYS = {key.lower(): key for key in KEYS} | _SYNONYMS
_MODIFIERS = {modifier.value.lower(): modifier for modifier in Modifier} | {
    "control": Modifier.CTRL
}


def key_name(key: str, modifiers: frozenset[Modifier]) -> str:
    """The full name of a key of ``KEYS`` pressed with modifiers."""
    return "+".join([*(held.value for held in Modifier if held in modifiers), key])


def normal_key_name(text: str) -> str | None:
    """A key as a person wrote it, in its one right spelling; ``None`` if there is no such key.

    Case, full width, spaces around ``+``, the order of the modifiers and synonyms (``Escape``,
    ``Return``, ``PageUp``, ``Control``) do not matter; a modifier named twice or alone is no key.
    """
    *held, last = (part.strip().lower() for part in half_width(text).split("+"))
    key = _KEYS.get(last)
    modifiers = frozenset(_MODIFIERS[name] for name in held if name in _MODIFIERS)
    if key is None or len(modifiers) != len(held):
        return None
    return key_name(key, modifiers)
