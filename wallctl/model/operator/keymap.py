"""What the keys of one site do: the built-in ones by its layouts and presets, and its own.

A site's own key replaces the built-in one of the same name. Pure.
"""

import zlib
from collections.abc import Mapping

import msgspec

from wallctl.model.operator.key_actions import Binding, parse_binding
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.key_table import PICTURE_HEADINGS, bind_built_in, built_in_key
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import Acknowledge


class KeyMap(msgspec.Struct, frozen=True):
    """What each key does, by its name, and on which site."""

    bindings: dict[str, Binding]
    site: Site

    @classmethod
    def of(cls, site: Site) -> "KeyMap":
        """The built-in keys, and the site's own over them.

        Raises ``CommandError`` for a hotkey that a key can't do; ``wallctl.config`` finds it first.
        """
        return cls({**bind_built_in_keys(site), **bind_own_keys(site)}, site)

    def choose_name(self, event: KeyEvent) -> str:
        """Which name of a press counts: one that the site binds, else one that does something."""
        names = [name for name in (event.key, event.also) if name]
        own = [name for name in names if name in self.site.hotkeys]
        used = [name for name in names if name in self.bindings]
        return next(iter((*own, *used)), event.key)


def bind_built_in_keys(site: Site) -> dict[str, Binding]:
    """The built-in keys, as if the site had none of its own."""
    return bind_built_in(site.layout_keys, {one.name: one.key for one in site.presets})


def bind_own_keys(site: Site) -> dict[str, Binding]:
    """The keys that the site itself binds.

    Raises ``CommandError`` for a hotkey that a key can't do.
    """
    return {key: parse_binding(text) for key, text in site.hotkeys.items()}


def pictures_moved(before: KeyMap, now: KeyMap) -> tuple[str, ...]:
    """The keys that bring another picture than before, or none any more: what people know by heart,
    and read on a printed card, is wrong of them."""
    kinds = tuple(PICTURE_HEADINGS)
    known = ((key, does) for key, does in before.bindings.items() if isinstance(does, kinds))
    return tuple(key for key, does in known if now.bindings.get(key) != does)


def revision(bindings: Mapping[str, Binding]) -> str:
    """A mark of what all keys do, on the help sheet and on the printed card: if they differ, the
    card is old."""
    lines = sorted(f"{key} {does!r}" for key, does in bindings.items())
    return f"{zlib.crc32('|'.join(lines).encode()) & 0xFFFF:04X}"


def key_for(site: Site, does: Binding) -> str:
    """The key that does something: one of the site's own, else the built-in one, unless the site
    gives that another meaning. Empty if no key does it."""
    keys = {built_in_key(does): does, **bind_own_keys(site)}
    return next((key for key, bound in reversed(keys.items()) if bound == does), "")


def acknowledge_key(site: Site) -> str:
    """The key that acknowledges an alarm; empty if none does."""
    return key_for(site, Acknowledge())
