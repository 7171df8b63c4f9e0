"""The blocks in which streams tell how they fare, and what becomes of them with another site."""

from collections.abc import Callable, Mapping, Set

from wallctl.model.base.geometry import Size
from wallctl.model.site.site import StreamKey
from wallctl.shm.arena import Arena
from wallctl.shm.shared_words import Words
from wallctl.shm.stream_status import WORDS, block_offset, clear, size


class StatusBlocks:
    """Each stream's block, mapped."""

    def __init__(self, arena: Arena, places: Mapping[StreamKey, int]) -> None:
        """``places`` are their indices."""
        self._arena = arena
        self.words: dict[StreamKey, Words] = {}
        """By stream; always this one table."""
        self.unclean: set[StreamKey] = set()
        """Those that still tell of what was opened there before, so that nobody may begin there."""
        self._map(places)

    def adopt(
        self, places: Mapping[StreamKey, int], used: Set[StreamKey], replaced: Set[StreamKey]
    ) -> None:
        """Go by other ``places``, ``used`` by these streams. Those that were ``replaced`` begin
        again, as all that were not there before."""
        self.unclean |= replaced | (used - self.words.keys())
        self.unclean &= used
        for key in self.words.keys() - places.keys():
            del self.words[key]
        self._map(places)

    def clean(self, has_worker: Callable[[StreamKey], bool]) -> set[StreamKey]:
        """Make those ready for a stream that was never opened where nobody writes any more."""
        ready = {key for key in self.unclean if not has_worker(key)}
        for key in ready:
            clear(self.words[key])
        self.unclean -= ready
        return ready

    def sizes(self) -> dict[StreamKey, Size]:
        """The picture size of every stream that has told it; half of one is none yet."""
        told = {key: size(words) for key, words in self.words.items()}
        return {key: one for key, one in told.items() if one.w and one.h}

    def _map(self, places: Mapping[StreamKey, int]) -> None:
        for key in places.keys() - self.words.keys():
            self.words[key] = self._arena.words(block_offset(places[key]), WORDS)
