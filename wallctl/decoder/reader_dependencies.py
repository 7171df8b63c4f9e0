"""What a reader uses of the world, handed in so that tests can replace it."""

import random
import time
import typing
from collections.abc import Callable

from wallctl.decoder.worker_clocks import Clock
from wallctl.media.decode.decoder import Decoder
from wallctl.media.sources.demuxer import Connection
from wallctl.model.streams.health import Reason


class Dependencies(typing.NamedTuple):
    """Clock, pauses, chance and decoders of a reader."""

    decoder: Callable[[Connection], Decoder]
    clock: Clock = Clock()
    name: str = ""
    """What a person calls the stream."""
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    out_of_memory: Reason = Reason.NO_RESOURCES
    """Why there is none: the machine lacks it, or this process may not take more."""
    renew: Callable[[], None] = lambda: None
    """Raises what ends this process where another one could do what this one may not."""
