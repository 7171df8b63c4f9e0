"""The state on disk: what a wall begins with, and how what it shows is kept.

One child at a time writes. It tries again what it could not write, and writes again what somebody
has deleted; meanwhile the screens say that the state is not kept.
"""

import logging
from pathlib import Path

import msgspec

from wallctl.config.change_detector import fingerprint
from wallctl.controller.notices import Concern, Notices
from wallctl.controller.state_file_watch import KeptFiles
from wallctl.model.base.os_access_error import Obstacle, obstacle_of
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.operator.notice import Notice
from wallctl.model.wall.state.state import (
    WallState,
    hidden_whole,
    initial,
    lasting,
    missed,
    restored,
)
from wallctl.node.child_kinds import SAVING, WATCHING, Seen, Stored
from wallctl.node.child_processes import ChildProcesses
from wallctl.node.setup import Setup
from wallctl.storage.state_file import Fate, KeptFor, copy_of, save_state
from wallctl.storage.state_location import StatePlace

SLOW_NS = 10_000_000_000
"""A child that writes for longer hangs."""
BUSY_NS = 500_000_000
"""How long a changed state waits for screens that are about to change."""
RETRY_NS = 5_000_000_000
"""How long a state that could not be kept waits for the next try, unless it changes."""
SAID_NS = 60_000_000_000
"""How long the screens say what the wall began with."""
log = logging.getLogger(__name__)

_SAVING_NOW = f"{SAVING}:state"
STATE_LOOKS = f"{WATCHING}:state"
"""The child that looks at the files of the state."""

_BEGAN: dict[Fate, Text] = {
    Fate.NONE: Text.STATE_NONE,
    Fate.REPAIRED: Text.STATE_REPAIRED,
    Fate.HIDDEN_ONLY: Text.STATE_HIDDEN_ONLY,
    Fate.UNUSABLE: Text.STATE_UNUSABLE,
}


class Order(msgspec.Struct, frozen=True):
    """What a child is to keep, and where."""

    file: str
    of: KeptFor
    state: WallState


def store(order: Order) -> Stored:
    """Keep a state; what came of it."""
    file = Path(order.file)
    try:
        save_state(file, order.state, order.of)
    except OSError as error:
        why = f"{order.file}: {error.strerror}"
        return Stored(obstacle=obstacle_of(error), why_not=why)
    return Stored(fingerprint(_files(file)))


def first_state(setup: Setup) -> WallState:
    """The state that a wall begins with. If nobody knows what was hidden, everything is hidden."""
    place, site = setup.options.state, setup.site
    if place is None:
        return initial(site)
    if place.begins.state is not None:
        return restored(place.begins.state, site)
    if place.begins.fate is Fate.NONE:
        return initial(site)
    return hidden_whole(site, setup.catalogues[site.language].say(Text.STATE_UNUSABLE))


