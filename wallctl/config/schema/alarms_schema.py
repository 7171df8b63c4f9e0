"""Alarms and where they come from, as site files write them."""

import typing
from typing import Annotated

from msgspec import Meta

from wallctl.config.schema.common_schema import (
    END,
    QUIET,
    AsWritten,
    SourceRef,
    Written,
    named,
    text,
)
from wallctl.model.site.alarm import (
    DEFAULT_HOLD_S,
    DEFAULT_PRIORITY,
    MAX_HOLD_S,
    MAX_PRIORITY,
    MIN_PRIORITY,
    AlarmColour,
)
from wallctl.model.site.alarm_input import Maker

AlarmName = Annotated[
    str,
    named(
        rf"(?![0-9]+{END})[^\s{QUIET}@\"'\\]([^{QUIET}@\"'\\]*[^\s{QUIET}@\"'\\])?",
        "a name of 1 to 40 characters, not of digits alone, without control characters, quotation "
        "marks or @",
        "报警名称，命令里写作 alarm 名称。Name of the alarm, as commands and the wall say it.",
    ),
]
AlarmText = Annotated[str, text(80, "报警说明。What the alarm tells, besides its name.")]
Priority = Annotated[
    int,
    Meta(
        ge=MIN_PRIORITY,
        le=MAX_PRIORITY,
        description="优先级，大的先显示。The larger is shown first.",
    ),
]
Hold = Annotated[
    int,
    Meta(
        ge=0,
        le=MAX_HOLD_S,
        description="显示几秒；0：直到确认。Seconds that it is shown; 0: until acknowledged.",
    ),
]
AlarmPlaces = Annotated[
    tuple[str, ...],
    Meta(
        description='显示位置，取第一个空闲的："left" 整屏，"left/3" 窗口。'
        'Where it is shown, the first that is free: "left" large, or "left/3" in a tile.',
    ),
]
Port = Annotated[int, Meta(ge=1, le=65535, description="端口。A TCP port.")]
Topic = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern=rf"^[^+#{QUIET}]*[^+#/{QUIET}]{END}",
        description="主题前缀，消息发到 主题/报警名称。Messages go to TOPIC/NAME.",
        extra={"words": "an MQTT topic without + or #, and no / at its end", "as_written": True},
    ),
]
Callers = Annotated[
    tuple[str, ...],
    Meta(
        max_length=64,
        description='设备地址或网段。Addresses that may call, as "192.0.2.31" or "192.0.2.0/28".',
    ),
]
Host = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=253,
        pattern=rf"^[^\s{QUIET}/@]+{END}",
        description="服务器的名称或地址，不含密码。Name or address of the broker, without a login.",
        extra={"words": "the name or address of a machine, without a login"},
    ),
]


Chosen = Annotated[
    Annotated[tuple[str, ...], Meta(max_length=256)] | None,
    Meta(
        description='允许触发的报警："大门"、"前缀*"；不写：全部 [[alarms]]。'
        'Alarms that its callers may raise, by name or as "gate*"; a source by its name.',
    ),
]
AnySource = Annotated[
    bool,
    Meta(description="允许按名称或编号触发任一视频源。Whether callers may raise any source."),
]
FreeText = Annotated[
    bool,
    Meta(description="显示对方发来的文字。Whether what callers tell is written on the wall."),
]


class RawAlarm(Written, frozen=True, kw_only=True):
    """报警。An alarm: which source is shown, where, and in which colour."""

    name: AlarmName
    source: SourceRef
    at: AlarmPlaces = ()
    text: AlarmText = ""
    text_en: AlarmText = ""
    priority: Priority = DEFAULT_PRIORITY
    hold_s: Hold = DEFAULT_HOLD_S
    colour: AlarmColour = AlarmColour.RED
    sound: Annotated[
        AsWritten | None,
        Meta(description="声音文件。A sound file, played when the alarm is raised."),
    ] = None


class RawHttpInput(Written, frozen=True, kw_only=True):
    """HTTP 报警输入。A call to /alarm/NAME raises an alarm."""

    port: Port
    credential: Annotated[
        str | None, Meta(description="登录。User and password that callers must give (Basic).")
    ] = None
    listen: Annotated[
        str, Meta(description="本机监听地址。The machine's own address at which it listens.")
    ] = "127.0.0.1"
    callers: Callers = ()
    hosts: Annotated[
        tuple[str, ...],
        Meta(max_length=16, description="本机的域名。Names by which callers know this machine."),
    ] = ()
    alarms: Chosen = None
    sources: AnySource = False
    text: FreeText = False


class RawPush(Written, frozen=True, kw_only=True):
    """摄像机报警推送。Devices of one maker that push to /push/MAKER of the HTTP input."""

    maker: Annotated[Maker, Meta(description="厂家。The maker of the devices.")]
    callers: Callers
    alarms: Annotated[
        dict[str, str],
        Meta(description='通道对应的报警，如 {1 = "大门"}。Alarm or source by channel.'),
    ]
    events: Annotated[
        tuple[str, ...],
        Meta(
            max_length=64,
            description="只收这些事件，如 linedetection。The maker's words for what counts.",
        ),
    ] = ()


class RawMqttInput(Written, frozen=True, kw_only=True):
    """MQTT 报警输入。A message to TOPIC/NAME raises an alarm."""

    host: Host = "127.0.0.1"
    port: Port = 1883
    topic: Topic = "wallctl/alarm"
    credential: Annotated[str | None, Meta(description="登录。Login at the broker.")] = None
    client_id: Annotated[
        str,
        Meta(
            max_length=64,
            pattern=rf"^[A-Za-z0-9_-]*{END}",
            description="本墙在服务器上的名称。The wall's name at the broker.",
            extra={"words": "letters, digits, - and _"},
        ),
    ] = ""
    alarms: Chosen = None
    sources: AnySource = False
    text: FreeText = False
    tls: Annotated[bool, Meta(description="加密。Whether the broker is spoken to by TLS.")] = False
    ca: Annotated[
        AsWritten | None,
        Meta(description="证书颁发机构文件。File of the authority of the broker (PEM)."),
    ] = None
    certificate: Annotated[
        AsWritten | None,
        Meta(description="本墙证书文件。File of the wall's own certificate (PEM)."),
    ] = None
    key: Annotated[
        AsWritten | None,
        Meta(description="本墙密钥文件，权限 0600。File of its key (PEM), mode 0600."),
    ] = None


class RawLineInput(Written, frozen=True, kw_only=True):
    """干接点报警输入。Lines such as `1 1` (contact 1 closes) and `1 0` (it opens)."""

    path: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=2048,
            description="串口、管道或文件。A serial port, a FIFO, or a file that is appended to.",
            extra={"as_written": True},
        ),
    ]
    alarms: Annotated[
        dict[str, str],
        Meta(description='触点对应的报警，如 {1 = "大门"}。Alarm or source by contact.'),
    ]
    baud: typing.Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600


class RawInputs(Written, frozen=True, kw_only=True):
    """报警输入。Where alarms come from, besides commands."""

    http: RawHttpInput | None = None
    mqtt: RawMqttInput | None = None
    pushes: Annotated[tuple[RawPush, ...], Meta(max_length=64)] = ()
    lines: Annotated[tuple[RawLineInput, ...], Meta(max_length=16)] = ()
