"""Which known names a person may have meant. Knows nothing of what the names stand for."""

import difflib
from collections.abc import Iterable

from wallctl.model.base.unicode_rules import reading

MOST_SAID = 8
LONGEST_WORD = 80
"""Comparing is quadratic, so no more of a word than this is looked at."""


def near(word: str, known: Iterable[str], limit: int = 5) -> tuple[str, ...]:
    """The known names that are like ``word``, likest first; case and width do not count.

    First those that begin with it, then those that hold it or that it holds, then those that
    differ by a few letters. An empty word is near nothing.
    """
    wanted = reading(word)[:LONGEST_WORD]
    if not wanted:
        return ()
    folded = {name: reading(name) for name in known}
    begins = [name for name, fold in folded.items() if fold.startswith(wanted)]
    holds = [name for name, fold in folded.items() if fold and (wanted in fold or fold in wanted)]
    return tuple(dict.fromkeys([*begins, *holds, *_close(wanted, folded)]))[:limit]


def offered(word: str, known: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """For a name that does not exist: how its sentence ends, and the names to offer.

    They are the likely names, or else all names. The sentence lists the first of them and counts
    the others, unless the word is too long to be a name.
    """
    names = tuple(known)
    close = near(word, names)
    if close:
        return f"; did you mean {' or '.join(close)}?", close
    if not names:
        return "; there are none", names
    if len(word) > LONGEST_WORD:
        return "", names
    more = len(names) - MOST_SAID
    besides = f" and {more} more" if more > 0 else ""
    return f"; there are {', '.join(names[:MOST_SAID])}{besides}", names


def _close(wanted: str, folded: dict[str, str]) -> list[str]:
    """The names whose folded form differs from ``wanted`` by a few letters, closest first."""
    close = difflib.get_close_matches(wanted, folded.values(), n=len(folded) or 1)
    return sorted(
        (name for name, fold in folded.items() if fold in close),
        key=lambda name: close.index(folded[name]),
    )
