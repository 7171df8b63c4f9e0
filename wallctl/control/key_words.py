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
    Page,
    Restore,
    SetLayout,
    Show,
    ShowPreset,
)
from wallctl.model.command_text import to_text
from wallctl.model.site import Site
from wallctl.model.state import WallState, tile_count

_REFUSALS = {"nothing_before": Text.NOTHING_TO_UNDO, "empty_tile": Text.EMPTY}
"""Words for what an operator meets every day; other refusals come with their own sentence."""


class Feedback(msgspec.Struct, frozen=True):
    """A few words for the screens."""

    zh: str
    en: str


def answer(command: Change, before: WallState, after: WallState, site: Site) -> Feedback | None:
    """Words for what may take cameras to show, or changed nothing; the rest is seen at once."""
    unchanged = replace(after, revision=before.revision) == before
    match command:
        case SetLayout(name) | ShowPreset(name) | Show(name):
            return _words(Text.SWITCHING, name=name)
        case Enlarge() | Restore():
            return _words(Text.SWITCHING, name=_pictured(after))
        case Page():
            return _words(Text.NO_OTHER_PAGE) if unchanged else _page(after, site)
        case GoHome():
            return _words(Text.HELP_HOME)
        case Back():
            return _words(Text.HELP_BACK)
        case _:
            return _words(Text.NOTHING_CHANGES) if unchanged else None


def refusal(command: Change, error: CommandError) -> Feedback:
    """Why a key did nothing."""
    text = _REFUSALS.get(error.code)
    if text is not None:
        return _words(text)
    return Feedback(say(Text.NOT_POSSIBLE, name=to_text(command))[0], error.message)


def _words(text: Text, **values: str | int) -> Feedback:
    return Feedback(*say(text, **values))


def _pictured(state: WallState) -> str:
    """What the selected screen shows: its enlarged source, else its layout."""
    screen = state.screens[state.selected.screen]
    large = screen.at(screen.enlarged) if screen.enlarged is not None else None
    return large or screen.layout


def _page(state: WallState, site: Site) -> Feedback:
    screen = state.screens[state.selected.screen]
    if screen.enlarged is not None:
        return _words(Text.SWITCHING, name=_pictured(state))
    count = tile_count(screen, site)
    return _words(Text.PAGE, page=screen.first // count + 1, pages=-(-len(screen.order) // count))
