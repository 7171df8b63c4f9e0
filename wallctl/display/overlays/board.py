"""What lies over the tiles of a screen besides its info panels: alarms, help, notices, words.

It decides nothing about what is to be shown, and keeps what it has laid on the composer's canvas.
"""

import time

from wallctl.display.compositor.composer import Composer
from wallctl.display.drawing.overlays import moved_above
from wallctl.display.drawing.site_clock import SiteClock
from wallctl.display.messages import Countdown, Furnish, Say
from wallctl.display.overlays.clock import ClockBoard
from wallctl.display.overlays.info import InfoBoard
from wallctl.display.overlays.marks import MarkBoard
from wallctl.model.base.geometry import Rect
from wallctl.model.base.language import Language
from wallctl.model.operator.help_content import HelpPage
from wallctl.model.operator.monitor_state import Monitor, MonitorState
from wallctl.model.wall.scene.alarm_banner import AlarmSign


class OverlayBoard:
    """Which overlays lie on a composer's canvas."""

    def __init__(self, composer: Composer, site_clock: SiteClock, furnished: Furnish) -> None:
        self._composer = composer
        self._size = composer.canvas_size
        self.info = InfoBoard(composer)
        self._clock = ClockBoard(composer, site_clock)
        self._marks = MarkBoard(composer)
        self.furnished = furnished
        """What lies over all scenes."""
        self._said: Say | None = None
        """The words that are shown now."""
        self._language = composer.order.language
        """The one that overlays are drawn in."""
        self._monitor = Monitor()
        self._alarms: tuple[AlarmSign, ...] = ()
        """Those that are laid over the tiles."""
        self._laid: list[str] = []
        """The overlays that they are laid as."""
        self._read: list[Rect] = []
        """Where what they tell is read: no toast lies there."""
        self._noticed = 0
        """How many notices are laid."""
        self._help_shown = False

    def draw_help_ahead(self) -> bool:
        """Draw a little of the help sheet; whether anything of it was still to be drawn."""
        return self._composer.artist.draw_help(self._help(), self._size)

    def _help(self) -> HelpPage:
        """The sheet of keys in the language that is on the screen."""
        return self.furnished.help.get(self._composer.order.language, HelpPage())

    def lay(self, order: Furnish | Say | Countdown) -> None:
        """Obey an order that concerns what lies over the scenes."""
        artist, size = self._composer.artist, self._size
        match order:
            case Furnish():
                self._furnish(order)
            case Say():
                self._say(order)
            case Countdown():
                self._composer.overlay("9 countdown", artist.countdown(order.progress, size))

    def _say(self, order: Say | None) -> None:
        """Lay a toast where it covers nothing that an alarm tells, or take it away."""
        self._said = order
        toast = self._composer.artist.toast(order.words, self._size) if order else None
        self._composer.overlay("8 toast", moved_above(toast, self._read) if toast else None)

    def _furnish(self, order: Furnish) -> None:
        """Other keys, or another notice; a sheet of keys that is shown is drawn anew."""
        if order.help != self.furnished.help:
            self._take_help_away()
        self.furnished = order
        self._clock.move(order.timezone)
        self._lay_notices()

    def _take_help_away(self) -> None:
        """The sheet of keys is laid anew by the next pass, if its scene still wants one."""
        self._help_shown = False
        self._composer.overlay("7 help", None)

    def _lay_notices(self) -> None:
        """What is wrong around the wall, and over it what is wrong with the monitor."""
        artist, size, monitor = self._composer.artist, self._size, self._monitor
        notices = self.furnished.notices
        for i in range(max(self._noticed, len(notices))):
            line = artist.notice(notices[i], size, below=i) if i < len(notices) else None
            self._composer.overlay(f"8 notice {i}", line)
        self._noticed = len(notices)
        wrong = monitor.mode if monitor.state is MonitorState.WRONG_SIZE else None
        above = artist.wrong_mode(wrong, size, below=len(notices)) if wrong else None
        self._composer.overlay("8 notice of the mode", above)

    def monitor(self, monitor: Monitor) -> None:
        """Mark how the screen's monitor is now."""
        self._monitor = monitor
        self._lay_notices()

    def follow(self, now_ns: int) -> None:
        """Lay what the scene on the canvas and the time ask for."""
        order = self._composer.order
        if order.language != self._language:
            self.forget(order.language)
        self._lay_alarms(order.alarms)
        if self._said is not None and now_ns > self._said.until_ns:
            self._say(None)
        if order.help_shown != self._help_shown:
            self._help_shown = order.help_shown
            artist, size = self._composer.artist, self._size
            sheet = artist.help(self._help(), size) if order.help_shown else None
            self._composer.overlay("7 help", sheet)
        unix_s = int(time.clock_gettime(time.CLOCK_REALTIME))
        if self._clock.follow(unix_s, order.clock):
            self._composer.reword()
            self._lay_alarms(())
            self._lay_alarms(order.alarms)
        self._marks.follow(self._clock.right_px)

    def _lay_alarms(self, alarms: tuple[AlarmSign, ...]) -> None:
        """Lay the signs of these alarms over the tiles, and take away all others."""
        if alarms == self._alarms:
            return
        self._alarms = alarms
        for name in self._laid:
            self._composer.overlay(name, None)
        drawn = [self._composer.artist.alarm(sign) for sign in alarms]
        drawings = [one for each in drawn for one in each]
        layer = 9 if any(sign.over_help for sign in alarms) else 2
        self._laid = [f"{layer} alarm {i:03}" for i in range(len(drawings))]
        for name, drawing in zip(self._laid, drawings, strict=True):
            self._composer.overlay(name, drawing)
        self._read = [each[-1].rect for each in drawn]
        if self._said is not None:
            self._say(self._said)

    def forget(self, language: Language) -> None:
        """Draw everything anew, in that language; words in another one go."""
        self._language = language
        self._clock.forget()
        self._take_help_away()
        self.info.clear()
        self._lay_alarms(())
        if self._said is not None and self._said.language is not language:
            self._say(None)
        self._lay_notices()
