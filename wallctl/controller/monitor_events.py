"""What becomes of the screens' monitors, as presenters see it: each change is told once."""

import logging
from collections.abc import Mapping
from typing import NamedTuple

from wallctl.display.messages import Figures
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.operator.monitor_state import Monitor, MonitorState

_WELL = {MonitorState.STARTING, MonitorState.THERE, MonitorState.HEADLESS}

log = logging.getLogger(__name__)


class MonitorChange(NamedTuple):
    """What became of a screen's monitor."""

    screen: str
    before: Monitor
    now: Monitor

    @property
    def text(self) -> Text | None:
        """What people at the wall are told of it; its field is the screen."""
        was, is_now = (one.state is MonitorState.ABSENT for one in (self.before, self.now))
        if was == is_now:
            return None
        return Text.MONITOR_GONE if is_now else Text.MONITOR_BACK


class Monitors:
    """The newest of each screen that was told."""

    def __init__(self) -> None:
        self._told: dict[str, Monitor] = {}

    def changes(self, figures: Mapping[str, Figures]) -> list[MonitorChange]:
        """The monitors that are not as they were told last; each goes to the log."""
        before = self._told
        self._told = {screen: one.monitor for screen, one in figures.items()}
        pairs = [MonitorChange(s, before.get(s, Monitor()), now) for s, now in self._told.items()]
        changes = [one for one in pairs if one.now != one.before]
        for one in changes:
            _log(one)
        return changes


def _log(change: MonitorChange) -> None:
    screen, before, now = change
    match now.state:
        case MonitorState.ABSENT:
            log.warning("screen %s has lost its window: %s", screen, now.why)
        case state if state not in _WELL:
            log.warning("screen %s: %s", screen, now.why)
        case _ if before.state not in _WELL:
            log.info("screen %s is as it should be again, on %s", screen, now.output)
