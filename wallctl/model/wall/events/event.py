"""What the reducer can say has happened. Plain values, written as JSON objects by their tag.

Who has done it and why stands once around all events of one doing: see ``happening``. Names of
screens, sources, layouts and tours are the site's. A ``place`` counts a screen's list from 1.
"""

import enum
import typing

from wallctl.model.wall.commands.command import Change
from wallctl.model.wall.events.event_encoding import Tagged
from wallctl.model.wall.events.non_picture_event import (
    AlarmMarked,
    AlarmsListed,
    Blanked,
    BroadcastSwitched,
    HelpShown,
    LanguageChanged,
    Locked,
    ReadoutShown,
    Selected,
    Unblanked,
    Unlocked,
    Zoomed,
    ZoomEnded,
)


class LayoutShown(Tagged, frozen=True):
    """A screen has a layout; with a wide one it leads the screens that the layout reaches."""

    screen: str
    layout: str


class PresetShown(Tagged, frozen=True):
    """The screens of a preset show it."""

    preset: str
    screens: tuple[str, ...]


class GroupShown(Tagged, frozen=True):
    """A screen shows the sources of a group."""

    screen: str
    group: str
    layout: str


class HomeShown(Tagged, frozen=True):
    """The wall has its home picture."""


class SourceShown(Tagged, frozen=True):
    """A source stands in a tile."""

    screen: str
    place: int
    source: str


class TileCleared(Tagged, frozen=True):
    """A tile is empty."""

    screen: str
    place: int


class TilesSwapped(Tagged, frozen=True):
    """Two tiles have changed places."""

    screens: tuple[str, str]
    places: tuple[int, int]


class Enlarged(Tagged, frozen=True):
    """A tile fills its screen."""

    screen: str
    place: int
    source: str


class Restored(Tagged, frozen=True):
    """No tile fills that screen any more."""

    screen: str


class PageTurned(Tagged, frozen=True):
    """A screen shows another page of its list, or another source of it large."""

    screen: str
    first: int
    """The place of the first tile now."""


class Shrunk(Tagged, frozen=True):
    """The enlarged tile of a screen has lost its source, so nothing fills the screen any more."""

    screen: str


class Undone(Tagged, frozen=True):
    """The picture is the one before a change that a person had made."""

    change: Change | None
    """``None``: it is not known any more."""


class ScreensChanged(Tagged, frozen=True):
    """These screens show something else, whatever lies below it."""

    screens: tuple[str, ...]


class LeaseEnd(enum.Enum):
    """Why a lease is over."""

    EXPIRED = "expired"
    """Its time is over."""
    RELEASED = "released"
    """Somebody has ended it before its time."""
    TAKEN_OVER = "taken_over"
    """Another change covers all that it showed."""
    UNDONE = "undone"
    """``back`` has led to before its begin."""
    ENDED = "ended"
    """The tour, the alarm or the entry of the schedule that it showed is over, or shown
    elsewhere."""
    SITE = "site"
    """The site has its screens or sources no more."""


class LeaseBegun(Tagged, frozen=True):
    """Something lies over the base of some screens."""

    lease: int
    holder: str
    name: str
    screens: tuple[str, ...]


class LeaseChanged(Tagged, frozen=True):
    """A lease shows something else by itself: its preset is another in the site's files."""

    lease: int
    holder: str
    name: str


class LeaseReturned(Tagged, frozen=True):
    """A lease shows its picture again on screens that had been taken over."""

    lease: int
    holder: str
    name: str


class LeaseYielded(Tagged, frozen=True):
    """Another change covers a lease on some screens; on others it goes on."""

    lease: int
    holder: str
    name: str
    screens: tuple[str, ...]


class LeaseEnded(Tagged, frozen=True):
    """Nothing is left of a lease."""

    lease: int
    holder: str
    name: str
    why: LeaseEnd


class LeasesForgotten(Tagged, frozen=True):
    """``back`` will not bring these leases again, which were covered: they have ended meanwhile."""

    leases: tuple[int, ...]


class TourBegun(Tagged, frozen=True):
    """A tour shows its first page."""

    tour: str
    holder: str
    """``tour``, or ``schedule``."""


class TourTurned(Tagged, frozen=True):
    """A tour shows another page."""

    tour: str
    page: int
    """From 1."""


class TourPaused(Tagged, frozen=True):
    """Somebody has paused a tour."""

    tour: str


