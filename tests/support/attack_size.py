"""How hard tests attack: within bounds where every test runs, whole by ``make attack``."""

import os

WHOLE = os.environ.get("WALLCTL_ATTACK") == "whole"


def size(bounded: int, whole: int) -> int:
    """A number of messages, bytes or connections: ``whole`` by ``make attack`` only."""
    return whole if WHOLE else bounded
