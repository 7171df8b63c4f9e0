"""How the controllers of a tree fare: whether one hangs, and how many failed as they began."""

from wallctl.supervisor.heartbeat_age import HeartbeatAge
from wallctl.supervisor.restart_policy import SHORT_LIFE_NS, Death

HUNG_NS = 5_000_000_000
"""Silence of a controller that hangs. It is ended and started again."""
LOOK_S = 1.0
"""Time between two checks whether the controller hangs."""
TRIES, TRIES_OF_RUNNING = 5, 150
"""Most controllers that may fail in a row as they begin: the first ones, and those of a wall whose
pictures run. The latter take five minutes: pictures are worth more than commands, and what the
controllers lack may come back."""


class ControllerWatch:
    """Judges the controllers of a tree. Times are monotonic."""

    def __init__(self) -> None:
        self.tries = 0
        """Controllers in a row that failed as they began."""
        self._has_turned = False
        """Whether the loop of this controller has turned."""
        self._ever_ran = False
        """Whether any controller has ever got as far as running."""
        self._heartbeat = HeartbeatAge(HUNG_NS, int(2 * LOOK_S * 1e9))

    def begin(self, now_ns: int) -> None:
        """Note that another controller begins."""
        self._has_turned = False
        self._heartbeat.restart(now_ns)

    def hear(self, now_ns: int) -> None:
        """Note that the controller has said something."""
        self._heartbeat.restart(now_ns)

    def turn(self) -> None:
        """Note that the loop of the controller has turned."""
        self._has_turned = True

    def hangs(self, now_ns: int) -> bool:
        """Whether the controller has been silent for too long; then its silence counts again."""
        hangs = self._heartbeat.is_too_old(now_ns)
        if hangs:
            self._heartbeat.restart(now_ns)
        return hangs

    def judge(self, lived_ns: int, death: Death) -> None:
        """Count a controller that failed as it began; forgive all after one that ran. One that
        was killed could have gone on."""
        ran = self._has_turned and lived_ns >= SHORT_LIFE_NS
        self._ever_ran |= ran or (self._has_turned and death is Death.KILLED)
        self.tries = 0 if ran else self.tries + 1

    def fail(self) -> None:
        """Count a controller that could not even be started."""
        self.tries += 1

    @property
    def is_hopeless(self) -> bool:
        """Whether too many have failed."""
        return self.tries >= (TRIES_OF_RUNNING if self._ever_ran else TRIES)
