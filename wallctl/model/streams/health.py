"""Is this tile telling the truth? The state of a tile from its stream's phase and its stillness."""

import enum
from collections.abc import Collection

import msgspec

SECOND_NS = 1_000_000_000
UNPACED_NS = SECOND_NS
"""What is assumed to lie between two pictures while a stream's pace is not known: a camera that
sends one a second must not be marked before it could show so."""


class Phase(enum.IntEnum):
    """What a decoder worker says of its connection. Stored as a number in shared memory."""

    CONNECTING = 0
    """Not connected yet, or between two attempts."""
    WAITING_KEY = 1
    """Packets come, but no keyframe yet."""
    LIVE = 2
    """Pictures are decoded."""
    STILL = 3
    """A still image was shown: nothing more is expected."""
    FAILED = 4
    """The last attempt failed; it is tried again."""
    REFUSED = 5
    """The credentials are wrong; it is tried again rarely, or when they change."""
    REPEATING = 6
    """The source goes on, and gives the same picture over and over."""


class Reason(enum.IntEnum):
    """Why a stream failed, in words that the catalogue translates. Stored as a number."""

    NONE = 0
    UNREACHABLE = 1
    TIMED_OUT = 2
    NO_SUCH_STREAM = 3
    ENDED = 4
    BROKEN_DATA = 5
    UNSUPPORTED = 6
    NO_VIDEO = 7
    BAD_CREDENTIALS = 8
    BUSY = 9
    WORKER_LOST = 10
    FILE_MISSING = 11
    NAME_UNKNOWN = 12
    LOGIN_MISSING = 13
    LOGIN_UNSUPPORTED = 14
    FORBIDDEN = 15
    REDIRECTED = 16
    NO_TRANSPORT = 17
    CAMERA_FAULT = 18
    NO_RESOURCES = 19
    REPEATED = 20
    LOGIN_UNREADABLE = 21
    CERTIFICATE = 22
    LOGIN_IN_CLEAR = 23
    LOGIN_WITHHELD = 24
    NO_KNOWN_FORMAT = 25
    TOO_LARGE = 26
    OTHER_PROTOCOL = 27
    PORT_CLOSED = 28


UNTAKEN = frozenset({Reason.UNREACHABLE, Reason.PORT_CLOSED})
"""The reasons of a call that nobody took: it cost the camera nothing, and showed no login."""
LAST_WORDS = frozenset({Reason.LOGIN_UNREADABLE, Reason.TOO_LARGE})
"""The reasons that a worker tells before it ends by itself."""


class TileState(enum.Enum):
    """What a tile honestly is."""

    EMPTY = "empty"
    CONNECTING = "connecting"
    WAITING_KEY = "waiting_key"
    CATCHING_UP = "catching_up"
    LIVE = "live"
    STILL = "still"
    """A picture from a file, which does not move: it is as it should be."""
    SHED = "shed"
    """The machine is too busy: keyframes at most are shown."""
    STALE = "stale"
    OFFLINE = "offline"
    REFUSED = "refused"
    MASKED = "masked"
    """Hidden on purpose."""


_STREAM_ALONE = frozenset(
    {
        Reason.NO_SUCH_STREAM,
        Reason.ENDED,
        Reason.BROKEN_DATA,
        Reason.UNSUPPORTED,
        Reason.NO_VIDEO,
        Reason.FORBIDDEN,
        Reason.NO_TRANSPORT,
        Reason.CAMERA_FAULT,
    }
)
"""What can be wrong with one stream of a camera while its others are well."""

AS_IT_SHOULD_BE = frozenset({TileState.LIVE, TileState.STILL})
"""The states in which nothing is to be said of a tile."""

SHOWS_PICTURE = AS_IT_SHOULD_BE | {TileState.STALE, TileState.CATCHING_UP, TileState.SHED}
"""The states in which a tile shows its source's picture; all others of them are marked."""

