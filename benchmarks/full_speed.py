"""How near does a wall come to the speed at which its machine can decode?

N looping files go through the wall's own parts, each in a process as on a wall, as fast as they
can, onto one canvas. A stream waits until its picture is presented: every one that is counted was
decoded, scaled and composed. In turns with that, the same number of processes only decodes the
same files with PyAV: once without a pause, and once giving way after each picture, as whoever shows
them must, since the next process finds the caches full of another stream. The ratio to the first
rate is what a wall costs, that to the second what is left to be saved.

    python benchmarks/full_speed.py --streams 14 --size main
"""

import functools
import itertools
import mmap
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import av
import click
import msgspec

from benchmarks.clips import Footage, footage_options
from benchmarks.record import Machine, machine, versions
from benchmarks.scaler import Scaling, described, scaling_of
from benchmarks.screen import SCREEN, SCREEN_WORD
from benchmarks.telling import keep, today
from wallctl.config.catalogue_file import catalogues
from wallctl.config.default_home import square_for
from wallctl.config.layout_files import shipped_layouts
from wallctl.decoder.clock import Clock
from wallctl.decoder.decode_scheduler import Feed as Decoding
from wallctl.decoder.messages import Demand, Tap
from wallctl.decoder.status_writer import Status
from wallctl.decoder.tap_outputs import Taps
from wallctl.demo.clips import SIZES
from wallctl.display.compositor.composer import Composer
from wallctl.display.drawing.drawing_cache import artists
from wallctl.display.messages import Feed, Prepare, TileOrder
from wallctl.media.decode.decoder import Decoder
from wallctl.media.sources.file import open_file
from wallctl.model.base.geometry import Fit, Rect
from wallctl.model.site.layout import tile_rects
from wallctl.model.site.site import Stream
from wallctl.model.streams.decode_level import Effort
from wallctl.shm.arena import HEAP_OFFSET, Arena
from wallctl.shm.canvas import Canvas, CanvasPlace, canvas_bytes
from wallctl.shm.ring import Ring, RingPlace, RingWord, prepare, ring_bytes
from wallctl.shm.stream_status import PAGE_BYTES, WORDS, block_offset, clear

INTERVAL_NS = 40_000_000
PASS_S = 0.008
"""The composer looks so often what has come."""
GIVING_WAY_S = 0.0001
"""Long enough that another process comes first."""
START_S = 60.0
"""A stream without a picture for so long hangs."""
NICE = 10
"""Of what decodes, as on a wall, and so with decoding alone."""

FORK = multiprocessing.get_context("fork")
Work = Callable[[], None]


class Result(msgspec.Struct, frozen=True):
    """A run, as it is kept in a file. Rates are pictures a second of all streams together."""

    date: str
    scene: str
    """Whose pictures: a real ``camera``'s or the ``demo``'s."""
    streams: int
    picture: str
    codec: str
    layout: str
    screen: str
    machine: Machine
    versions: dict[str, str]
    decoded_fps: tuple[float, ...]
    """By decoding alone, round by round."""
    giving_way_fps: tuple[float, ...]
    """The same with a switch to another process after each picture."""
    presented_fps: tuple[float, ...]
    ratio: float
    """Median over the rounds of presented by decoded."""
    ratio_giving_way: float
    scaling: Scaling


class Counters:
    """A count for each stream, that all processes see."""

    def __init__(self, streams: int) -> None:
        self.words = memoryview(mmap.mmap(-1, PAGE_BYTES)).cast("q")
        self._streams = streams

    def now(self) -> list[int]:
        """Each stream's count."""
        return self.words[: self._streams].tolist()


def decode_only(file: Path, pause_s: float | None, counters: Counters, index: int) -> None:
    """Decode a file over and over; nothing else, but for a pause after each packet."""
    os.nice(NICE)
    for _ in itertools.count():
        with av.open(str(file)) as container:
            stream = container.streams.video[0]
            stream.codec_context.thread_count = 1
            for packet in container.demux(stream):
                counters.words[index] += len(stream.codec_context.decode(packet))
                if pause_s is not None:
                    time.sleep(pause_s)


