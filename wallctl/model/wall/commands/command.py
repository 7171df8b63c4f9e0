"""Commands: one frozen value each, the same from a key, the console or a script.

Two text forms exist and both end here: words (``layout 3x3 @left``, as hotkeys and
``wallctl send`` write them) and JSON (docs/protocol.md). A tile is named by its number on the
selected screen (``5``) or with its screen (``left/5``).
"""

import enum
import typing

import msgspec

from wallctl.model.base.language import Language


class TileRef(msgspec.Struct, frozen=True):
    """A tile as a person names it: its number, from 1, on a screen (else the selected one)."""

    number: int
    screen: str | None = None


NAMED = msgspec.Meta(extra={"named": True})
"""Marks a field whose value is said behind the field's own name: ``blank source 7``."""


class Direction(enum.Enum):
    """Where the selection or the page moves."""

    NEXT = "next"
    PREVIOUS = "previous"
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"


class SetLayout(msgspec.Struct, frozen=True, tag="layout", tag_field="cmd"):
    """Show a layout on one screen."""

    name: str
    screen: str | None = None


class ShowPreset(msgspec.Struct, frozen=True, tag="preset", tag_field="cmd"):
    """Show a preset on the screens it names."""

    name: str


class ShowGroup(msgspec.Struct, frozen=True, tag="group", tag_field="cmd"):
    """Show the sources of a group on one screen, in the smallest square that holds them."""

    name: str
    screen: str | None = None


class GoHome(msgspec.Struct, frozen=True, tag="home", tag_field="cmd"):
    """Show what the site calls home, on all screens."""


class Show(msgspec.Struct, frozen=True, tag="show", tag_field="cmd"):
    """Show a source, by name or spoken number, in a tile (else in the selected one)."""

    source: str
    tile: TileRef | None = None


class Clear(msgspec.Struct, frozen=True, tag="clear", tag_field="cmd"):
    """Leave a tile empty."""

    tile: TileRef


class Swap(msgspec.Struct, frozen=True, tag="swap", tag_field="cmd"):
    """Let two tiles change places."""

    a: TileRef
    b: TileRef


class Enlarge(msgspec.Struct, frozen=True, tag="enlarge", tag_field="cmd"):
    """Let a tile (else the selected one) fill its screen."""

    tile: TileRef | None = None


class Restore(msgspec.Struct, frozen=True, tag="restore", tag_field="cmd"):
    """Undo ``enlarge``."""

    screen: str | None = None


class Page(msgspec.Struct, frozen=True, tag="page", tag_field="cmd"):
    """Show the next or previous page of a screen's list."""

    to: typing.Literal["next", "previous"]
    screen: str | None = None


class Select(msgspec.Struct, frozen=True, tag="select", tag_field="cmd"):
    """Select a tile."""

    tile: TileRef


class Move(msgspec.Struct, frozen=True, tag="move", tag_field="cmd"):
    """Move the selection."""

    to: Direction


class Back(msgspec.Struct, frozen=True, tag="back", tag_field="cmd"):
    """Undo the last change of the picture."""


class Blank(msgspec.Struct, frozen=True, tag="blank", tag_field="cmd"):
    """Show nothing of any camera: in a tile, of a source wherever it is, on a screen, or at all."""

    screen: str | None = None
    tile: typing.Annotated[TileRef | None, NAMED] = None
    source: typing.Annotated[str | None, NAMED] = None
    reason: typing.Annotated[str, NAMED] = ""
    """In people's own words, for the tile and for reports."""


class Unblank(msgspec.Struct, frozen=True, tag="unblank", tag_field="cmd"):
    """Lift ``blank``: of that tile, of that source, of a screen, or of all screens."""

    screen: str | None = None
    tile: typing.Annotated[TileRef | None, NAMED] = None
    source: typing.Annotated[str | None, NAMED] = None


class SetZoom(msgspec.Struct, frozen=True, tag="zoom", tag_field="cmd"):
    """Let a tile (else the selected one) show a part of its picture, enlarged."""

    factor: float
    """From 1, which shows all of it, to 8."""
    tile: typing.Annotated[TileRef | None, NAMED] = None
    x: typing.Annotated[float, NAMED] = 0.5
    """The middle of that part: a fraction of the picture, from its left."""
    y: typing.Annotated[float, NAMED] = 0.5
    """From its top."""


class Help(msgspec.Struct, frozen=True, tag="help", tag_field="cmd"):
    """Show or hide the sheet of keys."""

    shown: bool | None = None
    """``None`` changes over."""


class SwitchedReadout(msgspec.Struct, frozen=True):
    """Have facts told over the pictures until somebody wants them no more."""

    shown: bool | None = None
    """``None`` changes over."""


class TimedReadout(msgspec.Struct, frozen=True):
    """Have every screen, or one, tell facts over its pictures for some time."""

    screen: str | None = None
    seconds: int = 10
    """0 ends it."""


class Info(SwitchedReadout, frozen=True, tag="info", tag_field="cmd"):
    """Show or hide, over each tile, what is known of its stream."""


class Health(SwitchedReadout, frozen=True, tag="health", tag_field="cmd"):
    """Show or hide, along each tile's foot, whether pictures are missing and whose fault it is."""


class Release(msgspec.Struct, frozen=True, tag="release", tag_field="cmd"):
    """End a lease (else the youngest that may be ended) before its time."""

    lease: int | None = None


class Lock(msgspec.Struct, frozen=True, tag="lock", tag_field="cmd"):
    """Keep a tile, or the whole wall, from changes by those who are not at the wall."""

    tile: TileRef | None = None


