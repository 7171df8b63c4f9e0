"""The desk where all commands arrive, from ZeroMQ and from keys alike, and are answered.

A change goes through ``step`` and the stage, and its reply waits for the screens: that reply is
its receipt. A query is answered at once. Nothing else ever touches the state.
"""

import logging
import os
import time
import typing
from collections.abc import Container, Iterable

import msgspec
from msgspec.structs import replace

from wallctl.app.alarm_news import alarm_events
from wallctl.app.answers import (
    FilesStatus,
    TileStatus,
    WallStatus,
    monitor,
    pending,
    status,
    tiles_now,
)
from wallctl.app.beside import Beside
from wallctl.app.crew import Picture
from wallctl.app.monitors import MonitorChange, Monitors
from wallctl.app.offer import hello, names
from wallctl.app.setup import Setup
from wallctl.app.site_files import BUSY, SiteFiles
from wallctl.app.snapshots import Snapshots, view_of
from wallctl.app.stage import Stage
from wallctl.app.switch import Switch
from wallctl.control.door_messages import Ticket
from wallctl.control.events import Topic
from wallctl.control.protocol import SUPERSEDED, Answer, Done, Failed, Receipt
from wallctl.control.server import Server
from wallctl.files.finding import Finding
from wallctl.model import command as c
from wallctl.model.caller import check_may
from wallctl.model.command_text import parse, to_text
from wallctl.model.lease import Claim, Holder
from wallctl.model.rate import RATE_HZ, Bucket, taken
from wallctl.model.scene import NOBODY, Scene, Standing, resolve
from wallctl.model.schedule import begins
from wallctl.model.shed import Load
from wallctl.model.site import ScheduleEntry
from wallctl.model.state import WallState, fitted, spoken
from wallctl.model.step import passed, step
from wallctl.present.orders import Figures, Say, TileOrder

log = logging.getLogger(__name__)

BEAT_NS = 1_000_000_000
SAID_NS = 5_000_000_000
"""How long the screens say that a monitor is gone, or back."""
ENDED = "lease ended"
"""The words of a change that nobody asked for: time did."""

TileKey = tuple[str, int]


