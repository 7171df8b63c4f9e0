"""Files as they are written: one struct for each kind of file, the source of its JSON schema.

Names still stand for things that may not exist; the checks turn these into ``wallctl.model``
values. What a field says of itself here is what ``wallctl check`` and the editor tell a person.
"""

import typing
from typing import Annotated

from msgspec import Meta

from wallctl.config.schema.alarms_schema import AlarmPlaces, RawAlarm, RawInputs
from wallctl.config.schema.camera_identity_schema import (
    Authority,
    Basic,
    Fingerprint,
    LoginHosts,
    SourceHosts,
    TlsCheck,
)
from wallctl.config.schema.common_schema import END as _END
from wallctl.config.schema.common_schema import QUIET as _QUIET
from wallctl.config.schema.common_schema import AsWritten, Secret, SourceRef, Written
from wallctl.config.schema.common_schema import named as _named
from wallctl.config.schema.common_schema import text as _text
from wallctl.config.schema.tours_schema import RawGroup, RawScheduleEntry, RawTour
from wallctl.model.base.geometry import Fit
from wallctl.model.base.language import Language
from wallctl.model.site.broadcast import DEFAULT_RATE_HZ
from wallctl.model.site.broadcast_kind import PLAYLIST, SCHEMES
from wallctl.model.site.decoder_preference import Hardware
from wallctl.model.site.site import (
    DEFAULT_CONNECTIONS,
    MAX_BROADCASTS,
    MAX_SCREENS,
    Policy,
    Transport,
)

DEFAULT_KEYS = ("1x1", "2x2", "3x3", "4x4", "5x5", "6x6", "7x7", "8x8", "1+5")
"""Key n shows n x n; 9 is free for the layout with one large tile."""

_SENT_TO = [f"{scheme}://" for scheme in SCHEMES]

ScreenName = Annotated[
    str,
    _named(
        rf"[^\s{_QUIET}/@\"'\\]+",
        "a name of 1 to 40 characters without spaces, quotation marks, / or @",
        "屏幕名称，命令里写作 @名称。Name of the screen, @NAME in commands.",
    ),
]
SiteId = Annotated[
    str,
    _named(
        rf"[^\s{_QUIET}/@\"'\\]+",
        "a word of 1 to 40 characters without spaces, quotation marks, / or @",
        "站点的固定标识：改名、搬移后仍凭它找回遮蔽与布局。"
        "What the kept state is found by, whatever becomes of name and folder.",
    ),
]
SourceName = Annotated[
    str,
    _named(
        rf"(?![0-9]+{_END})[^\s{_QUIET}@\"'\\]([^{_QUIET}@\"'\\]*[^\s{_QUIET}@\"'\\])?",
        "a name of 1 to 40 characters, not of digits alone, without control characters, quotation "
        "marks or @",
        "画面上显示的名称。The name that people read on the tile.",
    ),
]
Number = Annotated[
    int,
    Meta(ge=1, le=999, description="操作员口头说的编号。The number that people say aloud."),
]
Place = Annotated[
    int,
    Meta(
        ge=0,
        le=65536,
        multiple_of=2,
        description="在整墙上的位置，像素。Position on the wall, in pixels.",
    ),
]
Length = Annotated[
    int, Meta(ge=64, le=16384, multiple_of=2, description="屏幕像素。Pixels of the screen.")
]
Millimetres = Annotated[
    float, Meta(ge=20, le=20000, description="可视面积，毫米。Visible picture, in mm.")
]
PlaceMillimetres = Annotated[
    float,
    Meta(
        ge=0,
        le=100000,
        description="可视面积在整墙上的位置，毫米；空隙即边框。"
        "Where its visible picture begins on the wall, in mm; what is left between is bezel.",
    ),
]
BezelMillimetres = Annotated[float, Meta(ge=0, le=1000, description="边框宽度，毫米。In mm.")]
Monitor = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=80,
        description="显示器，如 wallctl outputs 所列：全文、名称或序列号，先于 output。"
        "The monitor as `wallctl outputs` lists it: whole text, name or serial; before output.",
        extra={"words": "a monitor's text as `wallctl outputs` lists it", "as_written": True},
    ),
]
Address = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=2048,
        pattern=rf"^[^{_QUIET}]+{_END}",
        description="rtsp:// 等地址、文件路径或 test:NAME，不含密码。Address without a login.",
        extra={"words": "an address or the path of a file", "as_written": True},
    ),
]
Destination = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=2048,
        pattern=rf"^[^{_QUIET}]+{_END}",
        description=f"{'、'.join(_SENT_TO)} 地址或 {PLAYLIST} 文件路径，不含密码。"
        f"{' or '.join(_SENT_TO)}, or the path of an HLS playlist; without a login.",
        extra={"words": "an address to send to, or the path of a playlist", "as_written": True},
    ),
]
BroadcastLength = Annotated[
    int,
    Meta(
        ge=64,
        le=8192,
        multiple_of=2,
        description="推流像素；缺省为一半。Pixels of the stream; half the screen's if left out.",
    ),
]
Backup = Annotated[
    str | int,
    Meta(
        description="中断时顶替它的监控点，名称或编号。"
        "The source that takes its tiles while it is lost, by name or number.",
        extra={"words": "the name or number of another source"},
    ),
]
Hidden = Annotated[
    Policy | None,
    Meta(
        description="不显示时：off 断开，packets 只收包，warm 解关键帧，live 全解。"
        "While no tile shows it: off, packets, warm (keyframes decoded) or live.",
    ),
]
Connections = Annotated[
    int,
    Meta(
        ge=1,
        le=3,
        description="同时向摄像机打开几路码流；1：先断开旧码流再接新码流。"
        "How many streams of a camera are open at once; with 1 the old one is closed first.",
    ),
]
Refresh = Annotated[
    float,
    Meta(
        ge=0.2,
        le=3600,
        description="抓图地址每隔几秒取一次图。How often, in seconds, the picture is fetched of an"
        " http address that gives one at a time.",
    ),
]
Fraction = Annotated[
    float, Meta(ge=0, le=1, description="图像宽或高的几分之几。Of the picture's width or height.")
]
Corner = Annotated[tuple[Fraction, ...], Meta(min_length=2, max_length=2)]
Mirror = Annotated[bool, Meta(description="左右翻转。Left and right change places.")]
Rotate = Annotated[
    typing.Literal[0, 90, 180, 270],
    Meta(description="镜像之后顺时针旋转，度。Clockwise, in degrees, after mirroring."),
]
Aspect = Annotated[
    str,
    Meta(
        pattern=rf"^[1-9][0-9]{{0,3}}:[1-9][0-9]{{0,3}}{_END}",
        description="整幅画面（扶正后）的宽高比，如 16:9；不写则按码流。"
        "Shape of the whole upright picture, as 16:9; else what its stream says.",
        extra={"words": 'a shape such as "16:9"'},
    ),
]
Schema = Annotated[typing.Literal[1], Meta(description="文件格式版本。Version of the file format.")]


