"""The kinds of child processes that a wall has: a row for each, with all that sets it apart.

What a child of a kind does stands in ``wallctl.controller.start_wall``; root runs it.
"""

import msgspec

from wallctl.alarm_inputs.listen_status import Listening
from wallctl.alarm_inputs.messages import Wish
from wallctl.api.doorkeeper_messages import FromDoorkeeper
from wallctl.display.capture.broadcast import Aired
from wallctl.display.messages import FromPresenter
from wallctl.model.base.os_access_error import Obstacle
from wallctl.model.streams.health import SECOND_NS
from wallctl.supervisor.privileges import OPEN, READS_LOGINS, Rights

WORKER, PRESENTER, SNAPSHOT = "worker", "presenter", "snapshot"
SAVING, READING, WATCHING, ERRAND = "saving", "reading", "watching", "errand"
BROADCAST = "broadcast"
INPUT, SOUND = "input", "sound"
DOORKEEPER = "doorkeeper"


class Picture(msgspec.Struct, frozen=True, tag=True):
    """A snapshot child is done; its picture comes along as a descriptor."""

    bytes: int


class ReadAgain(msgspec.Struct, frozen=True, tag=True):
    """The site's files are read; what was found comes along as a descriptor."""

    bytes: int


class Seen(msgspec.Struct, frozen=True, tag=True):
    """A child has looked at files."""

    of: str
    """The name of the places that it looked at."""
    mark: str
    """How it found them, as a fingerprint."""


class Taken(msgspec.Struct, frozen=True, tag=True):
    """A snapshot child has seen the screens, and is about to save what it saw."""


class Saved(msgspec.Struct, frozen=True, tag=True):
    """A snapshot child has saved its picture, or could not."""

    file: str
    why_not: str = ""


class Stored(msgspec.Struct, frozen=True, tag=True):
    """A child has kept the wall's state, or could not."""

    mark: str = ""
    """How the files look since, as a fingerprint."""
    obstacle: Obstacle | None = None
    why_not: str = ""


FromChild = (
    FromPresenter
    | Picture
    | Taken
    | Saved
    | Stored
    | Seen
    | ReadAgain
    | Aired
    | Listening
    | Wish
    | FromDoorkeeper
)


class ChildKind(msgspec.Struct, frozen=True):
    """What sets a kind of child apart."""

    says: object = None
    """The union of the messages that it may send to the controller; ``None`` for none at all. So a
    camera that has taken over its decoder presses no keys."""
    rights: Rights = OPEN
    nice: int = 0
    """How far its processes stand back where processors are short."""
    once: bool = False
    """Whether it does one thing and ends."""
    rests: bool = False
    """Whether it calls others, and so is left alone for a while when it keeps dying."""
    of_node: bool = False
    """Whether it belongs to the machine of the screens, not to the wall's side."""
    silent_ns: int | None = None
    """A child without a sign of life for so long hangs; ``None`` for one that gives none."""


CHILD_KINDS: dict[str, ChildKind] = {
    # Where processors are short a tick comes before a decoder: late pictures beat a jerking wall.
    WORKER: ChildKind(
        rights=Rights(reads_logins=True, is_private=True, oom=500),
        nice=10,
        rests=True,
        of_node=True,
        silent_ns=5 * SECOND_NS,  # its heart beats in the block of words of its stream
    ),
    PRESENTER: ChildKind(FromPresenter, of_node=True, silent_ns=10 * SECOND_NS),
    # The wall comes before people who watch it from elsewhere. A server may be slow to take it.
    BROADCAST: ChildKind(
        Aired, READS_LOGINS, nice=15, rests=True, of_node=True, silent_ns=20 * SECOND_NS
    ),
    INPUT: ChildKind(Listening | Wish, Rights(reads_logins=True, is_private=True)),
    # A flood of callers takes no processor from the screens.
    DOORKEEPER: ChildKind(
        FromDoorkeeper, Rights(is_private=True), nice=5, silent_ns=10 * SECOND_NS
    ),
    SNAPSHOT: ChildKind(Picture | Taken | Saved, Rights(oom=300), nice=5, once=True, of_node=True),
    SAVING: ChildKind(Stored, nice=5, once=True),
    READING: ChildKind(ReadAgain, READS_LOGINS, nice=5, once=True),
    # It hangs with the disk that it looks at; then people are told, and it is left.
    WATCHING: ChildKind(Seen, nice=5, silent_ns=5 * SECOND_NS),
    SOUND: ChildKind(rights=Rights(oom=300), once=True, of_node=True),
    ERRAND: ChildKind(rights=Rights(oom=300), once=True),
}


def is_of_node(name: str) -> bool:
    """Whether a child, whose name begins with its kind, belongs to the machine of the screens."""
    kind = CHILD_KINDS.get(name.partition(":")[0])
    return kind is not None and kind.of_node
