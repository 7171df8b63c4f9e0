"""What programs hear without asking: states, events, tiles, monitors, and that the wall lives."""

from collections.abc import Callable

from wallctl.api.event_messages import Topic
from wallctl.api.server import Server
from wallctl.controller.alarm_status import alarm_news
from wallctl.controller.event_log import EventLog
from wallctl.controller.monitor_events import MonitorChange, Monitors
from wallctl.controller.scene_changes import SceneChange
from wallctl.controller.screens import Screens
from wallctl.controller.status import FilesStatus, WallStatus, monitor, pending
from wallctl.controller.tile_status import TileStatus
from wallctl.display.messages import Figures
from wallctl.model.base.language import Language
from wallctl.model.wall.events.event_record import Record, happening
from wallctl.model.wall.state.state import WallState
from wallctl.node.setup import Setup

BEAT_NS = 1_000_000_000
SAID_NS = 5_000_000_000
"""How long the screens say that a monitor is gone, or back."""

TileKey = tuple[str, int]


class Publication:
    """Tells each thing once, when it is other than it was told before."""

    def __init__(
        self,
        setup: Setup,
        screens: Screens,
        server: Server,
        state: WallState,
        status: Callable[[int], WallStatus],
    ) -> None:
        """``state`` is known already; ``status`` tells how the wall is now."""
        self._setup = setup
        self._screens = screens
        self._server = server
        self._status = status
        self._log = EventLog()
        self._state = state
        """The one that was told last."""
        self._tiles: dict[TileKey, dict[str, str]] = {}
        """What is known of each tile."""
        self._figures: list[Figures] | None = None
        """What presenters had said when tiles were last told; ``None`` before the first time."""
        self._monitors = Monitors()
        self._beat_ns = 0

    def state(self, state: WallState, now_ns: int) -> None:
        """Tell the state and the tiles of now, if another state was told last."""
        if state is self._state:
            return
        self._state = state
        now = self._status(now_ns)
        self._tiles = {(tile.screen, tile.tile): _gist(tile) for tile in now.tiles}
        self._server.publish(Topic.STATE, now)

    def hear(self, record: Record) -> None:
        """Something has happened."""
        for news in alarm_news(record.events):
            self._server.publish(Topic.ALARM, news)
        if record.events:
            self._server.publish(Topic.EVENT, happening(record))
        self._log.hear(record)

    def tell(self, now_ns: int) -> None:
        """Tell what presenters have said of tiles and monitors, and once a second that the wall
        lives."""
        known = self._screens.facts.figures
        figures = list(known.values())
        if figures != self._figures:
            self._figures = figures
            now = self._status(now_ns)
            self._server.set_snapshot(now)
            for change in self._monitors.changes(known):
                self._tell_monitor(change, Language(now.language), now_ns)
            for tile in now.tiles:
                self._tell_tile(tile)
            self._log.tiles(now.tiles, now_ns)
        if now_ns - self._beat_ns >= BEAT_NS:
            self._beat_ns = now_ns
            uptime_s = round((now_ns - self._setup.began_ns) / 1e9, 1)
            self._server.publish(Topic.BEAT, {"uptime_s": uptime_s})

    def settled(self, switch: SceneChange) -> None:
        """Nothing of a change is coming any more."""
        told = {
            "revision": switch.revision,
            "command": switch.command,
            "first_ms": switch.first_ms(),
            "all_live_ms": switch.all_live_ms(),
            "pending": pending(switch.still_missing()),
        }
        self._server.publish(Topic.SETTLED, told)

    def files_read(self, status: FilesStatus) -> None:
        """The site's files were read."""
        self._server.publish(Topic.FILES, status)
        self._log.reloaded(status)

    def _tell_monitor(self, change: MonitorChange, language: Language, now_ns: int) -> None:
        self._server.publish(Topic.SCREEN, {"screen": change.screen, **monitor(change.now)})
        if change.text is not None:
            said = self._setup.catalogues[language].say(change.text, screen=change.screen)
            self._screens.say(said, language, now_ns + SAID_NS)

    def _tell_tile(self, tile: TileStatus) -> None:
        at, now = (tile.screen, tile.tile), _gist(tile)
        if self._tiles.get(at) != now:
            self._tiles[at] = now
            self._server.publish(Topic.TILE, {"screen": tile.screen, "tile": tile.tile, **now})


def _gist(tile: TileStatus) -> dict[str, str]:
    """What of a tile is told when it changes."""
    return {
        "source": tile.source,
        "stands_for": tile.stands_for,
        "state": tile.state,
        "reason": tile.reason,
        "stream": tile.stream,
        "effort": tile.effort,
    }
