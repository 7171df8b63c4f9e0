"""An input's process: listens, and begins again whenever it can't."""

import logging
import threading
import time
import typing
from collections.abc import Callable

from wallctl.alarm_inputs.alarm_client import Ask, Raiser
from wallctl.alarm_inputs.input_error import InputError
from wallctl.alarm_inputs.listen_status import Listening
from wallctl.alarm_inputs.listener_kinds import Listen, listener
from wallctl.model.site.alarm_input import Input

RETRY_S = 2.0
CALM_NS = 60_000_000_000
"""Who has listened for so long has a new outage."""
_NEVER = threading.Event()

log = logging.getLogger(__name__)


def run(
    given: Input,
    wall: str,
    ask: Ask,
    tell: Callable[[Listening], object],
    pause: Callable[[float], object] = _NEVER.wait,
    now_ns: Callable[[], int] = time.monotonic_ns,
) -> typing.NoReturn:
    """Hear alarms without end, and ask for them. ``wall`` is the endpoint that tells this wall from
    others."""
    raiser = Raiser(ask, known=given.may.alarms.union(given.mapped_alarms), may_tell=given.may.text)
    listen, outages = listener(given, wall, raiser), Outages(now_ns)

    def listening() -> None:
        tell(Listening())
        outages.over()

    while True:
        why = _why_not(listen, listening)
        outages.begin(why)
        tell(Listening(why or "it begins again"))
        pause(RETRY_S)


class Outages:
    """What is logged of an input that does not listen: why, and that it is over, once each however
    often it is tried. One that comes soon after another for the same reason is still the same."""

    def __init__(self, now_ns: Callable[[], int]) -> None:
        self._now_ns = now_ns
        self._said = ""
        self._is_over = True
        self._listens_since_ns: int | None = None

    def begin(self, why: str) -> None:
        """It does not listen any more, or still not."""
        since_ns, self._listens_since_ns = self._listens_since_ns, None
        if since_ns is not None and self._now_ns() - since_ns >= CALM_NS:
            self._said = ""
        if why and why != self._said:
            log.warning("alarms: %s; it is tried again", why)
            self._said, self._is_over = why, False

    def over(self) -> None:
        """It listens."""
        self._listens_since_ns = self._now_ns()
        if not self._is_over:
            log.info("alarms: it is over: %s", self._said)
            self._is_over = True


def _why_not(listen: Listen, listening: Callable[[], object]) -> str:
    """Hear alarms as long as it goes; why it does not any more."""
    try:
        listen(listening)
    except InputError as error:
        return str(error)
    return ""
