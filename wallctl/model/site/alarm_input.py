"""The kinds of alarm inputs: what a site says of each. Pure: nothing listens here.

A struct for each kind, and ``Input`` names them all. Each tells its ``label``, what its callers
``may`` choose, and its ``mapped_alarms``. ``wallctl.config.sections.alarm_inputs`` reads one from a
site file, ``wallctl.alarm_inputs.listener_kinds`` has it listen.
"""

import enum
from collections.abc import Collection

import msgspec

from wallctl.model.site.alarm import Rights
from wallctl.model.site.credential import Credential, Login


class Maker(enum.Enum):
    """A maker of cameras whose pushes of alarms are understood."""

    HIKVISION = "hikvision"
    DAHUA = "dahua"
    UNIVIEW = "uniview"


class Push(msgspec.Struct, frozen=True):
    """Devices of one maker that push what happens to the HTTP input."""

    maker: Maker
    callers: tuple[str, ...]
    """Addresses and networks of the devices, as ``192.0.2.31`` or ``192.0.2.0/28``."""
    alarms: dict[str, str]
    """Alarm, or source, by the device's channel."""
    events: tuple[str, ...] = ()
    """The maker's words for what raises an alarm; empty: everything that it pushes."""


class HttpInput(msgspec.Struct, frozen=True, tag="http"):
    """Alarms over HTTP."""

    port: int
    login: Login | None = None
    """Only in the input's own process. Without a login, every permitted caller may raise them."""
    listen: str = "127.0.0.1"
    """The machine's own address at which it listens."""
    callers: tuple[str, ...] = ()
    """Addresses and networks beyond this machine that may call."""
    pushes: tuple[Push, ...] = ()
    hosts: tuple[str, ...] = ()
    """Names by which callers know this machine."""
    credential: Credential | None = None
    """Where the login is kept."""
    may: Rights = Rights()

    @property
    def label(self) -> str:
        """What people call it."""
        return "http"

    @property
    def mapped_alarms(self) -> Collection[str]:
        """Those that the site names for channels of devices that push."""
        return {alarm for push in self.pushes for alarm in push.alarms.values()}


class Tls(msgspec.Struct, frozen=True):
    """How a server proves who it is, and how the wall does."""

    ca: str | None = None
    """File of the authorities that are believed; ``None``: those that the system believes."""
    certificate: str | None = None
    """File of the wall's own certificate, and of its key."""
    key: str | None = None


class MqttInput(msgspec.Struct, frozen=True, tag="mqtt"):
    """Alarms from a broker: a message to ``topic``/NAME raises NAME."""

    host: str
    port: int
    topic: str
    login: Login | None = None
    client_id: str = ""
    """The wall's name at the broker; empty: one that is made from the machine's."""
    tls: Tls | None = None
    credential: Credential | None = None
    may: Rights = Rights()

    @property
    def label(self) -> str:
        """What people call it."""
        return "mqtt"

    @property
    def mapped_alarms(self) -> Collection[str]:
        """None: each message names its alarm."""
        return ()


class LineInput(msgspec.Struct, frozen=True, tag="lines"):
    """Dry contacts that a serial port, a FIFO or a file reports, line by line."""

    path: str
    alarms: dict[str, str]
    """By the contact's name in the lines."""
    baud: int

    @property
    def label(self) -> str:
        """What people call it."""
        return self.path

    @property
    def may(self) -> Rights:
        """Nothing: a contact chooses no name, and tells no text."""
        return Rights()

    @property
    def mapped_alarms(self) -> Collection[str]:
        """Those that the site names for contacts."""
        return self.alarms.values()


Input = HttpInput | MqttInput | LineInput
