"""Keys that take more than one press: a source's number, and a question before hiding. Pure.

A dialogue ends with its last key, with Esc, with any other key (which then does what it always
does), or by itself after some seconds without a key.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from wallctl.model.operator.feedback import ERROR_NS, Feedback
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import Blank, Change, Show, TileRef, Unblank
from wallctl.model.wall.state.blanking import Target, hiding, screen_blanked
from wallctl.model.wall.state.lookup import tile_of, visible
from wallctl.model.wall.state.state import WallState

ENTRY_NS = 5_000_000_000
"""How long a number waits for its next digit."""
QUESTION_NS = 3_000_000_000
"""How long a question waits for its answer."""
MAX_DIGITS = 6
"""More than any site numbers its sources by."""


class NumberEntry(msgspec.Struct, frozen=True):
    """A number that somebody types."""

    until_ns: int
    digits: str = ""


class Question(msgspec.Struct, frozen=True):
    """Changes that wait for a yes."""

    until_ns: int
    key: str
    """The key that asked."""
    again: Change
    """What a second press of that key does: to all pictures."""
    enter: Change
    """What Enter does: to the selected source, if there is one, else the same."""


Dialogue = NumberEntry | Question


class DialogueStep(NamedTuple):
    """What one key of a dialogue does: the dialogue if it goes on, a change, words."""

    dialogue: Dialogue | None = None
    change: Change | None = None
    said: Feedback | None = None


class DialogueContext(NamedTuple):
    """What a dialogue reads: the wall as it is, and the words of its language."""

    words: Catalogue
    state: WallState
    site: Site

    @property
    def sources(self) -> dict[int, str]:
        """The name behind each number."""
        return {source.number: source.name for source in self.site.sources}

    @property
    def screen(self) -> str:
        """The screen of the selected tile."""
        return self.state.selected.screen


def begin_number(context: DialogueContext, now_ns: int) -> DialogueStep:
    """Ask for a source's number: the next keys are its digits."""
    return _show_digits("", context, now_ns)


def ask_before_blanking(key: str, context: DialogueContext, now_ns: int) -> DialogueStep:
    """Ask whether to hide all pictures, or the source in the selected tile wherever it is shown;
    or whether to show again what is hidden.

    It asks for the source and not for the tile: a picture that visitors must not see must not come
    up in another tile either.
    """
    state, until_ns = context.state, now_ns + QUESTION_NS
    at = visible(state, context.site)
    source = state.screens[at.screen].at(at.index)
    hides = hiding(state.blanked, at.screen, at.index, source)
    name = _label(context.site, source, at.screen)
    if all(screen_blanked(state.blanked, screen) for screen in state.screens):
        said = context.words.say(Text.CONFIRM_UNBLANK, key=key)
        question = Question(until_ns, key, Unblank(), Unblank())
    elif hides is not None:
        said = context.words.say(Text.CONFIRM_UNBLANK_ONE, key=key, name=name)
        question = Question(until_ns, key, Blank(), _unblank(hides.target, tile_of(state, at)))
    elif source is not None:
        said = context.words.say(Text.CONFIRM_BLANK_ONE, key=key, name=name)
        question = Question(until_ns, key, Blank(), Blank(source=source))
    else:
        said = context.words.say(Text.CONFIRM_BLANK, key=key)
        question = Question(until_ns, key, Blank(), Blank())
    return DialogueStep(question, None, Feedback(said, for_ns=QUESTION_NS))


def _label(site: Site, name: str | None, screen: str) -> str:
    """A source as the label of its tile names it; the screen, if the tile is empty."""
    source = site.source(name) if name is not None else None
    return f"{source.number} {source.name}" if source is not None else screen


def _unblank(target: Target, tile: TileRef) -> Unblank:
    """The change that lifts what hides a tile."""
    if target.source is not None:
        return Unblank(source=target.source)
    return Unblank(target.screen) if target.index is None else Unblank(tile=tile)


def is_over(dialogue: Dialogue, now_ns: int) -> bool:
    """Whether the time for its next key has passed."""
    return now_ns >= dialogue.until_ns


def continue_dialogue(
    dialogue: Dialogue, key: str, context: DialogueContext, now_ns: int
) -> DialogueStep | None:
    """Take the next key; ``None`` if it does not belong to the dialogue."""
    if key == "Esc":
        return DialogueStep(said=Feedback(context.words.say(Text.CANCELLED)))
    if isinstance(dialogue, Question):
        return _answer(dialogue, key)
    if key == "Enter":
        return _enter_number(dialogue.digits, context, now_ns)
    if key == "Backspace":
        return _show_digits(dialogue.digits[:-1], context, now_ns)
    if len(key) == 1 and key.isdecimal():
        return _show_digits((dialogue.digits + key)[:MAX_DIGITS], context, now_ns)
    return None


def _answer(question: Question, key: str) -> DialogueStep | None:
    if key == question.key:
        return DialogueStep(change=question.again)
    return DialogueStep(change=question.enter) if key == "Enter" else None


def _show_digits(digits: str, context: DialogueContext, now_ns: int) -> DialogueStep:
    """Show the digits so far, and the source that they name."""
    words = context.words
    name = context.sources.get(int(digits)) if digits else None
    if name is not None:
        said = words.say(Text.NUMBER_OF, digits=digits, name=name)
    elif digits and not _can_become_number(digits, context.sources):
        said = words.say(Text.NUMBER_OF_NONE, digits=digits)
    else:
        said = words.say(Text.NUMBER, digits=digits)
    feedback = Feedback(said, context.screen, ENTRY_NS)
    return DialogueStep(NumberEntry(now_ns + ENTRY_NS, digits), None, feedback)


def _can_become_number(digits: str, sources: Mapping[int, str]) -> bool:
    """Whether further digits can make a source's number of it."""
    return any(str(number).startswith(digits.lstrip("0")) for number in sources)


def _enter_number(digits: str, context: DialogueContext, now_ns: int) -> DialogueStep:
    if not digits:
        return _show_digits(digits, context, now_ns)
    name = context.sources.get(int(digits))
    if name is not None:
        return DialogueStep(change=Show(name))
    said = context.words.say(Text.NO_SUCH_NUMBER, number=int(digits))
    return DialogueStep(said=Feedback(said, context.screen, ERROR_NS))
