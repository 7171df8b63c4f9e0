"""Keys that take more than one press: a source's number, and a question before all is hidden. Pure.

A dialogue ends with its last key, with Esc, with any key that it has no use for (which then does
what it always does), or by itself when nobody goes on.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from wallctl.control.key_words import Feedback
from wallctl.model.catalogue import Catalogue, Text
from wallctl.model.command import Blank, Change, Show, Unblank
from wallctl.model.privacy import screen_blanked
from wallctl.model.state import WallState

ENTRY_NS = 5_000_000_000
QUESTION_NS = 3_000_000_000
MOST_DIGITS = 6
"""More than any site numbers its sources by."""


class Entry(msgspec.Struct, frozen=True):
    """A number that is being typed."""

    until_ns: int
    digits: str = ""


class Question(msgspec.Struct, frozen=True):
    """A change that waits for a yes."""

    until_ns: int
    change: Change
    key: str
    """The key that asked: once more it says yes, as Enter does."""


Dialogue = Entry | Question


class Turn(NamedTuple):
    """What a key brought: the dialogue if it goes on, what is to be done, what is said."""

    dialogue: Dialogue | None = None
    change: Change | None = None
    said: Feedback | None = None


class Speaker(NamedTuple):
    """What a dialogue speaks with."""

    words: Catalogue
    sources: Mapping[int, str]
    """The name behind each number."""
    screen: str
    """Where the selected tile is."""


def number_asked(speaker: Speaker, now_ns: int) -> Turn:
    """The next digits are a source's number."""
    return _typed("", speaker, now_ns)


def blank_asked(key: str, state: WallState, words: Catalogue, now_ns: int) -> Turn:
    """All screens are to be hidden; or shown again, if all are hidden."""
    lifts = all(screen_blanked(state.blanked, screen) for screen in state.screens)
    text = Text.CONFIRM_UNBLANK if lifts else Text.CONFIRM_BLANK
    question = Question(now_ns + QUESTION_NS, Unblank() if lifts else Blank(), key)
    return Turn(question, None, Feedback(words.say(text, key=key), for_ns=QUESTION_NS))


def is_over(dialogue: Dialogue, now_ns: int) -> bool:
    """Whether nobody went on with it in time."""
    return now_ns >= dialogue.until_ns


def gone_on(dialogue: Dialogue, key: str, speaker: Speaker, now_ns: int) -> Turn | None:
    """What a key means in a dialogue; ``None`` if it has nothing to do with it."""
    if key == "Esc":
        return Turn(said=Feedback(speaker.words.say(Text.CANCELLED)))
    if isinstance(dialogue, Question):
        return Turn(change=dialogue.change) if key in (dialogue.key, "Enter") else None
    if key == "Enter":
        return _entered(dialogue.digits, speaker, now_ns)
    if key == "Backspace":
        return _typed(dialogue.digits[:-1], speaker, now_ns)
    if len(key) == 1 and key.isdecimal():
        return _typed((dialogue.digits + key)[:MOST_DIGITS], speaker, now_ns)
    return None


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
    return Turn(said=Feedback(said, speaker.screen))
