"""What somebody wants to read next morning, as lines of the log: a reader of the wall's events."""

import logging
import typing
from collections.abc import Iterable

from wallctl.controller.alarm_status import alarm_news
from wallctl.controller.status import FilesStatus
from wallctl.model.streams.health import TileState
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Origin
from wallctl.model.wall.commands.syntax import to_text
from wallctl.model.wall.events.event import Refused
from wallctl.model.wall.events.event_record import Asked, Record
from wallctl.supervisor.logs import fact_line

_LOST = frozenset({TileState.OFFLINE.value, TileState.REFUSED.value})
_BACK = frozenset({TileState.LIVE.value, TileState.STILL.value})
_GLANCES = (
    *(c.Select, c.Move, c.Help, c.SetZoom, c.ListAlarms, c.MarkAlarm),
    *typing.get_args(c.Readout),
)
"""Changes of what one person looks at: nobody asks for them next morning."""

_ALARMS = (c.RaiseAlarm, c.EndAlarm)
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


class EventLog:
    """Writes each thing once, however many tiles show it."""

    def __init__(self) -> None:
        self._lost: dict[str, str] = {}
        """The sources of which it was told last that they are lost, and why."""
        self._told_ns: dict[str, int] = {}
        """When something was told of a source last."""

    def hear(self, record: Record) -> None:
        """Something has happened on the wall."""
        asked = record.given if isinstance(record.given, Asked) else None
        if asked is not None and record.events:
            self._command(record, asked)
        by = {} if asked is None else {"by": asked.who.actor}
        for news in alarm_news(record.events):
            log.info("%s", fact_line("alarm", **news, **by))

    def _command(self, record: Record, asked: Asked) -> None:
        """Somebody has changed the wall. An input's alarms are told as such."""
        command, by = asked.command, asked.who
        if isinstance(command, _GLANCES) or isinstance(record.events[0], Refused):
            return
        if by.origin is Origin.INPUT and isinstance(command, _ALARMS):
            return
        told = fact_line("command", does=to_text(command), by=by.actor, revision=record.revision)
        log.info("%s", told)

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

    def reloaded(self, status: FilesStatus) -> None:
        """The site's files were read again; what is wrong with them is warned of elsewhere."""
        changed = (
            f"{kind}:+{one.added}/{one.changed}/-{one.removed}"
            for kind, one in status.changed.items()
        )
        if status.taken and status.changed:
            log.info("%s", fact_line("site reloaded", changed=" ".join(changed)))
