"""A line of text in several fonts and directions: cut into runs, each of one font, as drawn.

Most lines are in the wall's own font alone and never come here. How a font is loaded and drawn is
not known here.
"""

import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from wallctl.display.text.installed_fonts import FontFile
from wallctl.model.base.bidi import levels, visual_order
from wallctl.model.base.unicode_rules import JOINERS

BOX = "□"
"""Stands for a character that no font of the machine has. It is in every Chinese font."""

FontOf = Callable[[str], FontFile | None]
"""The first font that has all of some characters; ``None`` if there is none."""


class Run(NamedTuple):
    """Neighbours that are drawn at once."""

    text: str
    font: FontFile
    to_left: bool
    """Whether it runs from right to left."""


class _Cluster(NamedTuple):
    text: str
    font: FontFile
    level: int


def is_attached(character: str) -> bool:
    """Whether a character belongs to the one before it: a mark, a joiner, a variant."""
    is_modifier = "\U0001f3fb" <= character <= "\U0001f3ff"  # skin colours of emoji
    return character in JOINERS or is_modifier or unicodedata.category(character)[0] == "M"


def is_drawn(character: str) -> bool:
    """Whether a character needs a glyph of its own."""
    is_variant = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return not is_variant and unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zs"}


def runs(text: str, own: FontFile, font_of: FontOf) -> list[Run]:
    """A cleaned line as runs from left to right; ``own`` writes all that no other font has to."""
    joined: list[_Cluster] = []
    for cluster in _clusters(text, own, font_of):
        last = joined[-1] if joined else None
        if last is not None and (last.font, last.level) == (cluster.font, cluster.level):
            joined[-1] = last._replace(text=last.text + cluster.text)
        else:
            joined.append(cluster)
    order = visual_order([one.level for one in joined])
    return [Run(joined[i].text, joined[i].font, joined[i].level % 2 == 1) for i in order]


def _clusters(text: str, own: FontFile, font_of: FontOf) -> Iterator[_Cluster]:
    """Characters with all that is attached to them; one that nobody can draw is a box."""
    at_level = levels(text)
    for start, end in _spans(text):
        drawn = "".join(filter(is_drawn, text[start:end]))
        font = font_of(drawn) if drawn else own  # a space of an emoji's font is too wide
        if font is not None:
            yield _Cluster(text[start:end], font, at_level[start])
            continue
        for character in drawn:
            single = font_of(character)
            yield _Cluster(character if single else BOX, single or own, at_level[start])


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or not (is_attached(text[i]) or text[i - 1] == JOINERS[1]):
            yield start, i
            start = i
