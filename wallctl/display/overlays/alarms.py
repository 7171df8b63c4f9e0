"""The signs of alarms: a frame, and what is read of each."""

from collections.abc import Mapping
from typing import NamedTuple

from wallctl.display.drawing import alarm_banner
from wallctl.display.drawing.site_time import SECOND_NS
from wallctl.display.drawing.sprite import Drawing
from wallctl.display.overlays.overlay import Laid, SceneOverlay, Seen
from wallctl.model.wall.scene.alarm_banner import AlarmSign


class Signed(NamedTuple):
    """An alarm's sign, and since when the alarm is: a time of day."""

    sign: AlarmSign
    since: str


class Alarms(SceneOverlay[Signed]):
    """Those of a scene, while none of them lies over the help; the last drawing of each is read."""

    part = "alarm"
    kept = 16
    over_help = False

    def wants(self, seen: Seen, _: Laid) -> Mapping[int, Signed]:
        """The signs of the scene."""
        signs = seen.scene.alarms
        if any(sign.over_help for sign in signs) is not self.over_help:
            return {}
        return {i: Signed(sign, self._since(sign)) for i, sign in enumerate(signs)}

    def _since(self, sign: AlarmSign) -> str:
        return self.pen.clock.time_of_day(sign.since_unix_s * SECOND_NS)

    def draw(self, key: Signed) -> tuple[Drawing, ...]:
        """Frame and bar, or frame and line."""
        return alarm_banner.sign(self.pen.face, self.pen.words, *key)

    def plain(self, key: Signed) -> tuple[Drawing, ...]:
        """The frame, and a bar with the warning sign."""
        return alarm_banner.bare_sign(key.sign)


class AlarmsOverHelp(Alarms):
    """All of a scene in which some lie over the help."""

    over_help = True
