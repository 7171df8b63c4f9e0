"""What a wall has to offer: its names for ``list``, and who it is for ``hello``. Ready for JSON."""

import os
from collections.abc import Iterable

from wallctl import __version__
from wallctl.model.base.geometry import Size
from wallctl.model.operator.key_actions import KeyAction
from wallctl.model.operator.keymap import KeyMap
from wallctl.model.site.layout import Layout, tile_rects
from wallctl.model.site.site import PresetScreen, Site, TileSource
from wallctl.model.wall.commands.command import VERBS
from wallctl.model.wall.commands.syntax import to_text, usage

_FINE = 10_000
"""Pixels of a screen on which no rounding matters."""
_USAGES = tuple(usage(verb) for verb in VERBS)
"""Always the same, and dear to find out."""


def names(site: Site) -> dict[str, object]:
    """The answer to ``list``."""
    return {
        "layouts": [
            {"name": v.name, "zh": v.zh, "en": v.en, "tiles": v.count, "rects": _rects(v)}
            for v in site.layouts.values()
        ],
        "presets": [
            {"name": p.name, "zh": p.zh, "en": p.en, "screens": _contents(p.screens)}
            for p in site.presets
        ],
        "groups": [
            {"name": g.name, "zh": g.zh, "en": g.en, "sources": list(g.sources)}
            for g in site.groups
        ],
        "tours": [
            {
                **{"name": t.name, "zh": t.zh, "en": t.en, "pages": len(t.pages)},
                "shows": [_contents(page.screens) + _lent(page.tiles) for page in t.pages],
            }
            for t in site.tours
        ],
        "alarms": [
            {"name": a.name, "source": a.source, "priority": a.priority} for a in site.alarms
        ],
        "sources": [{"name": s.name, "number": s.number} for s in site.sources],
        "screens": [
            {
                **{"name": s.name, "x_px": s.rect.x, "y_px": s.rect.y},
                **{"width_px": s.rect.w, "height_px": s.rect.h},
            }
            for s in site.screens
        ],
        "keys": [
            {"key": key, "does": does.value if isinstance(does, KeyAction) else to_text(does)}
            for key, does in KeyMap.of(site).bindings.items()
        ],
        "broadcasts": [{"name": b.name, "screen": b.screen} for b in site.broadcasts],
    }


def _rects(layout: Layout) -> list[list[float]] | None:
    """The tiles of a layout in fractions of its screen: x, y, width, height; ``None`` for a wide
    one, whose tiles lie on several."""
    if layout.is_wide:
        return None
    size = Size(_FINE, _FINE)
    return [
        [round(one / _FINE, 4) for one in (rect.x, rect.y, rect.w, rect.h)]
        for rect in tile_rects(layout, size, gap_px=0)
    ]


def _contents(screens: Iterable[PresetScreen]) -> list[dict[str, object]]:
    """What a preset or a page shows on each screen; ``None`` is an empty tile."""
    return [
        {"screen": one.screen, "layout": one.layout, "sources": list(one.tiles)} for one in screens
    ]


def _lent(tiles: Iterable[TileSource]) -> list[dict[str, object]]:
    """The sources that a page shows in single tiles."""
    return [{"tile": f"{one.screen}/{one.index + 1}", "source": one.source} for one in tiles]


def hello(site: Site, events: str, epoch: str) -> dict[str, object]:
    """The answer to ``hello``."""
    return {
        "wallctl": __version__,
        "versions": [1],
        "site": site.name,
        "events": events,
        "epoch": epoch,
        "pid": os.getpid(),
        "commands": _USAGES,
    }
