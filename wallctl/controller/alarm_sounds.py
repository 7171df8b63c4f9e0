"""The sounds of alarms: which one is to be heard, and what plays it."""

from wallctl.model.site.site import Site
from wallctl.model.wall.state.state import WallState

NO_PLAYER = "none"


def find_sound(alarmed: int, state: WallState) -> str:
    """The sound of the first alarm that is newer than the ``alarmed`` raised before and has one;
    empty if there is none."""
    new = sorted((one for one in state.alarms if one.number > alarmed), key=lambda one: one.rank)
    return next((one.alarm.sound for one in new if one.alarm.sound), None) or ""


def has_sounds(site: Site) -> bool:
    """Whether any alarm of a site has a sound."""
    return any(alarm.sound for alarm in site.alarms)


def sound_status(site: Site, player: str) -> str | None:
    """The program that plays, ``none`` if there is none; ``None`` where nothing has a sound."""
    return (player or NO_PLAYER) if has_sounds(site) else None
