"""From one site to the next while the wall runs: what must stay as it was, and what has changed."""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from wallctl.model.site.site import Screen, Site, Source, Stream, StreamKey

RestartReason = tuple[tuple[str | int, ...], str]
"""A key of the site file that takes effect only when the wall starts again, and what changed."""


class ChangeCount(msgspec.Struct, frozen=True):
    """How many things of one kind are new, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return self != ChangeCount()


def find_restart_reasons(started: Site, new: Site) -> tuple[RestartReason, ...]:
    """Find what can't change while the wall runs, and differs from the site it ``started`` with.

    Screens are windows whose memory is laid out at the start. All words are measured in the font.
    The devices that decode are chosen at the start.
    """
    found: list[RestartReason] = []
    if len(new.screens) != len(started.screens):
        found.append(
            (("screens",), f"{len(new.screens)} of them instead of {len(started.screens)}")
        )
    for i, (old, now) in enumerate(zip(started.screens, new.screens, strict=False)):
        if now.name != old.name:
            found.append((("screens", i, "name"), "another name or another order"))
        elif _without_place(now) != _without_place(old):
            found.append((("screens", i), "another size, place or output"))
    if new.font != started.font:
        found.append((("defaults", "font"), "another font"))
    if new.keep_awake != started.keep_awake:
        found.append((("defaults", "keep_awake"), "another choice"))
    if new.hardware != started.hardware:
        found.append((("decoding", "hardware"), "another choice"))
    return tuple(found)


def _without_place(screen: Screen) -> Screen:
    """What its window depends on: not the screen's place on the wall."""
    return replace(screen, on_wall_mm=None, bezel=None)


def index_streams(site: Site) -> dict[StreamKey, tuple[Source, Stream]]:
    """Every stream of a site, and its source."""
    return {
        (one.name, stream.name): (one, stream) for one in site.sources for stream in one.streams
    }


def max_streams(site: Site) -> int:
    """The largest number of streams that one source has."""
    return max((len(source.streams) for source in site.sources), default=1)


def find_replaced_streams(old: Site, new: Site) -> frozenset[StreamKey]:
    """Find the streams of both sites to open again: their address, login or transport differs."""
    before, after = index_streams(old), index_streams(new)
    return frozenset(key for key in before.keys() & after.keys() if before[key][1] != after[key][1])


def count_changes(old: Site, new: Site) -> dict[str, ChangeCount]:
    """Count what has changed, by kind. A kind without changes has no entry."""
    before, after = _tables(old), _tables(new)
    counted = {kind: _count(before[kind], after[kind]) for kind in after}
    return {kind: one for kind, one in counted.items() if one}


def _count(old: Mapping[str, object], new: Mapping[str, object]) -> ChangeCount:
    return ChangeCount(
        added=len(new.keys() - old.keys()),
        changed=sum(new[key] != old[key] for key in new.keys() & old.keys()),
        removed=len(old.keys() - new.keys()),
    )


def _tables(site: Site) -> dict[str, dict[str, object]]:
    """All of a site, by kind and by name."""
    keys: dict[str, object] = {str(key): name for key, name in enumerate(site.layout_keys, start=1)}
    listed = {"screens", "sources", "layouts", "layout_keys", "home", "presets", "hotkeys"}
    listed |= {"groups", "tours", "schedule", "alarms"}
    return {
        "sources": {one.name: one for one in site.sources},
        "layouts": dict(site.layouts),
        "presets": {one.name: one for one in site.presets},
        "groups": {one.name: one for one in site.groups},
        "tours": {one.name: one for one in site.tours},
        "schedule": {str(number): one for number, one in enumerate(site.schedule, start=1)},
        "alarms": {one.name: one for one in site.alarms},
        "home": {one.screen: one for one in site.home},
        "keys": keys | site.hotkeys,
        "screens": {one.name: one for one in site.screens},
        "settings": {k: v for k, v in msgspec.structs.asdict(site).items() if k not in listed},
    }