class Desk:
    """Holds the state, and the tickets of replies that are still owed."""

    def __init__(
        self,
        setup: Setup,
        state: WallState,
        stage: Stage,
        server: Server,
        snapshots: Snapshots,
        files: SiteFiles,
    ) -> None:
        self._setup = setup
        self.state = state
        self._standing = NOBODY
        self.scene = self._resolved()
        """What the state shows, with backups in the tiles of lost sources."""
        self._stage = stage
        self._server = server
        self._snapshots = snapshots
        self._files = files
        self.findings: tuple[Finding, ...] = ()
        """What the site's files had to be told of when they were last read."""
        self.load = Load(0.0, 0.0, 0.0)
        """How busy the machine is, for those who ask."""
        self.beside = Beside()
        """How what runs beside the screens fares, for those who ask."""
        self._owed: dict[int, Ticket] = {}
        """By the version of the scene that the command asked for."""
        self._bucket = Bucket()
        self._alarm_bucket = Bucket()
        """Of their own: who moves the picture much keeps no alarm away."""
        self._beat_ns = 0
        self._figures: list[Figures] | None = None
        """What presenters had said when tiles were last told; ``None`` before the first time."""
        self._monitors = Monitors()
        self._told: dict[TileKey, dict[str, str]] = {}
        """What who reads events knows of each tile."""

    def hear(self, now_ns: int) -> None:
        """Take what has come from programs."""
        for incoming in self._server.take():
            ticket, command = incoming.ticket, incoming.command
            try:
                check_may(command, incoming.caller, os.getuid())
                if isinstance(command, c.Query):
                    self._query(ticket, command, now_ns)
                else:
                    self._slow_down(command, now_ns)
                    for_ns = None if incoming.for_s is None else round(incoming.for_s * 1e9)
                    self.change(command, Claim(Holder.REMOTE, now_ns, for_ns), ticket)
                    self._bid_farewell(command, ticket)
            except c.CommandError as error:
                self._server.reply(ticket, Failed.of(error))

    def change(self, command: c.Change, claim: Claim, ticket: Ticket | None = None) -> None:
        """Make a change; CommandError if it can't be done. Its reply follows at the commit."""
        claim = replace(claim, unix_s=int(time.clock_gettime(time.CLOCK_REALTIME)))
        state = step(self.state, command, self._setup.site, claim)
        self._take(state, to_text(command), claim.now_ns, ticket)

    def wish(self, words: str, now_ns: int) -> None:
        """Make a change that an input of this wall asks for; nobody waits for a reply."""
        try:
            command = parse(words)
            if isinstance(command, c.Change):
                self._slow_down(command, now_ns)
                self.change(command, Claim(Holder.REMOTE, now_ns))
        except c.CommandError as error:
            log.warning("an input asks for %r: %s", words, error)

    def refit(self, now_ns: int) -> None:
        """The setup has another site: go on with it, from the state that the wall is in."""
        state = fitted(self.state, self._setup.site)
        self._take(replace(state, revision=state.revision + 1), "", now_ns)

    def _slow_down(self, command: c.Change, now_ns: int) -> None:
        """``CommandError`` for a change too many from afar; to hide a picture is always allowed."""
        if isinstance(command, c.RaiseAlarm | c.EndAlarm):
            self._alarm_bucket, may = taken(self._alarm_bucket, now_ns)
        else:
            self._bucket, may = taken(self._bucket, now_ns)
        if not may and not isinstance(command, c.Blank):
            raise c.CommandError("too_many", f"more than {RATE_HZ} changes a second: ask slower")

    def pass_time(
        self, now_ns: int, dead: Container[str] = (), due: ScheduleEntry | None = None
    ) -> None:
        """End what ends by itself, turn tours, begin what the schedule says is ``due``.

        ``dead`` are sources that give no picture.
        """
        state = passed(self.state, now_ns, self._setup.site, dead, due)
        if state is not self.state:
            self._take(state, _of_time(self.state, state), now_ns)

    def _take(
        self, state: WallState, words: str, now_ns: int, ticket: Ticket | None = None
    ) -> None:
        """Bring a new state to the screens."""
        before, self.state = self.state, state
        self.scene = self._resolved()
        switch, overtaken = self._stage.change(self.scene, words, now_ns)
        if overtaken is not None and overtaken.version in self._owed:
            self._server.reply(self._owed.pop(overtaken.version), SUPERSEDED)
        switch.revision = self.state.revision
        if ticket is not None:
            self._owed[switch.version] = ticket
        now = self._status(now_ns)
        self._told = {(tile.screen, tile.tile): _gist(tile) for tile in now.tiles}
        self._server.publish(Topic.STATE, now)
        for event in alarm_events(before, state, now_ns):
            self._server.publish(Topic.ALARM, event)

    def _resolved(self) -> Scene:
        return resolve(self.state, self._setup.site, self._standing)

    def stand_in(self, standing: Standing) -> None:
        """Have backups shown in the tiles of lost sources, from the next refresh on."""
        if standing != self._standing:
            self._standing = standing
            self.scene = self._resolved()

    def refresh(self, now_ns: int) -> None:
        """Bring to the screens what changed without a command, as a stream's size."""
        if self._stage.coming is None and self._stage.would_differ(self.scene, now_ns):
            self._stage.change(self.scene, "", now_ns)

    def presented(self, switch: Switch, now_ns: int) -> None:
        """Every screen shows the change: here is its receipt."""
        ticket = self._owed.pop(switch.version, None)
        if ticket is None:
            return
        receipt = Receipt(switch.waited_ms(now_ns), pending(switch.pending()))
        self._server.reply(ticket, Done(switch.revision, receipt))

    def close(self) -> None:
        """The wall ends: whoever still waits for a screen, a snapshot or the files is told so."""
        ending = Failed("ending", "the wall is ending, so this was not shown")
        waiting = (*self._snapshots.waiting(), *self._files.waiting())
        for ticket in (*self._owed.values(), *waiting):
            self._server.reply(ticket, ending)
        self._owed.clear()

    def _bid_farewell(self, command: c.Change, ticket: Ticket) -> None:
        """Quitting is answered at once: no screen will show it."""
        if isinstance(command, c.Quit):
            self._owed = {v: owed for v, owed in self._owed.items() if owed != ticket}
            self._server.reply(ticket, Done(self.state.revision, Receipt(0.0)))

    def settled(self, switch: Switch) -> None:
        """Nothing of a change is coming any more."""
        if switch.command:
            self._server.publish(
                Topic.SETTLED,
                {
                    "revision": switch.revision,
                    "command": switch.command,
                    "first_ms": switch.first_ms(),
                    "all_live_ms": switch.all_live_ms(),
                    "pending": pending(switch.still_missing()),
                },
            )

    def tell(self, now_ns: int) -> None:
        """Publish what happened to tiles, and once a second that the wall lives."""
        figures = list(self._stage.figures.values())
        if figures != self._figures:
            self._figures = figures
            now = self._status(now_ns)
            self._server.set_snapshot(now)
            for change in self._monitors.changes(self._stage.figures):
                self._tell_monitor(change, now_ns)
            for tile in now.tiles:
                self._tell_tile(tile)
        if now_ns - self._beat_ns >= BEAT_NS:
            self._beat_ns = now_ns
            self._server.publish(Topic.BEAT, {"uptime_s": self._uptime_s(now_ns)})

    def files_read(self, status: FilesStatus, tickets: Iterable[Ticket]) -> None:
        """Tell what came of reading the site's files."""
        for ticket in tickets:
            self._answer(ticket, status)
        self._server.publish(Topic.FILES, status)

    def not_read(self, tickets: Iterable[Ticket]) -> None:
        """Tell those who wait for the files that they could not be read now."""
        for ticket in tickets:
            self._server.reply(ticket, BUSY)

    def snapshot_made(self, name: str, message: Picture, fd: int) -> None:
        """A snapshot child is done."""
        made = self._snapshots.hear(name, message, fd)
        if made is not None:
            ticket, picture = made
            result = {"bytes": len(picture)}
            self._server.reply(ticket, Answer(self.state.revision, result, picture))

    def snapshot_failed(self, name: str) -> None:
        """A snapshot child is gone; if it had not answered, this is the answer."""
        ticket = self._snapshots.died(name)
        if ticket is not None:
            failed = Failed("snapshot_failed", "the picture could not be made: try again")
            self._server.reply(ticket, failed)

    def _query(self, ticket: Ticket, query: c.Query, now_ns: int) -> None:
        site = self._setup.site
        match query:
            case c.Status():
                self._answer(ticket, self._status(now_ns))
            case c.List():
                self._answer(ticket, names(site))
            case c.Hello():
                server = self._server
                self._answer(ticket, hello(site, server.events_endpoint, server.epoch))
            case c.Reload():
                self._files.ask(ticket, now_ns)
            case c.Snapshot():
                view = view_of(query, self.state, self.scene, site)
                self._snapshots.begin(ticket, query, view, self._shown)

    def save_picture(self, asked: c.Snapshot) -> None:
        """Have a snapshot made for the wall's own folder; CommandError if it can't be now."""
        view = view_of(asked, self.state, self.scene, self._setup.site)
        self._snapshots.save(asked, view, self._shown)

    def _answer(self, ticket: Ticket, result: typing.Any) -> None:
        self._server.reply(ticket, Answer(self.state.revision, result))

    def _shown(self, screen: str) -> tuple[TileOrder, ...]:
        return self._stage.tiles(screen)

    def _status(self, now_ns: int) -> WallStatus:
        figures = self._stage.figures
        uptime_s = self._uptime_s(now_ns)
        told = status(self._setup.site, self.state, figures, self.load, now_ns, uptime_s)
        told = replace(told, tiles=tiles_now(self.scene, figures))
        findings = [str(one) for one in self.findings]
        return replace(told, findings=findings, **msgspec.structs.asdict(self.beside))

    def _uptime_s(self, now_ns: int) -> float:
        return round((now_ns - self._setup.began_ns) / 1e9, 1)

    def _tell_monitor(self, change: MonitorChange, now_ns: int) -> None:
        self._server.publish(Topic.SCREEN, {"screen": change.screen, **monitor(change.now)})
        if change.text is not None:
            words = self._setup.catalogues[spoken(self.state, self._setup.site)]
            said = words.say(change.text, screen=change.screen)
            self._stage.say(Say(said, words.language, now_ns + SAID_NS))

    def _tell_tile(self, tile: TileStatus) -> None:
        at, now = (tile.screen, tile.tile), _gist(tile)
        if self._told.get(at) != now:
            self._told[at] = now
            self._server.publish(Topic.TILE, {"screen": tile.screen, "tile": tile.tile, **now})


def _of_time(before: WallState, after: WallState) -> str:
    """The words of a change that nobody asked for."""
    begun = after.scheduled
    if begun is not None and begun != before.scheduled and begun.lease:
        return to_text(begins(begun.entry))
    was = {one.name: one.page for one in before.tours}
    turned = [one.name for one in after.tours if was.get(one.name) != one.page]
    return to_text(c.SteerTour(c.TourTo.NEXT, turned[0])) if turned else ENDED


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
