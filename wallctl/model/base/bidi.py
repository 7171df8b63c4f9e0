"""In which order the characters of one line are drawn: left to right, or right to left. Pure.

The Unicode bidirectional algorithm (UAX 9, rules P2 to L2) for lines without direction marks, as
``wallctl.display.text.text_line.clean`` leaves them.
"""

import unicodedata
from collections.abc import Sequence

LEFT, RIGHT = 0, 1
"""Levels of a whole line. Odd levels run from right to left."""
SEPARATOR = " · "
"""Between parts of a line that keep their places: a time does not go in front of a text because
that ends in Arabic."""
_STRONG = {"L": LEFT, "R": RIGHT, "AL": RIGHT}
_SAME_AS_BEFORE = frozenset({"NSM", "BN"})
_BRACKETS = {
    "(": ")",
    "[": "]",
    "{": "}",
    "（": "）",
    "【": "】",
    "《": "》",
    "「": "」",
    "『": "』",
}
_TURNING = frozenset({"R", "AL", "AN"})


def turns(text: str) -> bool:
    """Whether anything of a text runs from right to left."""
    return any(unicodedata.bidirectional(c) in _TURNING for c in text)


def levels(text: str) -> list[int]:
    """The level of each character: neighbours of one level run in one direction."""
    kinds = [unicodedata.bidirectional(c) or "L" for c in text]
    line = next((_STRONG[kind] for kind in kinds if kind in _STRONG), LEFT)
    found: list[int] = []
    for i, part in enumerate(text.split(SEPARATOR)):
        if i:
            found += [line] * len(SEPARATOR)
        found += _part_levels(part, kinds[len(found) : len(found) + len(part)], line)
    return found


def _part_levels(text: str, kinds: list[str], line: int) -> list[int]:
    outside = "R" if line else "L"
    _resolve_marks(kinds, outside)
    _resolve_numbers(kinds, outside)
    _resolve_brackets(text, kinds, outside)
    _resolve_neutrals(kinds, outside)
    return [_level(kind, line) for kind in kinds]


def visual_order(run_levels: Sequence[int]) -> list[int]:
    """The indices of runs from left to right, by the level of each."""
    order = list(range(len(run_levels)))
    for level in range(max(run_levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and run_levels[order[end]] >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = end + 1
    return order


def _resolve_marks(kinds: list[str], outside: str) -> None:
    """Marks and joiners are as what they stand on (W1)."""
    before = outside
    for i, kind in enumerate(kinds):
        before = kinds[i] = before if kind in _SAME_AS_BEFORE else kind


def _resolve_numbers(kinds: list[str], outside: str) -> None:
    """Numbers, and what belongs to them (W2 to W7)."""
    _after(kinds, outside, "AL", "AN")
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    for i in range(1, len(kinds) - 1):
        around = kinds[i - 1]
        joins = {"EN": {"CS", "ES"}, "AN": {"CS"}}.get(around, ())
        if around == kinds[i + 1] and kinds[i] in joins:
            kinds[i] = around
    _spread(kinds, "ET", "EN")
    kinds[:] = ["ON" if kind in {"ES", "ET", "CS"} else kind for kind in kinds]
    _after(kinds, outside, "L", "L")


def _after(kinds: list[str], outside: str, wanted: str, number: str) -> None:
    """Let European numbers become another kind behind letters of the ``wanted`` kind."""
    strong = outside
    for i, kind in enumerate(kinds):
        if kind in _STRONG:
            strong = kind
        elif kind == "EN" and strong == wanted:
            kinds[i] = number


def _spread(kinds: list[str], what: str, beside: str) -> None:
    """Let each row of one kind become another that it touches."""
    for step in (range(1, len(kinds)), range(len(kinds) - 2, -1, -1)):
        back = -1 if step.step > 0 else 1
        for i in step:
            if kinds[i] == what and kinds[i + back] == beside:
                kinds[i] = beside


def _resolve_brackets(text: str, kinds: list[str], outside: str) -> None:
    """Both brackets of a pair go one way: that of the line, or of all that is in them (N0)."""
    for start, end in _pairs(text):
        inside = {_side(kind) for kind in kinds[start + 1 : end]} - {None}
        if not inside:
            continue
        before = next(filter(None, map(_side, reversed(kinds[:start]))), outside)
        chosen = outside if outside in inside else before
        kinds[start] = kinds[end] = chosen


def _pairs(text: str) -> list[tuple[int, int]]:
    """Where brackets open and close, in the order in which they open."""
    found, opened = [], list[tuple[str, int]]()
    for i, character in enumerate(text):
        if character in _BRACKETS:
            opened.append((_BRACKETS[character], i))
        elif any(closing == character for closing, _ in opened):
            while opened:
                closing, start = opened.pop()
                if closing == character:
                    found.append((start, i))
                    break
    return sorted(found)


def _resolve_neutrals(kinds: list[str], outside: str) -> None:
    """Neutrals go with both neighbours if these agree, else with the line (N1, N2)."""
    i = 0
    while i < len(kinds):
        end = i
        while end < len(kinds) and _side(kinds[end]) is None:
            end += 1
        before = _side(kinds[i - 1]) if i else outside
        after = _side(kinds[end]) if end < len(kinds) else outside
        kinds[i:end] = [before if before == after and before else outside] * (end - i)
        i = end + 1


def _side(kind: str) -> str | None:
    """Which direction a resolved kind counts as beside neutrals; ``None`` for a neutral."""
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(kind)


def _level(kind: str, line: int) -> int:
    """A character's level in a line (I1, I2)."""
    if line == RIGHT:
        return RIGHT if kind == "R" else RIGHT + 1
    return {"R": LEFT + 1, "AN": LEFT + 2, "EN": LEFT + 2}.get(kind, LEFT)
