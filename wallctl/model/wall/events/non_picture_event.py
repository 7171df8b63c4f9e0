"""What happens to what is no picture: the selection, what is hidden, told, locked or seen closer.

A ``place`` counts a screen's list from 1.
"""

from wallctl.model.base.language import Language
from wallctl.model.wall.events.event_encoding import Tagged


class Selected(Tagged, frozen=True):
    """Another tile is selected."""

    screen: str
    place: int


class Zoomed(Tagged, frozen=True):
    """A source is seen closer in its place; a factor of 1 shows all of it."""

    screen: str
    place: int
    source: str
    factor: float
    x: float
    y: float


class ZoomEnded(Tagged, frozen=True):
    """A source that was seen closer has left its place."""

    screen: str
    place: int
    source: str


class Blanked(Tagged, frozen=True):
    """Something shows nothing of any camera, or does so for another reason or by another's word."""

    kind: str
    """``screen``, ``place`` or ``source``."""
    name: str
    by: str
    reason: str


class Unblanked(Tagged, frozen=True):
    """Something is seen again."""

    kind: str
    name: str


class Locked(Tagged, frozen=True):
    """A tile is locked; where none is named, the wall."""

    screen: str | None
    place: int | None


class Unlocked(Tagged, frozen=True):
    """A tile is unlocked; where none is named, the wall and all its tiles."""

    screen: str | None
    place: int | None


class AlarmsListed(Tagged, frozen=True):
    """The list of alarms is shown, or no more."""

    shown: bool


class AlarmMarked(Tagged, frozen=True):
    """An alarm of the list is marked."""

    alarm: int


class HelpShown(Tagged, frozen=True):
    """The sheet of keys is shown, or no more."""

    shown: bool


class ReadoutShown(Tagged, frozen=True):
    """Facts appear over the pictures of one screen, else of all, or disappear. ``seconds`` limits
    them."""

    readout: str
    """The command's word, such as ``info``."""
    shown: bool
    screen: str | None = None
    seconds: int | None = None


class LanguageChanged(Tagged, frozen=True):
    """The wall speaks another language."""

    language: Language


class BroadcastSwitched(Tagged, frozen=True):
    """A broadcast is on or off."""

    broadcast: str
    on: bool
