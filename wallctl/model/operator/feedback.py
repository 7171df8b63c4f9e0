"""The words on the screens for what a key did, or for why it did nothing. Pure.

A switch may wait for its cameras, but its words do not: every key is answered at once.
"""

from collections.abc import Collection

import msgspec

from wallctl.model.operator.command_descriptions import describe_command
from wallctl.model.operator.keymap import key_for
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import (
    Acknowledge,
    Back,
    Blank,
    Change,
    CommandError,
    Enlarge,
    GoHome,
    KeepAlarm,
    Lock,
    Page,
    RaiseAlarm,
    Restore,
    SetLanguage,
    SetLayout,
    SetZoom,
    Show,
    ShowGroup,
    ShowPreset,
    Snapshot,
    SteerTour,
    Swap,
    TourTo,
    Unblank,
    Unlock,
)
from wallctl.model.wall.events import event as e
from wallctl.model.wall.scene.status_icons import time_of_day
from wallctl.model.wall.state.lookup import find_source
from wallctl.model.wall.state.screen_state import ScreenState, leader, tile_count
from wallctl.model.wall.state.state import WallState
from wallctl.model.wall.state.tours import current

OwnWords = GoHome | Back | Lock | Unlock | SetLanguage | RaiseAlarm | Acknowledge | KeepAlarm
"""Commands with words of their own, whatever they change on the screens."""

ScreenCommand = SetLayout | ShowGroup | Show | Enlarge | Restore | Page | SetZoom
"""Commands whose words stand on the one screen that they change."""

_REFUSAL_TEXTS = {
    "nothing_before": Text.NOTHING_TO_UNDO,
    "empty_tile": Text.EMPTY,
    "not_enlarged": Text.NOT_ENLARGED,
    "unknown_tile": Text.NO_SUCH_TILE,
    "no_tour": Text.NO_TOUR,
    "no_alarm": Text.NO_ALARM,
}
"""Words for the refusals that an operator meets every day; others only name the refused command."""

_OF_TOURS = (e.TourBegun, e.TourTurned, e.TourPaused, e.TourResumed, e.TourEnded)

ERROR_NS = 3_000_000_000
"""How long the words for a refusal stay: people read them more slowly."""


SCHEDULE_NS = 6_000_000_000
"""Nobody has pressed a key, so nobody is looking for words."""


class Feedback(msgspec.Struct, frozen=True):
    """A few words for the screens."""

    words: str
    screen: str | None = None
    """The only screen on which they stand; ``None``: all screens."""
    for_ns: int | None = None
    """How long they stay; ``None``: as long as words usually do."""


Events = Collection[e.Event]


def describe_result(
    command: Change, events: Events, after: WallState, site: Site, words: Catalogue
) -> Feedback | None:
    """The words for a command that waits for cameras or changed nothing; no others need any.

    ``events`` tell what it has done, and ``after`` is the wall since then.
    """
    if isinstance(command, OwnWords):
        return Feedback(_describe_in_own_words(command, events, site, words))
    if isinstance(command, Swap | Unblank | Blank) and events:
        return Feedback(describe_command(command, site, words))
    if isinstance(command, ShowPreset):
        return _announce_switch(command, site, words)
    if isinstance(command, SteerTour):
        return _describe_tour(command, events, after, site, words)
    if isinstance(command, ScreenCommand):
        return _describe_on_screen(command, after, site, not events, words)
    return None if events else Feedback(words.say(Text.NOTHING_CHANGES))


def _describe_in_own_words(command: OwnWords, events: Events, site: Site, words: Catalogue) -> str:
    match command:
        case GoHome():
            return _describe_home(events, site, words)
        case Back():
            return _describe_undone(events, site, words)
        case Acknowledge():
            return _describe_acknowledged(events, site, words)
        case _:
            return describe_command(command, site, words)


def _describe_acknowledged(events: Events, site: Site, words: Catalogue) -> str:
    """Which alarm that was, or how many; and which key keeps a picture that goes with it."""
    gone = [one for one in events if isinstance(one, e.AlarmEnded)]
    if len(gone) != 1:
        return words.say(Text.ACKNOWLEDGED_ALL, count=len(gone))
    source = site.source(gone[0].source)
    number = f"{source.number} " if source is not None else ""
    name = f"{number}{gone[0].source}"
    named = name if gone[0].name == gone[0].source else f"{gone[0].name} · {name}"
    told = [words.say(Text.ACKNOWLEDGED, name=named)]
    key = key_for(site, KeepAlarm())
    if key and any(isinstance(one, e.ScreensChanged) for one in events):
        told.append(words.say(Text.KEEP_KEY, key=key))
    return " · ".join(told)


def _describe_undone(events: Events, site: Site, words: Catalogue) -> str:
    """The change that was undone; it may lie below an alarm, where nobody sees it."""
    change = next((one.change for one in events if isinstance(one, e.Undone)), None)
    if change is None:
        return describe_command(Back(), site, words)
    is_seen = any(isinstance(one, e.ScreensChanged) for one in events)
    text = Text.UNDONE if is_seen else Text.UNDONE_UNSEEN
    return words.say(text, change=describe_command(change, site, words))


