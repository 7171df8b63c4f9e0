"""How names are spelled: one form for all that reads the same. Pure, knows no site.

Systems write the same name in several ways: a Mac decomposes "é" into two characters, a Chinese
keyboard writes full-width digits, a web page adds characters that nobody sees.
"""

import unicodedata
from collections.abc import Iterable

LONGEST = 200
"""Characters of a text that are compared: no name is longer."""
JOINERS = "\u200c\u200d"
"""Invisible, but Arabic-script names, Indic names and emoji are spelled with them."""
MOST_MARKS = 8
"""So many marks one character may carry; a stack of Tibetan letters has up to seven."""
_BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's categories of controls, halves of characters, and what parts lines and paragraphs."""
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters of other categories that are drawn as nothing: fillers and empty patterns."""


def is_invisible(character: str) -> bool:
    """Whether a character is never seen, or only turns others around."""
    return character in _BLANKS or unicodedata.category(character) == "Cf"


def spelled(text: str) -> str:
    """The text in the form in which names are kept: composed (NFC), without what is invisible.

    Joiners stay within the text, where they shape the letters beside them.
    """
    if text.isascii():
        return text
    kept = "".join(c for c in text if c in JOINERS or not is_invisible(c))
    return unicodedata.normalize("NFC", kept.strip(JOINERS))


def invisible_in(text: str) -> tuple[str, ...]:
    """The characters that ``spelled`` leaves out, each once, as ``U+200B``."""
    left = (c for c in text if is_invisible(c) and (c not in JOINERS or c not in spelled(text)))
    return tuple(dict.fromkeys(f"U+{ord(c):04X}" for c in left))


def is_unfit(character: str) -> bool:
    """Whether a character breaks a line, controls a terminal, or is half of one or none at all."""
    return unicodedata.category(character) in _BREAKING or _is_none(ord(character))


def _is_none(code: int) -> bool:
    """Whether Unicode says that a code will never be a character."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def is_mark(character: str) -> bool:
    """Whether a character is drawn on the one before it, or joins it to the next."""
    return character in JOINERS or unicodedata.category(character)[0] == "M"


def unfit_in(text: str) -> str:
    """What no name and no text may hold, as ``U+000A``; empty if all of it may stand there."""
    if not text.isprintable():
        found = next(filter(is_unfit, text), None)
        if found is not None:
            return f"U+{ord(found):04X}"
    is_flooded = len(without_floods(text)) < len(text)
    return f"more than {MOST_MARKS} marks on one character" if is_flooded else ""


def without_floods(text: str) -> str:
    """The text with no more marks on a character than any script needs: many would be drawn far
    over the lines above and below, and cost time."""
    if text.isascii():
        return text
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if is_mark(character) else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def on_one_line(text: str) -> str:
    """The text as it can be printed anywhere: a blank for what breaks a line or controls a
    terminal, without what is invisible, and without floods of marks."""
    if text.isascii() and text.isprintable():
        return text
    flat = (" " if is_unfit(c) else c for c in text)
    return without_floods(spelled("".join(flat)))


def printable(text: str) -> str:
    """Lines as they can be printed: what controls a terminal, or turns what follows around, is
    written as an escape, as ``\\u001b``. Line breaks and tabs stay."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(_escaped(c) if _controls(c) else c for c in text)


def _controls(character: str) -> bool:
    if character in "\n\t" or character in JOINERS:
        return False
    return is_unfit(character) or unicodedata.category(character) == "Cf"


def _escaped(character: str) -> str:
    """As JSON writes it, so that a text within JSON stays the same text."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def half_width(text: str) -> str:
    """The text as a Latin keyboard writes it: ``３`` is ``3``, ``＠`` is ``@``."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def reading(text: str) -> str:
    """What two texts have in common that read the same: width, case, spaces don't count."""
    plain = half_width("".join(c for c in text[:LONGEST] if not is_invisible(c)))
    return unicodedata.normalize("NFKC", " ".join(plain.casefold().split()))


def same_reading(name: str, known: Iterable[str]) -> str | None:
    """The known name that is ``name``, else the only one that reads the same."""
    names = tuple(known)
    if name in names:
        return name
    wanted = reading(name)
    found = [one for one in names if reading(one) == wanted] if wanted else []
    return found[0] if len(found) == 1 else None
