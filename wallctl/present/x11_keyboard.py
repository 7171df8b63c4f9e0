"""The keys that are down on one screen, as key events. Knows of X only its numbers."""

from collections.abc import Callable

from wallctl.model.keys import KeyEvent
from wallctl.present.key_names import key_of, modifier_of, pressed_name


class Keyboard:
    """Follows keys by their X keycodes: first press, repeats, and one release of the same name.

    ``symbols_of`` gives a keycode's symbols on its first and its second level. Keys that no hotkey
    can name make no events.
    """

    def __init__(self, screen: str, symbols_of: Callable[[int], tuple[int, int]]) -> None:
        self._screen = screen
        self._symbols_of = symbols_of
        self._held: dict[int, str] = {}
        self._parted: set[int] = set()
        """Keys that are down without a modifier that they were pressed with: released already."""

    def down(self, keycode: int, state: int, at_ns: int) -> list[KeyEvent]:
        """A press, or a repeat of one under the name it began with."""
        if keycode in self._held:
            return [self._event(self._held[keycode], at_ns, pressed=True, repeat=True)]
        if keycode in self._parted:
            return []
        key = key_of(*self._symbols_of(keycode))
        if key is None:
            return []
        self._held[keycode] = pressed_name(key, state)
        return [self._event(self._held[keycode], at_ns, pressed=True)]

    def up(self, keycode: int, at_ns: int) -> list[KeyEvent]:
        """The release of a key that was down, or of those that were held with this modifier."""
        self._parted.discard(keycode)
        modifier = modifier_of(self._symbols_of(keycode)[0])
        if modifier is not None:
            held = {code for code, name in self._held.items() if f"{modifier.value}+" in name}
            self._parted |= held
        else:
            held = self._held.keys() & {keycode}
        return [self._event(self._held.pop(code), at_ns, pressed=False) for code in sorted(held)]

    def let_go(self, at_ns: int) -> list[KeyEvent]:
        """The release of every key: the focus is lost, and their own releases go elsewhere."""
        names, self._held = list(self._held.values()), {}
        self._parted.clear()
        return [self._event(name, at_ns, pressed=False) for name in names]

    def _event(self, name: str, at_ns: int, *, pressed: bool, repeat: bool = False) -> KeyEvent:
        return KeyEvent(self._screen, name, pressed, at_ns, repeat)