class Stage:
    """The memory of a wall with one screen, and who waits for whom."""

    pass_s = PASS_S

    def __init__(self, layout: str, streams: int) -> None:
        self.tiles = tile_rects(shipped_layouts()[layout], SCREEN)[:streams]
        offset = HEAP_OFFSET + -(-canvas_bytes(SCREEN) // PAGE_BYTES) * PAGE_BYTES
        self.places = []
        for tile in self.tiles:
            self.places.append(RingPlace(offset, tile.size, 1))
            offset += -(-ring_bytes(tile.size) // PAGE_BYTES) * PAGE_BYTES
        self.arena = Arena.create(offset)
        self.shown = [os.eventfd(0) for _ in self.tiles]
        """Raised for a stream whose newest picture was composed."""
        for index, place in enumerate(self.places):
            clear(self.arena.words(block_offset(index), WORDS))
            prepare(Ring(self.arena, place))

    def decoding(self, index: int) -> tuple[Decoding, Status]:
        """What a stream's worker decodes with, into the ring of its tile, and what it says."""
        words, place = self.arena.words(block_offset(index), WORDS), self.places[index]
        clock = Clock()
        status = Status(words, clock)
        decoding = Decoding(Taps(self.arena), status, clock)
        decoding.demand(Demand(1, (Tap(place.size, Fit.CONTAIN, place),), Effort.FULL))
        return decoding, status

    def published(self) -> list[int]:
        """How many pictures each ring was given."""
        return [Ring(self.arena, place).words[RingWord.NEWEST] for place in self.places]

    def feed(self, file: Path, index: int) -> None:
        """Be the worker of one stream: packet by packet, waiting for each picture's pass."""
        os.nice(NICE)
        ring, (decoding, _status) = Ring(self.arena, self.places[index]), self.decoding(index)
        for _ in itertools.count():
            connection = open_file(Stream("main", str(file)))
            decoding.attach(Decoder(connection.stream), live=False)
            for coded in connection.packets():
                before = ring.words[RingWord.NEWEST]
                decoding.offer(coded, time.monotonic_ns())
                if ring.words[RingWord.NEWEST] != before:
                    os.eventfd_read(self.shown[index])
            decoding.detach()
            connection.close()

    def compose(self, counters: Counters) -> None:
        """Be the presenter: pass after pass, whenever something has come."""
        canvas = Canvas(self.arena, CanvasPlace(HEAP_OFFSET, SCREEN))
        composer = Composer(self.arena, canvas, artists(None, catalogues()))
        orders = tuple(self._tile(i, rect) for i, rect in enumerate(self.tiles))
        composer.prepare(Prepare("", SCREEN, "", version=1, tiles=orders))
        composer.commit()
        rings = [Ring(self.arena, place) for place in self.places]
        released = [0] * len(rings)
        while True:
            time.sleep(self.pass_s)
            newest = [ring.words[RingWord.NEWEST] for ring in rings]
            now_ns = time.monotonic_ns()
            composer.compose(now_ns)
            composer.presented(time.monotonic_ns())
            for i, (tile, number) in enumerate(zip(composer.tiles, newest, strict=True)):
                counters.words[i] = tile.counters.presented
                if number > released[i]:
                    released[i] = number
                    os.eventfd_write(self.shown[i], 1)

    def _tile(self, index: int, rect: Rect) -> TileOrder:
        number, feed = index + 1, Feed("main", self.places[index], index)
        return TileOrder(number, rect, f"source{number}", number, feeds=(feed,))


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


def decoding_rate(files: list[Path], pause_s: float | None, seconds: float) -> float:
    """The limit: what decoding alone reaches."""
    counters = Counters(len(files))
    return rate(decoders(files, pause_s, counters), counters, seconds)


def decoders(files: list[Path], pause_s: float | None, counters: Counters) -> list[Work]:
    """Works that only decode, one for each file."""
    return [
        functools.partial(decode_only, file, pause_s, counters, i) for i, file in enumerate(files)
    ]


def wall_rate(files: list[Path], layout: str, seconds: float) -> float:
    """What the wall's parts present."""
    counters, stage = Counters(len(files)), Stage(layout, len(files))
    works: list[Work] = [functools.partial(stage.feed, file, i) for i, file in enumerate(files)]
    return rate([*works, functools.partial(stage.compose, counters)], counters, seconds)


@click.command()
@click.option("--streams", type=click.IntRange(1, 64), default=14, show_default=True)
@click.option("--size", type=click.Choice(list(SIZES)), default="main", show_default=True)
@click.option("--codec", type=click.Choice(["h264", "hevc"]), default="h264", show_default=True)
@click.option("--seconds", type=click.FloatRange(min=0.5), default=6.0, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.json")
@footage_options
@click.option("--tiny", is_flag=True, help="Two small streams for a moment: to see that it works.")
def main(
    streams: int,
    size: str,
    codec: str,
    seconds: float,
    rounds: int,
    out: Path | None,
    footage: Footage,
    tiny: bool,
) -> None:
    """Measure the wall's rate and the decoder's in turns; print both and keep them as JSON."""
    if tiny:
        streams, size, seconds, rounds = 2, "sub", 0.5, 1
    files = footage.clips(size, codec, streams)
    layout = square_for(streams, 1)
    decoded, giving_way, presented = [], [], []
    click.echo("round  decoded  giving way  presented  ratio")
    for number in range(1, rounds + 1):
        decoded.append(round(decoding_rate(files, None, seconds), 1))
        giving_way.append(round(decoding_rate(files, GIVING_WAY_S, seconds), 1))
        presented.append(round(wall_rate(files, layout, seconds), 1))
        told = f"{decoded[-1]:>8} {giving_way[-1]:>11} {presented[-1]:>10}"
        click.echo(f"{number:>5} {told} {presented[-1] / decoded[-1]:>6.3f}")
    result = Result(
        date=today(),
        scene=footage.scene,
        streams=streams,
        picture=picture(files[0]),
        codec=codec,
        layout=layout,
        screen=SCREEN_WORD,
        machine=machine(),
        versions=versions(),
        decoded_fps=tuple(decoded),
        giving_way_fps=tuple(giving_way),
        presented_fps=tuple(presented),
        ratio=ratio(presented, decoded),
        ratio_giving_way=ratio(presented, giving_way),
        scaling=scaling_of(files[0], layout),
    )
    click.echo(f"median: {result.ratio}, to giving way {result.ratio_giving_way}")
    click.echo(described(result.scaling))
    keep(result, f"full-speed-{streams}-{size}", out)


def ratio(reached: list[float], limits: list[float]) -> float:
    """Median over the rounds."""
    return round(statistics.median(a / b for a, b in zip(reached, limits, strict=True)), 3)


def picture(file: Path) -> str:
    """The size of a file's pictures."""
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        return f"{stream.width}x{stream.height}"


if __name__ == "__main__":
    main()
