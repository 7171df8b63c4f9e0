"""Privacy: what shows nothing of any camera, who blanked it, and why. Pure.

It can hide a whole screen, a place (with any source that comes there), or a source (at any place).
Blanking is no picture: neither ``back`` nor the end of a lease lifts it.
"""

from collections.abc import Iterable

import msgspec

from wallctl.model.wall.commands.command import CommandError
from wallctl.model.wall.state.lease import Holder


class Target(msgspec.Struct, frozen=True):
    """What is blanked: a screen, with ``index`` a place of its list, or else a source."""

    screen: str | None = None
    index: int | None = None
    source: str | None = None

    def holds(self, screen: str, index: int, source: str | None) -> bool:
        """Whether a tile is hidden with it that shows a source from a place of a screen's list."""
        if self.source is not None:
            return self.source == source
        return self.screen == screen and self.index in (None, index)

    @property
    def kind(self) -> str:
        """What it is, in reports."""
        if self.source is not None:
            return "source"
        return "screen" if self.index is None else "place"

    @property
    def name(self) -> str:
        """What it is called there: places are counted from 1."""
        if self.source is not None:
            return self.source
        return f"{self.screen}" if self.index is None else f"{self.screen}/{self.index + 1}"


class Blanked(msgspec.Struct, frozen=True):
    """A target that shows nothing."""

    target: Target
    by: Holder
    """The one of the highest rank of those who wanted it."""
    reason: str = ""


def blanked(
    already: tuple[Blanked, ...], targets: Iterable[Target], by: Holder, reason: str
) -> tuple[Blanked, ...]:
    """With these targets blanked, too. The newest reason counts, but silence takes none away."""
    known = {one.target: one for one in already}
    for target in targets:
        old = known.get(target)
        if old is not None:
            by_both, why = max(by, old.by), reason or old.reason
            known[target] = Blanked(target, by_both, why)
        else:
            known[target] = Blanked(target, by, reason)
    return tuple(known.values())


def lifted(
    already: tuple[Blanked, ...], targets: Iterable[Target], by: Holder
) -> tuple[Blanked, ...]:
    """Without these targets. ``CommandError`` if somebody of higher rank blanked one."""
    wanted = frozenset(targets)
    for one in already:
        if one.target in wanted and one.by > by:
            what = f"{one.target.kind} {one.target.name}"
            raise CommandError("held", f"the {one.by.label} has blanked {what}: ask there")
    return tuple(one for one in already if one.target not in wanted)


def screen_blanked(already: Iterable[Blanked], screen: str) -> Blanked | None:
    """What hides a whole screen, if anything does."""
    return next((one for one in already if one.target == Target(screen)), None)


def hiding(
    already: Iterable[Blanked], screen: str, index: int, source: str | None
) -> Blanked | None:
    """What hides a tile, if anything does; of several one that has a reason."""
    found = [one for one in already if one.target.holds(screen, index, source)]
    return max(found, key=lambda one: bool(one.reason), default=None)


def blanked_sources(already: Iterable[Blanked]) -> frozenset[str]:
    """The sources that are hidden at every place."""
    return frozenset(one.target.source for one in already if one.target.source is not None)
