"""What the controller and a presenter say to each other.

``Prepare`` is always the whole scene of the screen, so a presenter that starts again needs only
the last one. Nothing of it is seen before its ``Commit``.
"""

import msgspec

from wallctl.display.window_placement import WindowPlace
from wallctl.model.base.geometry import Size
from wallctl.model.base.histogram import Percentiles
from wallctl.model.base.language import Language
from wallctl.model.operator.help_content import HelpPage
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.monitor_state import Monitor
from wallctl.model.operator.notice import Notice
from wallctl.model.operator.pointer import PointerEvent
from wallctl.model.planning.stream_choice import Why
from wallctl.model.site.decoder_preference import DecodedBy
from wallctl.model.streams.codec import Coding
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import Reason, TileState
from wallctl.model.streams.transport import Carrier
from wallctl.model.wall.scene.scene import ScreenScene, Tile
from wallctl.shm.canvas import CanvasPlace
from wallctl.shm.ring import RingPlace


class PresenterSpec(msgspec.Struct, frozen=True):
    """What a presenter is born with."""

    screen: str
    size: Size
    canvas: CanvasPlace
    window: WindowPlace | None
    """``None``: headless."""
    title: str
    font: str | None = None
    help: dict[Language, HelpPage] = {}
    """As it is at first; ``Furnish`` tells another one."""
    timezone: str | None = None
    """Of the site; ``None``: the machine's. ``Furnish`` tells another one."""


class Feed(msgspec.Struct, frozen=True):
    """One tap that can fill a tile: where its pictures come, and where its stream's facts are."""

    stream: str
    ring: RingPlace
    block: int


class TileOrder(Tile, frozen=True):
    """One tile of a scene; ``feeds`` are ordered best first, empty for an empty tile."""

    feeds: tuple[Feed, ...] = ()
    why: Why = Why.ONLY
    """Why the first of these is the one that the tile is to have."""


class Prepare(ScreenScene, frozen=True, tag=True, kw_only=True):
    """Get ready to show this scene."""

    version: int
    tiles: tuple[TileOrder, ...]


class Commit(msgspec.Struct, frozen=True, tag=True):
    """Show the prepared scene from the first pass at or after this time on."""

    version: int
    at_ns: int


class Furnish(msgspec.Struct, frozen=True, tag=True):
    """What lies over the scenes has changed, as the site has."""

    help: dict[Language, HelpPage]
    notices: tuple[Notice, ...] = ()
    """What is wrong around the wall: a line in a corner for each, the first one lowest."""
    timezone: str | None = None


class Say(msgspec.Struct, frozen=True, tag=True):
    """Show a few words at once, over whatever is shown, until a time."""

    words: str
    language: Language
    until_ns: int


class Countdown(msgspec.Struct, frozen=True, tag=True):
    """The quitting key is held: how far, 0 to 1; 0 takes the overlay away."""

    progress: float


class Suspect(msgspec.Struct, frozen=True, tag=True):
    """The presenters before this one died with these texts: try them again once one is gone."""

    texts: frozenset[str]


class Finish(msgspec.Struct, frozen=True, tag=True):
    """Send the last figures and end."""


class Ready(msgspec.Struct, frozen=True, tag=True):
    """Every tile of this version has a picture, or will have none soon."""

    version: int


class Pending(msgspec.Struct, frozen=True):
    """A tile that is not live, and what it is instead."""

    tile: int
    state: TileState


class Presented(msgspec.Struct, frozen=True, tag=True):
    """The first pass that showed this version is done."""

    version: int
    at_ns: int
    pending: tuple[Pending, ...]


class Settled(msgspec.Struct, frozen=True, tag=True):
    """No tile of this version is still coming: each is live, or known not to be."""

    version: int
    at_ns: int
    pending: tuple[Pending, ...]


_FEW_SHARE = 0.8
"""Of the pictures that come: below it, it is remarkable how few are shown."""


class TileFigures(msgspec.Struct, frozen=True):
    """What became of one tile since its first picture."""

    tile: int
    source: str
    state: TileState = TileState.CONNECTING
    reason: Reason = Reason.NONE
    stream: str = ""
    width_px: int = 0
    height_px: int = 0
    source_fps: float = 0.0
    decoded: int = 0
    presented: int = 0
    fps: float = 0.0
    """Presented pictures a second since the first."""
    fps_now: float = 0.0
    """The same of the last second."""
    skipped: int = 0
    effort: Effort = Effort.FULL
    """How much of the stream is decoded."""
    latency_ms: Percentiles = Percentiles(None, None, None)
    reconnects: int = 0
    decoder: DecodedBy = DecodedBy.NONE
    coding: Coding = Coding.NONE
    carrier: Carrier = Carrier.NONE
    bits_s: int = 0
    """What the stream carries, of the last second."""
    lost: int = 0
    """Pictures that were broken, or that there was no time to decode."""
    keyframe_s: float = 0.0
    """Time between keyframes, or for which none came; 0 while nothing is known."""
    why: Why | None = None
    """Why this stream; ``None`` where another stands in for the one that is to come."""

    @property
    def falls_short(self) -> bool:
        """Whether remarkably few pictures are shown of those that come. The first seconds of a tile
        say nothing."""
        return 2 * self.source_fps < self.presented and self.fps_now < _FEW_SHARE * self.source_fps


class Figures(msgspec.Struct, frozen=True, tag=True):
    """Counters of a presenter, sent each second and at the end."""

    tick_hz: float
    ticks: int
    missed_ticks: int
    changed_ticks: int
    """Passes that changed the canvas."""
    torn: int
    """Copies that were torn and done again."""
    version: int
    tiles: tuple[TileFigures, ...]
    monitor: Monitor = Monitor()
    left_out: tuple[str, ...] = ()
    """What could not be drawn, in one sentence each."""
    is_plain: bool = False
    """Whether no text is drawn at all, since the presenters before this one kept dying."""
    last: bool = False


class NoWindow(msgspec.Struct, frozen=True, tag=True):
    """The display has no window for the screen, and why; the presenter ends with these words."""

    why: str


class Keys(msgspec.Struct, frozen=True, tag=True):
    """Keys pressed or released in the window."""

    events: tuple[KeyEvent, ...]


class Pointing(msgspec.Struct, frozen=True, tag=True):
    """What the pointer did in the window."""

    events: tuple[PointerEvent, ...]


ToPresenter = Prepare | Commit | Furnish | Say | Countdown | Suspect | Finish
FromPresenter = Ready | Presented | Settled | Figures | Keys | Pointing | NoWindow
