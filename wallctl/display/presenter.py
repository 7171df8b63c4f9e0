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
from wallctl.display.drawing.caution import Caution
from wallctl.display.drawing.drawing_cache import artists
from wallctl.display.drawing.left_out import LeftOut
from wallctl.display.drawing.site_clock import SiteClock
from wallctl.display.messages import (
    Commit,
    Countdown,
    Figures,
    Finish,
    Furnish,
    Keys,
    Pointing,
    Prepare,
    Presented,
    PresenterSpec,
    Ready,
    Say,
    Settled,
    Suspect,
    ToPresenter,
)
from wallctl.display.overlays.board import OverlayBoard
from wallctl.model.base.geometry import Rect
from wallctl.model.operator.catalogue import Catalogues
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.monitor_state import Monitor, MonitorState
from wallctl.model.operator.pointer import PointerEvent
from wallctl.model.streams.health import TileState
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
FIGURES_EVERY_NS = 1_000_000_000
NEWS_EVERY_NS = 100_000_000
"""Figures come earlier when a tile's state has changed, but no more often than this."""


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
        site_clock = SiteClock(spec.timezone)
        self._left_out = LeftOut(draws_plain=draws_plain)
        drawn_by = artists(spec.font, catalogues, site_clock, self._left_out)
        self._composer = Composer(arena, Canvas(arena, spec.canvas), drawn_by)
        self._ticked_ns: int | None = None
        self._set_pace()
        self._monitor = Monitor() if display else Monitor(MonitorState.HEADLESS)
        furnished = Furnish(spec.help, timezone=spec.timezone)
        self._overlays = OverlayBoard(self._composer, site_clock, furnished)
        self._caution = Caution(self._left_out)
        self._commit: Commit | None = None
        self._waiting: list[Prepare | Commit] = []
        """What came while a commit waited for its time."""
        self._announced = 0
        """Newest version said to be ready."""
        self._settled = 0
        self._ticks = self._missed = self._changed = 0
        self._figures_ns = 0
        self._told: list[TileState] = []
        """The states of the tiles when the last figures were sent."""
        self._drew_help = False
        """Whether the last look found something of the help sheet to draw."""
        self.finished = False

    def _set_pace(self) -> None:
        """Tick with the output's refresh; the ticks of another pace are no measure for the next."""
        self.tick_hz = self._display.refresh_hz if self._display else HEADLESS_HZ
        self._period_ns = round(1e9 / self.tick_hz)
        self._ticked_ns = None

    def run(self, clock: Callable[[], int] = time.monotonic_ns) -> None:
        """Pass after pass, until told to finish or the controller's channel closes."""
        self._composer.artist.ground(self._spec.size)
        self._overlays.warm_up()
        poll = select.poll()
        poll.register(self._channel, select.POLLIN)
        if self._display is not None:
            poll.register(self._display, select.POLLIN)
        while not self.finished:
            due_ns = (clock() // self._period_ns + 1) * self._period_ns
            while (now_ns := clock()) < due_ns:
                self._between(poll, now_ns, due_ns)
                if self.finished:
                    break
            else:
                self._tick(due_ns, clock)
        self._channel.send(self.figures(clock(), last=True))
        if self._display is not None:
            self._display.close()

    def _between(self, poll: select.poll, now_ns: int, due_ns: int) -> None:
        """Use the time until the next pass: listen, draw ahead, then sleep."""
        self._listen()
        if self._draw_ahead(now_ns):
            return
        is_early = due_ns - now_ns > PANEL_SHARE * self._period_ns
        if is_early and self._overlays.draw_tiles_on(now_ns):
            return
        wait_ms = (due_ns - now_ns) / 1e6
        if self._announce(now_ns):
            wait_ms = min(wait_ms, WATCH_MS)
        poll.poll(max(0.0, wait_ms))

    def _draw_ahead(self, now_ns: int) -> bool:
        """Draw a little of what will be shown, or may be; whether there was anything to draw."""
        if self._composer.draw_ahead(now_ns) or self._overlays.draw_ahead():
            return True
        return self._ticks >= HELP_AFTER_TICKS and self._draw_help_ahead()

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
        if self._display.monitor != self._monitor:
            self._note_monitor(self._display.monitor)

    def _note_monitor(self, monitor: Monitor) -> None:
        """The screen's monitor came, went or changed: that is marked, and told at once."""
        self._monitor = monitor
        self._figures_ns = 0
        if self._display and self._display.refresh_hz != self.tick_hz:
            self._set_pace()
        self._overlays.monitor(monitor)

    def _obey(self, order: ToPresenter) -> None:
        match order:
            case Prepare() | Commit() if self._commit is not None:
                self._waiting.append(order)  # the scene before it has its time; first that one
            case Prepare():
                self._composer.prepare(order)
                self._overlays.prepare(order)
            case Commit() if order.version == self._composer.coming:
                self._commit = order
            case Commit():
                pass  # of a scene that a later one has replaced already
            case Furnish() | Say() | Countdown():
                self._overlays.lay(order)
            case Suspect():
                self._caution.suspect(order.texts, time.monotonic_ns())
            case Finish():
                self.finished = True

    def _announce(self, now_ns: int) -> bool:
        """Say when the coming scene is ready; whether there is one that is not yet."""
        coming = self._composer.coming
        if coming is None or coming <= self._announced:
            return False
        if not self._composer.is_ready(now_ns):
            return True
        self._announced = coming
        self._channel.send(Ready(coming))
        return False

    def _tick(self, due_ns: int, clock: Callable[[], int]) -> None:
        began_ns = clock()
        self._count(due_ns)
        committed = self._take_commit(due_ns)
        self._overlays.follow(began_ns, int(time.clock_gettime(time.CLOCK_REALTIME)))
        changed = self._composer.compose(began_ns)
        self._changed += bool(changed)
        self._show(changed)
        shown_ns = clock()
        self._composer.presented(shown_ns)
        self._report(shown_ns, committed)

    def _show(self, changed: list[Rect]) -> None:
        if self._display is None:
            return
        if self._display.is_bare:
            changed = [Rect(0, 0, self._spec.size.w, self._spec.size.h)]
        if changed:
            self._display.show(self._composer.pixels, changed)

    def _count(self, due_ns: int) -> None:
        """Count this tick, and those before it that could not be had."""
        self._ticks += 1
        if self._ticked_ns is not None:
            self._missed += (due_ns - self._ticked_ns) // self._period_ns - 1
        self._ticked_ns = due_ns

    def _take_commit(self, due_ns: int) -> bool:
        """Whether this pass is the first of the scene that was prepared."""
        commit = self._commit
        if commit is None or commit.at_ns > due_ns:
            return False
        self._commit = None
        self._composer.commit()
        waiting, self._waiting = self._waiting, []
        for order in waiting:
            self._obey(order)
        return True

    def _report(self, now_ns: int, committed: bool) -> None:
        composer = self._composer
        states = [tile.state for tile in composer.tiles]
        news = states != self._told and now_ns - self._figures_ns >= NEWS_EVERY_NS
        if committed or news or now_ns - self._figures_ns >= FIGURES_EVERY_NS:
            self._told, self._figures_ns = states, now_ns
            self._try_again(now_ns)
            self._channel.send(self.figures(now_ns))
        if committed:
            self._channel.send(Presented(composer.version, now_ns, composer.pending()))
        if composer.version > self._settled and composer.is_settled():
            self._settled = composer.version
            self._channel.send(Settled(composer.version, now_ns, composer.pending()))

    def _try_again(self, now_ns: int) -> None:
        """Draw again what was left out, once there is reason to believe that it can be drawn."""
        if self._composer.coming is not None:
            return  # what fails may be of that scene, and its texts are not on the screen yet
        order, overlays = self._composer.order, self._overlays
        if self._caution.is_over(order, overlays.furnished.help, now_ns):
            overlays.forget()
            self._composer.redraw()

    def figures(self, now_ns: int, last: bool = False) -> Figures:
        """Counters up to now."""
        tiles = (tile.figures(now_ns) for tile in self._composer.tiles)
        return Figures(
            tick_hz=self.tick_hz,
            ticks=self._ticks,
            missed_ticks=self._missed,
            changed_ticks=self._changed,
            torn=sum(tile.torn for tile in self._composer.tiles),
            version=self._composer.version,
            tiles=tuple(tile for tile in tiles if tile is not None),
            monitor=self._monitor,
            left_out=self._left_out.told,
            is_plain=self._left_out.draws_plain,
            last=last,
        )