class StateStore:
    """Keeps the state on disk, and knows which one is there."""

    def __init__(self, setup: Setup, crew: ChildProcesses, notices: Notices) -> None:
        self._setup = setup
        self._crew = crew
        self._notices = notices
        self._seen: WallState | None = None
        """The state at the last look."""
        self._wanted: WallState | None = None
        """The part of it that is kept: the same object as long as it is equal."""
        self._given: WallState | None = None
        """What the newest child was given."""
        self._kept: WallState | None = None
        """What is on disk."""
        self._changed_ns = 0
        """When the state became another than the newest child was given."""
        self._files = KeptFiles(crew)
        self._retry_ns = self._begun_ns = self._said_until_ns = 0
        self._trouble: tuple[Obstacle, str] | None = None
        """Why the state could not be kept."""
        self._is_answered = True
        """Whether the newest child has said what came of it."""

    def begin(self, now_ns: int) -> None:
        """Say what the wall began with, where that is not simply what it showed last."""
        place = self._setup.options.state
        if place is None:
            return
        text, until_ns = _BEGAN.get(place.begins.fate), now_ns + SAID_NS
        self._said_until_ns = until_ns
        detail = place.begins.why or str(place.file)
        if text is None and place.taken_from:
            text = Text.STATE_OF_ANOTHER
        if text is not None:
            notice = Notice(text, place.taken_from)
            self._notices.put(Concern.STATE_FOUND, notice, detail, until_ns)

    def look(self, state: WallState, now_ns: int, *, busy: bool = False) -> None:
        """Have the state kept if another one is on disk.

        While the screens are ``busy`` with a change, the disk waits: a change is seen sooner if no
        process is started meanwhile.
        """
        place = self._setup.options.state
        if place is None:
            return
        if state is not self._seen:
            self._note(state, now_ns)
        self._files.heed(_files(place.file))
        self._tell(place, now_ns)
        if self._wanted is self._kept or self._crew.has(_SAVING_NOW):
            return
        if self._wanted is self._given and now_ns < self._retry_ns:
            return
        if busy and now_ns - self._changed_ns < BUSY_NS:
            return
        self._retry_ns, self._begun_ns = now_ns + RETRY_NS, now_ns
        self._begin_saving(place)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be kept, or nobody could."""
        return not self._crew.has(_SAVING_NOW) and self._wanted in (self._kept, self._given)

    def hear(self, told: Stored) -> None:
        """A child has kept what it was given, or could not."""
        self._is_answered = True
        if told.obstacle is None:
            self._kept, self._trouble = self._given, None
            self._files.keep(told.mark)
        else:
            self._is_not_kept(told.obstacle, told.why_not)

    def died(self) -> None:
        """A child is gone, whether it has said anything or not."""
        if not self._is_answered:
            self._is_not_kept(Obstacle.OTHER, "the process that keeps the state has ended")

    def seen(self, seen: Seen) -> None:
        """A child has looked at the files: the state is kept again if they are gone or were
        changed, but not by a child that writes now."""
        found, place = self._files.hear(seen), self._setup.options.state
        if found is None or place is None or self._kept is None or not self._is_answered:
            return
        if self._files.are_odd(found):
            self._kept = None
            log.warning("the kept state %s is gone or was changed: it is kept again", place.file)

    def _is_not_kept(self, obstacle: Obstacle, why: str) -> None:
        self._kept, self._trouble = None, (obstacle, why)

    def _tell(self, place: StatePlace, now_ns: int) -> None:
        """Say whether the state is kept."""
        hangs = self._crew.has(_SAVING_NOW) and now_ns - self._begun_ns > SLOW_NS
        trouble = self._trouble
        if hangs or self._files.are_silent(now_ns):
            trouble = Obstacle.SILENT, str(place.file)
        if self._kept is not None and now_ns > self._said_until_ns:
            self._notices.end(Concern.STATE_FOUND, Text.STATE_NONE)  # there is one now
        notice = None if trouble is None else Notice(Text.STATE_NOT_KEPT, obstacle=trouble[0])
        self._notices.put(Concern.STATE_SAVING, notice, "" if trouble is None else trouble[1])

    def _note(self, state: WallState, now_ns: int) -> None:
        self._seen = state
        if (wanted := lasting(state)) != self._wanted:
            if self._wanted is self._given:
                self._changed_ns = now_ns
            self._wanted = wanted
        gone = missed(state, self._setup.site)
        notice = Notice(Text.HIDDEN_IS_GONE, gone[0].name) if gone else None
        self._notices.put(Concern.HIDDEN, notice, ", ".join(one.name for one in gone))

    def _begin_saving(self, place: StatePlace) -> None:
        if self._wanted is None:
            return
        site = self._setup.site
        of = msgspec.structs.replace(place.of, site=site.id or site.name)
        order = Order(str(place.file), of, self._wanted)
        self._given, self._is_answered = self._wanted, False
        self._crew.start(_SAVING_NOW, SAVING, msgspec.msgpack.encode(order))


def _files(file: Path) -> tuple[str, ...]:
    return str(file), str(copy_of(file))