class TourResumed(Tagged, frozen=True):
    """A tour is paused no more."""

    tour: str


class TourHeld(Tagged, frozen=True):
    """A tour stands still, since nothing of it is seen."""

    tour: str


class TourWentOn(Tagged, frozen=True):
    """A tour that stood still is seen again and goes on."""

    tour: str


class TourEnded(Tagged, frozen=True):
    """A tour is over."""

    tour: str


class ScheduleBegun(Tagged, frozen=True):
    """An entry of the schedule holds from now on. One of the two is named."""

    preset: str | None
    tour: str | None
    lease: int
    """0: its tour runs already."""


class ScheduleEnded(Tagged, frozen=True):
    """An entry of the schedule holds no more."""

    preset: str | None
    tour: str | None


class ScheduleReturned(Tagged, frozen=True):
    """Home has brought the schedule's picture back, which people had covered."""

    screens: tuple[str, ...]
    """Those that show it now, and did not before."""


class AlarmEnd(enum.Enum):
    """Why an alarm is gone."""

    ACKNOWLEDGED = "acknowledged"
    FORGOTTEN = "forgotten"
    """More than so many wait to be acknowledged that the site no longer knows."""


class AlarmEvent(Tagged, frozen=True):
    """Something becomes of an alarm."""

    alarm: int
    """Its number."""
    name: str
    source: str


class AlarmRaised(AlarmEvent, frozen=True):
    """An alarm waits for a screen, as a new one or again after it was over. Where it has one at
    once, ``AlarmShown`` follows."""

    priority: int
    text: str
    """The words of who raised it."""


class AlarmRepeated(AlarmEvent, frozen=True):
    """An alarm that was not over was raised again."""

    count: int
    """How often it was raised since somebody acknowledged it last."""


class AlarmCauseEnded(AlarmEvent, frozen=True):
    """What has raised an alarm is over, and so is the alarm, next: ``AlarmOver``."""


class AlarmShown(AlarmEvent, frozen=True):
    """An alarm has its screen or tile."""

    at: str


class AlarmMoved(AlarmEvent, frozen=True):
    """An alarm is shown elsewhere."""

    at: str


class AlarmDeferred(AlarmEvent, frozen=True):
    """An alarm that was shown, or put aside, waits again."""


class AlarmSetAside(AlarmEvent, frozen=True):
    """The officer took the screen of an alarm; its notice stays."""


class AlarmOver(AlarmEvent, frozen=True):
    """The time of an alarm is over, or its cause, or the lease that showed it. It waits to be
    acknowledged."""


class AlarmEnded(AlarmEvent, frozen=True):
    """An alarm is acknowledged, or forgotten."""

    why: AlarmEnd


class SiteTaken(Tagged, frozen=True):
    """The wall goes by the site's files as they are now."""


class WallEnding(Tagged, frozen=True):
    """The wall ends."""


class Refused(Tagged, frozen=True):
    """A command was not done."""

    code: str
    """As programs are answered; see the protocol."""
    message: str
    times: int
    """How often, since the last one that was told: refusals of one actor are told once a second."""


Event = (
    LayoutShown | PresetShown | GroupShown | HomeShown | SourceShown | TileCleared | TilesSwapped
    | Enlarged | Restored | PageTurned | Shrunk | Undone | ScreensChanged
    | LeaseBegun | LeaseChanged | LeaseReturned | LeaseYielded | LeaseEnded | LeasesForgotten
    | TourBegun | TourTurned | TourPaused | TourResumed | TourHeld | TourWentOn | TourEnded
    | ScheduleBegun | ScheduleEnded | ScheduleReturned
    | AlarmRaised | AlarmRepeated | AlarmCauseEnded | AlarmShown | AlarmMoved | AlarmDeferred
    | AlarmSetAside | AlarmOver | AlarmEnded
    | Selected | Zoomed | ZoomEnded | Blanked | Unblanked | Locked | Unlocked
    | HelpShown | AlarmsListed | AlarmMarked | ReadoutShown | LanguageChanged
    | BroadcastSwitched | SiteTaken | WallEnding | Refused
)  # fmt: skip
"""All that can happen."""

EVENTS: dict[str, type[Event]] = {
    typing.cast(str, kind.__struct_config__.tag): kind for kind in typing.get_args(Event)
}
"""Each kind of event by its tag."""
