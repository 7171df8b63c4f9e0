"""The keys that are down on one screen, as key events. Knows of X only its numbers."""

from typing import Protocol

from wallctl.display.x11.keysyms import Groups, modifier_of, names_of
from wallctl.model.operator.key_event import KeyEvent


class KeyMapping(Protocol):
    """What the keys of a display stand for now, by their X keycodes and symbols."""

    def said(self, keycode: int, state: int) -> int:
        """The symbol that a press stands for by its Shift and AltGr alone."""

    def groups(self, keycode: int, state: int) -> Groups:
        """All symbols of a key."""

    def can_say(self, symbol: int) -> bool:
        """Whether any key has a symbol."""

    def is_for_desktop(self, state: int) -> bool:
        """Whether a key is held that makes others a desktop's shortcuts (Super)."""


class Keyboard:
    """Follows keys by their X keycodes: first press, repeats, and one release of the same name.

    Keys that no hotkey can name make no events.
    """

    def __init__(self, screen: str, mapping: KeyMapping) -> None:
        self._screen = screen
        self._mapping = mapping
        self._held: dict[int, tuple[str, ...]] = {}
        """The names of each key that is down."""
        self._parted: set[int] = set()
        """Keys that are down without a modifier that they were pressed with: released already."""

    def down(self, keycode: int, state: int, at_ns: int) -> list[KeyEvent]:
        """A press, or a repeat of one under the name it began with."""
        if keycode in self._held:
            return [self._event(self._held[keycode], at_ns, pressed=True, repeat=True)]
        if keycode in self._parted or self._mapping.is_for_desktop(state):
            return []
        mapping = self._mapping
        names = names_of(
            *(keycode, state, mapping.said(keycode, state)),
            *(mapping.groups(keycode, state), mapping.can_say),
        )
        if not names:
            return []
        self._held[keycode] = names
        return [self._event(names, at_ns, pressed=True)]

    def up(self, keycode: int, at_ns: int) -> list[KeyEvent]:
        """The release of a key that was down, or of those that were held with this modifier."""
        self._parted.discard(keycode)
        modifier = self._modifier(keycode)
        if modifier is not None:
            held = {code for code, names in self._held.items() if f"{modifier}+" in names[0]}
            self._parted |= held
        else:
            held = self._held.keys() & {keycode}
        return [self._event(self._held.pop(code), at_ns, pressed=False) for code in sorted(held)]

    def let_go(self, at_ns: int) -> list[KeyEvent]:
        """The release of every key: the focus is lost, and their own releases go elsewhere."""
        held, self._held = list(self._held.values()), {}
        self._parted.clear()
        return [self._event(names, at_ns, pressed=False) for names in held]

    def _modifier(self, keycode: int) -> str | None:
        plain = next((levels[0] for levels in self._mapping.groups(keycode, 0) if levels), 0)
        modifier = modifier_of(plain)
        return modifier.value if modifier is not None else None

    def _event(
        self, names: tuple[str, ...], at_ns: int, *, pressed: bool, repeat: bool = False
    ) -> KeyEvent:
        key, *also = names
        return KeyEvent(self._screen, key, pressed, at_ns, repeat, "".join(also))
