"""Which source takes the tiles of a lost one, and when it hands them back. Pure: time is given.

A source that is lost for a while is stood in for by its backup, if that one lives; when it has
lived again for a while it has its tiles back. One that is lost again soon after must live the
longer, so that nothing flaps. The state knows nothing of it: ``resolve`` gets it as an argument.
"""

import enum
from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from wallctl.model.site.site import Site
from wallctl.model.streams.health import SECOND_NS, TileState

LOST_AFTER_NS = 4 * SECOND_NS
"""So long it must be lost; it is called so about 1 s after its last picture."""
BACK_AFTER_NS = 5 * SECOND_NS
"""So long it must have lived, to have its tiles back."""
LONGEST_BACK_NS = 120 * SECOND_NS
RELAPSE_NS = 60 * SECOND_NS
"""Lost again within so long of its return: next time it must live twice as long."""

_LIVING = frozenset({TileState.LIVE, TileState.STILL, TileState.CATCHING_UP, TileState.SHED})
_LOST = frozenset({TileState.STALE, TileState.OFFLINE, TileState.REFUSED, TileState.WAITING_KEY})
"""Some cameras send a keyframe in a minute; who waits for it has no picture meanwhile."""


class Health(enum.Enum):
    """How a source fares, all of its streams together."""

    LIVES = "lives"
    LOST = "lost"
    UNKNOWN = "unknown"
    """It is not called, or the call has no end yet."""


def health_of(states: Iterable[TileState]) -> Health:
    """The health of a source from the states of those of its streams that are called."""
    found = set(states)
    if found & _LIVING:
        return Health.LIVES
    return Health.LOST if found and found <= _LOST else Health.UNKNOWN


class Verdict(msgspec.Struct, frozen=True):
    """What is held of one source, and what speaks against it."""

    lost: bool = False
    doubted_ns: int | None = None
    """Since when it seems to be otherwise."""
    back_after_ns: int = BACK_AFTER_NS
    back_ns: int | None = None
    """When it had its tiles back last."""


class Standby(msgspec.Struct, frozen=True):
    """All verdicts, and who stands in for whom: lost source to backup."""

    verdicts: dict[str, Verdict] = {}
    standing: dict[str, str] = {}


def judged(verdict: Verdict, health: Health, now_ns: int) -> Verdict:
    """What is held of a source after one more look."""
    if verdict.lost:
        return _judged_lost(verdict, health, now_ns)
    if health is Health.LIVES:
        return replace(verdict, doubted_ns=None)
    if verdict.doubted_ns is None:
        return replace(verdict, doubted_ns=now_ns) if health is Health.LOST else verdict
    if health is Health.UNKNOWN or now_ns - verdict.doubted_ns < LOST_AFTER_NS:
        return verdict
    relapsed = verdict.back_ns is not None and now_ns - verdict.back_ns < RELAPSE_NS
    after_ns = min(2 * verdict.back_after_ns, LONGEST_BACK_NS) if relapsed else BACK_AFTER_NS
    return Verdict(True, None, after_ns)


def _judged_lost(verdict: Verdict, health: Health, now_ns: int) -> Verdict:
    """Only a life without a break counts for one that was lost."""
    if health is not Health.LIVES:
        return replace(verdict, doubted_ns=None)
    if verdict.doubted_ns is None:
        return replace(verdict, doubted_ns=now_ns)
    if now_ns - verdict.doubted_ns < verdict.back_after_ns:
        return verdict
    return Verdict(False, None, verdict.back_after_ns, now_ns)


def backups(site: Site) -> dict[str, str]:
    """The backup of each source that has one."""
    return {one.name: one.backup for one in site.sources if one.backup is not None}


def behind(name: str, of: Mapping[str, str]) -> list[str]:
    """The sources that can stand in for one, the first first: its backup, that one's, and so on."""
    found: list[str] = []
    while (backup := of.get(name)) is not None and backup not in found:
        found.append(backup)
        name = backup
    return found


def after(
    standby: Standby, of: Mapping[str, str], health: Mapping[str, Health], now_ns: int
) -> Standby:
    """Who stands in for whom after one more look at the ``health`` of all sources that have a
    backup or are one."""
    verdicts = {
        name: judged(standby.verdicts.get(name, Verdict()), found, now_ns)
        for name, found in health.items()
    }

    def is_able(backup: str, lost: str) -> bool:
        stands = standby.standing.get(lost) == backup
        return not verdicts[backup].lost and (stands or health[backup] is Health.LIVES)

    chosen = {
        name: next((one for one in behind(name, of) if is_able(one, name)), None)
        for name in of
        if verdicts[name].lost
    }
    standing = {name: backup for name, backup in chosen.items() if backup is not None}
    return Standby(verdicts, standing)


def doubtful(standby: Standby, of: Mapping[str, str], wanted: Iterable[str]) -> frozenset[str]:
    """The sources that must be called, to prove by pictures that they live.

    They are those of the ``wanted`` ones that are lost or may be lost, and their backups.
    """
    verdicts = {name: standby.verdicts.get(name, Verdict()) for name in wanted if name in of}
    found = {name for name, one in verdicts.items() if one.lost or one.doubted_ns is not None}
    return frozenset(found.union(*(behind(name, of) for name in found)))
