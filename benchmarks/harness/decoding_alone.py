"""The limit of a wall: the same files, only decoded, as fast as possible."""

import functools
import itertools
import os
import time
from pathlib import Path

import av

from benchmarks.harness.worker_group import NICE, Counters, Work, rate

GIVING_WAY_S = 0.0001
"""Long enough that another process comes first."""


def decode_only(file: Path, pause_s: float | None, counters: Counters, index: int) -> None:
    """Decode a file over and over; nothing else, except a pause after each packet."""
    os.nice(NICE)
    for _ in itertools.count():
        with av.open(str(file)) as container:
            stream = container.streams.video[0]
            stream.codec_context.thread_count = 1
            for packet in container.demux(stream):
                counters.words[index] += len(stream.codec_context.decode(packet))
                if pause_s is not None:
                    time.sleep(pause_s)


def decoding_rate(files: list[Path], pause_s: float | None, seconds: float) -> float:
    """The limit: what decoding alone reaches."""
    counters = Counters(len(files))
    return rate(decoders(files, pause_s, counters), counters, seconds)


def decoders(files: list[Path], pause_s: float | None, counters: Counters) -> list[Work]:
    """Works that only decode, one for each file."""
    return [
        functools.partial(decode_only, file, pause_s, counters, i) for i, file in enumerate(files)
    ]
