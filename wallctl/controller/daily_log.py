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
        """The sources that are lost, and why."""

    def command(self, command: c.Change, by: str, revision: int) -> None:
        """Somebody has changed the wall."""
        if not isinstance(command, _GLANCES):
            log.info("%s", fact_line("command", does=to_text(command), by=by, revision=revision))

    def tiles(self, tiles: Iterable[Shown]) -> None:
        """How the sources fare that are shown now."""
        for tile in tiles:
            if tile.state in _LOST and self._lost.get(tile.source) != tile.reason:
                self._lost[tile.source] = tile.reason
                told = fact_line("source lost", source=tile.source, reason=tile.reason)
                log.info("%s", told)
            elif tile.state in _BACK and self._lost.pop(tile.source, None) is not None:
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
        if status.taken:
            log.info("%s", fact_line("site reloaded", changed=" ".join(changed)))
