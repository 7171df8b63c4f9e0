"""The wall's side: what is shown, who may change it, and what became of it.

It takes commands from programs, inputs, keys and mice, turns them into the next state by ``step``,
and orders the scene of that state of the node. It knows no shared memory, no camera and no screen
but by what the node reports.
"""

import logging
from collections.abc import Callable

from wallctl.alarm_inputs.listen_status import Listening
from wallctl.alarm_inputs.messages import Wish
from wallctl.controller import crash_handover
from wallctl.controller.alarm_inputs import AlarmInputs
from wallctl.controller.alarm_sounds import sound_status
from wallctl.controller.automatic_changes import UnaskedChanges
from wallctl.controller.background_process_status import SideServiceStatus
from wallctl.controller.broadcast_status import broadcasts
from wallctl.controller.control_server import ControlServer
from wallctl.controller.crash_handover import WallMemory
from wallctl.controller.display_loss import DisplayLoss
from wallctl.controller.failing_processes import FailingProcesses
from wallctl.controller.final_report import FinalReport
from wallctl.controller.node_orders import NodeOrders
from wallctl.controller.notices import Notices
from wallctl.controller.operator_input import OperatorInput
from wallctl.controller.requests import Requests
from wallctl.controller.screens import NodeLink, Screens
from wallctl.controller.shutdown import Shutdown
from wallctl.controller.site_reload import SiteReload
from wallctl.controller.site_watcher import SiteWatcher
from wallctl.controller.state_store import STATE_LOOKS, StateStore, first_state
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.pointer import PointerEvent
from wallctl.model.site.site import Site
from wallctl.model.wall.state.state import WallState
from wallctl.node.child_kinds import (
    DOORKEEPER,
    INPUT,
    READING,
    SAVING,
    FromChild,
    ReadAgain,
    Seen,
    Stored,
)
from wallctl.node.child_processes import ChildProcesses
from wallctl.node.message_clock import MessageClock
from wallctl.node.messages import NodeReport, SnapshotAnswer
from wallctl.node.setup import Setup
from wallctl.supervisor.logs import fact_line
from wallctl.supervisor.loop_steps import LoopStep, take_steps

log = logging.getLogger(__name__)

HELD_NS = 50_000_000
"""While a key is held the loop turns so often: its countdown is to be seen growing."""


