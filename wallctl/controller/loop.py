"""The controller process: one loop, no locks, nothing that blocks.

It hears root, presenters, ZeroMQ and keys; turns commands into the next state by ``step``; and
has the stage bring that state to the screens. What must outlive it, root holds for it
(``wallctl.controller.handover``), so that the next controller goes on as if nothing had happened.
"""

import itertools
import logging
import sys
import time

from wallctl.api.server import Server
from wallctl.controller import handover as kept
from wallctl.controller.alarm_inputs import Inputs
from wallctl.controller.doorkeeper_process import Doorkeeping, door_status
from wallctl.controller.failing_processes import dying_status, tell_dying
from wallctl.controller.notices import Notices
from wallctl.controller.operator_input import Keyboard
from wallctl.controller.prewarm import Foresight
from wallctl.controller.receipt_log import Records
from wallctl.controller.requests import Desk
from wallctl.controller.schedule_clock import Timetable
from wallctl.controller.shutdown import Ending
from wallctl.controller.site_reload import Reload
from wallctl.controller.site_watcher import SiteFiles
from wallctl.controller.state_store import STATE_LOOKS, Keeping, first_state
from wallctl.controller.windowless_screens import Windowless
from wallctl.display.capture.broadcast import Aired
from wallctl.display.messages import (
    Figures,
    Keys,
    NoWindow,
    Pointing,
    Presented,
    Ready,
    Settled,
)
from wallctl.inputs.listening import Listening
from wallctl.inputs.messages import Wish
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.monitor_state import MonitorState
from wallctl.model.streams.failover import Standby
from wallctl.model.streams.health import is_dead
from wallctl.node.alarm_sounds import Sounds
from wallctl.node.backup_sources import Backups
from wallctl.node.broadcasts import Broadcasts
from wallctl.node.child_kinds import (
    BROADCAST,
    DOORKEEPER,
    ERRAND,
    INPUT,
    PRESENTER,
    READING,
    SAVING,
    SNAPSHOT,
    WORKER,
    FromChild,
    Picture,
    ReadAgain,
    Saved,
    Seen,
    Stored,
    Taken,
)
from wallctl.node.child_processes import Crew
from wallctl.node.load_shedding import Meter, Overload
from wallctl.node.ring_allocation import TapTable
from wallctl.node.scene_switcher import Stage
from wallctl.node.setup import Setup
from wallctl.node.snapshots import Snapshots
from wallctl.node.stream_manager import Decoding
from wallctl.shm.arena import Arena
from wallctl.supervisor.child_setup import Birth
from wallctl.supervisor.logs import fact_line
from wallctl.supervisor.poll import waited

REFRESH_NS = 100_000_000
"""The loop looks after itself so often."""
HEARD_PER_TURN = 64
"""Messages of one child in one turn, so that none keeps all others waiting."""
HELD_NS = 50_000_000
"""And while a key is held, whose countdown is to be seen growing, so often."""
SILENT_NS = 10_000_000_000
"""A child of those kinds that has said nothing for so long hangs."""
_HEARD = frozenset({PRESENTER, DOORKEEPER})
ASLEEP_NS = 1_000_000_000
"""The loop stood still for so long: the whole wall was stopped, or the machine is overloaded."""

log = logging.getLogger(__name__)


