"""The scenes that some screen may still show, and the taps that they need."""

import msgspec
from msgspec.structs import replace

from wallctl.node.tap_routing import Chain

GIVE_UP_NS = 1_500_000_000
"""A screen that has not shown a scene by then is being started again: it will show a newer one."""


class Committed(msgspec.Struct, frozen=True):
    """A scene that was committed, and that not all its screens have shown yet."""

    missing: frozenset[str]
    commit_ns: int


class ScenesUnderWay:
    """By number: of two scenes the newer one has the larger."""

    def __init__(self) -> None:
        self._chains: dict[int, set[Chain]] = {}
        self._committed: dict[int, Committed] = {}

    def prepare(self, number: int, chains: set[Chain]) -> None:
        """A scene is prepared, for which these taps are needed."""
        self._chains[number] = chains

    def commit(self, number: int, screens: frozenset[str], at_ns: int) -> None:
        """A scene is to be shown by these screens."""
        self._committed[number] = Committed(screens, at_ns)

    def note_shown(self, screen: str, number: int) -> None:
        """What shows a scene shows none before it any more."""
        for other, one in self._committed.items():
            if other <= number:
                self._committed[other] = replace(one, missing=one.missing - {screen})

    def let_go(self, now_ns: int) -> bool:
        """Forget what only scenes needed that no screen shows any more; whether there was any."""
        # In the order of their numbers: one that concerned no screen, or another one, must not free
        # what is still seen of the scene before it.
        shown: int | None = None
        for number, one in sorted(self._committed.items()):
            if one.missing and now_ns <= one.commit_ns + GIVE_UP_NS:
                break
            del self._committed[number]
            shown = number
        if shown is None:
            return False
        self._chains = {number: of for number, of in self._chains.items() if number >= shown}
        return True

    def chains(self) -> set[Chain]:
        """All taps that some screen may still show."""
        return set().union(*self._chains.values())

    def chains_of(self, number: int) -> set[Chain]:
        """The taps of one scene."""
        return self._chains.get(number, set())
