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


def breaking_in(text: str) -> tuple[str, ...]:
    """The characters that break a line or control a terminal, each once, as ``U+000A``.

    No name and no text holds one; half a character is one, too.
    """
    if text.isprintable():
        return ()
    found = (c for c in text if unicodedata.category(c) in _BREAKING)
    return tuple(dict.fromkeys(f"U+{ord(c):04X}" for c in found))


def on_one_line(text: str) -> str:
    """The text as it can be printed anywhere: a blank for what breaks a line or controls a
    terminal, and without what is invisible."""
    if text.isprintable():
        return text
    flat = (" " if unicodedata.category(c) in _BREAKING else c for c in text)
    return spelled("".join(flat))


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