class WallSide:
    """``turn`` is called again and again, and ``look_after`` ten times a second."""

    def __init__(
        self,
        setup: Setup,
        crew: ChildProcesses,
        link: NodeLink,
        *,
        left: WallMemory | None,
        keep: Callable[[], None],
        clock: MessageClock,
    ) -> None:
        """``left`` is what the wall's side before this one knew; ``keep`` is called when that is
        to be noted and no scene is ordered with it. Raises ``ControlError`` if the endpoint can't
        be had."""
        adopted = crash_handover.adopted(left)
        if adopted is not None:
            setup.site = adopted.site
        is_first, left = left is None, left or WallMemory(first_state(setup), 0)
        self._keep = keep
        self._screens = Screens(link, clock, left.number)
        self._notices = Notices(setup, self._screens, is_first=is_first)
        self._callers = ControlServer(setup.options.endpoint, crew, waits=not is_first)
        self._failing = FailingProcesses(crew, self._screens.facts, self._notices)
        files, server = SiteWatcher(setup.options.file, crew), self._callers.server
        self._requests = Requests(setup, left.state, self._screens, server, files, self._beside)
        self._inputs = AlarmInputs(setup, crew, self._requests.wish, left.answered)
        self._keyboard = OperatorInput(setup, self._screens, self._requests)
        self._reload = SiteReload(
            setup, files, self._screens, self._requests, self._keyboard, self._notices
        )
        if adopted is not None:
            self._reload.go_on(left.adopted, adopted.findings)
        self._unasked = UnaskedChanges(setup, self._requests, self._screens.facts, left.standby)
        self._standing = NodeOrders(setup, self._unasked.backups, self._screens.order)
        self._requests.events.add(self._standing.hear)
        self._requests.events.add(self._keyboard.hear)
        self._keeping = StateStore(setup, crew, self._notices)
        if is_first:
            self._keeping.begin(setup.began_ns)
        records = FinalReport(left.switches)
        self._ending = Shutdown(setup, self._screens.facts, records, self._screens.order)
        self._lost = DisplayLoss(self._ending, len(setup.site.screens), is_first=is_first)

    @property
    def endpoint(self) -> str:
        """Where programs call."""
        return self._callers.server.endpoint

    def start(self, _now_ns: int, /) -> None:
        """Take callers. The screens are told what to show once the node has spoken."""
        self._callers.start()
        self._unasked.go_on()
        self._inputs.refresh()

    def born(self, name: str) -> None:
        """A child of this side runs (again)."""
        if name == DOORKEEPER:
            self._callers.born()

    def died(self, name: str, now_ns: int) -> None:
        """A child of this side is gone."""
        match name.partition(":")[0]:
            case kind if kind == READING:
                self._reload.died(name, now_ns)
            case kind if kind == INPUT:
                self._inputs.died(name)
            case kind if kind == SAVING:
                self._keeping.died()

    def hear(self, name: str, message: FromChild, fds: list[int], now_ns: int) -> None:
        """A child of this side has said something."""
        match message:
            case ReadAgain():
                self._reload.hear(name, message, fds[0], now_ns)
                self._keep()  # what is wrong with the files, even where nothing moves
            case Listening():
                self._inputs.hear(name, message)
            case Wish():
                self._inputs.grant(name, message, now_ns)
            case Stored():
                self._keeping.hear(message)
            case Seen() if name == STATE_LOOKS:
                self._keeping.seen(message)
            case Seen():
                self._reload.seen(message, now_ns)

    def hung_up(self, now_ns: int) -> None:
        """A hang-up came: the terminal is gone, or the files are to be read again."""
        self._lost.hung_up(now_ns)
        self._reload.begin(now_ns)

    def end_soon(self) -> None:
        """Somebody wants the wall to end."""
        self._ending.end_soon()

    def turn(self, now_ns: int) -> None:
        """Do what is to be done in each turn of the loop: each step of ``TURNS``."""
        take_steps(TURNS, self, now_ns)

    def look_after(self, now_ns: int) -> None:
        """See to what changes by itself, ten times a second: each step of ``TENTHS``."""
        take_steps(TENTHS, self, now_ns)

    def due_ns(self, now_ns: int) -> int | None:
        """When something is to be done although nobody says anything."""
        due = [self._screens.changes.next_due_ns()]
        if self._keyboard.is_counting:
            due.append(now_ns + HELD_NS)
        return min((one for one in due if one is not None), default=None)

    def excuse(self, now_ns: int) -> None:
        """Hold no silence so far against the doorkeeper: this process was itself asleep."""
        self._callers.server.excuse(now_ns)

    def is_finished(self, now_ns: int) -> bool:
        """Whether the wall was to end, and all that is to outlive it is written."""
        if not self._ending.is_due(self._requests.state, now_ns):
            return False
        self._keeping.look(self._requests.state, now_ns)
        return self._ending.is_done(now_ns, saved=self._keeping.is_done)

    def close(self) -> int:
        """Write the report, and answer who still waits; returns the code to end with."""
        self._ending.report(self._requests.scene, list(self._screens.changes.unsettled()))
        log.info("%s", fact_line("wall ends", code=self._ending.code))
        self._requests.close()
        self._callers.server.close()
        return self._ending.code

    def memory(self) -> WallMemory:
        """What the next one needs."""
        return WallMemory(
            state=self._requests.state,
            number=self._screens.changes.number,
            switches=self._ending.records.newest(),
            adopted=self._reload.adopted,
            standby=self._unasked.backups.standby,
            answered=self._inputs.answered,
        )

    def _hear_node(self, now_ns: int) -> None:
        for report in self._screens.take_reports(now_ns):
            self._hear_report(report, now_ns)

    def _hear_report(self, report: NodeReport, now_ns: int) -> None:
        if report.number is not None:
            self._greet(report.number, now_ns)
        if report.site is not None:
            self._reload.answered(*report.site, now_ns)
        self._lost.hear(report, now_ns)
        for event in report.hands:
            self._hear_hand(event, now_ns)
        for done in report.snapshots:
            self._hear_snapshot(done, now_ns)
        if report.differing is not None:
            self._requests.refresh(now_ns, report.differing)

    def _hear_hand(self, event: KeyEvent | PointerEvent, now_ns: int) -> None:
        if isinstance(event, KeyEvent):
            self._keyboard.press(event, now_ns)
        else:
            self._keyboard.point(event, now_ns)

    def _hear_snapshot(self, done: SnapshotAnswer, now_ns: int) -> None:
        for_the_wall = self._requests.snapshot_done(done)
        if for_the_wall is not None:
            self._keyboard.snapshot_done(for_the_wall, now_ns)

    def _greet(self, number: int, now_ns: int) -> None:
        """A node begins to speak: it is told all that it may not have heard."""
        self._screens.changes.go_on(number)
        self._reload.repeat()
        self._standing.repeat(self._requests.state, self._keyboard.map)
        self._notices.furnish()
        self._requests.order_again(now_ns)

    def _take_commands(self, now_ns: int) -> None:
        self._requests.hear(now_ns)

    def _hold_keys(self, now_ns: int) -> None:
        self._keyboard.due(now_ns)

    def _commit(self, now_ns: int) -> None:
        self._screens.changes.commit(now_ns)

    def _hand_out_events(self, now_ns: int) -> None:
        self._requests.hand_out_events(now_ns)

    def _answer(self, now_ns: int) -> None:
        for switch in self._screens.changes.presented(now_ns):
            self._requests.presented(switch, now_ns)
        for switch in self._screens.changes.settled():
            self._ending.records.note(switch)
            self._requests.settled(switch)

    def _save(self, now_ns: int) -> None:
        self._keeping.look(self._requests.state, now_ns, busy=self._screens.changes.is_busy)

    def _pass_time(self, now_ns: int) -> None:
        self._unasked.pass_time(now_ns)

    def _stand_in(self, now_ns: int) -> None:
        self._unasked.stand_in(now_ns)

    def _attend(self, _now_ns: int) -> None:
        self._standing.attend(self._requests.state, self._keyboard.map)

    def _switch_broadcasts(self, _now_ns: int) -> None:
        self._standing.switch_broadcasts(self._requests.state)

    def _sound(self, _now_ns: int) -> None:
        self._standing.sound()

    def _tend_inputs(self, _now_ns: int) -> None:
        self._inputs.refresh()

    def _tell(self, now_ns: int) -> None:
        self._requests.tell(now_ns)

    def _watch_files(self, now_ns: int) -> None:
        self._reload.refresh(now_ns)

    def _tend_callers(self, now_ns: int) -> None:
        self._callers.tend(now_ns)
        self._notices.calls(self._callers.server.why_closed)

    def _give_notice(self, now_ns: int) -> None:
        self._failing.look(now_ns)
        self._notices.refresh(now_ns)

    def _beside(self, site: Site, state: WallState) -> SideServiceStatus:
        """How what runs beside the screens fares, for those who ask."""
        facts = self._screens.facts
        dying = self._failing.status()
        return SideServiceStatus(
            broadcasts=broadcasts(site, state.broadcasts, facts.broadcasts),
            inputs=self._inputs.status(dying),
            doorkeeper=self._callers.status(),
            sound=sound_status(site, facts.player),
            troubles=self._notices.told(),
            dying=dying,
        )


