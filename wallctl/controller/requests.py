"""All commands arrive here, from ZeroMQ and from keys alike, and are answered.

A change goes through ``step`` and to the screens, and its reply waits for them: that reply is its
receipt. A query is answered at once. Nothing else ever touches the state.
"""

import contextlib
import os
import typing
from collections.abc import Callable, Iterable

import msgspec
from msgspec.structs import replace

from wallctl.alarm_inputs.messages import Wish
from wallctl.api.doorkeeper_messages import Ask, Ticket
from wallctl.api.protocol import Answer, Done, Failed, Receipt
from wallctl.api.server import Server
from wallctl.controller.background_process_status import SideServiceStatus
from wallctl.controller.event_stream import EventStream, asked, claim_of, denied, words_of
from wallctl.controller.list_and_hello import hello, names
from wallctl.controller.owed_replies import OwedReplies, OwedReply
from wallctl.controller.publication import Publication
from wallctl.controller.scene_changes import SceneChange
from wallctl.controller.screens import Screens
from wallctl.controller.site_watcher import BUSY, SiteWatcher
from wallctl.controller.snapshot_requests import SnapshotRequests, view_of
from wallctl.controller.status import FilesStatus, WallStatus, pending, status
from wallctl.controller.tile_status import tiles_now
from wallctl.model.operator.keymap import acknowledge_key
from wallctl.model.site.alarm_input import Input
from wallctl.model.site.site import ScheduleEntry, Site
from wallctl.model.wall.access.admission import Admission
from wallctl.model.wall.access.alarm_input_rights import granted
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Actor, Origin, Role
from wallctl.model.wall.events import event as e
from wallctl.model.wall.events.event_record import Given, SiteRead, TimePassed
from wallctl.model.wall.scene.resolve import NOBODY, Standing, resolve
from wallctl.model.wall.scene.scene import Scene
from wallctl.model.wall.state.authorize import check_user
from wallctl.model.wall.state.command_row import Answered
from wallctl.model.wall.state.command_table import COMMANDS
from wallctl.model.wall.state.lease import Claim
from wallctl.model.wall.state.reducer import Outcome, pass_time, refit, step
from wallctl.model.wall.state.state import WallState
from wallctl.node.messages import SnapshotAnswer
from wallctl.node.setup import Setup
from wallctl.storage.file_findings import Finding


