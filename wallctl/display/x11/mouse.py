"""The mouse over one window, as pointer events. Knows of X only the numbers of its buttons."""

from wallctl.model.operator.pointer import Button, PointerEvent

_BUTTONS = {1: Button.LEFT, 2: Button.MIDDLE, 4: Button.WHEEL_UP, 5: Button.WHEEL_DOWN}


class Mouse:
    """Collects what happens between two looks. Where it moved meanwhile only the last place counts,
    and none while no button is held: nothing at the wall follows a hand that does nothing."""

    def __init__(self, screen: str) -> None:
        self._screen = screen
        self._held: set[Button] = set()
        self._events: list[PointerEvent] = []

    def moved(self, at_px: tuple[int, int], at_ns: int) -> None:
        """It moved to a place on the canvas, or beyond it while a button is held."""
        if not self._held:
            return
        if self._events and self._events[-1].button is None:
            self._events.pop()
        self._events.append(PointerEvent(self._screen, *at_px, at_ns))

    def turned(self, number: int, pressed: bool, at_px: tuple[int, int], at_ns: int) -> None:
        """A button of that number in X went down or up; a notch of the wheel does both."""
        button = _BUTTONS.get(number)
        if button is None:
            return
        (self._held.add if pressed else self._held.discard)(button)
        self._events.append(PointerEvent(self._screen, *at_px, at_ns, button, pressed))

    def taken(self) -> list[PointerEvent]:
        """What happened since this was last asked."""
        events, self._events = self._events, []
        return events