TURNS = (
    LoopStep(WallSide._hear_node, "keys and receipts are older than what programs say now"),
    LoopStep(WallSide._take_commands, "a command is done in the turn in which it came"),
    LoopStep(WallSide._hold_keys, "a key that is held long enough is a command, too"),
    LoopStep(WallSide._commit, "a scene is committed once its last screen is ready, in that turn"),
    LoopStep(WallSide._hand_out_events, "what has happened is told before it is answered"),
    LoopStep(WallSide._answer, "a receipt leaves once the last screen has shown it, in that turn"),
    LoopStep(WallSide._save, "the disk waits for the screens"),
)
"""What the wall's side does in each turn of the loop, in this order."""

TENTHS = (
    LoopStep(WallSide._pass_time, "what ends or begins by itself is shown before anything is told"),
    LoopStep(WallSide._stand_in, "a backup is shown as soon as its source is lost"),
    LoopStep(WallSide._attend, "what may come next follows from the state that is shown now"),
    LoopStep(WallSide._switch_broadcasts, "they follow the state"),
    LoopStep(WallSide._sound, "an alarm is heard when it is seen"),
    LoopStep(WallSide._tend_inputs, "inputs follow the site"),
    LoopStep(WallSide._tell, "programs hear what is true after all that was done"),
    LoopStep(WallSide._watch_files, "a changed file has time"),
    LoopStep(WallSide._tend_callers, "sockets that are gone are made again"),
    LoopStep(WallSide._give_notice, "last: it tells of what this turn has found"),
)
"""What the wall's side does ten times a second, in this order."""
