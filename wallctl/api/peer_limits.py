"""How often each program may ask, whatever it asks. Pure."""

import collections

import msgspec

RATE_HZ = 200
BURST = 400
"""A program that waits for its replies never comes near."""
WEIGHED_BYTES = 4096
"""A message counts once, and once more for each so many bytes of it."""
PEERS_MAX = 1024
"""So many are remembered; the one that has been quiet longest is forgotten first."""


class _Bucket(msgspec.Struct):
    left: float
    at_ns: int


class Peers:
    """A token bucket for each program."""

    def __init__(self) -> None:
        self._buckets: collections.OrderedDict[str, _Bucket] = collections.OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def may(self, peer: str, size_bytes: int, now_ns: int) -> bool:
        """Whether a program may send one more message of that size now."""
        bucket = self._of(peer, now_ns)
        bucket.left = min(BURST, bucket.left + (now_ns - bucket.at_ns) * RATE_HZ / 1e9)
        bucket.at_ns = now_ns
        cost = 1 + size_bytes // WEIGHED_BYTES
        if bucket.left < cost:
            return False
        bucket.left -= cost
        return True

    def _of(self, peer: str, now_ns: int) -> _Bucket:
        bucket = self._buckets.setdefault(peer, _Bucket(BURST, now_ns))
        self._buckets.move_to_end(peer)
        if len(self._buckets) > PEERS_MAX:
            self._buckets.popitem(last=False)
        return bucket
