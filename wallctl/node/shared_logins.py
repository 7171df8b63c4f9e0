"""The streams that share a login, and what the tiles of those say that must wait for others."""

import time
from collections.abc import Callable, Container, Iterable, Mapping

from wallctl.model.site.site import Policy, Source, StreamKey
from wallctl.model.streams.health import Phase, Reason
from wallctl.model.streams.login_throttle import (
    Standing,
    Turns,
    first_turns,
    next_turns,
    shared_logins,
    standing,
)
from wallctl.shm.shared_words import Words
from wallctl.shm.stream_status import Word, facts


class SharedLogins:
    """Decides which of them may call now.

    A stream that may not has no worker; until it gets one its block is written here.
    """

    def __init__(
        self,
        sources: Iterable[Source],
        blocks: Mapping[StreamKey, Words],
        unix_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._blocks = blocks
        self._unix_ns = unix_ns
        self._shared = [Turns(group) for group in shared_logins(_calling(sources))]

    def start(self, running: Container[StreamKey], now_ns: int) -> None:
        """Begin, with the streams that have a worker already."""
        self._shared = [
            first_turns(turns.waiting, running, self._any_refused(turns.waiting), now_ns)
            for turns in self._shared
        ]

    def adopt(
        self,
        sources: Iterable[Source],
        running: Container[StreamKey],
        replaced: Container[StreamKey],
        now_ns: int,
    ) -> None:
        """Go by other sources. Groups that are what they were stay where they are; of the others
        nothing that ``replaced`` streams said before counts."""
        before = {frozenset(turns.waiting + turns.calling): turns for turns in self._shared}
        self._shared = []
        for group in shared_logins(_calling(sources)):
            same = [key for key in group if key not in replaced]
            turns = before.get(frozenset(group)) if len(same) == len(group) else None
            refused = self._any_refused(same)
            self._shared.append(turns or first_turns(group, running, refused, now_ns))

    def may_call(self, key: StreamKey) -> bool:
        """Whether a stream may be connected now."""
        return not any(key in turns.waiting for turns in self._shared)

    def refresh(self, now_ns: int) -> tuple[set[StreamKey], set[StreamKey]]:
        """Look whose turn it is; the streams that may call from now on, and no longer."""
        begin: set[StreamKey] = set()
        cease: set[StreamKey] = set()
        for i, old in enumerate(self._shared):
            standings = {key: self._standing(key) for key in old.calling}
            new = self._shared[i] = next_turns(old, standings, now_ns)
            begin |= set(new.calling) - set(old.calling)
            cease |= set(old.calling) - set(new.calling)
            if new.waiting:
                self._tell_waiting(new, standings, now_ns)
        for key in begin:
            self._write(key, Phase.CONNECTING, Reason.NONE)
        return begin, cease

    def _any_refused(self, group: Iterable[StreamKey]) -> bool:
        return any(self._standing(key) is Standing.REFUSED for key in group)

    def _standing(self, key: StreamKey) -> Standing:
        return standing(facts(self._blocks[key]))

    def _tell_waiting(self, turns: Turns, found: Mapping[StreamKey, Standing], now_ns: int) -> None:
        """What keeps those that call from getting in keeps those that wait, too."""
        untaken = [key for key, standing in found.items() if standing is Standing.UNREACHABLE]
        if now_ns < turns.due_ns:
            told = Phase.REFUSED, Reason.BAD_CREDENTIALS
        elif untaken:
            told = Phase.FAILED, facts(self._blocks[untaken[0]]).reason
        else:
            return
        for key in turns.waiting:
            self._write(key, *told)

    def _write(self, key: StreamKey, phase: Phase, reason: Reason) -> None:
        words = self._blocks[key]
        if words[Word.PHASE] != phase:
            words[Word.SINCE_UNIX_NS] = self._unix_ns()
            words[Word.REASON] = reason
            words[Word.PHASE] = phase


def _calling(sources: Iterable[Source]) -> list[Source]:
    """One that is off calls only for a person who looks: it must not be the one that others with
    the same login wait for."""
    return [source for source in sources if source.hidden is not Policy.OFF]
