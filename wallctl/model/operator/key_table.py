"""The built-in keys, one row each: what a key does, and its line on the help sheet. Pure.

The key map of a site, the help sheet, the key card and the check of a site's hotkeys are made from
this table; a test compares the tables of the documents with it. A new key is a new row.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeGuard

import msgspec

from wallctl.model.operator.key_actions import Binding, KeyAction
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.wall.commands.command import (
    Acknowledge,
    Change,
    Direction,
    GoHome,
    Health,
    Help,
    Info,
    KeepAlarm,
    ListAlarms,
    Move,
    Page,
    Quit,
    SetLayout,
    ShowGroup,
    ShowPreset,
    Snapshot,
)


class LayoutAt(msgspec.Struct, frozen=True):
    """A layout by its place in a site's list ``keys``, from 0."""

    index: int


class PresetAt(msgspec.Struct, frozen=True):
    """The preset that has this key, by its place among the keys of presets, from 0."""

    index: int


class HelpLine(msgspec.Struct, frozen=True):
    """A line of the help sheet, or a key's share of one: rows with the same words share a line."""

    keys: str
    """As people read them, separated by spaces; empty where the line has no room for this key."""
    words: Text


class KeyRow(msgspec.Struct, frozen=True):
    """One built-in key."""

    key: str
    """Its name in hotkey files."""
    does: Binding | LayoutAt | PresetAt
    heading: Text
    """The group of the help sheet."""
    lines: tuple[HelpLine, ...] = ()
    """Empty for a key that brings a picture: its line is a sketch and the picture's own title."""
    other_name: str = ""
    """A second name under which keyboards report the same key."""
    repeats: bool = False
    """Whether it acts again and again while it is down."""
    is_held: bool = False
    """Whether it acts only after a long press."""


PICTURE_HEADINGS: dict[type[Change], Text] = {
    SetLayout: Text.HELP_LAYOUTS,
    GoHome: Text.HELP_PRESETS,
    ShowPreset: Text.HELP_PRESETS,
    ShowGroup: Text.HELP_GROUPS,
}
"""The commands that the help sheet shows with a sketch, on any key, and their headings."""

_LAYOUT_ROWS = tuple(
    KeyRow(str(index + 1), LayoutAt(index), PICTURE_HEADINGS[SetLayout]) for index in range(9)
)
_PRESET_ROWS = tuple(
    KeyRow(f"F{index + 2}", PresetAt(index), PICTURE_HEADINGS[ShowPreset]) for index in range(11)
)


PRESET_KEYS = tuple(row.key for row in _PRESET_ROWS)
"""The keys of presets that have none of their own, in the order in which they are given out."""


def _select(key: str, to: Direction, keys: str) -> KeyRow:
    line = HelpLine(keys, Text.DO_MOVE)
    return KeyRow(key, Move(to), Text.HELP_TILE, (line,), repeats=True)


def _turn_page(key: str, to: Literal["next", "previous"]) -> KeyRow:
    line = HelpLine(key, Text.HELP_PAGES)
    return KeyRow(key, Page(to), Text.HELP_WALL, (line,), repeats=True)


def _row(key: str, does: Binding, heading: Text, words: Text, keys: str = "") -> KeyRow:
    return KeyRow(key, does, heading, (HelpLine(keys or key, words),))


