"""Commands as words: ``layout 3x3 @left``, as hotkeys, tours and ``wallctl send`` write them.

The words of a command are the fields of its struct, in their order: this module knows how each
type of field is said, and no single command. It does not know which names exist on a site.
"""

import enum
import math
import re
import shlex
import types
import typing
from collections.abc import Callable, Sequence

import msgspec

from wallctl.model.base.suggestions import offered
from wallctl.model.base.unicode_rules import half_width, spelled, unfit_in
from wallctl.model.wall.commands.command import (
    VERBS,
    Command,
    CommandError,
    TileRef,
    is_named,
    plain_type,
    verb_of,
)

LONGEST_COUNT = 9
SHOWN = 40
"""So much of a wrong word is said again."""
WIDE_SPACE = "\u3000"
"""The space that a Chinese keyboard writes; it parts words as any other does."""

_TILE = re.compile(r"(?:(?P<screen>.+)/)?(?P<number>[1-9][0-9]{0,3})", re.ASCII | re.DOTALL)
_MARKS = re.compile(rf"[\s'\"\\{WIDE_SPACE}]")


def parse(text: str) -> Command:
    """The command that a line of words says; a name with spaces is quoted as in a shell.

    Raises ``CommandError`` with code ``bad_command``.
    """
    lexer = shlex.shlex(text, posix=True)
    lexer.whitespace_split = True
    lexer.whitespace += WIDE_SPACE
    lexer.commenters = ""
    try:
        return parse_words(list(lexer))
    except ValueError:
        raise _bad("a quotation mark is opened and never closed, or nothing follows a \\") from None


def parse_words(words: Sequence[str]) -> Command:
    """The command that words say which were split already. Raises ``CommandError``."""
    if not all(_is_text(word) for word in words):
        raise _bad("the words hold characters that are not UTF-8")
    if not words:
        end, verbs = offered("", VERBS)
        raise _bad(f"there is no command; begin with one of the words listed{end}", verbs)
    verb, rest = half_width(words[0]).casefold(), list(words[1:])
    if verb not in VERBS:
        end, verbs = offered(verb, VERBS)
        raise _bad(f"no command is called {_short(words[0])}{end}", verbs)
    kind = VERBS[verb]
    values: dict[str, typing.Any] = {}
    for part in _parts(kind):
        if rest and part.takes(rest[0]):
            values[part.field] = _read(part, rest, verb)
        elif part.needed:
            raise _bad(f"{verb} needs {part.says}: {usage(verb)}")
    if rest:
        raise _bad(f"{verb} has no use for {_short(rest[0])}: {usage(verb)}")
    return kind(**values)


def _read(part: "_Part", rest: list[str], verb: str) -> object:
    """The value of a field from the words that begin with it; they are taken away."""
    if part.named and len(rest) == 1:
        raise _bad(f"nothing follows {part.field}: {usage(verb)}")
    del rest[: part.named]
    return part.read(rest.pop(0))


def to_text(command: Command) -> str:
    """The words that ``parse`` reads as this command."""
    words = [verb_of(command)]
    for part in _parts(type(command)):
        value = getattr(command, part.field)
        if part.needed or value != part.default:
            words += [part.field] * part.named + [_quoted(part.write(value))]
    return " ".join(words)


def usage(verb: str) -> str:
    """How a command is written, optional words in brackets: ``layout NAME [@SCREEN]``."""
    parts = _parts(VERBS[verb])
    return " ".join([verb, *(p.says if p.needed else f"[{p.says}]" for p in parts)])


def tile_from_text(text: str) -> TileRef:
    """A tile from ``5`` or ``left/5``. Raises ``CommandError`` with code ``bad_command``."""
    match = _TILE.fullmatch(text) or _TILE.fullmatch(half_width(text))
    if match is None:
        raise _bad(f"{_short(text)} names no tile; write its number from 1, as 5 or left/5")
    return TileRef(int(match["number"]), match["screen"])


def tile_to_text(tile: TileRef) -> str:
    """``5`` for a tile on the selected screen, ``left/5`` for one whose screen is named."""
    return str(tile.number) if tile.screen is None else f"{tile.screen}/{tile.number}"


class _Part(msgspec.Struct, frozen=True):
    """How one field of a command is said."""

    field: str
    says: str
    """Its place in ``usage``."""
    read: Callable[[str], object]
    write: Callable[[typing.Any], str]
    takes: Callable[[str], bool] = lambda _: True
    """Whether a word is meant for this field; else it is left for the next."""
    named: bool = False
    """Whether its own name stands before it."""
    needed: bool = True
    words: frozenset[str] = frozenset()
    """All that can be said, where it is a choice."""
    default: object = None
    """What the field is where nothing is said of it; of no meaning where it is needed."""


