"""A presenter process: one screen, pass after pass at its tick, whatever cameras do.

It obeys the controller (prepare, commit, say), forwards keys, and reports what was really shown.
It decides nothing about the scene and waits for nobody: between two passes it draws ahead what
the next scene needs.
"""

import select
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from wallctl.display.compositor.composer import Composer
from wallctl.display.drawing.drawing_cache import artists
from wallctl.display.drawing.failed_drawings import FailedDrawings
from wallctl.display.drawing.redraw_retry import RedrawRetry
from wallctl.display.drawing.site_time import SiteTime
from wallctl.display.messages import (
    Commit,
    Countdown,
    Finish,
    Furnish,
    Keys,
    Pointing,
    Prepare,
    PresenterSpec,
    Say,
    Suspect,
    ToPresenter,
)
from wallctl.display.overlays.overlay_board import OverlayBoard
from wallctl.display.scene_switch import SceneSwitch
from wallctl.display.screen_figures import ScreenFigures
from wallctl.display.ticks import Ticks
from wallctl.model.base.geometry import Rect
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.message_catalogue import Catalogues
from wallctl.model.operator.monitor_state import Monitor, MonitorState
from wallctl.model.operator.pointer import PointerEvent
from wallctl.shm.arena import Arena
from wallctl.shm.canvas import Canvas
from wallctl.supervisor.channel import Channel
from wallctl.supervisor.malloc import give_back

HEADLESS_HZ = 50.0
"""25 Hz passes lose 5 % of 25 fps pictures to real arrival jitter, 50 Hz 1 % (design: Time)."""
WATCH_MS = 3.0
"""How often the pictures of a coming scene are looked for, so that it need not wait for a tick."""
HELP_AFTER_TICKS = 25
PANEL_SHARE = 0.4
"""Of the time between two passes; with less of it left no info panel is begun."""


class Display(Protocol):
    """Where canvases go: a window on an output that may come and go."""

    @property
    def refresh_hz(self) -> float:
        """How often the output shows a new picture."""

    @property
    def monitor(self) -> Monitor:
        """How the screen's monitor is; it changes in ``keys`` only."""

    @property
    def is_bare(self) -> bool:
        """Whether the next canvas has to be shown whole, even if nothing of it changed."""

    def show(self, canvas: NDArray[np.uint8], changed: Sequence[Rect]) -> None:
        """Put what changed of a canvas on the screen, all of it while that is bare."""

    def keys(self) -> list[KeyEvent]:
        """What was pressed and released since the last call; also looks after the window."""

    def pointed(self) -> list[PointerEvent]:
        """What the pointer had done when ``keys`` was called, since the last call."""

    def fileno(self) -> int:
        """Readable when there may be keys."""

    def close(self) -> None:
        """Give the screen back."""


