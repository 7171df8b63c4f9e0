"""What root and the controller say to each other."""

import msgspec


class Spawn(msgspec.Struct, frozen=True, tag=True):
    """Start a child and keep it alive; with ``once`` let it end."""

    name: str
    kind: str
    args: bytes
    once: bool = False
    quarantined: bool = False
    """Whether it is left alone for a while when it keeps dying."""


class Retire(msgspec.Struct, frozen=True, tag=True):
    """End a child and forget it."""

    name: str


class Kill(msgspec.Struct, frozen=True, tag=True):
    """A child hangs: end it, so that it is started again."""

    name: str


class Keep(msgspec.Struct, frozen=True, tag=True):
    """Hold the file that comes along as a descriptor for the next controller.

    It is a file, because a packet holds no more than about 200 kB.
    """


class Alive(msgspec.Struct, frozen=True, tag=True):
    """The controller's loop turns; said each second, since root ends a silent controller."""


class Ended(msgspec.Struct, frozen=True, tag=True):
    """The controller has written all it has to; end everything with this exit code."""

    code: int


class Born(msgspec.Struct, frozen=True, tag=True):
    """A child runs; the controller's end of its channel comes along as a descriptor."""

    name: str
    pid: int


class Died(msgspec.Struct, frozen=True, tag=True):
    """A child is gone; ``code`` is its exit code, or minus the signal that ended it."""

    name: str
    pid: int
    code: int
    cpu_s: float
    pause_s: float = 0.0
    """In how many seconds it is started again, if it is."""
    why: str = ""
    """Why it ended, as far as it could say: one sentence."""
    keeps_dying: bool = False
    """Whether it has died so often that people should know."""


class ReadFiles(msgspec.Struct, frozen=True, tag=True):
    """A hang-up came to a wall without a terminal: read the site's files again."""


class End(msgspec.Struct, frozen=True, tag=True):
    """Finish your work and answer ``Ended``: a person wants the wall to end."""


FromController = Spawn | Retire | Kill | Keep | Alive | Ended
FromRoot = Born | Died | ReadFiles | End
