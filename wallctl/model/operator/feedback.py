"""What a key says on the screens once the wall has taken its command. Pure.

A switch may wait for its cameras; its words do not. So every key is answered at once.
"""

import msgspec
from msgspec.structs import replace

from wallctl.model.operator.catalogue import Catalogue, Text
from wallctl.model.operator.command_descriptions import told
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import (
    Acknowledge,
    Back,
    Blank,
    Change,
    CommandError,
    Enlarge,
    GoHome,
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
from wallctl.model.wall.state.lease import Holder, highest
from wallctl.model.wall.state.lookup import find_source
from wallctl.model.wall.state.screen_state import ScreenState, leader, tile_count
from wallctl.model.wall.state.state import WallState
from wallctl.model.wall.state.tours import current, is_hidden

Told = GoHome | Back | Lock | Unlock | SetLanguage | RaiseAlarm | Acknowledge
"""What is told in its own words, whatever the screens make of it."""
OfScreen = SetLayout | ShowGroup | Show | Enlarge | Restore | Page | SetZoom
_REFUSALS = {
    "nothing_before": Text.NOTHING_TO_UNDO,
    "empty_tile": Text.EMPTY,
    "not_enlarged": Text.NOT_ENLARGED,
    "unknown_tile": Text.NO_SUCH_TILE,
    "no_tour": Text.NO_TOUR,
    "no_alarm": Text.NO_ALARM,
}
"""Words for what an operator meets every day; of any other refusal it is told what was refused."""


ERROR_NS = 3_000_000_000
"""Why a key did nothing is read more slowly than what it did."""


class Feedback(msgspec.Struct, frozen=True):
    """A few words for the screens."""

    words: str
    screen: str | None = None
    """The only screen that they concern; else they are said on all."""
    for_ns: int | None = None
    """How long they stay, if not as long as words usually do."""


def answer(
    command: Change, before: WallState, after: WallState, site: Site, words: Catalogue
) -> Feedback | None:
    """Words for what may take cameras to show, or changed nothing; the rest is seen at once."""
    unchanged = replace(after, revision=before.revision) == before
    if isinstance(command, Told):
        return Feedback(_in_own_words(command, before, after, site, words))
    if isinstance(command, Swap | Unblank | Blank) and not unchanged:
        return Feedback(told(command, site, words))
    if isinstance(command, ShowPreset):
        return _switching(command, site, words)
    if isinstance(command, SteerTour):
        return _tour(command, before, after, site, words)
    if isinstance(command, OfScreen):
        return _on_screen(command, after, site, unchanged, words)
    return Feedback(words.say(Text.NOTHING_CHANGES)) if unchanged else None


def _in_own_words(
    command: Told, before: WallState, after: WallState, site: Site, words: Catalogue
) -> str:
    match command:
        case GoHome():
            return _home(before, after, site, words)
        case Back():
            return _undone(before, after, site, words)
        case _:
            return told(command, site, words)


def _undone(before: WallState, after: WallState, site: Site, words: Catalogue) -> str:
    """What is not as it was done last any more; it may lie below an alarm, where nobody sees it."""
    change = before.past[-1].change if before.past else None
    if change is None:
        return told(Back(), site, words)
    text = Text.UNDONE if after.screens != before.screens else Text.UNDONE_UNSEEN
    return words.say(text, change=told(change, site, words))


def _home(before: WallState, after: WallState, site: Site, words: Catalogue) -> str:
    """Home, and what became of the tour that was seen; or that it is the schedule's."""
    if _scheduled(after) - _scheduled(before):
        return words.say(Text.HOME_SCHEDULED)
    waiting = [one for one in before.tours if one.goes_on and is_hidden(after, one)]
    home = told(GoHome(), site, words)
    titles = [tour.title(words.language) for one in waiting if (tour := site.tour(one.name))]
    paused = [words.say(Text.TOUR_PAUSED, name=title) for title in titles]
    return " · ".join([home, *paused])


def _scheduled(state: WallState) -> set[str]:
    """The screens that show what the schedule wants."""
    over = {screen: highest(state.leases, screen) for screen in state.screens}
    return {screen for screen, one in over.items() if one and one.holder is Holder.SCHEDULE}


def _on_screen(
    command: OfScreen, after: WallState, site: Site, unchanged: bool, words: Catalogue
) -> Feedback:
    """Words for a change of one screen, where they are said."""
    screen = leader(after.screens, _screen(command, after), site)
    match command:
        case SetLayout(name) | ShowGroup(name):
            return _switching(type(command)(name), site, words, screen)
        case Show(name):
            source = find_source(site, name)
            return Feedback(words.say(Text.SWITCHING, name=source.name), screen)
        case SetZoom():
            large = after.screens[screen].enlarged is not None and command.factor > 1
            look = [words.say(Text.LOOK_AROUND)] if large else []
            return Feedback(" · ".join([told(command, site, words), *look]), screen)
        case Page() if unchanged:
            return Feedback(words.say(Text.NO_OTHER_PAGE), screen)
        case Page():
            return _page(after.screens[screen], site, words, screen)
        case _:
            return _pictured(after.screens[screen], site, words, screen)


def _tour(
    command: SteerTour, before: WallState, after: WallState, site: Site, words: Catalogue
) -> Feedback | None:
    """What a tour does now, or that it is over."""
    meant = current(before) if command.name is None else None
    name = command.name or (meant.name if meant is not None else "")
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


def refusal(
    command: Change | Snapshot, error: CommandError, site: Site, words: Catalogue
) -> Feedback:
    """Why a key did nothing."""
    text = _REFUSALS.get(error.code)
    if text is not None:
        return Feedback(words.say(text), for_ns=ERROR_NS)
    said = words.say(Text.NOT_POSSIBLE, name=told(command, site, words))
    return Feedback(said, for_ns=ERROR_NS)


def _switching(
    command: Change, site: Site, words: Catalogue, screen: str | None = None
) -> Feedback:
    return Feedback(words.say(Text.SWITCHING, name=told(command, site, words)), screen)


def _screen(command: Change, after: WallState) -> str:
    """The screen that a command for one screen changed."""
    tile = getattr(command, "tile", None)
    named = tile.screen if tile is not None else getattr(command, "screen", None)
    return named or after.selected.screen


def _pictured(
    now: ScreenState, site: Site, words: Catalogue, screen: str, of_one: Text = Text.ENLARGED
) -> Feedback:
    """What a screen shows: its enlarged source, else its layout."""
    large = now.at(now.enlarged) if now.enlarged is not None else None
    if large is not None:
        return Feedback(words.say(of_one, name=large), screen)
    return _switching(SetLayout(now.layout), site, words, screen)


def _page(now: ScreenState, site: Site, words: Catalogue, screen: str) -> Feedback:
    if now.enlarged is not None:
        return _pictured(now, site, words, screen, Text.SWITCHING)
    count = tile_count(now, site)
    pages = -(-len(now.order) // count)
    return Feedback(words.say(Text.PAGE, page=now.first // count + 1, pages=pages), screen)
