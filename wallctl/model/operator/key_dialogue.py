"""Keys that take more than one press: a source's number, and a question before hiding. Pure.

A dialogue ends with its last key, with Esc, with any other key (which then does what it always
does), or by itself after some seconds without a key. Whoever looks up the rest of a number on paper
and then types Enter must not enlarge a picture: an Enter that comes too late only says so.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from wallctl.model.operator.feedback import ERROR_NS, Feedback
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.site.site import Site
from wallctl.model.streams.health import SECOND_NS
from wallctl.model.wall.commands.command import Blank, Change, Show, TileRef, Unblank
from wallctl.model.wall.state.blanking import Target, hiding, screen_blanked
from wallctl.model.wall.state.lookup import tile_of, visible
from wallctl.model.wall.state.state import WallState

ENTRY_NS = 15_000_000_000
"""How long a number waits for its next digit; it shows how much of that is left."""
LAPSED_NS = 30_000_000_000
"""How long after that Enter is still taken for the end of the number."""
QUESTION_NS = 3_000_000_000
"""How long a question waits for its answer."""
MAX_DIGITS = 6
"""More than any site numbers its sources by."""


class NumberEntry(msgspec.Struct, frozen=True):
    """A number that somebody types."""

    until_ns: int
    digits: str = ""
    left_s: int = ENTRY_NS // SECOND_NS
    """The seconds left, as they are shown."""


class LapsedNumber(msgspec.Struct, frozen=True):
    """A number that nobody has finished in time."""

    until_ns: int


class Question(msgspec.Struct, frozen=True):
    """Changes that wait for a yes."""

    until_ns: int
    key: str
    """The key that asked."""
    again: Change
    """What a second press of that key does: to all pictures."""
    enter: Change
    """What Enter does: to the selected source, if there is one, else the same."""


Dialogue = NumberEntry | LapsedNumber | Question


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


def left_of(dialogue: Dialogue, now_ns: int) -> Dialogue | None:
    """What time leaves of a dialogue: all of it, or nothing; of a number, that it has lapsed."""
    if now_ns < dialogue.until_ns:
        return dialogue
    if isinstance(dialogue, NumberEntry):
        return left_of(LapsedNumber(dialogue.until_ns + LAPSED_NS), now_ns)
    return None


def count_down(dialogue: Dialogue, context: DialogueContext, now_ns: int) -> DialogueStep | None:
    """Show how long a number still waits; ``None`` where that is shown already."""
    if not isinstance(dialogue, NumberEntry):
        return None
    if now_ns >= dialogue.until_ns:
        return DialogueStep(left_of(dialogue, now_ns), None, _say_lapsed(context))
    if _seconds(dialogue.until_ns - now_ns) == dialogue.left_s:
        return None
    return _show_entry(dialogue.digits, dialogue.until_ns, context, now_ns)


def continue_dialogue(
    dialogue: Dialogue, key: str, context: DialogueContext, now_ns: int
) -> DialogueStep | None:
    """Take the next key; ``None`` if it does not belong to the dialogue."""
    if isinstance(dialogue, LapsedNumber):
        return DialogueStep(said=_say_lapsed(context)) if key == "Enter" else None
    if key == "Esc":
        return DialogueStep(said=Feedback(context.words.say(Text.CANCELLED)))
    if isinstance(dialogue, Question):
        return _answer(dialogue, key)
    return _continue_number(dialogue.digits, key, context, now_ns)


def _continue_number(
    digits: str, key: str, context: DialogueContext, now_ns: int
) -> DialogueStep | None:
    if key == "Enter":
        return _enter_number(digits, context, now_ns)
    if key == "Backspace":
        return _show_digits(digits[:-1], context, now_ns)
    if len(key) == 1 and key.isdecimal():
        return _show_digits((digits + key)[:MAX_DIGITS], context, now_ns)
    return None


def _answer(question: Question, key: str) -> DialogueStep | None:
    if key == question.key:
        return DialogueStep(change=question.again)
    return DialogueStep(change=question.enter) if key == "Enter" else None


def _show_digits(digits: str, context: DialogueContext, now_ns: int) -> DialogueStep:
    """Wait for the next digit from now on."""
    return _show_entry(digits, now_ns + ENTRY_NS, context, now_ns)


def _show_entry(digits: str, until_ns: int, context: DialogueContext, now_ns: int) -> DialogueStep:
    """Show the digits so far, the source that they name, and how long the next one has."""
    words = context.words
    name = context.sources.get(int(digits)) if digits else None
    if name is not None:
        said = words.say(Text.NUMBER_OF, digits=digits, name=name)
    elif digits and not _can_become_number(digits, context.sources):
        said = words.say(Text.NUMBER_OF_NONE, digits=digits)
    else:
        said = words.say(Text.NUMBER, digits=digits)
    left_ns = until_ns - now_ns
    left_s = _seconds(left_ns)
    told = words.say(Text.SECONDS_LEFT, words=said, seconds=left_s)
    feedback = Feedback(told, context.screen, left_ns)
    return DialogueStep(NumberEntry(until_ns, digits, left_s), None, feedback)


def _seconds(span_ns: int) -> int:
    """Whole seconds, rounded up."""
    return -(-span_ns // SECOND_NS)


def _say_lapsed(context: DialogueContext) -> Feedback:
    return Feedback(context.words.say(Text.NUMBER_LAPSED), context.screen, ERROR_NS)


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
