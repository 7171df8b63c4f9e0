"""Processes that work on streams, one count for each stream that all of them see."""

import mmap
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import click

INTERVAL_NS = 40_000_000
"""Between two pictures of a clip."""
START_S = 60.0
"""A stream without a picture for so long hangs."""
NICE = 10
"""Of what decodes, as on a wall, and so with decoding alone."""

FORK = multiprocessing.get_context("fork")
Work = Callable[[], None]


class Counters:
    """A count for each stream, that all processes see."""

    def __init__(self, streams: int) -> None:
        self.words = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("q")
        self._streams = streams

    def now(self) -> list[int]:
        """Each stream's count."""
        return self.words[: self._streams].tolist()


@contextmanager
def working(works: list[Work], counts: Callable[[], list[int]]) -> Iterator[list[int]]:
    """Each work in a process, once each stream has a count; their process ids."""
    processes = [FORK.Process(target=work, daemon=True) for work in works]
    for process in processes:
        process.start()
    try:
        _await_all(counts)
        yield [cast(int, process.pid) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.join()


def rate(works: list[Work], counters: Counters, seconds: float) -> float:
    """Pictures a second that these works count, each in a process, once all have begun."""
    with working(works, counters.now):
        began_s, before = time.monotonic(), sum(counters.now())
        time.sleep(seconds)
        return (sum(counters.now()) - before) / (time.monotonic() - began_s)


def _await_all(counts: Callable[[], list[int]]) -> None:
    give_up_s = time.monotonic() + START_S
    while not all(counts()):
        if time.monotonic() > give_up_s:
            raise click.ClickException(f"a stream has shown nothing for {START_S:.0f} s")
        time.sleep(0.01)
