"""What goes wrong with an input, and how it is told."""

import logging

from wallctl.control.protocol import Failed

log = logging.getLogger(__name__)


class InputError(Exception):
    """An input can't listen (any more); one sentence says why. It is tried again."""


def refused(alarm: str, why: Failed | None) -> None:
    """Say that an alarm could not be raised, where nobody waits for an answer."""
    if why is not None:
        log.warning("the alarm %r could not be raised: %s", alarm, why.message)