KEY_TABLE: tuple[KeyRow, ...] = (
    *_LAYOUT_ROWS,
    KeyRow("0", GoHome(), PICTURE_HEADINGS[GoHome]),
    *_PRESET_ROWS,
    _select("Tab", Direction.NEXT, "Tab"),
    _select("Shift+Tab", Direction.PREVIOUS, ""),
    _select("Left", Direction.LEFT, "←"),
    _select("Up", Direction.UP, "↑"),
    _select("Down", Direction.DOWN, "↓"),
    _select("Right", Direction.RIGHT, "→"),
    _row("Enter", KeyAction.ENLARGE, Text.HELP_TILE, Text.HELP_ENLARGE),
    KeyRow(
        "Plus",
        KeyAction.CLOSER,
        Text.HELP_TILE,
        (HelpLine("+", Text.HELP_ZOOM),),
        other_name="Shift+Plus",  # a sign that takes Shift on the main block
    ),
    _row("Minus", KeyAction.WIDER, Text.HELP_TILE, Text.HELP_ZOOM, "-"),
    _row("Star", KeyAction.NUMBER, Text.HELP_TILE, Text.HELP_NUMBER, "* 12 Enter"),
    _row("Esc", KeyAction.ESCAPE, Text.HELP_WALL, Text.HELP_ESCAPE),
    _turn_page("PgUp", "previous"),
    _turn_page("PgDn", "next"),
    _row("S", Snapshot(), Text.HELP_WALL, Text.DO_SNAPSHOT),
    _row("Space", KeyAction.TOUR, Text.HELP_WALL, Text.HELP_TOUR),
    _row("I", Info(), Text.HELP_WALL, Text.DO_INFO),
    _row("H", Health(), Text.HELP_WALL, Text.DO_HEALTH),
    _row("F1", Help(), Text.HELP_WALL, Text.DO_HELP),
    _row("A", Acknowledge(), Text.HELP_SAFETY, Text.HELP_ACKNOWLEDGE),
    _row("K", KeepAlarm(), Text.HELP_SAFETY, Text.DO_KEEP),
    _row("J", ListAlarms(), Text.HELP_SAFETY, Text.DO_ALARMS),
    KeyRow(
        "B",
        KeyAction.BLANK,
        Text.HELP_SAFETY,
        (HelpLine("B B", Text.HELP_BLANK_ALL), HelpLine("B Enter", Text.HELP_BLANK_ONE)),
    ),
    _row("L", KeyAction.LOCK, Text.HELP_SAFETY, Text.HELP_LOCK),
    KeyRow(
        "Ctrl+Shift+Q",
        Quit(),
        Text.HELP_SAFETY,
        (HelpLine("Ctrl+Shift+Q", Text.HELP_QUIT),),
        is_held=True,
    ),
)
"""Every built-in key, in the order of the help sheet."""

BUILT_IN = frozenset(row.key for row in KEY_TABLE) | frozenset(
    row.other_name for row in KEY_TABLE if row.other_name
)
"""The names of all built-in keys."""
_REPEATING = tuple({type(row.does) for row in KEY_TABLE if row.repeats})
_HELD = tuple({type(row.does) for row in KEY_TABLE if row.is_held})


def repeats(does: Binding | None) -> bool:
    """Whether a key acts again and again while it is down, as the built-in keys for the same do."""
    return isinstance(does, _REPEATING)


def is_held(does: Binding | None) -> TypeGuard[Change]:
    """Whether a key acts only after a long press, as the built-in keys for the same do."""
    return isinstance(does, _HELD)


def built_in_key(does: Binding) -> str:
    """The first built-in key for a binding; StopIteration if there is none."""
    return next(row.key for row in KEY_TABLE if row.does == does)


def bind_built_in(layouts: Iterable[str], presets: Mapping[str, str]) -> dict[str, Binding]:
    """What each built-in key does on a site with these layouts and presets, in its order.

    ``presets``: the own key of each, empty for one without. A key without a layout or preset is
    left out.
    """
    return dict(_bind(tuple(layouts), presets))


def _bind(layouts: tuple[str, ...], presets: Mapping[str, str]) -> Iterator[tuple[str, Binding]]:
    own = {key: name for name, key in presets.items() if key}
    others = iter(name for name, key in presets.items() if not key)
    slots = tuple(own.pop(key, None) or next(others, None) for key in PRESET_KEYS)
    for row in KEY_TABLE:
        does = _resolve(row.does, layouts, slots)
        if does is not None:
            yield row.key, does
            if row.other_name:
                yield row.other_name, does
    for key, name in own.items():
        yield key, ShowPreset(name)


def _resolve(
    does: Binding | LayoutAt | PresetAt, layouts: tuple[str, ...], presets: tuple[str | None, ...]
) -> Binding | None:
    match does:
        case LayoutAt(index):
            return SetLayout(layouts[index]) if index < len(layouts) else None
        case PresetAt(index):
            preset = presets[index]
            return ShowPreset(preset) if preset is not None else None
        case _:
            return does
