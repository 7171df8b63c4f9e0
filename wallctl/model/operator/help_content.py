"""The help sheet of a site: which keys do what, in the operator's words; not how it is drawn.

Keys that bring a picture to the screens come with a sketch of it, made by the same functions that
make the picture itself.
"""

from collections.abc import Callable, Container, Iterable, Iterator

import msgspec

from wallctl.model.base.geometry import Rect, Size
from wallctl.model.operator.command_descriptions import describe_command
from wallctl.model.operator.key_actions import Binding, KeyAction
from wallctl.model.operator.key_table import KEY_TABLE, PICTURE_HEADINGS, KeyRow
from wallctl.model.operator.keymap import bind_built_in_keys, bind_own_keys, revision
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.site.layout_placement import place_on_wall
from wallctl.model.site.site import Screen, Site
from wallctl.model.wall.commands.command import Change, SetLayout, ShowGroup, ShowPreset
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.scene.scene import ScreenScene
from wallctl.model.wall.state.reducer import foreseen
from wallctl.model.wall.state.state import initial


class SketchTile(msgspec.Struct, frozen=True):
    """One tile of a sketch: its number, or that of the source in it; 0 and no name if empty."""

    rect: Rect
    number: int
    name: str = ""


class Sketch(msgspec.Struct, frozen=True):
    """How one or more screens look, in pixels from their common top left.

    Neighbours stand apart, so that people see where a screen ends.
    """

    size: Size
    screens: tuple[Rect, ...]
    tiles: tuple[SketchTile, ...]


class HelpEntry(msgspec.Struct, frozen=True, cache_hash=True):
    """One line of the help sheet: the keys, separated by spaces, and what they do."""

    key: str
    words: str
    sketch: Sketch | None = None


class HelpGroup(msgspec.Struct, frozen=True):
    """Lines below one heading."""

    heading: str
    entries: tuple[HelpEntry, ...]


class HelpPage(msgspec.Struct, frozen=True, cache_hash=True):
    """Everything on the help sheet, in one language."""

    site: str = ""
    pictures: tuple[HelpGroup, ...] = ()
    """Layouts and presets, with sketches where the site has what they name."""
    actions: tuple[HelpGroup, ...] = ()
    sources: HelpGroup = HelpGroup("", ())
    """The site's sources; their keys are their numbers."""
    revision: str = ""
    """A mark of what all keys do; the printed card has it, too."""


_MOUSE: tuple[tuple[Text, Text], ...] = (
    (Text.MOUSE_CLICK, Text.DO_MOVE),
    (Text.MOUSE_DOUBLE, Text.HELP_ENLARGE),
    (Text.MOUSE_DRAG, Text.HELP_SWAP),
    (Text.MOUSE_WHEEL, Text.HELP_ZOOM),
)

ACTION_WORDS: dict[KeyAction, Text] = {
    KeyAction.ENLARGE: Text.HELP_ENLARGE,
    KeyAction.ESCAPE: Text.HELP_ESCAPE,
    KeyAction.LOCK: Text.HELP_LOCK,
    KeyAction.TOUR: Text.HELP_TOUR,
    KeyAction.NUMBER: Text.HELP_NUMBER,
    KeyAction.CLOSER: Text.HELP_CLOSER,
    KeyAction.WIDER: Text.HELP_WIDER,
    KeyAction.BLANK: Text.HELP_BLANK,
}
"""What each key action does, for a key that the site binds to it."""

_APART_PX = 80
"""Between two screens of a sketch."""


def help_page(site: Site, words: Catalogue) -> HelpPage:
    """The help sheet of a site: layouts and presets as they look on its screens, the built-in
    keys, the site's own, and its sources by number."""
    own = bind_own_keys(site)
    built_in = {key: does for key, does in bind_built_in_keys(site).items() if key not in own}
    return HelpPage(
        site=site.name,
        revision=revision({**built_in, **own}),
        pictures=tuple(_picture_groups({**built_in, **own}, site, words)),
        actions=tuple(group for group in _action_groups(own, site, words) if group.entries),
        sources=_group(
            words.say(Text.HELP_SOURCES),
            (
                HelpEntry(str(one.number), one.name)
                for one in sorted(site.sources, key=lambda one: one.number)
            ),
        ),
    )


def _group(heading: str, entries: Iterable[HelpEntry]) -> HelpGroup:
    return HelpGroup(heading, tuple(entries))


def _picture_groups(keys: dict[str, Binding], site: Site, words: Catalogue) -> Iterator[HelpGroup]:
    """The keys that bring a picture, each with a sketch of it."""
    for heading in dict.fromkeys(PICTURE_HEADINGS.values()):
        kinds = tuple(kind for kind, of in PICTURE_HEADINGS.items() if of is heading)
        entries = tuple(
            HelpEntry(key, describe_command(does, site, words), sketch(does, site))
            for key, does in keys.items()
            if isinstance(does, kinds)
        )
        if entries:
            yield HelpGroup(words.say(heading), entries)


