"""Which known names a person may have meant. Knows nothing of what the names stand for."""

import difflib
from collections.abc import Iterable

LONGEST_WORD = 80
"""Comparing is quadratic, so no more of a word than this is looked at."""


def near(word: str, known: Iterable[str], limit: int = 5) -> tuple[str, ...]:
    """The known names that are like ``word``, likest first; upper and lower case are the same.

    First those that begin with it, then those that hold it or that it holds, then those that
    differ by a few letters. An empty word is near nothing.
    """
    wanted = word.strip().casefold()[:LONGEST_WORD]
    if not wanted:
        return ()
    folded = {name: name.casefold() for name in known}
    begins = [name for name, fold in folded.items() if fold.startswith(wanted)]
    holds = [name for name, fold in folded.items() if fold and (wanted in fold or fold in wanted)]
    return tuple(dict.fromkeys([*begins, *holds, *_close(wanted, folded)]))[:limit]


def perhaps(close: tuple[str, ...]) -> str:
    """The end of a sentence that says which names were perhaps meant; nothing without any."""
    return f"; did you mean {' or '.join(close)}?" if close else ""


def _close(wanted: str, folded: dict[str, str]) -> list[str]:
    """The names whose folded form differs from ``wanted`` by a few letters, closest first."""
    close = difflib.get_close_matches(wanted, folded.values(), n=len(folded) or 1)
    return sorted(
        (name for name, fold in folded.items() if fold in close),
        key=lambda name: close.index(folded[name]),
    )
