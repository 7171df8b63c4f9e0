"""How long to wait before a camera is called again: for ever, but never as a herd.

Pure: the caller hands in how an attempt ended and a random number. It knows no sockets.
"""

import msgspec

from wallctl.model.streams.health import SECOND_NS, UNTAKEN, Reason

STEADY_NS = 30 * SECOND_NS
"""So long must pictures have come before the next failure counts as the first again. A camera
that answers briefly and falls over again would otherwise be called each half second for ever."""

_QUICK_NS = tuple(int(s * SECOND_NS) for s in (0.5, 1, 2, 4, 8))
"""After a failure that came at once (no such stream, busy): the camera needs time."""

_UNTAKEN_NS = _QUICK_NS[:3]
"""After a call that nothing took: it costs a camera nothing, and one that boots is soon seen."""

_WAITED_NS = tuple(int(s * SECOND_NS) for s in (0.25, 0.5))
"""After a time-out: the attempt itself took seconds already, and hurt nobody."""

_REFUSED_NS = tuple(s * SECOND_NS for s in (60, 300, 900))
"""After wrong credentials: cameras lock an account after a handful of tries (often 5 or 7 within
half an hour), and the operator would be locked out too."""


_ADMITTED_NS = tuple(s * SECOND_NS for s in (10, 45, 900))
"""After a refusal of a login that got in before: a camera that boots refuses everybody for a time.
No more tries within half an hour than of any other login."""

_STEPS_NS = {Reason.TIMED_OUT: _WAITED_NS, **dict.fromkeys(UNTAKEN, _UNTAKEN_NS)}


class Ended(msgspec.Struct, frozen=True):
    """How an attempt ended."""

    reason: Reason
    live_ns: int = 0
    """For how long pictures came."""
    by_calls: bool = False
    """Whether each picture was a call of its own, as of a camera that gives stills."""


class Retry(msgspec.Struct, frozen=True):
    """What is remembered of the failures since the stream was last steady."""

    failures: int = 0
    refusals: int = 0
    admitted: bool = False
    """Whether the login ever got in."""
    last: Reason = Reason.NONE


def after(retry: Retry, ended: Ended) -> Retry:
    """The memory after one more attempt ended."""
    admitted = retry.admitted or ended.live_ns > 0
    if ended.live_ns >= STEADY_NS:
        retry = Retry()
    refused = ended.reason is Reason.BAD_CREDENTIALS
    # A still that came is a call that went well: one that fails now and then is not given up.
    earlier = 0 if ended.by_calls and ended.live_ns else retry.failures
    return Retry(
        failures=earlier + (not refused),
        refusals=retry.refusals + refused,
        admitted=admitted,
        last=ended.reason,
    )


def pause_ns(retry: Retry, chance: float) -> int:
    """How long to wait now; ``chance`` in [0, 1) spreads it over the upper half of the step."""
    # A camera that has locked an account or an address may say that it is forbidden.
    locked = retry.last is Reason.FORBIDDEN and retry.refusals > 0
    if retry.last is Reason.BAD_CREDENTIALS or locked:
        steps = _ADMITTED_NS if retry.admitted else _REFUSED_NS
        count = retry.refusals
        # never sooner than the step: jitter must not cost tries of a locked account
        return int(steps[min(count, len(steps)) - 1] * (1 + chance / 10))
    steps = _STEPS_NS.get(retry.last, _QUICK_NS)
    step_ns = steps[min(max(retry.failures, 1), len(steps)) - 1]
    return int(step_ns * (0.5 + chance / 2))