def _action_groups(own: dict[str, Binding], site: Site, words: Catalogue) -> Iterator[HelpGroup]:
    """The built-in keys by what they are for, the mouse, and what else the site's own keys do."""
    rows = [row for row in KEY_TABLE if row.lines]
    for heading in dict.fromkeys(row.heading for row in rows):
        lines = _lines([row for row in rows if row.heading is heading], own, site)
        entries = (HelpEntry(keys, words.say(text)) for text, keys in lines.items())
        yield _group(words.say(heading), entries)
    mouse = (HelpEntry(words.say(key), words.say(text)) for key, text in _MOUSE)
    yield _group(words.say(Text.HELP_MOUSE), mouse)
    others = (
        HelpEntry(key, _describe(does, site, words))
        for key, does in own.items()
        if type(does) not in PICTURE_HEADINGS
    )
    yield _group(words.say(Text.HELP_OWN), others)


def _lines(rows: Iterable[KeyRow], own: Container[str], site: Site) -> dict[Text, str]:
    """The lines of one group, each with all keys that share its words.

    A line is left out when the site binds the first of its keys, or has no tour to pause.
    """
    first: dict[Text, KeyRow] = {}
    keys: dict[Text, list[str]] = {}
    for row in rows:
        for line in row.lines:
            first.setdefault(line.words, row)
            keys.setdefault(line.words, []).extend(line.keys.split())
    return {
        text: " ".join(keys[text])
        for text, row in first.items()
        if row.key not in own and (site.tours or row.does is not KeyAction.TOUR)
    }


def _describe(does: Binding, site: Site, words: Catalogue) -> str:
    if isinstance(does, KeyAction):
        return words.say(ACTION_WORDS[does])
    return describe_command(does, site, words)


def sketch(change: Change, site: Site) -> Sketch | None:
    """Sketch how a wall at home looks after a change of picture, on the screens that the change
    concerns. ``None`` if the site does not have what the change names."""
    match change:
        case SetLayout(name, screen):
            about = _reached_screens(name, screen, site)
            known = name in site.layouts
        case ShowGroup(name, screen):
            about = {screen or site.screens[0].name}
            known = site.group(name) is not None
        case ShowPreset(name):
            preset = site.preset(name)
            about = {one.screen for one in preset.screens} if preset else set()
            known = preset is not None
        case _:
            about, known = {screen.name for screen in site.screens}, True
    screens = [screen for screen in site.screens if screen.name in about]
    if not known or not screens:
        return None
    scene = {one.screen: one for one in resolve(foreseen(initial(site), change, site), site)}
    tell = _show_number if isinstance(change, SetLayout) else _show_source
    return _draw([(screen, scene[screen.name]) for screen in screens], tell)


def _reached_screens(layout: str, screen: str | None, site: Site) -> set[str]:
    """The screens that a layout changes: all that it reaches if it is a wide one."""
    if layout in site.layouts and site.layouts[layout].is_wide:
        reached = set(place_on_wall(site.layouts[layout], site.screens))
        return reached if screen is None or screen in reached else set()
    return {screen or site.screens[0].name}


def _show_number(number: int, _spoken: int, _source: str | None) -> tuple[int, str]:
    return number, ""


def _show_source(_number: int, spoken: int, source: str | None) -> tuple[int, str]:
    return spoken, source or ""


def _draw(
    screens: list[tuple[Screen, ScreenScene]],
    tell: Callable[[int, int, str | None], tuple[int, str]],
) -> Sketch:
    rects = _space_screens([screen.rect for screen, _ in screens])
    tiles = tuple(
        SketchTile(_shift(tile.rect, rect.x, rect.y), *tell(tile.number, tile.spoken, tile.source))
        for rect, (_, scene) in zip(rects, screens, strict=True)
        for tile in sorted(scene.tiles, key=lambda tile: tile.z)
    )
    size = Size(max(rect.right for rect in rects), max(rect.bottom for rect in rects))
    return Sketch(size, rects, tiles)


def _space_screens(screens: list[Rect]) -> tuple[Rect, ...]:
    """Move the screens apart: a gap between their columns and rows, from their common top left."""
    xs, ys = sorted({rect.x for rect in screens}), sorted({rect.y for rect in screens})
    return tuple(
        _shift(
            rect,
            xs.index(rect.x) * _APART_PX - xs[0],
            ys.index(rect.y) * _APART_PX - ys[0],
        )
        for rect in screens
    )


def _shift(rect: Rect, by_x: int, by_y: int) -> Rect:
    return Rect(rect.x + by_x, rect.y + by_y, rect.w, rect.h)