def _describe_home(events: Events, site: Site, words: Catalogue) -> str:
    """Home, and the tours that wait now; or that the schedule has its picture there."""
    if any(isinstance(one, e.ScheduleReturned) for one in events):
        return words.say(Text.HOME_SCHEDULED)
    waiting = [one.tour for one in events if isinstance(one, e.TourHeld)]
    home = describe_command(GoHome(), site, words)
    titles = [tour.title(words.language) for name in waiting if (tour := site.tour(name))]
    paused = [words.say(Text.TOUR_PAUSED, name=title) for title in titles]
    return " · ".join([home, *paused])


def _describe_on_screen(
    command: ScreenCommand, after: WallState, site: Site, unchanged: bool, words: Catalogue
) -> Feedback:
    """The words for a change of one screen, on that screen."""
    screen = leader(after.screens, _changed_screen(command, after), site)
    match command:
        case SetLayout(name) | ShowGroup(name):
            return _announce_switch(type(command)(name), site, words, screen)
        case Show(name):
            source = find_source(site, name)
            return Feedback(words.say(Text.SWITCHING, name=source.name), screen)
        case SetZoom():
            large = after.screens[screen].enlarged is not None and command.factor > 1
            look = [words.say(Text.LOOK_AROUND)] if large else []
            return Feedback(" · ".join([describe_command(command, site, words), *look]), screen)
        case Page() if unchanged:
            return Feedback(words.say(Text.NO_OTHER_PAGE), screen)
        case Page():
            return _describe_page(after.screens[screen], site, words, screen)
        case _:
            return _describe_picture(after.screens[screen], site, words, screen)


def _describe_tour(
    command: SteerTour, events: Events, after: WallState, site: Site, words: Catalogue
) -> Feedback | None:
    """The page that a tour shows, or that it is paused or over."""
    name = command.name or _steered(events, after)
    tour = site.tour(name)
    if tour is None:
        return None
    title = tour.title(words.language)
    now = next((one for one in after.tours if one.name == name), None)
    if now is None:
        return Feedback(words.say(Text.TOUR_OVER, name=title))
    if command.to is TourTo.PAUSE:
        return Feedback(words.say(Text.TOUR_PAUSED, name=title))
    page, pages = now.page + 1, len(tour.pages)
    return Feedback(words.say(Text.TOUR_PAGE, name=title, page=page, pages=pages))


def _steered(events: Events, after: WallState) -> str:
    """The tour to which something happened first; where nothing did, the one that is meant."""
    told = (one.tour for one in events if isinstance(one, _OF_TOURS))
    meant = current(after)
    return next(told, meant.name if meant is not None else "")


def describe_schedule(
    events: Events, after: WallState, site: Site, words: Catalogue
) -> Feedback | None:
    """The words for what the schedule has begun or ended, if it has."""
    begun = next((one for one in events if isinstance(one, e.ScheduleBegun)), None)
    if begun is not None and after.scheduled is not None:
        time = time_of_day(after.scheduled.entry.to_min)
        name = _scheduled_name(begun, site, words)
        said = words.say(Text.SCHEDULE_BEGUN, name=name, time=time)
        return Feedback(said, for_ns=SCHEDULE_NS)
    ended = next((one for one in events if isinstance(one, e.ScheduleEnded)), None)
    if ended is None:
        return None
    name = _scheduled_name(ended, site, words)
    return Feedback(words.say(Text.SCHEDULE_ENDED, name=name), for_ns=SCHEDULE_NS)


def _scheduled_name(one: e.ScheduleBegun | e.ScheduleEnded, site: Site, words: Catalogue) -> str:
    named = site.preset(one.preset) if one.preset is not None else site.tour(one.tour or "")
    return named.title(words.language) if named is not None else one.preset or one.tour or ""


def describe_refusal(
    command: Change | Snapshot, error: CommandError, site: Site, words: Catalogue
) -> Feedback:
    """The words for why a key did nothing."""
    text = _REFUSAL_TEXTS.get(error.code)
    if text is not None:
        return Feedback(words.say(text), for_ns=ERROR_NS)
    said = words.say(Text.NOT_POSSIBLE, name=describe_command(command, site, words))
    return Feedback(said, for_ns=ERROR_NS)


def _announce_switch(
    command: Change, site: Site, words: Catalogue, screen: str | None = None
) -> Feedback:
    return Feedback(words.say(Text.SWITCHING, name=describe_command(command, site, words)), screen)


def _changed_screen(command: Change, after: WallState) -> str:
    """The screen that a command for one screen changed."""
    tile = getattr(command, "tile", None)
    named = tile.screen if tile is not None else getattr(command, "screen", None)
    return named or after.selected.screen


def _describe_picture(
    now: ScreenState, site: Site, words: Catalogue, screen: str, of_one: Text = Text.ENLARGED
) -> Feedback:
    """The words for what a screen shows: its enlarged source, else its layout."""
    large = now.at(now.enlarged) if now.enlarged is not None else None
    if large is not None:
        return Feedback(words.say(of_one, name=large), screen)
    return _announce_switch(SetLayout(now.layout), site, words, screen)


def _describe_page(now: ScreenState, site: Site, words: Catalogue, screen: str) -> Feedback:
    if now.enlarged is not None:
        return _describe_picture(now, site, words, screen, Text.SWITCHING)
    count = tile_count(now, site)
    pages = -(-len(now.order) // count)
    return Feedback(words.say(Text.PAGE, page=now.first // count + 1, pages=pages), screen)