def _parts(kind: type[Command]) -> tuple[_Part, ...]:
    parts = [_part(field) for field in msgspec.structs.fields(kind)]
    return (*(one if one.needed else _skipped(one) for one in parts[:-1]), *parts[-1:])


def _part(field: msgspec.structs.FieldInfo) -> _Part:
    """How a field is said: it follows from its type and its mark, except a screen and its @."""
    kind = plain_type(field)
    plain = _without_none(kind)
    if plain is TileRef:
        part = _Part(field.name, _noun(field.name), tile_from_text, tile_to_text)
    elif plain is bool and kind is bool:
        part = _flag(field.name)
    elif plain is bool:
        part = _choice(field.name, {"on": True, "off": False})
    elif plain in _NUMBERS:
        part = _Part(field.name, field.name.upper(), *_NUMBERS[plain])
    elif plain is str and field.name == "screen":
        part = _Part("screen", "@SCREEN", _screen, lambda v: f"@{v}", _is_screen)
    elif plain is str:
        part = _Part(field.name, field.name.upper(), _name, str)
    else:
        part = _choice(field.name, _members(plain))
    if is_named(field):
        part = _named(part)
    return msgspec.structs.replace(part, needed=field.required, default=field.default)


def _skipped(part: _Part) -> _Part:
    """A part that may be left out before others: it takes only words that it can read."""
    if not part.words:
        return part
    return msgspec.structs.replace(part, takes=lambda word: half_width(word) in part.words)


def _named(part: _Part) -> _Part:
    """The part behind its own name."""
    return msgspec.structs.replace(
        part,
        named=True,
        says=f"{part.field} {part.says}",
        takes=lambda word: half_width(word) == part.field,
    )


def _without_none(kind: typing.Any) -> typing.Any:
    if typing.get_origin(kind) not in (types.UnionType, typing.Union):
        return kind
    (plain,) = (one for one in typing.get_args(kind) if one is not types.NoneType)
    return plain


def _members(kind: typing.Any) -> dict[str, object]:
    """The words of an enum or a ``Literal``, and what each means."""
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return {str(member.value): member for member in kind}
    return {word: word for word in typing.get_args(kind)}


def _noun(field: str) -> str:
    return "TILE" if field == "tile" else f"TILE_{field.upper()}"


def _flag(field: str) -> _Part:
    """A field that is true where its own name is said."""
    return _Part(
        field, field, lambda _: True, lambda _: field, lambda word: half_width(word) == field
    )


def _choice(field: str, meanings: dict[str, object]) -> _Part:
    says = "|".join(meanings)

    def read(word: str) -> object:
        meant = half_width(word)
        if meant not in meanings:
            end, names = offered(word, meanings)
            raise _bad(f"{_short(word)} is none of {says}{end}", names)
        return meanings[meant]

    words = {meaning: word for word, meaning in meanings.items()}
    return _Part(field, says, read, lambda value: words[value], words=frozenset(meanings))


def _name(word: str) -> str:
    if unfit := unfit_in(word):
        raise _bad(f"a text holds {unfit}: write it on one line, without control characters")
    name = spelled(word)
    if not name:
        raise _bad("a name is empty; write the name, in quotation marks if it has spaces")
    return name


def _count(word: str) -> int:
    digits = half_width(word)
    if not digits.isascii() or not digits.isdecimal() or len(digits) > LONGEST_COUNT:
        raise _bad(f"{_short(word)} is no number; write one, as 5")
    return int(digits)


def _number(word: str) -> float:
    try:
        digits = half_width(word)
        number = float(digits) if digits.isascii() else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _bad(f"{_short(word)} is no number; write one, as 2.5")
    return number


def _number_text(number: float) -> str:
    return str(float(number)).removesuffix(".0")


_NUMBERS: dict[type, tuple[Callable[[str], object], Callable[[typing.Any], str]]] = {
    int: (_count, str),
    float: (_number, _number_text),
}
"""How numbers are read and written."""


def _is_screen(word: str) -> bool:
    return half_width(word[:1]) == "@"


def _screen(word: str) -> str:
    if len(word) == 1:
        raise _bad("no screen is named after @; write it without a space, as in @left")
    return word[1:]


def _quoted(word: str) -> str:
    """The word as a shell would need it, left plain where it can be: Chinese stays readable."""
    return shlex.quote(word) if not word or _MARKS.search(word) else word


def _is_text(word: str) -> bool:
    """Whether it can be sent; a shell hands on any bytes."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _short(word: str) -> str:
    """A word as messages show it: cut, and with nothing in it that could break a line."""
    return repr(word if len(word) <= SHOWN else f"{word[:SHOWN]}...")


def _bad(message: str, known: tuple[str, ...] = ()) -> CommandError:
    return CommandError("bad_command", message, known)
