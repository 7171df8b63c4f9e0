"""The two clocks of a worker, handed in so that tests can turn them."""

import time
import typing
from collections.abc import Callable


class Clock(typing.NamedTuple):
    """Monotonic time decides. Wall-clock time is for people only."""

    monotonic_ns: Callable[[], int] = time.monotonic_ns
    unix_ns: Callable[[], int] = time.time_ns
