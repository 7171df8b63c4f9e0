"""What a window does with X's events of its keyboard."""

from collections.abc import Callable
from typing import Any

from wallctl.display.x11.keyboard import Keyboard
from wallctl.display.x11.keyboard_mapping import DisplayKeys
from wallctl.display.x11.pyglet_x11 import xlib
from wallctl.display.x11.xlib_bindings import report_repeats
from wallctl.model.operator.key_event import KeyEvent

Handler = Callable[[Any, int], list[KeyEvent]]
"""Takes an event and the time; gives what was pressed and released by it."""

_NOTIFY_INFERIOR = 2
"""The detail of a focus change that stays within the window."""


class KeyHandlers:
    """Hears the keys of one screen on a display."""

    def __init__(self, display: Any, screen: str) -> None:
        self._display = display
        self._mapping = DisplayKeys(display)
        self._keyboard = Keyboard(screen, self._mapping)
        self._tells_repeats = report_repeats(display)

    def by_type(self) -> dict[int, Handler]:
        """A handler for each type of event."""
        return {
            xlib.KeyPress: lambda e, ns: self._keyboard.down(e.xkey.keycode, e.xkey.state, ns),
            xlib.KeyRelease: self._on_release,
            xlib.FocusOut: self._on_focus_out,
            xlib.MappingNotify: self._on_mapping,
        }

    def _on_release(self, event: Any, now_ns: int) -> list[KeyEvent]:
        """A release; none where a server without XKB has it before each repeat of a held key."""
        key = event.xkey
        if not self._tells_repeats and xlib.XPending(self._display):
            following = xlib.XEvent()
            xlib.XPeekEvent(self._display, following)
            pressed = following.xkey
            again = (xlib.KeyPress, key.keycode, key.time)
            if (following.type, pressed.keycode, pressed.time) == again:
                return []
        return self._keyboard.up(key.keycode, now_ns)

    def _on_focus_out(self, event: Any, now_ns: int) -> list[KeyEvent]:
        stays = event.xfocus.detail == _NOTIFY_INFERIOR
        return [] if stays else self._keyboard.let_go(now_ns)

    def _on_mapping(self, event: Any, _now_ns: int) -> list[KeyEvent]:
        xlib.XRefreshKeyboardMapping(event.xmapping)
        self._mapping.changed()
        return []
