"""Keys that take more than one press: a source's number, and a question before hiding. Pure.

A dialogue ends with its last key, with Esc, with any key that it has no use for (which then does
what it always does), or by itself when nobody goes on.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from wallctl.model.operator.catalogue import Catalogue, Text
from wallctl.model.operator.feedback import ERROR_NS, Feedback
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import Blank, Change, Show, TileRef, Unblank
from wallctl.model.wall.state.blanking import Target, hiding, screen_blanked
from wallctl.model.wall.state.lookup import tile_of, visible
from wallctl.model.wall.state.state import WallState

ENTRY_NS = 5_000_000_000
QUESTION_NS = 3_000_000_000
MOST_DIGITS = 6
"""More than any site numbers its sources by."""


class Entry(msgspec.Struct, frozen=True):
    """A number that is being typed."""

    until_ns: int
    digits: str = ""


class Question(msgspec.Struct, frozen=True):
    """Changes that wait for a yes."""

    until_ns: int
    key: str
    """The key that asked."""
    again: Change
    """What it does when it is pressed once more: to all pictures."""
    enter: Change
    """What Enter does: to what is selected, if there is a choice."""


Dialogue = Entry | Question


class Turn(NamedTuple):
    """What a key brought: the dialogue if it goes on, what is to be done, what is said."""

    dialogue: Dialogue | None = None
    change: Change | None = None
    said: Feedback | None = None


class Speaker(NamedTuple):
    """What a dialogue speaks with."""

    words: Catalogue
    state: WallState
    site: Site

    @property
    def sources(self) -> dict[int, str]:
        """The name behind each number."""
        return {source.number: source.name for source in self.site.sources}

    @property
    def screen(self) -> str:
        """Where the selected tile is."""
        return self.state.selected.screen


def number_asked(speaker: Speaker, now_ns: int) -> Turn:
    """The next digits are a source's number."""
    return _typed("", speaker, now_ns)


def blank_asked(key: str, speaker: Speaker, now_ns: int) -> Turn:
    """All is to be hidden, or the source in the selected tile, wherever it is shown; or it is to be
    seen again, if it is hidden.

    Not the tile: whoever hides a picture from visitors must not see it come up in another one.
    """
    state, until_ns = speaker.state, now_ns + QUESTION_NS
    at = visible(state, speaker.site)
    source = state.screens[at.screen].at(at.index)
    hides = hiding(state.blanked, at.screen, at.index, source)
    name = _called(speaker.site, source, at.screen)
    if all(screen_blanked(state.blanked, screen) for screen in state.screens):
        said = speaker.words.say(Text.CONFIRM_UNBLANK, key=key)
        question = Question(until_ns, key, Unblank(), Unblank())
    elif hides is not None:
        shown = _shown_again(hides.target, tile_of(state, at))
        said = speaker.words.say(Text.CONFIRM_UNBLANK_ONE, key=key, name=name)
        question = Question(until_ns, key, Blank(), shown)
    elif source is not None:
        said = speaker.words.say(Text.CONFIRM_BLANK_ONE, key=key, name=name)
        question = Question(until_ns, key, Blank(), Blank(source=source))
    else:
        said = speaker.words.say(Text.CONFIRM_BLANK, key=key)
        question = Question(until_ns, key, Blank(), Blank())
    return Turn(question, None, Feedback(said, for_ns=QUESTION_NS))


def _called(site: Site, name: str | None, screen: str) -> str:
    """A source as its tile's label has it; else the screen, where the tile is empty."""
    source = site.source(name) if name is not None else None
    return f"{source.number} {source.name}" if source is not None else screen


def _shown_again(target: Target, tile: TileRef) -> Unblank:
    """The opposite of what hides a tile."""
    if target.source is not None:
        return Unblank(source=target.source)
    return Unblank(target.screen) if target.index is None else Unblank(tile=tile)


def is_over(dialogue: Dialogue, now_ns: int) -> bool:
    """Whether nobody went on with it in time."""
    return now_ns >= dialogue.until_ns


def gone_on(dialogue: Dialogue, key: str, speaker: Speaker, now_ns: int) -> Turn | None:
    """What a key means in a dialogue; ``None`` if it has nothing to do with it."""
    if key == "Esc":
        return Turn(said=Feedback(speaker.words.say(Text.CANCELLED)))
    if isinstance(dialogue, Question):
        return _answered(dialogue, key)
    if key == "Enter":
        return _entered(dialogue.digits, speaker, now_ns)
    if key == "Backspace":
        return _typed(dialogue.digits[:-1], speaker, now_ns)
    if len(key) == 1 and key.isdecimal():
        return _typed((dialogue.digits + key)[:MOST_DIGITS], speaker, now_ns)
    return None


def _answered(question: Question, key: str) -> Turn | None:
    if key == question.key:
        return Turn(change=question.again)
    return Turn(change=question.enter) if key == "Enter" else None


def _typed(digits: str, speaker: Speaker, now_ns: int) -> Turn:
    """The number as far as it goes, and whom it means."""
    words = speaker.words
    name = speaker.sources.get(int(digits)) if digits else None
    if name is not None:
        said = words.say(Text.NUMBER_OF, digits=digits, name=name)
    elif digits and not _may_become(digits, speaker.sources):
        said = words.say(Text.NUMBER_OF_NONE, digits=digits)
    else:
        said = words.say(Text.NUMBER, digits=digits)
    return Turn(Entry(now_ns + ENTRY_NS, digits), None, Feedback(said, speaker.screen, ENTRY_NS))


def _may_become(digits: str, sources: Mapping[int, str]) -> bool:
    """Whether further digits can make a source's number of it."""
    return any(str(number).startswith(digits.lstrip("0")) for number in sources)


def _entered(digits: str, speaker: Speaker, now_ns: int) -> Turn:
    if not digits:
        return _typed(digits, speaker, now_ns)
    name = speaker.sources.get(int(digits))
    if name is not None:
        return Turn(change=Show(name))
    said = speaker.words.say(Text.NO_SUCH_NUMBER, number=int(digits))
    return Turn(said=Feedback(said, speaker.screen, ERROR_NS))
