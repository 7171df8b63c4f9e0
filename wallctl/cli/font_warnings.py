"""Texts that would show as boxes: told before a wall starts, not found out at the wall."""

from collections.abc import Iterator

from wallctl.display.text.fonts import FontChain, find_font, font_warning, package_for
from wallctl.model.site.site import Site
from wallctl.model.site.site_texts import list_texts

MOST_NAMED = 4
"""Texts that one warning names; of more it says how many."""


def warnings(site: Site | None) -> Iterator[str]:
    """One sentence for each thing about fonts that a person should know."""
    given = site.font if site is not None else None
    font = find_font(given)
    warning = font_warning(given, font)
    if warning is not None:
        yield warning
    if font is None or site is None:
        return
    chain = FontChain(font)
    lacking: dict[str, dict[str, str]] = {}
    for where, text in list_texts(site):
        for character in chain.lacking(text):
            lacking.setdefault(package_for(character), {}).setdefault(where, "")
            lacking[package_for(character)][where] += character
    for package, places in lacking.items():
        yield _warning(package, places)


def _warning(package: str, places: dict[str, str]) -> str:
    characters = "".join(dict.fromkeys("".join(places.values())))
    named = list(places)[:MOST_NAMED]
    more = f" and {len(places) - len(named)} more" if len(places) > len(named) else ""
    mend = f"install {package}" if package else "write something else"
    return (
        f"no font of this machine has {_spaced(characters)}, so {', '.join(named)}{more} "
        f"show{'s' if len(places) == 1 else ''} boxes: {mend}"
    )


def _spaced(characters: str) -> str:
    """Characters that can be told apart in a sentence, though some only stand on others."""
    shown = " ".join(characters[:20])
    return shown + (" ..." if len(characters) > 20 else "")