class RawScreen(Written, frozen=True, kw_only=True):
    """A screen: position and size on the wall in pixels, and in mm."""

    name: ScreenName
    x: Place = 0
    y: Place = 0
    width: Length
    height: Length
    width_mm: Millimetres | None = None
    height_mm: Millimetres | None = None
    x_mm: PlaceMillimetres | None = None
    y_mm: PlaceMillimetres | None = None
    bezel_mm: (
        BezelMillimetres
        | Annotated[
            tuple[BezelMillimetres, ...],
            Meta(
                min_length=4,
                max_length=4,
                description="[上, 右, 下, 左]。Of each side: [top, right, bottom, left].",
            ),
        ]
        | None
    ) = None
    rotation: Annotated[
        typing.Literal[0, 90, 180, 270],
        Meta(
            description="屏幕顺时针转了几度挂着；若由 X 旋转则为 0。"
            "How far clockwise the panel hangs turned; 0 where the X server turns its picture."
        ),
    ] = 0
    output: AsWritten | None = None
    edid: Monitor | None = None


class RawMask(Written, frozen=True, kw_only=True):
    """遮挡区。A part of a picture that nobody may see: a rectangle, or the corners of a polygon."""

    x: Fraction | None = None
    y: Fraction | None = None
    w: Fraction | None = None
    h: Fraction | None = None
    corners: (
        Annotated[
            tuple[Corner, ...],
            Meta(
                min_length=3,
                max_length=64,
                description="多边形的顶点 [x, y]，依次。Corners [x, y] of a polygon, in order.",
            ),
        ]
        | None
    ) = None


class RawAspects(Written, frozen=True, kw_only=True):
    """各码流的宽高比。The shapes of a source's streams, where they differ."""

    main: Aspect | None = None
    sub: Aspect | None = None
    third: Aspect | None = None


class RawSource(Written, frozen=True, kw_only=True):
    """A camera or other input with up to three streams, from the largest picture down."""

    name: SourceName
    number: Number
    main: Address
    sub: Address | None = None
    third: Address | None = None
    credential: str | None = None
    ca: Authority | None = None
    fingerprint: Fingerprint | None = None
    tls: TlsCheck = "verify"
    hosts: SourceHosts = ()
    transport: Transport = Transport.TCP
    refresh_s: Refresh | None = None
    fit: Fit | None = None
    hidden: Hidden = None
    connections: Connections | None = None
    mirror: Mirror = False
    rotate: Rotate = 0
    aspect: Aspect | RawAspects | None = None
    masks: Annotated[tuple[RawMask, ...], Meta(max_length=64)] = ()
    backup: Backup | None = None