class Controller:
    """``run`` returns when the wall may end."""

    def __init__(self, setup: Setup, arena: Arena, birth: Birth, root: int) -> None:
        now_ns = time.monotonic_ns()
        left = kept.read(birth.memory)
        adopted = kept.adopted(left)
        if adopted is not None:
            setup.site, setup.blocks = adopted.site, adopted.blocks
        self._setup = setup
        self._crew = Crew(birth, now_ns)
        self._crew.cpu_of_dead_s = left.cpu_of_dead_s if left else 0.0
        self._decoding = Decoding(
            setup, arena, self._crew, left.taps if left else TapTable(), self._keep
        )
        self._stage = Stage(setup, self._crew, self._decoding, left.version if left else 0)
        self._door = Doorkeeping(self._crew)
        self._server = Server(setup.options.endpoint, self._door, waits=left is not None)
        self._notices = Notices(setup, self._stage, is_first=left is None)
        self._records = Records(left.switches if left else ())
        self._snapshots = Snapshots(setup, self._crew)
        self._broadcasts = Broadcasts(setup, self._crew)
        state = left.state if left else first_state(setup)
        self._sounds = Sounds(setup, self._crew, state)
        files = SiteFiles(setup.options.file, self._crew)
        self._desk = Desk(setup, state, self._stage, self._server, self._snapshots, files)
        answered = left.answered if left else {}
        self._inputs = Inputs(setup, self._crew, self._desk.wish, answered)
        self._backups = Backups(setup, self._decoding, left.standby if left else Standby())
        self._keyboard = Keyboard(setup, self._crew, self._desk)
        self._reload = Reload(
            setup, files, self._decoding, self._desk, self._keyboard, self._notices
        )
        if left is not None and adopted is not None:
            self._reload.go_on(left.adopted, adopted.findings)
        self._foresight = Foresight(setup, self._decoding, self._backups)
        self._timetable = Timetable(setup)
        self._keeping = Keeping(setup, self._crew, self._notices)
        self._overload = Overload(Meter(self._crew.cpu_s))
        self._is_first = left is None
        self._refresh_ns = now_ns
        self._ending = Ending(setup, self._crew, self._stage, self._records, root)
        screens = len(setup.site.screens)
        self._windowless = Windowless(self._stage, self._ending, screens, is_first=left is None)

    def run(self) -> None:
        """Loop until the wall has ended."""
        self._start(time.monotonic_ns())
        while not self._is_finished(time.monotonic_ns()):
            ready = waited(self._crew.fds(), self._timeout_ms())
            now_ns = time.monotonic_ns()
            self._hear_root(now_ns)
            self._hear_children(ready, now_ns)
            self._desk.hear(now_ns)
            self._keyboard.due(now_ns)
            self._advance(now_ns)
            self._keeping.look(self._desk.state, now_ns, busy=self._stage.is_busy)
            self._look_after(now_ns)
        log.info("%s", fact_line("wall ends", code=self._ending.code))
        self._ending.report(self._desk.scene)
        self._desk.close()
        self._server.close()
        self._crew.end(self._ending.code)

    def _start(self, now_ns: int) -> None:
        if self._is_first:
            where = f"{self._setup.site.name}: commands at {self._server.endpoint}"
            sys.stdout.write(f"{where}; Ctrl-C ends the wall\n")
            sys.stdout.flush()
            self._keeping.begin(now_ns)
        site, what = self._setup.site, "wall starts" if self._is_first else "controller goes on"
        told = {"site": site.name, "screens": len(site.screens), "sources": len(site.sources)}
        log.info("%s", fact_line(what, **told, control=self._server.endpoint))
        self._door.start()
        if self._door.is_there:
            self._server.begin()
        self._decoding.start(now_ns)
        self._stage.start()
        self._desk.stand_in(self._backups.standby.standing)
        self._desk.refresh(now_ns)
        self._run_beside(now_ns)
        for name in self._setup.options.errands if self._is_first else ():
            self._crew.start(f"{ERRAND}:{name}", ERRAND, b"")

    def _timeout_ms(self) -> int:
        """Until something is to be done although nobody says anything."""
        now_ns = time.monotonic_ns()
        due_ns = self._refresh_ns + REFRESH_NS
        if self._keyboard.is_counting:
            due_ns = min(due_ns, now_ns + HELD_NS)
        switch_ns = self._stage.next_due_ns()
        if switch_ns is not None:
            due_ns = min(due_ns, switch_ns)
        return max(0, -(-(due_ns - now_ns) // 1_000_000))

    def _hear_root(self, now_ns: int) -> None:
        for name, born in self._crew.hear_root(now_ns):
            kind, _, of = name.partition(":")
            if not born:
                if kind != DOORKEEPER:  # what that asked for last, nobody could be answered
                    self._hear_member(name, now_ns)
                self._keep()  # what it has cost
                self._died(kind, name, now_ns)
            elif kind == WORKER:
                self._decoding.born(name, now_ns)
            elif kind == PRESENTER:
                self._stage.born(of, now_ns)
            elif kind == DOORKEEPER:
                self._server.begin()

        if self._crew.hung_up:
            self._crew.hung_up = False
            self._windowless.hung_up(now_ns)
            self._reload.begin(now_ns)

    def _died(self, kind: str, name: str, now_ns: int) -> None:
        if kind == WORKER:
            self._decoding.died(name)
        elif kind == PRESENTER:
            screen = name.partition(":")[2]
            self._stage.died(screen, self._crew.is_dying(name))
            self._windowless.died(screen, now_ns)
        elif kind == SNAPSHOT:
            self._desk.snapshot_failed(name)
            if self._snapshots.ends(name):
                self._keyboard.picture_saved(None, now_ns)
        elif kind == READING:
            self._reload.died(name, now_ns)
        else:
            self._died_beside(kind, name)

    def _died_beside(self, kind: str, name: str) -> None:
        if kind == BROADCAST:
            self._broadcasts.died(name)
        elif kind == INPUT:
            self._inputs.died(name)
        elif kind == SAVING:
            self._keeping.died()

    def _hear_children(self, fds: frozenset[int], now_ns: int) -> None:
        for name in self._crew.of(fds):
            if name != DOORKEEPER:  # the desk hears it, in its own time
                self._hear_member(name, now_ns, HEARD_PER_TURN)

    def _hear_member(self, name: str, now_ns: int, most: int | None = None) -> None:
        """Hear ``most`` messages of a child, or all: one that is dead says no more."""
        for message, fds in itertools.islice(self._crew.hear(name, now_ns), most):
            self._hear_child(name, message, fds, now_ns)

    def _hear_child(self, name: str, message: FromChild, fds: list[int], now_ns: int) -> None:
        screen = name.partition(":")[2]
        match message:
            case Keys() | Pointing():
                self._hear_hands(message, now_ns)
            case Picture() | Taken() | Saved():
                self._hear_snapshot(name, message, fds, now_ns)
            case ReadAgain():
                self._reload.hear(name, message, fds[0], now_ns)
                self._keep()  # what is wrong with the files, even where nothing moves
            case Ready() | Presented() | Settled() | Figures():
                if isinstance(message, Figures) and message.monitor.state != MonitorState.ABSENT:
                    self._windowless.shows(screen)
                self._stage.hear(screen, message)
            case Aired() | Listening() | Stored() | Seen() | Wish():
                self._hear_beside(name, message, now_ns)
            case NoWindow():
                self._windowless.lacks(screen, message.why, now_ns)

    def _hear_beside(
        self, name: str, message: Aired | Listening | Stored | Seen | Wish, now_ns: int
    ) -> None:
        """What runs beside the screens says how it fares."""
        match message:
            case Aired():
                self._broadcasts.hear(name, message)
            case Listening():
                self._inputs.hear(name, message)
            case Stored():
                self._keeping.hear(message)
            case Seen() if name == STATE_LOOKS:
                self._keeping.seen(message)
            case Seen():
                self._reload.seen(message, now_ns)
            case Wish():
                self._inputs.grant(name, message, now_ns)

    def _hear_hands(self, message: Keys | Pointing, now_ns: int) -> None:
        for event in message.events:
            if isinstance(event, KeyEvent):
                self._keyboard.press(event, now_ns)
            else:
                self._keyboard.point(event, now_ns)

    def _hear_snapshot(
        self, name: str, message: Picture | Taken | Saved, fds: list[int], now_ns: int
    ) -> None:
        match message:
            case Picture():
                self._desk.snapshot_made(name, message, fds[0])
            case Taken():
                self._keyboard.picture_taken(now_ns)
            case Saved():
                self._snapshots.ends(name)
                self._keyboard.picture_saved(message, now_ns)

    def _advance(self, now_ns: int) -> None:
        for switch in self._stage.advance(now_ns):
            self._desk.presented(switch, now_ns)
        for switch in self._stage.settled():
            self._records.note(switch)
            self._desk.settled(switch)

    def _look_after(self, now_ns: int) -> None:
        if now_ns - self._refresh_ns < REFRESH_NS:
            return
        if now_ns - self._refresh_ns > ASLEEP_NS:
            self._crew.excuse(now_ns)
            self._server.excuse(now_ns)
        self._refresh_ns = now_ns
        self._foresight.look(self._desk.state, self._keyboard.map)
        self._shed(now_ns)
        self._desk.pass_time(now_ns, self._dead(now_ns), self._timetable.due(now_ns))
        self._backups.look(self._desk.state, now_ns)
        self._desk.stand_in(self._backups.standby.standing)
        self._decoding.refresh(now_ns)
        self._desk.refresh(now_ns)
        self._run_beside(now_ns)
        self._desk.tell(now_ns)
        self._reload.refresh(now_ns)
        for name in self._snapshots.hung(now_ns):
            self._died(SNAPSHOT, name, now_ns)
        self._server.tend(now_ns)
        self._notices.calls(self._server.why_closed)
        self._notices.refresh(now_ns)
        self._crew.beat()
        for name, member in self._crew.members.items():
            if member.kind in _HEARD and now_ns - member.heard_ns > SILENT_NS:
                member.heard_ns = now_ns
                self._crew.end_silent(name)

    def _dead(self, now_ns: int) -> frozenset[str]:
        """The sources that give no picture; looked for only where a running tour skips them."""
        site = self._setup.site
        running = (site.tour(one.name) for one in self._desk.state.tours)
        skips = any(tour is not None and tour.skip_dead for tour in running)
        asked = site.sources if skips else ()
        states = {one.name: self._decoding.states(one, now_ns) for one in asked}
        return frozenset(name for name, of in states.items() if is_dead(of))

    def _shed(self, now_ns: int) -> None:
        """Have less decoded where that is too much for the machine, and more again later."""
        scene = self._desk.scene
        figures = list(self._stage.figures.values())
        self._overload.look(scene, self._decoding.moving, figures, now_ns)
        self._decoding.rungs = self._overload.rungs
        self._desk.load = self._overload.load

    def _run_beside(self, now_ns: int) -> None:
        """Have broadcasts on the air, inputs heard, sounds played; tell who asks how they fare."""
        self._broadcasts.refresh(self._desk.state, now_ns)
        self._inputs.refresh()
        dying = self._crew.dying(now_ns)
        tell_dying(self._notices, dying, self._stage.figures)
        self._sounds.follow(self._desk.state)
        beside = self._desk.beside
        beside.broadcasts = self._broadcasts.status(self._desk.state)
        beside.troubles, beside.dying = self._notices.told(), dying_status(dying)
        beside.inputs, beside.sound = self._inputs.status(beside.dying), self._sounds.status()
        beside.doorkeeper = door_status(self._server)

    def _keep(self) -> None:
        """Have root hold what the next controller needs; called before anyone acts on it."""
        self._crew.keep(
            kept.write(
                kept.Memory(
                    state=self._desk.state,
                    version=self._stage.version,
                    taps=self._decoding.taps.table(),
                    switches=self._records.newest(),
                    cpu_of_dead_s=self._crew.cpu_of_dead_s,
                    adopted=self._reload.adopted,
                    standby=self._backups.standby,
                    answered=self._inputs.answered,
                )
            )
        )

    def _is_finished(self, now_ns: int) -> bool:
        """Whether the wall was to end, and all that is to outlive it is written."""
        if not self._ending.is_due(self._desk.state, now_ns):
            return False
        self._keeping.look(self._desk.state, now_ns)
        return self._ending.is_done(now_ns, saved=self._keeping.is_done)
