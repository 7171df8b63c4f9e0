"""Which requests were seen lately and what they were answered, so that none is done twice. Pure.

A program that got no answer may send its request again under the same id: it is then given the
answer to the first one. Memory is bounded by age, for each program, and in all; a program that
asks much makes the wall forget its own requests, never another's.
"""

import collections

import msgspec

KEPT_NS = 60_000_000_000
KEPT_MAX = 4096
KEPT_MAX_OF_PEER = 1024

Frames = tuple[bytes, ...]
Key = tuple[bytes, str]
"""A client's identity and the id of its request."""


class _Seen(msgspec.Struct):
    at_ns: int
    peer: str
    frames: Frames | None = None


class Replies:
    """The replies of the last minute by client and id."""

    def __init__(self) -> None:
        self._seen: collections.OrderedDict[Key, _Seen] = collections.OrderedDict()
        self._of_peer: dict[str, collections.OrderedDict[Key, None]] = {}

    def __len__(self) -> int:
        return len(self._seen)

    def is_new(self, key: Key, peer: str, now_ns: int) -> bool:
        """Whether the request was not seen yet; it counts as seen from now on."""
        self._forget_old(now_ns)
        if key in self._seen:
            return False
        self._make_room(peer)
        self._seen[key] = _Seen(now_ns, peer)
        self._of_peer.setdefault(peer, collections.OrderedDict())[key] = None
        return True

    def known(self, key: Key) -> Frames | None:
        """The frames that answered a request, or ``None`` while it is not answered."""
        seen = self._seen.get(key)
        return None if seen is None else seen.frames

    def keep(self, key: Key, frames: Frames) -> None:
        """Remember the answer to a request that was seen."""
        if key in self._seen:
            self._seen[key].frames = frames

    def drop(self, key: Key) -> None:
        """Forget a request: it may be done again."""
        seen = self._seen.pop(key, None)
        if seen is not None:
            keys = self._of_peer[seen.peer]
            del keys[key]
            if not keys:
                del self._of_peer[seen.peer]

    def clear(self) -> None:
        """Forget all."""
        self._seen.clear()
        self._of_peer.clear()

    def _forget_old(self, now_ns: int) -> None:
        while self._seen:
            key, oldest = next(iter(self._seen.items()))
            if now_ns - oldest.at_ns < KEPT_NS:
                return
            self.drop(key)

    def _make_room(self, peer: str) -> None:
        """Forget the oldest request of this program, or of the one that has most."""
        if len(self._of_peer.get(peer, ())) >= KEPT_MAX_OF_PEER:
            self._drop_oldest_of(peer)
        if len(self._seen) >= KEPT_MAX:
            self._drop_oldest_of(max(self._of_peer, key=lambda one: len(self._of_peer[one])))

    def _drop_oldest_of(self, peer: str) -> None:
        self.drop(next(iter(self._of_peer[peer])))
