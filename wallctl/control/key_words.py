"""What a key says on the screens, in both languages, once the wall has taken its command. Pure.

A switch may wait for its cameras; its words do not. So every key is answered at once.
"""

import msgspec
from msgspec.structs import replace

from wallctl.model.catalogue import Text, say
from wallctl.model.command import (
    Back,
    Change,
    CommandError,
    Enlarge,
    GoHome,
    Lock,
    Page,
    Restore,
    SetLayout,
    Show,
    ShowPreset,
    Unlock,
)
from wallctl.model.command_words import told
from wallctl.model.placement import ScreenState, tile_count
from wallctl.model.places import find_source
from wallctl.model.site import Site
from wallctl.model.state import WallState

OfScreen = SetLayout | Show | Enlarge | Restore | Page
_REFUSALS = {"nothing_before": Text.NOTHING_TO_UNDO, "empty_tile": Text.EMPTY}
"""Words for what an operator meets every day; other refusals come with their own sentence."""


class Feedback(msgspec.Struct, frozen=True):
    """A few words for the screens."""

    zh: str
    en: str
    screen: str | None = None
    """The only screen that they concern; else they are said on all."""


def answer(command: Change, before: WallState, after: WallState, site: Site) -> Feedback | None:
    """Words for what may take cameras to show, or changed nothing; the rest is seen at once."""
    unchanged = replace(after, revision=before.revision) == before
    if isinstance(command, GoHome | Back | Lock | Unlock):
        return Feedback(*told(command, site))
    if isinstance(command, ShowPreset):
        return _switching(command, site)
    if isinstance(command, OfScreen):
        return _on_screen(command, _screen(command, after), after, site, unchanged)
    return _words(Text.NOTHING_CHANGES) if unchanged else None


def _on_screen(
    command: OfScreen, screen: str, after: WallState, site: Site, unchanged: bool
) -> Feedback:
    """Words for a change of one screen, where they are said."""
    match command:
        case SetLayout(name):
            return _switching(SetLayout(name), site, screen)
        case Show(name):
            return _words(Text.SWITCHING, screen, name=find_source(site, name).name)
        case Page() if unchanged:
            return _words(Text.NO_OTHER_PAGE, screen)
        case Page():
            return _page(after.screens[screen], site, screen)
        case _:
            return _pictured(after.screens[screen], site, screen)


def refusal(command: Change, error: CommandError, site: Site) -> Feedback:
    """Why a key did nothing."""
    text = _REFUSALS.get(error.code)
    if text is not None:
        return _words(text)
    return Feedback(say(Text.NOT_POSSIBLE, name=told(command, site)[0])[0], error.message)


def _words(text: Text, screen: str | None = None, **values: str | int) -> Feedback:
    return Feedback(*say(text, **values), screen)


def _switching(command: Change, site: Site, screen: str | None = None) -> Feedback:
    zh, en = told(command, site)
    return Feedback(say(Text.SWITCHING, name=zh)[0], say(Text.SWITCHING, name=en)[1], screen)


def _screen(command: Change, after: WallState) -> str:
    """The screen that a command for one screen changed."""
    tile = getattr(command, "tile", None)
    named = tile.screen if tile is not None else getattr(command, "screen", None)
    return named or after.selected.screen


def _pictured(now: ScreenState, site: Site, screen: str, of_one: Text = Text.ENLARGED) -> Feedback:
    """What a screen shows: its enlarged source, else its layout."""
    large = now.at(now.enlarged) if now.enlarged is not None else None
    if large is not None:
        return _words(of_one, screen, name=large)
    return _switching(SetLayout(now.layout), site, screen)


def _page(now: ScreenState, site: Site, screen: str) -> Feedback:
    if now.enlarged is not None:
        return _pictured(now, site, screen, Text.SWITCHING)
    count = tile_count(now, site)
    pages = -(-len(now.order) // count)
    return _words(Text.PAGE, screen, page=now.first // count + 1, pages=pages)