class Presenter:
    """The state of a presenter between two passes."""

    def __init__(
        self,
        spec: PresenterSpec,
        arena: Arena,
        channel: Channel[ToPresenter],
        display: Display | None,
        catalogues: Catalogues,
        *,
        draws_plain: bool = False,
    ) -> None:
        """``draws_plain``: those before it kept dying, so no text is drawn until that may help."""
        self._spec = spec
        self._channel = channel
        self._display = display
        site_clock, failed = SiteTime(spec.timezone), FailedDrawings(draws_plain=draws_plain)
        drawn_by = artists(spec.font, catalogues, site_clock, failed)
        self._composer = Composer(arena, Canvas(arena, spec.canvas), drawn_by)
        furnished = Furnish(spec.help, timezone=spec.timezone)
        self._overlays = OverlayBoard(self._composer, site_clock, furnished)
        self._redraw_retry = RedrawRetry(failed)
        self._ticks = Ticks(display.refresh_hz if display else HEADLESS_HZ)
        self._switch = SceneSwitch(self._composer, self._overlays, channel)
        monitor = Monitor() if display else Monitor(MonitorState.HEADLESS)
        self._figures = ScreenFigures(self._composer, self._ticks, failed, monitor)
        self._drew_help = False
        """Whether the last look found something of the help sheet to draw."""
        self.finished = False

    def run(self, clock: Callable[[], int] = time.monotonic_ns) -> None:
        """Pass after pass, until told to finish or the controller's channel closes."""
        self._composer.artist.ground(self._spec.size)
        self._overlays.warm_up()
        poll = select.poll()
        poll.register(self._channel, select.POLLIN)
        if self._display is not None:
            poll.register(self._display, select.POLLIN)
        while not self.finished:
            due_ns = self._ticks.due_ns(clock())
            while (now_ns := clock()) < due_ns:
                self._between(poll, now_ns, due_ns)
                if self.finished:
                    break
            else:
                self._tick(due_ns, clock)
        self._channel.send(self._figures.counted(clock(), last=True))
        if self._display is not None:
            self._display.close()

    def _between(self, poll: select.poll, now_ns: int, due_ns: int) -> None:
        """Use the time until the next pass: listen, draw ahead, then sleep."""
        self._listen()
        if self._draw_ahead(now_ns):
            return
        is_early = due_ns - now_ns > PANEL_SHARE * self._ticks.period_ns
        if is_early and self._overlays.draw_tiles_on(now_ns):
            return
        wait_ms = (due_ns - now_ns) / 1e6
        if self._switch.tell_ready(now_ns):
            wait_ms = min(wait_ms, WATCH_MS)
        poll.poll(max(0.0, wait_ms))

    def _draw_ahead(self, now_ns: int) -> bool:
        """Draw a little of what will be shown, or may be; whether there was anything to draw."""
        drew = self._composer.draw_ahead(now_ns) or self._overlays.draw_ahead()
        if not drew and self._ticks.had >= HELP_AFTER_TICKS:
            drew = self._draw_help_ahead()
        self._note_drawn(self._composer.scenes[-1], now_ns)
        return drew

    def _draw_help_ahead(self) -> bool:
        """Draw a little of the help sheet; whether it did."""
        drew = self._overlays.draw_slow_ahead()
        if self._drew_help and not drew:
            give_back()  # drawing takes megabytes
        self._drew_help = drew
        return drew

    def _listen(self) -> None:
        for order in self._channel.drain():
            self._obey(order)
        if self._display is None:
            return
        if keys := self._display.keys():
            self._channel.send(Keys(tuple(keys)))
        if pointed := self._display.pointed():
            self._channel.send(Pointing(tuple(pointed)))
        if self._display.monitor != self._figures.monitor:
            self._note_monitor(self._display.monitor)

    def _note_monitor(self, monitor: Monitor) -> None:
        """The screen's monitor came, went or changed: that is marked, and told at once."""
        self._figures.note_monitor(monitor)
        if self._display and self._display.refresh_hz != self._ticks.hz:
            self._ticks.set_pace(self._display.refresh_hz)
        self._overlays.monitor(monitor)

    def _obey(self, order: ToPresenter) -> None:
        match order:
            case Prepare() | Commit():
                self._switch.obey(order)
            case Furnish() | Say() | Countdown():
                self._overlays.lay(order)
            case Suspect():
                self._redraw_retry.suspect(order.texts, time.monotonic_ns())
            case Finish():
                self.finished = True

    def _tick(self, due_ns: int, clock: Callable[[], int]) -> None:
        began_ns = clock()
        self._ticks.count(due_ns)
        committed = self._switch.take_commit(due_ns)
        self._overlays.follow(began_ns, int(time.clock_gettime(time.CLOCK_REALTIME)))
        changed = self._composer.compose(began_ns)
        self._note_drawn(self._composer.order, began_ns)
        self._ticks.changed += bool(changed)
        self._show(changed)
        shown_ns = clock()
        self._composer.presented(shown_ns)
        if self._figures.are_due(shown_ns, committed):
            self._channel.send(self._figures.counted(shown_ns))
            self._try_again(shown_ns)
        self._switch.tell_shown(shown_ns, committed)

    def _show(self, changed: list[Rect]) -> None:
        if self._display is None:
            return
        if self._display.is_bare:
            changed = [Rect(0, 0, self._spec.size.w, self._spec.size.h)]
        if changed:
            self._display.show(self._composer.pixels, changed)

    def _note_drawn(self, scene: Prepare, now_ns: int) -> None:
        self._redraw_retry.note_drawn(scene, self._overlays.furnished.help, now_ns)

    def _try_again(self, now_ns: int) -> None:
        """Draw again what was left out, once there is reason to believe that it can be drawn."""
        overlays = self._overlays
        if self._redraw_retry.is_over(self._composer.scenes, overlays.furnished.help, now_ns):
            overlays.forget()
            self._composer.redraw()
