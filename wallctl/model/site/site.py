"""A site: screens, sources, layouts, presets and keys, as values checked by ``wallctl.config``."""

import enum

import msgspec

from wallctl.model.base.geometry import Area, Fit, Rect, Size
from wallctl.model.base.language import Language
from wallctl.model.site.alarm import Alarm, AlarmPlace
from wallctl.model.site.alarm_input import Input
from wallctl.model.site.camera_identity import Trust
from wallctl.model.site.credential import Credential, Login
from wallctl.model.site.decoder_preference import Hardware
from wallctl.model.site.framing import UPRIGHT, Framing, Mask, Turn
from wallctl.model.site.layout import Layout

MAX_SCREENS = 16
MAX_STREAMS = 512
"""How many streams the sources of a wall may have in all."""
MAX_BROADCASTS = 16
DEFAULT_CONNECTIONS = 2
"""How many streams a camera serves at once if the site does not say: the smallest and one more."""
DEFAULT_REFRESH_S = 1.0
"""How often the picture of an address that gives one at a time is fetched by default."""
TEST_PICTURES = ("bars", "grid", "motion")
"""What ``test:NAME`` can name."""


class Transport(enum.Enum):
    """What carries RTP below RTSP."""

    TCP = "tcp"
    UDP = "udp"


class Policy(enum.Enum):
    """What becomes of a source while no tile shows it."""

    OFF = "off"
    """It is not connected."""
    PACKETS = "packets"
    """It is connected, and its packets since the last keyframe are kept."""
    WARM = "warm"
    """Its keyframes are decoded, too."""
    LIVE = "live"
    """It is decoded as if it were shown."""


StreamKey = tuple[str, str]
"""Source and stream name."""


class Stream(msgspec.Struct, frozen=True):
    """One encoded session of a source. ``url`` carries no login."""

    name: str
    """``main``, ``sub`` or ``third``."""
    url: str
    login: Login | None = None
    """Only in the process that opens it, never in a site."""
    transport: Transport = Transport.TCP
    refresh_s: float = DEFAULT_REFRESH_S
    """How often it is fetched if its address gives one picture at a time."""
    credential: Credential | None = None
    """Where its login is kept."""
    trust: Trust = Trust()
    hosts: tuple[str, ...] = ()
    """Other machines to which a web server may send the wall."""


class Source(msgspec.Struct, frozen=True):
    """A camera or other input. ``streams`` are ordered from the largest picture to the smallest."""

    name: str
    number: int
    """The short number that people say aloud."""
    streams: tuple[Stream, ...]
    fit: Fit | None = None
    hidden: Policy | None = None
    """``None``: warm while one key can bring it up, else packets."""
    connections: int = DEFAULT_CONNECTIONS
    """How many of its streams may be open at once."""
    upright: Turn = UPRIGHT
    """Sets its picture upright, for a camera that is mounted otherwise."""
    masks: tuple[Mask, ...] = ()
    """Parts of its upright picture that nobody may see."""
    backup: str | None = None
    """The source that takes its tiles while it is lost."""
    shapes: dict[str, float] = {}
    """By stream name, width over height of its whole upright picture, if the site says it."""


class Bezel(msgspec.Struct, frozen=True):
    """How far a panel's frame reaches beyond its visible picture, in mm."""

    top: float = 0
    right: float = 0
    bottom: float = 0
    left: float = 0

    def around(self, picture: Area) -> Area:
        """The panel with its frame."""
        w, h = self.left + picture.w + self.right, self.top + picture.h + self.bottom
        return Area(picture.x - self.left, picture.y - self.top, w, h)


class Screen(msgspec.Struct, frozen=True):
    """One panel: where it stands on the wall, and which output of the machine it hangs on."""

    name: str
    rect: Rect
    """Position on the wall and size, in pixels of this screen, as its viewer sees it."""
    on_wall_mm: Area | None = None
    """Its visible picture on the wall, if that is known of all screens."""
    bezel: Bezel | None = None
    turn: Turn = UPRIGHT
    """How its panel hangs. All other values are as its viewer sees it."""
    output: str | None = None
    """An XRandR name."""
    edid: str | None = None
    """The monitor there, by its text, name or serial; it has precedence over ``output``."""

    @property
    def size(self) -> Size:
        """Its canvas, in pixels."""
        return self.rect.size


class Broadcast(msgspec.Struct, frozen=True):
    """A screen, or the whole wall, sent out as one H.264 stream (``model.site.broadcast``).

    ``url`` carries no login.
    """

    name: str
    url: str
    """``rtsp://``, ``udp://``, or the path of an HLS playlist."""
    size: Size
    rate_hz: float
    kbps: int
    """The most kilobits a second that it takes."""
    screen: str | None = None
    """``None``: the whole wall."""
    login: Login | None = None
    """Only in the process that sends it."""
    transport: Transport = Transport.TCP
    on: bool = True
    """Whether it runs until somebody switches it."""
    credential: Credential | None = None


class PresetScreen(msgspec.Struct, frozen=True):
    """What a preset does to one screen: a layout and, tile by tile, a source or an empty tile."""

    screen: str
    layout: str
    tiles: tuple[str | None, ...]
    framed: dict[str, Framing] = {}
    """How sources are shown, if not as their tile says."""
    under: str | None = None
    """The screen of the same preset whose wide layout covers this one."""