class Unlock(msgspec.Struct, frozen=True, tag="unlock", tag_field="cmd"):
    """Lift ``lock``: of a tile, or of the wall and all its tiles."""

    tile: TileRef | None = None


class TourTo(enum.Enum):
    """What becomes of a tour."""

    ON = "on"
    OFF = "off"
    PAUSE = "pause"
    RESUME = "resume"
    NEXT = "next"
    PREVIOUS = "previous"


class SteerTour(msgspec.Struct, frozen=True, tag="tour", tag_field="cmd"):
    """Begin a tour, or steer one that runs (else the one on the selected screen)."""

    to: TourTo | None = None
    """``None`` begins a tour, and ends it if it is seen."""
    name: str | None = None


class RaiseAlarm(msgspec.Struct, frozen=True, tag="alarm", tag_field="cmd"):
    """Raise an alarm of the site, or one that shows a source."""

    name: str
    """Of an alarm; else of a source, or its number."""
    text: str | None = None
    """What it tells, in the place of the site's words."""


class Acknowledge(msgspec.Struct, frozen=True, tag="acknowledge", tag_field="cmd"):
    """End an alarm (else the one that is shown first), or all of them."""

    all: bool = False
    alarm: int | None = None
    """Its number."""


class KeepAlarm(msgspec.Struct, frozen=True, tag="keep", tag_field="cmd"):
    """Keep the camera of an alarm where that was shown (else of the one that is shown, or was
    acknowledged last); it counts as acknowledged."""

    alarm: int | None = None
    """Its number."""


class ListAlarms(msgspec.Struct, frozen=True, tag="alarms", tag_field="cmd"):
    """Show or hide the list of alarms; without a word, the other one of both."""

    shown: bool | None = None


class MarkAlarm(msgspec.Struct, frozen=True, tag="mark", tag_field="cmd"):
    """Mark an alarm of the list, and show the list."""

    alarm: int
    """Its number."""


class EndAlarm(msgspec.Struct, frozen=True, tag="over", tag_field="cmd"):
    """Say that what raised an alarm is over. No error if the alarm is not raised."""

    name: str
    """Name of an alarm; else of a source, or its number."""


class SetLanguage(msgspec.Struct, frozen=True, tag="language", tag_field="cmd"):
    """Have the whole wall speak a language."""

    to: Language


class SetBroadcast(msgspec.Struct, frozen=True, tag="broadcast", tag_field="cmd"):
    """Switch a broadcast on or off."""

    name: str
    on: bool | None = None
    """``None`` changes over."""


class Identify(TimedReadout, frozen=True, tag="identify", tag_field="cmd"):
    """Have every screen, or one, tell which it is: for whoever hangs and cables them."""


class Quit(msgspec.Struct, frozen=True, tag="quit", tag_field="cmd"):
    """End the wall."""


Readout = Info | Health | Identify
"""The commands that have facts told over the pictures. An overlay tells those of each."""

Change = (
    SetLayout | ShowPreset | GoHome | Show | Clear | Swap | Enlarge | Restore | Page | ShowGroup
    | Select | Move | Back | Blank | Unblank | Help | Readout | Release | Lock | Unlock
    | SteerTour | RaiseAlarm | Acknowledge | KeepAlarm | ListAlarms | MarkAlarm | EndAlarm
    | SetLanguage
    | SetZoom | SetBroadcast | Quit
)  # fmt: skip
"""The commands that ``step`` takes: they change the state."""


class Status(msgspec.Struct, frozen=True, tag="status", tag_field="cmd"):
    """Ask what the wall shows and how it fares."""


class List(msgspec.Struct, frozen=True, tag="list", tag_field="cmd"):
    """Ask for the names that commands can use."""


class Hello(msgspec.Struct, frozen=True, tag="hello", tag_field="cmd"):
    """Ask who answers, in which versions, and where events are."""


class Snapshot(msgspec.Struct, frozen=True, tag="snapshot", tag_field="cmd"):
    """Ask for a picture of a tile, of a screen, or of the whole wall: a PNG, or a JPEG."""

    screen: str | None = None
    clean: bool = False
    """Without labels and overlays. A frozen picture stays marked."""
    stamped: bool = False
    """With the time, the site and what it shows written below, and sources named."""
    jpeg: bool = False
    tile: TileRef | None = None


class Reload(msgspec.Struct, frozen=True, tag="reload", tag_field="cmd"):
    """Read the site's files again now, and ask what came of it."""


Query = Status | List | Hello | Snapshot | Reload
"""The commands that are answered with a result, and never change the state by themselves."""

Command = Change | Query


def verb_of(command: msgspec.Struct | type[msgspec.Struct]) -> str:
    """The word that starts a command."""
    return str(command.__struct_config__.tag)


VERBS: dict[str, type[Command]] = {
    verb_of(kind): kind for kind in (*typing.get_args(Change), *typing.get_args(Query))
}
"""Every command by the word that starts it; this table is the whole list, nothing is looked up
by attribute."""


def plain_type(field: msgspec.structs.FieldInfo) -> typing.Any:
    """The type of a command's field without the marks on it."""
    return field.type.__origin__ if is_named(field) else field.type


def is_named(field: msgspec.structs.FieldInfo) -> bool:
    """Whether a field is marked ``NAMED``."""
    return typing.get_origin(field.type) is typing.Annotated and NAMED in field.type.__metadata__


class CommandError(Exception):
    """A command that can't be done; the state is unchanged.

    ``code`` is stable for programs; ``known`` lists names that are near or possible.
    """

    def __init__(self, code: str, message: str, known: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.known = known
