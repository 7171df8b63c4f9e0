"""The sounds of alarms: which one is to be heard, and what plays it."""

from collections.abc import Iterable

from wallctl.model.site.site import Site
from wallctl.model.wall.events.event import AlarmRaised
from wallctl.model.wall.events.event_record import Record

NO_PLAYER = "none"


class NewAlarms:
    """The alarms that were raised since somebody last took them: a reader of what happens."""

    def __init__(self) -> None:
        self._raised: list[AlarmRaised] = []

    def hear(self, record: Record) -> None:
        """Something has happened on the wall."""
        self._raised += (one for one in record.events if isinstance(one, AlarmRaised))

    def take(self) -> list[AlarmRaised]:
        """Those, once."""
        raised, self._raised = self._raised, []
        return raised


def find_sound(raised: Iterable[AlarmRaised], site: Site) -> str:
    """The sound of the first of these alarms that has one: of the highest priority, among equals
    the oldest. Empty if there is none."""
    in_order = sorted(raised, key=lambda one: (-one.priority, one.alarm))
    alarms = (site.alarm(one.name) for one in in_order)
    return next((one.sound for one in alarms if one is not None and one.sound), "")


def has_sounds(site: Site) -> bool:
    """Whether any alarm of a site has a sound."""
    return any(alarm.sound for alarm in site.alarms)


def sound_status(site: Site, player: str) -> str | None:
    """The program that plays, ``none`` if there is none; ``None`` where nothing has a sound."""
    return (player or NO_PLAYER) if has_sounds(site) else None