class Preset(msgspec.Struct, frozen=True):
    """A preset 预案: layouts and which source is in which tile."""

    name: str
    screens: tuple[PresetScreen, ...]
    zh: str = ""
    en: str = ""
    key: str = ""
    """Its own key; without one it has the next that is free of F2 to F12."""

    def title(self, language: Language) -> str:
        """What people read; the name, where the file gives no title."""
        return language.pick(self.zh, self.en) or self.name


class Group(msgspec.Struct, frozen=True):
    """A group 分组: sources that belong together, as those of a department, an area or a floor."""

    name: str
    sources: tuple[str, ...]
    zh: str = ""
    en: str = ""

    def title(self, language: Language) -> str:
        """What people read; the name, where the file gives no title."""
        return language.pick(self.zh, self.en) or self.name


class TileSource(msgspec.Struct, frozen=True):
    """A source in a place of a screen's list."""

    screen: str
    index: int
    source: str


class TourPage(msgspec.Struct, frozen=True):
    """What a tour shows at a time: whole screens, or a source in a single tile."""

    dwell_ns: int
    """How long it is shown."""
    screens: tuple[PresetScreen, ...] = ()
    tiles: tuple[TileSource, ...] = ()

    @property
    def sources(self) -> frozenset[str]:
        """Every source that it shows."""
        whole = (name for one in self.screens for name in one.tiles if name is not None)
        return frozenset((*whole, *(one.source for one in self.tiles)))


class Tour(msgspec.Struct, frozen=True):
    """A tour 轮巡: at least two pages that take turns."""

    name: str
    pages: tuple[TourPage, ...]
    zh: str = ""
    en: str = ""
    skip_dead: bool = False
    """Whether a page is left out when all its sources are dead."""

    def title(self, language: Language) -> str:
        """What people read; the name, where the file gives no title."""
        return language.pick(self.zh, self.en) or self.name


class ScheduleEntry(msgspec.Struct, frozen=True):
    """What is shown at some hours of some days, by the clock that hangs at the site."""

    days: frozenset[int]
    """Those on which it begins; 0 is Monday."""
    from_min: int
    """Minutes since midnight."""
    to_min: int
    """On the next day if it is not later than ``from_min``; 1440 is midnight."""
    preset: str | None = None
    tour: str | None = None
    """Exactly one of the two is given."""


class Site(msgspec.Struct, frozen=True):
    """Everything that the wall knows of a place. ``wallctl.config`` has checked all names in it."""

    name: str
    screens: tuple[Screen, ...]
    sources: tuple[Source, ...]
    layouts: dict[str, Layout]
    """Every layout that can be named, by name."""
    layout_keys: tuple[str, ...]
    """The layouts of the keys 1-9, in this order."""
    home: tuple[PresetScreen, ...]
    """What each screen shows at first and after key 0; its ``tiles`` are the screen's list."""
    presets: tuple[Preset, ...] = ()
    groups: tuple[Group, ...] = ()
    tours: tuple[Tour, ...] = ()
    schedule: tuple[ScheduleEntry, ...] = ()
    """If several apply at one time, the first counts."""
    timezone: str | None = None
    """For all times that people read: ``Asia/Shanghai``; ``None``: the machine's own."""
    hotkeys: dict[str, str] = {}
    """Key name to command text; overrides the built-in keys."""
    fit: Fit = Fit.CONTAIN
    clock: bool = True
    language: Language = Language.CHINESE
    keep_awake: bool = True
    """No screen saver and no power saving while the wall runs."""
    font: str | None = None
    hardware: Hardware = Hardware.AUTO
    broadcasts: tuple[Broadcast, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    inputs: tuple[Input, ...] = ()
    """Where alarms come from, besides commands."""
    alarms_at: tuple[AlarmPlace, ...] = ()
    """Where alarms without a place of their own are shown; empty: large on the first screen."""
    viewing_m: float | None = None
    """How far from the wall its operator sits."""
    id: str = ""
    """The name under which its state is kept; empty: ``name``."""

    @property
    def alarm_at(self) -> tuple[AlarmPlace, ...]:
        """Where an alarm without a place of its own is shown."""
        return self.alarms_at or (AlarmPlace(self.screens[0].name),)

    def source(self, name: str) -> Source | None:
        """The source of that name."""
        return next((s for s in self.sources if s.name == name), None)

    def screen(self, name: str) -> Screen | None:
        """The screen of that name."""
        return next((s for s in self.screens if s.name == name), None)

    def broadcast(self, name: str) -> Broadcast | None:
        """The broadcast of that name."""
        return next((b for b in self.broadcasts if b.name == name), None)

    def alarm(self, name: str) -> Alarm | None:
        """The alarm of that name."""
        return next((a for a in self.alarms if a.name == name), None)

    def preset(self, name: str) -> Preset | None:
        """The preset of that name."""
        return next((p for p in self.presets if p.name == name), None)

    def group(self, name: str) -> Group | None:
        """The group of that name."""
        return next((g for g in self.groups if g.name == name), None)

    def tour(self, name: str) -> Tour | None:
        """The tour of that name."""
        return next((t for t in self.tours if t.name == name), None)
