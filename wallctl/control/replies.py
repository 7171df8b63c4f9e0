"""Which requests were seen lately and what they were answered, so that none is done twice. Pure.

A program that got no answer may send its request again under the same id: it is then told what the
first one did. Memory is bounded by number and by age.
"""

import collections

import msgspec

KEPT_NS = 60_000_000_000
KEPT_MAX = 4096

Key = tuple[bytes, str]
"""A client's identity and the id of its request."""


class _Seen(msgspec.Struct):
    at_ns: int
    frames: list[bytes] | None = None


class Replies:
    """The replies of the last minute by client and id."""

    def __init__(self) -> None:
        self._seen: collections.OrderedDict[Key, _Seen] = collections.OrderedDict()

    def __len__(self) -> int:
        return len(self._seen)

    def is_new(self, key: Key, now_ns: int) -> bool:
        """Whether the request was not seen yet; it counts as seen from now on."""
        self._forget(now_ns)
        if key in self._seen:
            return False
        self._seen[key] = _Seen(now_ns)
        return True

    def known(self, key: Key) -> list[bytes] | None:
        """The frames that answered a request, or ``None`` while it is not answered."""
        seen = self._seen.get(key)
        return None if seen is None else seen.frames

    def keep(self, key: Key, frames: list[bytes]) -> None:
        """Remember the answer to a request that was seen."""
        if key in self._seen:
            self._seen[key].frames = frames

    def drop(self, key: Key) -> None:
        """Forget a request: it may be done again."""
        self._seen.pop(key, None)

    def _forget(self, now_ns: int) -> None:
        while self._seen:
            oldest = next(iter(self._seen.values()))
            if len(self._seen) < KEPT_MAX and now_ns - oldest.at_ns < KEPT_NS:
                return
            self._seen.popitem(last=False)
