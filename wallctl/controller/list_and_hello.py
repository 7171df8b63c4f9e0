"""What a wall has to offer: its names for ``list``, and who it is for ``hello``. Ready for JSON."""

import os

from wallctl import __version__
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import VERBS
from wallctl.model.wall.commands.syntax import usage

_USAGES = tuple(usage(verb) for verb in VERBS)
"""Always the same, and dear to find out."""


def names(site: Site) -> dict[str, object]:
    """The answer to ``list``."""
    return {
        "layouts": [
            {"name": v.name, "zh": v.zh, "en": v.en, "tiles": v.count}
            for v in site.layouts.values()
        ],
        "presets": [{"name": p.name, "zh": p.zh, "en": p.en} for p in site.presets],
        "groups": [
            {"name": g.name, "zh": g.zh, "en": g.en, "sources": list(g.sources)}
            for g in site.groups
        ],
        "tours": [
            {"name": t.name, "zh": t.zh, "en": t.en, "pages": len(t.pages)} for t in site.tours
        ],
        "alarms": [
            {"name": a.name, "source": a.source, "priority": a.priority} for a in site.alarms
        ],
        "sources": [{"name": s.name, "number": s.number} for s in site.sources],
        "screens": [
            {"name": s.name, "width_px": s.rect.w, "height_px": s.rect.h} for s in site.screens
        ],
        "broadcasts": [{"name": b.name, "screen": b.screen} for b in site.broadcasts],
    }


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
