"""How near could a wall come to decoding alone, were it made of less?

The wall of ``full_speed.py``, with workers that do more and more of a worker's work: one that only
waits for its pass after each picture, one that scales too, and the wall's own. In turns with them,
decoding alone: without a pause, and giving way after each picture. Told are processor milliseconds
a picture of all processes, medians of the rounds. What no wall of one process a stream can be
cheaper than is the line "waits".

    python benchmarks/experiments/floor.py --streams 64 --size sub
"""

import functools
import os
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import av
import click
from av.video.frame import VideoFrame

from benchmarks.harness.decoding_alone import GIVING_WAY_S, decoders
from benchmarks.harness.footage import Footage, footage_options
from benchmarks.harness.program import Watch
from benchmarks.harness.turns import in_turns
from benchmarks.harness.wall_parts import WallParts
from benchmarks.harness.worker_group import NICE, Counters, Work, working
from wallctl.config.default_home_pictures import square_for
from wallctl.decoder.status_writer import Status
from wallctl.decoder.worker_clocks import Clock
from wallctl.demo.clips import SIZES
from wallctl.media.scale.scaler import Scaler, look_of
from wallctl.model.base.geometry import Fit
from wallctl.model.streams.decode_effort import Effort
from wallctl.shm.ring import Flag, Header, Ring, begin, publish
from wallctl.shm.stream_status import WORDS, block_offset


class Waiting(WallParts):
    """Workers that decode, and publish what their ring holds already."""

    scales = False

    def feed(self, file: Path, index: int) -> None:
        """Be the worker of one stream, picture by picture as the presenter takes them."""
        self.publish(frames(file), index, functools.partial(os.eventfd_read, self.shown[index]))

    def publish(
        self, pictures: Iterator[VideoFrame], index: int, then: Callable[[], object]
    ) -> None:
        """Publish pictures in as few steps as Python takes, and do something after each."""
        os.nice(NICE)
        place = self.places[index]
        ring, scaler = Ring(self.arena, place), Scaler(place.size, Fit.CONTAIN)
        status = Status(self.arena.words(block_offset(index), WORDS), Clock())
        status.live()
        status.taken(1, Effort.FULL)
        for frame in pictures:
            out, size = begin(ring), place.size
            if out is not None and self.scales:
                size = scaler.write(frame, look_of(frame, 1.0), out)
            now_ns = time.monotonic_ns()
            publish(ring, Header(size, Flag.NONE, status.decoded_one(), 0, now_ns, now_ns))
            status.fresh(now_ns)
            then()


class Scaling(Waiting):
    """Workers that scale, too."""

    scales = True


def frames(file: Path) -> Iterator[VideoFrame]:
    """The pictures of a file, over and over."""
    while True:
        with av.open(str(file)) as container:
            stream = container.streams.video[0]
            stream.codec_context.thread_count = 1
            yield from container.decode(stream)


def decoding(files: list[Path], pause_s: float | None, seconds: float) -> float:
    """What a picture costs that is only decoded."""
    counters = Counters(len(files))
    return picture_ms(decoders(files, pause_s, counters), counters, seconds)


def presenting(kind: type[WallParts], files: list[Path], seconds: float) -> float:
    """What a picture costs on a wall with such workers."""
    counters, stage = Counters(len(files)), kind(square_for(len(files), 1), len(files))
    works: list[Work] = [functools.partial(stage.feed, file, i) for i, file in enumerate(files)]
    return picture_ms([*works, functools.partial(stage.compose, counters)], counters, seconds)


def picture_ms(works: list[Work], counters: Counters, seconds: float) -> float:
    """Processor milliseconds of all these processes for each picture that they count."""
    with working(works, counters.now) as pids:
        watch, before = Watch(lambda: pids), sum(counters.now())
        time.sleep(seconds)
        spent = watch.spent()
        return 1000 * spent.cores * spent.seconds / (sum(counters.now()) - before)


def tell(found: list[list[float]], ratios: list[list[float]], names: Iterable[str]) -> None:
    """Print the medians of each way's costs and ratios."""
    for name, costs, by in zip(names, found, ratios, strict=True):
        click.echo(f"{name:>10} {statistics.median(costs):>7.3f} {statistics.median(by):>6.3f}")


@click.command()
@click.option("--streams", type=click.IntRange(1, 64), default=64, show_default=True)
@click.option("--size", type=click.Choice(list(SIZES)), default="sub", show_default=True)
@click.option("--seconds", type=click.FloatRange(min=0.5), default=4.0, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
@footage_options
def main(streams: int, size: str, seconds: float, rounds: int, footage: Footage) -> None:
    """Tell what each part of a worker's work costs among many."""
    files = footage.clips(size, "h264", streams)
    ways: dict[str, Callable[[], float]] = {
        "decodes": lambda: decoding(files, None, seconds),
        "gives way": lambda: decoding(files, GIVING_WAY_S, seconds),
        "waits": lambda: presenting(Waiting, files, seconds),
        "scales": lambda: presenting(Scaling, files, seconds),
        "whole": lambda: presenting(WallParts, files, seconds),
    }
    found = list(in_turns(ways, lambda way: ways[way](), rounds).values())
    click.echo(f"{streams} streams, {size}: ms a picture, and decoding alone by it")
    tell(found, [[a / b for a, b in zip(found[0], costs, strict=True)] for costs in found], ways)


if __name__ == "__main__":
    main()
