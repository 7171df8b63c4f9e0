"""What somebody wants to read next morning, as lines of the log: a reader of the wall's events."""

import logging
import typing
from collections.abc import Iterable, Mapping

from wallctl.controller.status import FilesStatus
from wallctl.model.streams.health import TileState
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.syntax import to_text
from wallctl.supervisor.logs import fact_line

_LOST = frozenset({TileState.OFFLINE.value, TileState.REFUSED.value})
_BACK = frozenset({TileState.LIVE.value, TileState.STILL.value})
_GLANCES = (c.Select, c.Move, c.Help, c.Info, c.SetZoom)
"""Changes of what one person looks at: nobody asks for them next morning."""

_ALARMS = (c.RaiseAlarm, c.EndAlarm)
INPUT = "input"
"""How the names of those begin who are an alarm input."""
PAUSE_NS = 60_000_000_000
"""The least time between two lines of one source."""

log = logging.getLogger(__name__)


class Shown(typing.Protocol):
    """What is to be known of a tile."""

    @property
    def source(self) -> str:
        """Its source."""

    @property
    def stream(self) -> str:
        """The stream that serves it."""

    @property
    def state(self) -> str:
        """The value of its ``TileState``."""

    @property
    def reason(self) -> str:
        """The value of its ``Reason``."""


class DailyLog:
    """Writes each thing once, however many tiles show it."""

    def __init__(self) -> None:
        self._lost: dict[str, str] = {}
        """The sources of which it was told last that they are lost, and why."""
        self._told_ns: dict[str, int] = {}
        """When something was told of a source last."""

    def command(self, command: c.Change, by: str, revision: int) -> None:
        """Somebody has changed the wall. An input's alarms are told as such."""
        if isinstance(command, _GLANCES) or (by.startswith(INPUT) and isinstance(command, _ALARMS)):
            return
        log.info("%s", fact_line("command", does=to_text(command), by=by, revision=revision))

    def tiles(self, tiles: Iterable[Shown], now_ns: int) -> None:
        """How the shown sources fare. One that comes and goes is told once a minute."""
        for tile in tiles:
            lost = tile.reason if tile.state in _LOST else None
            settled = lost is not None or tile.state in _BACK
            told_ns = self._told_ns.get(tile.source, now_ns - PAUSE_NS)
            if not settled or now_ns - told_ns < PAUSE_NS or lost == self._lost.get(tile.source):
                continue
            self._told_ns[tile.source] = now_ns
            if lost is not None:
                self._lost[tile.source] = lost
                log.info("%s", fact_line("source lost", source=tile.source, reason=lost))
            else:
                del self._lost[tile.source]
                log.info("%s", fact_line("source back", source=tile.source, stream=tile.stream))

    def alarm(self, event: Mapping[str, object]) -> None:
        """What became of an alarm."""
        log.info("%s", fact_line("alarm", **event))

    def reloaded(self, status: FilesStatus) -> None:
        """The site's files were read again; what is wrong with them is warned of elsewhere."""
        changed = (
            f"{kind}:+{one.added}/{one.changed}/-{one.removed}"
            for kind, one in status.changed.items()
        )
        if status.taken and status.changed:
            log.info("%s", fact_line("site reloaded", changed=" ".join(changed)))
