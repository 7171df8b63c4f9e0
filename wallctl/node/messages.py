"""What the wall's side and a node say to each other: ``SceneOrder`` one way, ``NodeReport`` back.

The wall's side decides what is shown; a node is one machine that shows it. Both messages are plain
values: they hold no place in shared memory, no descriptor, and no time of a host's own clock. All
times in a message are of the clock that it names.

A field that is ``None`` or empty says nothing new: what was said before holds. A node obeys the
fields of an order in the order in which they stand here. docs/node.md describes both messages.
"""

import msgspec

from wallctl.display.capture.broadcast import Aired
from wallctl.display.messages import Figures, Pending
from wallctl.model.base.geometry import Rect
from wallctl.model.base.language import Language
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.notice import Notice
from wallctl.model.operator.pointer import PointerEvent
from wallctl.model.planning.shedding_ladder import Load
from wallctl.model.site.site import Site
from wallctl.model.streams.health import TileState
from wallctl.model.wall.commands.command import Snapshot
from wallctl.model.wall.scene.scene import Scene

FORMAT = 1
"""The version of both messages. A side that reads another one ends the connection and says so."""
UTC = "utc"
"""The clock of both messages: nanoseconds since 1970, UTC. Machines of one wall keep it alike."""


class NumberedScene(msgspec.Struct, frozen=True):
    """Get ready to show this scene. Nothing of it is seen before its commit."""

    number: int
    """Counts the scenes of a wall; a larger number replaces what is not committed."""
    scene: Scene
    screens: frozenset[str]
    """Those that the wall waits for. Others are prepared if they differ, and not waited for."""


class CommitAt(msgspec.Struct, frozen=True):
    """Show a scene that is prepared, from the first pass at or after a time on."""

    number: int
    at_ns: int


class Attention(msgspec.Struct, frozen=True):
    """The sources that matter to the wall's side beyond those in the scene."""

    near: frozenset[str] = frozenset()
    """One key or page away: keep them warm."""
    doubtful: frozenset[str] = frozenset()
    """They must be called, and prove by pictures that they live."""
    blanked: frozenset[str] = frozenset()
    """Nobody may see them: decode nothing of them."""
    watched: frozenset[str] = frozenset()
    """Report the states of their streams."""


class Words(msgspec.Struct, frozen=True):
    """A few words over whatever is shown."""

    text: str
    language: Language
    until_ns: int
    screen: str | None = None
    """``None``: all screens."""


class View(msgspec.Struct, frozen=True):
    """What is to be seen on a snapshot."""

    screen: str | None = None
    """``None``: the whole wall."""
    crop: Rect | None = None
    """Of the screen, what is wanted of it."""
    language: Language = Language.CHINESE
    words: str = ""
    """What it is, for people; nothing for the wall."""


class SnapshotOrder(msgspec.Struct, frozen=True):
    """Take a picture of what the screens show."""

    number: int
    """The answers name it."""
    asked: Snapshot
    view: View
    save: bool = False
    """Save it in the node's own folder instead of sending it."""


class SiteOrder(msgspec.Struct, frozen=True):
    """Go by another site. A node that can't says so, and goes on as it was."""

    number: int
    site: Site


class SceneOrder(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the wall's side has a node do from now on."""

    format: int = FORMAT
    clock: str = UTC
    site: SiteOrder | None = None
    attention: Attention | None = None
    scene: NumberedScene | None = None
    commit: CommitAt | None = None
    notices: tuple[Notice, ...] | None = None
    """What is wrong around the wall: a line in a corner for each, the first one lowest."""
    words: tuple[Words, ...] = ()
    countdown: float | None = None
    """A key is held: how far its countdown is, 0 to 1; 0 takes it away."""
    broadcasts: dict[str, bool] | None = None
    """Those that somebody has switched on or off; of the others the site's word holds."""
    sound: str = ""
    """The file of a sound to be played once."""
    snapshot: SnapshotOrder | None = None
    finish: bool = False
    """The wall ends: have every screen tell its last figures."""


class ScreenSaid(msgspec.Struct, frozen=True):
    """A screen has shown a scene for the first time, or nothing of it is coming any more."""

    screen: str
    number: int
    """Of the scene."""
    at_ns: int
    pending: tuple[Pending, ...]
    """The tiles that are not live, and what they are instead."""


class SnapshotAnswer(msgspec.Struct, frozen=True):
    """What became of a snapshot. One that is to be saved is told twice: seen, then saved."""

    number: int
    picture: bytes = b""
    file: str = ""
    """Where it was saved, or was to be."""
    seen: bool = False
    """The screens have been seen; saving is still to come."""
    why_not: str = ""
    """Why there is none."""


class Costs(msgspec.Struct, frozen=True):
    """What processes cost: processor time, and memory with shared pages counted once."""

    cpu_s: float = 0.0
    pss_mb: float = 0.0


class Dying(msgspec.Struct, frozen=True):
    """A child process that dies over and over."""

    kind: str
    name: str
    """What people call it: that of its screen, source, input or broadcast."""
    since_unix_s: int
    deaths: int
    """Those since then."""
    why: str
    """Why it died last, in one sentence."""
    pause_s: float
    """How long it rests before the next start."""


class Windowless(msgspec.Struct, frozen=True):
    """A screen whose presenter can't show anything now."""

    screen: str
    why: str
    ever_shown: bool
    """Whether it has ever had a window, and so waits for one."""


class NodeReport(msgspec.Struct, frozen=True, omit_defaults=True):
    """What has happened on a node since its last report."""

    format: int = FORMAT
    clock: str = UTC
    number: int | None = None
    """The newest scene that it knows; told once, when a wall's side begins to speak with it."""
    site: tuple[int, bool] | None = None
    """The number of a site order, and whether the node goes by that site now."""
    ready: tuple[tuple[str, int], ...] = ()
    """Screens, each with the number of a scene that it can show now."""
    presented: tuple[ScreenSaid, ...] = ()
    settled: tuple[ScreenSaid, ...] = ()
    differing: frozenset[str] | None = None
    """Screens that would be told otherwise if the scene were ordered again, as a stream has told
    its size."""
    figures: dict[str, Figures] = {}
    """By screen, where they are new."""
    states: dict[str, tuple[TileState, ...]] = {}
    """Of the streams of watched sources that are called, by source, where they are new."""
    load: Load | None = None
    windowless: tuple[Windowless, ...] = ()
    hands: tuple[KeyEvent | PointerEvent, ...] = ()
    """Keys and mice, in their order."""
    snapshots: tuple[SnapshotAnswer, ...] = ()
    broadcasts: dict[str, Aired] | None = None
    """What each that runs says of itself."""
    sound: str | None = None
    """The program that plays sounds; empty if there is none."""
    dying: tuple[Dying, ...] | None = None
    """The child processes that die over and over."""
    costs: Costs | None = None
    """Of all processes of the node, told once the wall is to end."""
