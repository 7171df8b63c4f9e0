"""The lines in a canvas's bottom left corner: alarms that nobody has acknowledged, and what is
wrong around the wall."""

from collections.abc import Mapping
from typing import NamedTuple

from PIL import Image

from wallctl.display.drawing import icons
from wallctl.display.drawing.alarm_banner import LOOKS
from wallctl.display.drawing.screen_foot import OPACITY, clock_height, margin_px
from wallctl.display.drawing.site_time import SECOND_NS
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.overlays.overlay import Laid, SceneOverlay, Seen
from wallctl.display.text.text_line import Face
from wallctl.model.base.bidi import SEPARATOR
from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Size, even
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.operator.monitor_state import MonitorState
from wallctl.model.operator.notice import Notice
from wallctl.model.site.alarm import AlarmColour
from wallctl.model.wall.scene.alarm_banner import Unacknowledged


class Line(NamedTuple):
    """What a line says, and how many are below it."""

    about: Notice | Size | Unacknowledged
    """A size: the monitor shows that one, and it is not the canvas's."""
    below: int
    since: str = ""
    """Since when an alarm is: a time of day."""


class Notices(SceneOverlay[Line]):
    """The alarms lowest; over them a line for each notice, and what is wrong with the monitor."""

    part = "notice"

    def wants(self, seen: Seen, _: Laid) -> Mapping[int, Line]:
        """What is wrong now."""
        about: list[Notice | Size | Unacknowledged] = list(seen.furnished.notices)
        if seen.scene.unacknowledged is not None:
            about.insert(0, seen.scene.unacknowledged)
        monitor = seen.monitor
        if monitor.state is MonitorState.WRONG_SIZE and monitor.mode is not None:
            about.append(monitor.mode)
        return {below: Line(one, below, self._since(one)) for below, one in enumerate(about)}

    def _since(self, about: Notice | Size | Unacknowledged) -> str:
        if not isinstance(about, Unacknowledged):
            return ""
        return self.pen.clock.time_of_day(about.since_unix_s * SECOND_NS)

    def draw(self, key: Line) -> tuple[Drawing, ...]:
        """A line."""
        if isinstance(key.about, Unacknowledged):
            words = self._alarms(key.about, key.since)
            return (alarm_notice(self.pen.face, words, self.canvas, key.below),)
        return (notice(self.pen.face, self._words(key.about), self.canvas, key.below),)

    def plain(self, key: Line) -> tuple[Drawing, ...]:
        """Of alarms the bell, of the others nothing."""
        if not isinstance(key.about, Unacknowledged):
            return ()
        return (alarm_notice(self.pen.face, "", self.canvas, key.below),)

    def _alarms(self, about: Unacknowledged, since: str) -> str:
        """How many there are, which is the oldest, and what acknowledges it."""
        named = f"{about.spoken} {about.name}" if about.spoken else about.name
        told = [self.pen.words.say(Text.UNACKNOWLEDGED, count=about.count), named, since]
        if about.key:
            told.append(self.pen.words.say(Text.ALARM_KEY, key=about.key))
        return SEPARATOR.join(told)

    def _words(self, about: Notice | Size) -> str:
        if isinstance(about, Notice):
            return about.line(self.pen.words)
        shown, wanted = (f"{size.w}×{size.h}" for size in (about, self.canvas))
        return self.pen.words.say(Text.WRONG_MODE, mode=shown, wanted=wanted)


def notice(face: Face, words: str, canvas: Size, below: int = 0) -> Drawing:
    """A quiet line in a canvas's bottom left corner, as high as the clock in the other one.

    Over so many others as are ``below`` it.
    """
    h = clock_height(canvas)
    dot = icons.pill(Size(even(h * 0.3), even(h * 0.3)), icons.AMBER)
    return _line(face, words, canvas, below, _Style(dot, icons.NIGHT, OPACITY))


def alarm_notice(face: Face, words: str, canvas: Size, below: int = 0) -> Drawing:
    """The same of alarms: on red, with a bell."""
    bell = icons.icon(icons.bell, even(clock_height(canvas) * 0.66), icons.WHITE)
    return _line(face, words, canvas, below, _Style(bell, LOOKS[AlarmColour.RED].back, 1.0))


class _Style(NamedTuple):
    sign: Image.Image
    back: Colour
    opacity: float


def _line(face: Face, words: str, canvas: Size, below: int, style: _Style) -> Drawing:
    h, margin = clock_height(canvas), margin_px(canvas)
    pad, sign = even(h * 0.4), style.sign
    room = canvas.w * 6 // 10 - margin - 3 * pad - sign.width
    line = face.image(words, round(h * 0.54), icons.WHITE, room) if words else None
    line_w = line.width if line is not None else 0
    size = Size(even(3 * pad + sign.width + line_w + 1), h)
    picture = icons.pill(size, style.back, style.opacity, h // 4)
    icons.centred_on(picture, sign, pad)
    if line is not None:
        icons.centred_on(picture, line, 2 * pad + sign.width)
    return Drawing(Patch.from_image(picture), margin, canvas.h - (h + margin) * (1 + below))
