"""What goes wrong with an input, and how the log says it."""

import logging
import time

from wallctl.alarm_inputs.refusal_log import Refusals
from wallctl.api.protocol import Failed

log = logging.getLogger(__name__)
refusals = Refusals(log.warning, time.monotonic_ns)


class InputError(Exception):
    """An input can't listen (any more); one sentence says why. It is tried again."""


def refused(alarm: str, why: Failed | None) -> None:
    """Say that an alarm could not be raised, where nobody waits for an answer."""
    if why is not None:
        refusals.heard(f"the alarm {alarm!r} could not be raised: {why.message}")
