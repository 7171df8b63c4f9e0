"""What the keys of a display stand for now, as its server and its layouts have them.

pyglet has no binding for the keyboard extension. Without that extension Xlib answers from the core
protocol, which knows of the first two layouts.
"""

import ctypes
from ctypes import POINTER, byref, c_int, c_ubyte, c_uint, c_ulong
from typing import Any

from wallctl.display.x11.keysyms import Groups
from wallctl.display.x11.pyglet_x11 import xlib

_SHIFT, _LEVEL_5, _LEVEL_3 = 1 << 0, 1 << 5, 1 << 7
"""The last two are AltGr's, and that of layouts with more levels, on every server of today."""
_GROUP_SHIFT, _GROUP_MASK = 13, 0b11
_SAYS = _SHIFT | _LEVEL_5 | _LEVEL_3 | _GROUP_MASK << _GROUP_SHIFT
"""The bits of an event's state that decide what a press says; CapsLock and NumLock do not."""
_GROUPS, _LEVELS = 4, 4
_KEYCODES = range(8, 256)
_SUPERS = frozenset({0xFFEB, 0xFFEC})
_NUM_LOCK = 0xFF7F
_MODIFIERS = 8


def _x11() -> ctypes.CDLL:
    library, display = ctypes.CDLL("libX11.so.6"), POINTER(xlib.Display)
    library.XkbKeycodeToKeysym.restype = c_ulong
    library.XkbKeycodeToKeysym.argtypes = [display, c_ubyte, c_int, c_int]
    library.XkbLookupKeySym.argtypes = [
        *(display, c_ubyte, c_uint, POINTER(c_uint), POINTER(c_ulong))
    ]
    return library


_X11 = _x11()


class DisplayKeys:
    """The keys of one display. ``changed`` is to be called when its server says so."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._desktop_mask = self._supers()

    def changed(self) -> None:
        """Another layout has been set."""
        self._desktop_mask = self._supers()

    def said(self, keycode: int, state: int) -> int:
        """The symbol that a press stands for by its Shift and AltGr alone."""
        symbol, used = c_ulong(), c_uint()
        _X11.XkbLookupKeySym(self._display, keycode, state & _SAYS, byref(used), byref(symbol))
        return symbol.value

    def groups(self, keycode: int, state: int) -> Groups:
        """All symbols of a key, those of the layout that is on now first."""
        first = state >> _GROUP_SHIFT & _GROUP_MASK
        order = [first, *(group for group in range(_GROUPS) if group != first)]
        return [self._levels(keycode, group) for group in order]

    def can_say(self, symbol: int) -> bool:
        """Whether any key has a symbol."""
        return any(
            symbol in self._levels(keycode, group)
            for keycode in _KEYCODES
            for group in range(_GROUPS)
        )

    def is_for_desktop(self, state: int) -> bool:
        """Whether Super is held, which makes other keys a desktop's shortcuts."""
        return bool(state & self._desktop_mask)

    def _levels(self, keycode: int, group: int) -> list[int]:
        ask = _X11.XkbKeycodeToKeysym
        found = [ask(self._display, keycode, group, level) for level in range(_LEVELS)]
        return found if any(found) else []

    def _supers(self) -> int:
        """The bits of an event's state that Super sets, and NumLock does not."""
        told = xlib.XGetModifierMapping(self._display)
        if not told:
            return 0
        each = told.contents.max_keypermod
        codes = [int(told.contents.modifiermap[i]) for i in range(_MODIFIERS * each)]
        xlib.XFreeModifiermap(told)
        mask = 0
        for bit in range(_MODIFIERS):
            plain = {self._plain(code) for code in codes[bit * each : (bit + 1) * each] if code}
            if plain & _SUPERS and _NUM_LOCK not in plain:
                mask |= 1 << bit
        return mask

    def _plain(self, keycode: int) -> int:
        return next(iter(self._levels(keycode, 0)), 0)