class RawHome(Written, frozen=True, kw_only=True):
    """What a screen shows at first and after key 0."""

    screen: str
    layout: str
    sources: tuple[SourceRef, ...]


class RawDefaults(Written, frozen=True, kw_only=True):
    """What holds wherever nothing else is said."""

    fit: Fit = Fit.CONTAIN
    clock: bool = True
    language: Annotated[
        Language, Meta(description="大屏上的语言。The language of the words on the wall.")
    ] = Language.CHINESE
    keep_awake: Annotated[
        bool,
        Meta(description="运行时不熄屏。No screen saver and no power saving while the wall runs."),
    ] = True
    font: AsWritten | None = None
    hidden: Hidden = None
    connections: Connections = DEFAULT_CONNECTIONS
    alarms_at: AlarmPlaces = ()
    viewing_m: (
        Annotated[
            float,
            Meta(
                ge=0.3,
                le=100,
                description="操作员到墙的距离，米。How far from the wall its operator sits, in m.",
            ),
        ]
        | None
    ) = None


class RawDecoding(Written, frozen=True, kw_only=True):
    """How streams are decoded."""

    hardware: Annotated[
        Hardware,
        Meta(
            description="auto 自动，off 只用处理器，或指定设备。"
            "auto, off for the processor alone, or the device to use."
        ),
    ] = Hardware.AUTO


class RawBroadcast(Written, frozen=True, kw_only=True):
    """推流。A screen, or the whole wall, as one H.264 stream for viewers elsewhere."""

    name: ScreenName
    url: Destination
    screen: str | None = None
    width: BroadcastLength | None = None
    height: BroadcastLength | None = None
    fps: Annotated[float, Meta(ge=1, le=50, description="每秒帧数。Pictures a second.")] = (
        DEFAULT_RATE_HZ
    )
    kbps: (
        Annotated[
            int,
            Meta(
                ge=100, le=50_000, description="码率上限。The most kilobits a second that it takes."
            ),
        ]
        | None
    ) = None
    credential: str | None = None
    transport: Transport = Transport.TCP
    on: Annotated[
        bool, Meta(description="开机即推流。Whether it runs until somebody switches it.")
    ] = True


class RawSite(Written, frozen=True, kw_only=True):
    """站点文件。A site: its screens, sources, keys and where the rest is found."""

    schema: Schema
    name: Annotated[str, _text(80, "站点名称。Name of the site.", shortest=1)]
    layouts: tuple[AsWritten, ...] = ()
    screens: Annotated[tuple[RawScreen, ...], Meta(min_length=1, max_length=MAX_SCREENS)]
    sources: Annotated[tuple[RawSource, ...], Meta(min_length=1, max_length=999)]
    credentials: dict[str, AsWritten] = {}  # noqa: RUF012 - msgspec copies it
    hotkeys: dict[str, str] = {}  # noqa: RUF012 - msgspec copies it
    keys: Annotated[tuple[str, ...], Meta(min_length=1, max_length=9)] = DEFAULT_KEYS
    home: tuple[RawHome, ...] = ()
    groups: tuple[RawGroup, ...] = ()
    tours: tuple[RawTour, ...] = ()
    timezone: Annotated[
        str | None,
        Meta(
            description="站点时区（时钟、时间、计划），如 Asia/Shanghai；不写为本机时区。"
            "Time zone of clock, times and schedule; else the machine's, also when that is set."
        ),
    ] = None
    schedule: tuple[RawScheduleEntry, ...] = ()
    id: SiteId | None = None
    alarms: Annotated[tuple[RawAlarm, ...], Meta(max_length=200)] = ()
    inputs: RawInputs = RawInputs()
    defaults: RawDefaults = RawDefaults()
    decoding: RawDecoding = RawDecoding()
    broadcasts: Annotated[tuple[RawBroadcast, ...], Meta(max_length=MAX_BROADCASTS)] = ()


class RawLogin(Written, frozen=True, kw_only=True):
    """登录文件。A camera account, in a file that its owner alone can read."""

    schema: Schema = 1
    user: Secret
    password: Secret
    hosts: LoginHosts = ()
    basic: Basic = False
    redirect_hosts: Annotated[
        tuple[str, ...], Meta(max_length=16, description="已并入 hosts。Part of hosts now.")
    ] = ()
