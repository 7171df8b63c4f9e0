"""The help sheet of a site: which keys do what, in the operator's words; not how it is drawn."""

import typing

import msgspec

from wallctl.model.catalogue import Catalogue, Text
from wallctl.model.command import Change
from wallctl.model.command_text import parse
from wallctl.model.command_words import told
from wallctl.model.site import Site


class HelpEntry(msgspec.Struct, frozen=True):
    """One line of the help sheet. Without a ``key`` it is the heading of the lines below it."""

    key: str
    words: str


_ACTIONS: tuple[tuple[str, Text], ...] = (
    ("0", Text.HELP_HOME),
    ("Tab ← ↑ ↓ →", Text.HELP_SELECT),
    ("Enter", Text.HELP_ENLARGE),
    ("Esc", Text.HELP_BACK),
    ("PgUp PgDn", Text.HELP_PAGES),
    ("L", Text.HELP_LOCK),
    ("F1", Text.HELP_HELP),
    ("Ctrl+Shift+Q", Text.HELP_QUIT),
)

_FIRST_PRESET_KEY, _LAST_PRESET_KEY = 2, 12


def help_entries(site: Site, words: Catalogue) -> tuple[HelpEntry, ...]:
    """The help sheet of a site: actions, layouts and presets by name, and the site's own keys."""
    layouts = tuple(
        HelpEntry(str(number), site.layouts[name].title(words.language))
        for number, name in enumerate(site.layout_keys[:9], start=1)
    )
    keys = range(_FIRST_PRESET_KEY, _LAST_PRESET_KEY + 1)
    presets = tuple(
        HelpEntry(f"F{key}", preset.title(words.language))
        for key, preset in zip(keys, site.presets, strict=False)
    )
    actions = tuple(HelpEntry(key, words.say(text)) for key, text in _ACTIONS)
    own = tuple(HelpEntry(key, _own(text, site, words)) for key, text in site.hotkeys.items())
    builtin = (
        (Text.HELP_LAYOUTS, layouts), (Text.HELP_KEYS, actions), (Text.HELP_PRESETS, presets),
    )  # fmt: skip
    sections = [
        (heading, tuple(line for line in lines if line.key not in site.hotkeys))
        for heading, lines in builtin
    ]
    return tuple(
        line
        for heading, lines in (*sections, (Text.HELP_OWN, own))
        if lines
        for line in (HelpEntry("", words.say(heading)), *lines)
    )


def _own(text: str, site: Site, words: Catalogue) -> str:
    """The words of a hotkey; ``wallctl.files`` has seen to it that it is a change."""
    return told(typing.cast(Change, parse(text)), site, words)