class Requests:
    """Holds the state, and the tickets of replies that are still owed."""

    def __init__(
        self,
        setup: Setup,
        state: WallState,
        screens: Screens,
        server: Server,
        files: SiteWatcher,
        beside: Callable[[Site, WallState], SideServiceStatus],
    ) -> None:
        """``beside`` tells how what runs beside the screens fares."""
        self._setup = setup
        self.state = state
        self._standing = NOBODY
        self.scene = self._resolved()
        """What the state shows, with backups in the tiles of lost sources."""
        self._screens = screens
        self._server = server
        self._snapshots = SnapshotRequests(screens.order)
        self._files = files
        self._beside = beside
        self.findings: tuple[Finding, ...] = ()
        """What the site's files had to be told of when they were last read."""
        self._owed = OwedReplies(server.reply)
        self._admission = Admission()
        self.events = EventStream()
        """All that happens; a reader is added to it."""
        self.publication = Publication(setup, screens, server, state, self._status)
        self.events.add(self.publication.hear)

    def hear(self, now_ns: int) -> None:
        """Take what has come from programs."""
        for ask in self._server.take():
            try:
                self._do(ask, now_ns)
            except c.CommandError as error:
                self._server.reply(ask.ticket, Failed.of(error))

    def _do(self, ask: Ask, now_ns: int) -> None:
        """Do what a program asks for; ``CommandError`` if it can't be done, or not now."""
        ticket, command, actor = ask.ticket, ask.command, ask.actor
        row = COMMANDS[type(command)]
        with self._denying(actor, command, now_ns):
            check_user(row, ask.uid, os.getuid())
            if isinstance(command, c.Query):
                self._admission.ask(actor, command, now_ns)
        if isinstance(command, c.Query):
            self._query(ticket, command, now_ns)
            return
        for_ns = None if ask.for_s is None else round(ask.for_s * 1e9)
        claim = claim_of(actor, now_ns, for_ns)
        owed_to = ticket if row.answered is Answered.WHEN_SHOWN else None
        self._admitted(actor, command, now_ns, lambda: self.change(command, claim, owed_to))
        if owed_to is None:
            self._server.reply(ticket, Done(self.state.revision, Receipt(0.0)))

    def _admitted(
        self, actor: Actor, command: c.Change, now_ns: int, make: Callable[[], object]
    ) -> None:
        """Make a change for somebody who is not at the wall, if it is not one too many."""
        with self._denying(actor, command, now_ns):
            self._admission.check(actor, command, self.state, self._setup.site, now_ns)
        try:
            make()
        except c.CommandError as error:
            self._admission.failed(actor, command, error, now_ns)
            raise

    def _denying(
        self, actor: Actor, command: c.Command, now_ns: int
    ) -> contextlib.AbstractContextManager[None]:
        """Tells of a ``CommandError`` inside: the reducer was not asked."""
        return self.events.refusing(actor, denied(actor, command), now_ns, self.state.revision)

    def change(
        self, command: c.Change, claim: Claim, ticket: Ticket | None = None
    ) -> tuple[e.Event, ...]:
        """Make a change; what has happened by it. CommandError if it can't be done.

        Its reply follows at the commit, or at once if it changes nothing: then it also keeps no
        other change from being shown.
        """
        given = asked(command, claim)
        with self.events.refusing(claim.actor, given, claim.now_ns, self.state.revision):
            outcome = step(self.state, command, self._setup.site, claim)
        revision = outcome.state.revision
        if outcome.events:
            owing = () if ticket is None else (OwedReply(ticket, command, claim, revision),)
            self._take(given, outcome, claim.now_ns, *owing)
        elif ticket is not None:
            self._server.reply(ticket, Done(revision, Receipt(0.0)))
        return outcome.events

    def wish(self, by: Input, wish: Wish, now_ns: int) -> Failed | None:
        """Raise or end an alarm that an input of this wall asks for; why it can't be done."""
        actor = Actor(by.label, Role.REMOTE, Origin.INPUT)

        def make() -> None:
            with self._denying(actor, wish.command, now_ns):
                command = granted(by, wish.command, wish.by_table, self._setup.site)
            self.change(command, claim_of(actor, now_ns))

        try:
            self._admitted(actor, wish.command, now_ns, make)
        except c.CommandError as error:
            return Failed.of(error)
        return None

    def refit(self, now_ns: int) -> None:
        """The setup has another site: go on with it, from the state that the wall is in."""
        site = self._setup.site
        self._take(SiteRead(site), refit(self.state, site), now_ns)

    def pass_time(
        self, now_ns: int, dead: frozenset[str] = frozenset(), due: ScheduleEntry | None = None
    ) -> None:
        """End what ends by itself, turn tours, begin what the schedule says is ``due``.

        ``dead`` are sources that give no picture.
        """
        outcome = pass_time(self.state, now_ns, self._setup.site, dead, due)
        if outcome.events:
            self._take(TimePassed(now_ns, dead, due), outcome, now_ns)
        self.events.look(now_ns, self.state.revision)

    def _take(self, given: Given, outcome: Outcome, now_ns: int, *owing: OwedReply) -> None:
        """Note what has happened, and bring the new state to the screens."""
        self.state = outcome.state
        self.scene = self._resolved()
        record = self.events.note(given, outcome.events, outcome.state.revision)
        self._change(words_of(record), now_ns, *owing)

    def hand_out_events(self, now_ns: int) -> None:
        """Tell what has happened, unless screens are being made ready: they come first."""
        if self._screens.changes.coming is None:
            self._hand_out_events(now_ns)

    def _hand_out_events(self, now_ns: int) -> None:
        self.publication.state(self.state, now_ns)
        self.events.hand_out()

    def _change(self, words: str, now_ns: int, *owing: OwedReply) -> None:
        """Have the scene shown; the replies of a change that it overtakes wait for it, too."""
        switch, overtaken = self._screens.changes.change(
            self.scene, words, now_ns, revision=self.state.revision
        )
        if overtaken is not None:
            owing = (*self._owed.carried(overtaken.version, self.state, self._setup.site), *owing)
        self._owed.owe(switch.version, *owing)

    def _resolved(self) -> Scene:
        site = self._setup.site
        key = acknowledge_key(site) if self.state.alarms else ""
        return resolve(self.state, site, self._standing, key)

    def stand_in(self, standing: Standing) -> None:
        """Have backups shown in the tiles of lost sources, from the next refresh on."""
        if standing != self._standing:
            self._standing = standing
            self.scene = self._resolved()

    def refresh(self, now_ns: int, differing: frozenset[str] | None = None) -> None:
        """Bring to the screens what changed without a command: who stands in for whom, or what the
        node would tell the ``differing`` screens otherwise, as a stream has told its size."""
        changes = self._screens.changes
        if changes.coming is None and (differing is not None or self.scene != changes.scene):
            changes.change(self.scene, "", now_ns, also=differing or frozenset())

    def order_again(self, now_ns: int) -> None:
        """Bring the scene to a node that may not have heard of it; who waits goes on waiting."""
        changes = self._screens.changes
        changes.forget()
        words = changes.coming.command if changes.coming is not None else ""
        self._change(words, now_ns)

    def presented(self, switch: SceneChange, now_ns: int) -> None:
        """Every screen shows the change: here is its receipt."""
        for one in self._owed.shown(switch.version):
            waited_ms = switch.waited_ms(one.claim.now_ns, now_ns)
            receipt = Receipt(waited_ms, pending(switch.pending()))
            self._server.reply(one.ticket, Done(one.revision, receipt))

    def close(self) -> None:
        """The wall ends: whoever still waits for a screen, a snapshot or the files is told so."""
        self.events.hand_out()
        ending = Failed("ending", "the wall is ending, so this was not shown")
        waiting = (*self._snapshots.give_up(), *self._files.waiting())
        for ticket in (*self._owed.give_up(), *waiting):
            self._server.reply(ticket, ending)

    def settled(self, switch: SceneChange) -> None:
        """Nothing of a change is coming any more."""
        if switch.command:
            self.publication.settled(switch)

    def tell(self, now_ns: int) -> None:
        """Publish what happened to tiles, and once a second that the wall lives."""
        self._hand_out_events(now_ns)  # tiles of a scene are told after the change that brought it
        self.publication.tell(now_ns)

    def files_read(self, status: FilesStatus, tickets: Iterable[Ticket]) -> None:
        """Tell what came of reading the site's files."""
        for ticket in tickets:
            self._answer(ticket, status)
        self.publication.files_read(status)

    def not_read(self, tickets: Iterable[Ticket]) -> None:
        """Tell those who wait for the files that they could not be read now."""
        for ticket in tickets:
            self._server.reply(ticket, BUSY)

    def snapshot_done(self, done: SnapshotAnswer) -> SnapshotAnswer | None:
        """A snapshot was taken, or can't be: a program has its answer; what is for those at the
        wall is returned."""
        ended = self._snapshots.end(done)
        if ended is None or ended.ticket is None:
            return None if ended is None else ended.done
        if done.picture:
            result = {"bytes": len(done.picture)}
            self._server.reply(ended.ticket, Answer(self.state.revision, result, done.picture))
        else:
            failed = Failed("snapshot_failed", "the picture could not be made: try again")
            self._server.reply(ended.ticket, failed)
        return None

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
                self._snapshots.begin(ticket, query, view)

    def save_picture(self, asked: c.Snapshot) -> None:
        """Have a snapshot made for the wall's own folder; CommandError if it can't be now."""
        view = view_of(asked, self.state, self.scene, self._setup.site)
        self._snapshots.begin(None, asked, view)

    def _answer(self, ticket: Ticket, result: typing.Any) -> None:
        self._server.reply(ticket, Answer(self.state.revision, result))

    def _status(self, now_ns: int) -> WallStatus:
        facts = self._screens.facts
        figures, uptime_s = facts.figures, self._uptime_s(now_ns)
        site, state = self._setup.site, self.state
        told = status(site, state, figures, facts.load, now_ns, uptime_s)
        told = replace(told, tiles=tiles_now(self.scene, figures))
        findings = [str(one) for one in self.findings]
        return replace(told, findings=findings, **msgspec.structs.asdict(self._beside(site, state)))

    def _uptime_s(self, now_ns: int) -> float:
        return round((now_ns - self._setup.began_ns) / 1e9, 1)
