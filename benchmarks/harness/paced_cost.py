"""Streams that play at their own pace, some to a process: what each of their pictures costs."""

import functools
import gc
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import av
import msgspec

from benchmarks.harness.program import Watch
from benchmarks.harness.worker_group import INTERVAL_NS, NICE, Counters, Work, working
from wallctl.media.sources.demuxer import silence
from wallctl.model.streams.playback_clock import Pace

SETTLE_S = 1.0

Play = Callable[[int], None]
"""Plays the stream of an index, for ever."""


class Cost(msgspec.Struct, frozen=True):
    """What was spent on some streams."""

    picture_ms: float
    """Processor milliseconds."""
    fps: float
    """Pictures a second of each stream; less than its file has where the processors are full."""


def cost(play: Play, counts: Callable[[], list[int]], together: int, seconds: float) -> Cost:
    """What each picture costs when so many streams share a process."""
    streams = len(counts())
    groups = -(-streams // together)
    works: list[Work] = [
        functools.partial(_play_together, play, range(streams)[first::groups], streams)
        for first in range(groups)
    ]
    with working(works, counts) as pids:
        time.sleep(SETTLE_S)
        watch, before = Watch(lambda: pids), sum(counts())
        time.sleep(seconds)
        spent, pictures = watch.spent(), sum(counts()) - before
    picture_ms = 1000 * spent.cores * spent.seconds / max(1, pictures)
    return Cost(picture_ms, pictures / spent.seconds / streams)


def _play_together(play: Play, indexes: range, streams: int) -> None:
    """Be the process of some streams, a thread for each; they begin spread over an interval."""
    os.nice(NICE)
    gc.freeze()
    silence()
    for index in indexes:
        threading.Timer(INTERVAL_NS / 1e9 * index / streams, play, (index,)).start()


def decoding_cost(files: list[Path], together: int, seconds: float) -> Cost:
    """What reading and decoding at the pace costs, and nothing else."""
    counters = Counters(len(files))
    play = functools.partial(_decode, counters, files)
    return cost(play, counters.now, together, seconds)


def _decode(counters: Counters, files: list[Path], index: int) -> None:
    pace = Pace()
    while True:
        with av.open(str(files[index])) as container:
            stream = container.streams.video[0]
            stream.codec_context.thread_count = 1
            for packet in container.demux(stream):
                now_ns = time.monotonic_ns()
                time.sleep(max(0, pace.due_ns(None, INTERVAL_NS, now_ns) - now_ns) / 1e9)
                counters.words[index] += len(stream.codec_context.decode(packet))
