"""Who may call with a login that was not accepted yet: one stream first, the others when it got in.

Cameras, and the recorders and platforms before many of them, lock an account after a handful of
wrong tries (often 5 or 7 within half an hour), and the operator would be locked out too. One stream
may be refused for its own sake, so a second one tries at once, and then ever another, ever later.
"""

import enum
import urllib.parse
from collections.abc import Container, Iterable, Mapping

import msgspec

from wallctl.model.site.site import Source, StreamKey
from wallctl.model.streams.health import SECOND_NS, UNTAKEN, Facts, Phase

_PAUSES_NS = tuple(s * SECOND_NS for s in (0, 300, 900))
"""After 1, 2, ... refusals: four tries of an account within half an hour."""

_AGAIN_NS = 10 * SECOND_NS
"""After all were refused with a login that was accepted before: their machine may be booting."""


class Standing(enum.Enum):
    """What a stream's calls say of its login."""

    OPEN = "open"
    """Nothing yet."""
    ACCEPTED = "accepted"
    LOST = "lost"
    """It was accepted, and they fail now."""
    FAILED = "failed"
    """They failed for another reason."""
    UNREACHABLE = "unreachable"
    """The machine itself can't be reached: nobody else would get further."""
    REFUSED = "refused"


class Turns(msgspec.Struct, frozen=True):
    """The streams that share a login at one machine, and which of them may call."""

    waiting: tuple[StreamKey, ...]
    """Those that may not yet; the next to call comes first."""
    calling: tuple[StreamKey, ...] = ()
    refusals: int = 0
    due_ns: int = 0
    """Not before this does the next one call."""


def shared_logins(sources: Iterable[Source]) -> tuple[tuple[StreamKey, ...], ...]:
    """The sources' smallest streams, grouped by machine and login; only groups of several."""
    groups: dict[tuple[str, str], list[StreamKey]] = {}
    for source in sources:
        stream = source.streams[-1]
        if stream.credential is not None:
            account = urllib.parse.urlsplit(stream.url).netloc, stream.credential.stamp
            groups.setdefault(account, []).append((source.name, stream.name))
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def first_turns(
    group: tuple[StreamKey, ...],
    running: Container[StreamKey],
    refused: bool,
    now_ns: int,
) -> Turns:
    """How it stands at the start, with the streams that run already.

    A login that was ``refused`` before is not tried again because of a new start.
    """
    calling = tuple(key for key in group if key in running)
    waiting = tuple(key for key in group if key not in running)
    return Turns(waiting, calling, 2 * refused, now_ns + refused * _PAUSES_NS[1])


def standing(facts: Facts) -> Standing:
    """What a stream's facts say of its login."""
    if facts.phase is Phase.REFUSED:
        return Standing.REFUSED
    if facts.phase in (Phase.WAITING_KEY, Phase.LIVE, Phase.STILL, Phase.REPEATING):
        return Standing.ACCEPTED
    if facts.picture_ns is not None:
        return Standing.LOST
    if facts.phase is not Phase.FAILED:
        return Standing.OPEN
    return Standing.UNREACHABLE if facts.reason in UNTAKEN else Standing.FAILED


def next_turns(turns: Turns, standings: Mapping[StreamKey, Standing], now_ns: int) -> Turns:
    """Whose turn it is by now. Once one stream got in, all may call, until several are refused."""
    found = set(standings.values())
    refused = tuple(key for key in turns.calling if standings[key] is Standing.REFUSED)
    if not turns.waiting:
        changed = len(refused) > 1 and Standing.ACCEPTED not in found
        return _without(turns, refused, 1, now_ns + _AGAIN_NS) if changed else turns
    if Standing.ACCEPTED in found or (Standing.LOST in found and not turns.refusals):
        return Turns((), turns.calling + turns.waiting)
    if refused and now_ns < turns.due_ns:  # they called before the others began to wait
        turns = _without(turns, refused, turns.refusals, turns.due_ns)
    elif refused:
        refusals = turns.refusals + len(refused)
        pause_ns = _PAUSES_NS[min(refusals, len(_PAUSES_NS)) - 1]
        turns = _without(turns, refused, refusals, now_ns + pause_ns)
    undecided = {standings[key] for key in turns.calling} - {Standing.FAILED, Standing.LOST}
    if undecided or now_ns < turns.due_ns:
        return turns
    first, *others = turns.waiting
    return msgspec.structs.replace(turns, waiting=tuple(others), calling=(*turns.calling, first))


def _without(turns: Turns, refused: tuple[StreamKey, ...], refusals: int, due_ns: int) -> Turns:
    """The same while those that were ``refused`` wait."""
    calling = tuple(key for key in turns.calling if key not in refused)
    return Turns(turns.waiting + refused, calling, refusals, due_ns)