GIVES_NOTHING = frozenset({TileState.OFFLINE, TileState.REFUSED})
"""The states of a stream whose camera was called and gives no picture."""


class Facts(msgspec.Struct, frozen=True):
    """All that is known of a tile's stream at one moment."""

    phase: Phase
    reason: Reason
    attempts: int
    """Attempts to connect since the stream was last live."""
    picture_ns: int | None
    """When the source frame number last changed; ``None`` before the first picture."""
    catching_up: bool = False
    interval_ns: int = UNPACED_NS
    """The time between the stream's pictures."""
    moves: bool = True
    """Whether whoever sees it is given moving pictures."""


def stale_after_ns(interval_ns: int) -> int:
    """Stillness from which a picture counts as stale: max(1 s, 3 intervals) (design: Time)."""
    return max(SECOND_NS, 3 * interval_ns)


def offline_after_ns(interval_ns: int) -> int:
    """Stillness from which a stream counts as offline: max(3 s, 6 intervals) (design: Time)."""
    return max(3 * SECOND_NS, 6 * interval_ns)


def tile_state(facts: Facts, now_ns: int) -> TileState:
    """The state of a tile that has a source. Stillness decides before any word of the worker's."""
    if facts.phase is Phase.REFUSED:
        return TileState.REFUSED
    if facts.picture_ns is None:
        return _before_first_picture(facts)
    if facts.phase is Phase.STILL:
        return TileState.STILL
    if facts.phase is Phase.REPEATING:
        return TileState.STALE
    state = _of_stillness(now_ns - facts.picture_ns, facts)
    if state is TileState.OFFLINE and facts.phase is Phase.WAITING_KEY:
        return TileState.WAITING_KEY  # packets come, so it is no fault of the camera or the line
    return state


def left_behind(interval_ns: int, decoded_ns: int | None, now_ns: int) -> TileState:
    """The state of a tile whose stream goes on, and whose own pictures do not come with it.

    ``decoded_ns`` is when the newest of these was decoded, if there is one: it stands still,
    whatever the stream says, and is shown as what newer ones will follow. If none does for as long
    as a stream may be silent, the tile is one whose first picture is still to come.
    """
    if decoded_ns is None or now_ns - decoded_ns > offline_after_ns(interval_ns):
        return TileState.CONNECTING
    return TileState.CATCHING_UP


def _of_stillness(stillness_ns: int, facts: Facts) -> TileState:
    if stillness_ns > offline_after_ns(facts.interval_ns):
        return TileState.OFFLINE
    if stillness_ns > stale_after_ns(facts.interval_ns):
        return TileState.STALE
    if not facts.moves:
        return TileState.SHED
    return TileState.CATCHING_UP if facts.catching_up else TileState.LIVE


def is_lost(facts: Facts) -> bool:
    """Whether the camera answers, and again and again does not give this stream."""
    return facts.phase is Phase.FAILED and facts.attempts > 1 and facts.reason in _STREAM_ALONE


def reason_told(reason: Reason, state: TileState) -> Reason:
    """Why a tile shows no picture, or always the same: what its stream says, or that it is silent
    and says nothing."""
    if state in SHOWS_PICTURE:
        return reason if reason is Reason.REPEATED and state is TileState.STALE else Reason.NONE
    silent = state is TileState.OFFLINE and reason is Reason.NONE
    return Reason.TIMED_OUT if silent else reason


def is_dead(states: Collection[TileState]) -> bool:
    """Whether a source gives no picture: it is called, and each of its streams is so."""
    return bool(states) and GIVES_NOTHING.issuperset(states)


def _before_first_picture(facts: Facts) -> TileState:
    if facts.phase is Phase.WAITING_KEY:
        return TileState.WAITING_KEY
    if facts.phase is Phase.FAILED or facts.attempts > 1:
        return TileState.OFFLINE
    return TileState.CONNECTING
