"""What does a wall of RTSP cameras cost, beside receiving and decoding them and nothing else?

N cameras on the loopback (``rtsp_camera.py``) send 25 pictures a second. A headless wall shows
them, and in turns with it one process for each camera receives and decodes the same with PyAV,
opened with the wall's own options. Told are the cores that all processes of each take. The cameras
themselves are not counted.

    python benchmarks/receiving.py --streams 14
"""

import functools
import os
import statistics
import time
from pathlib import Path

import av
import click
import msgspec

from benchmarks.clips import Footage, footage_options
from benchmarks.full_speed import NICE, Counters, Work, working
from benchmarks.program import Watch
from benchmarks.record import Machine, machine, versions
from benchmarks.rtsp_camera import Cameras
from benchmarks.scaler import Scaling, described, scaling_of
from benchmarks.screen import SCREEN_WORD
from benchmarks.telling import keep, today
from benchmarks.wall import showing
from wallctl.config.default_home import square_for
from wallctl.demo.clips import RATE_HZ, SIZES
from wallctl.media.sources.demuxer import options, silence
from wallctl.media.sources.rtsp import OPENING
from wallctl.model.site.site import Stream

SETTLE_S = 3.0
START_S = 30.0
TINY_STREAMS, TINY_SECONDS = 2, 1.0


class Result(msgspec.Struct, frozen=True):
    """A run, as it is kept in a file. Cores are of all streams together, round by round."""

    date: str
    scene: str
    streams: int
    picture: str
    layout: str
    screen: str
    seconds: float
    machine: Machine
    versions: dict[str, str]
    wall_cores: tuple[float, ...]
    alone_cores: tuple[float, ...]
    alone_fps: tuple[float, ...]
    """Pictures a second of each stream that were decoded alone."""
    cores: float
    """Median of the wall's."""
    ratio: float
    """Median over the rounds of the wall's cores by those of decoding alone."""
    scaling: Scaling


def receive(url: str, counters: Counters, index: int) -> None:
    """Receive and decode a camera; nothing else."""
    os.nice(NICE)
    silence()
    with av.open(url, options=options(Stream("main", url), OPENING)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        for packet in container.demux(stream):
            counters.words[index] += len(stream.codec_context.decode(packet))


def alone(urls: list[str], seconds: float) -> tuple[float, float]:
    """The cores that receiving and decoding take, and each stream's pictures a second."""
    counters = Counters(len(urls))
    works: list[Work] = [functools.partial(receive, url, counters, i) for i, url in enumerate(urls)]
    with working(works, counters.now) as pids:
        time.sleep(SETTLE_S)
        watch, before = Watch(lambda: pids), sum(counters.now())
        time.sleep(seconds)
        spent = watch.spent()
        return spent.cores, (sum(counters.now()) - before) / spent.seconds / len(urls)


def wall(urls: list[str], layout: str, seconds: float) -> float:
    """The cores that a wall takes which shows them."""
    with showing(urls, layout) as shown:
        shown.wait_live(len(urls))
        time.sleep(SETTLE_S)
        watch = shown.watch()
        time.sleep(seconds)
        return watch.spent().cores


@click.command()
@click.option("--streams", type=click.IntRange(1, 64), default=14, show_default=True)
@click.option("--size", type=click.Choice(list(SIZES)), default="sub", show_default=True)
@click.option("--seconds", type=click.FloatRange(min=1), default=8.0, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.json")
@footage_options
@click.option("--tiny", is_flag=True, help="Two cameras for a moment: to see that it works.")
def main(
    streams: int,
    size: str,
    seconds: float,
    rounds: int,
    out: Path | None,
    footage: Footage,
    tiny: bool,
) -> None:
    """Measure the wall and decoding alone in turns; print both and keep them as JSON."""
    if tiny:
        streams, seconds, rounds = TINY_STREAMS, TINY_SECONDS, 1
    layout, turn_s = square_for(streams, 1), seconds + SETTLE_S + START_S
    walls, others, fps = [], [], []
    click.echo("round   wall  alone  ratio")
    clips = footage.clips(size, "h264", streams)
    with Cameras(clips, 2 * rounds * turn_s) as cameras:
        for number in range(1, rounds + 1):
            walls.append(round(wall(cameras.urls(), layout, seconds), 3))
            found = alone(cameras.urls(), seconds)
            others.append(round(found[0], 3))
            fps.append(round(found[1], 1))
            ratio = walls[-1] / others[-1]
            click.echo(f"{number:>5} {walls[-1]:>6.3f} {others[-1]:>6.3f} {ratio:>6.2f}")
    ratios = [wall / other for wall, other in zip(walls, others, strict=True)]
    result = Result(
        date=today(),
        scene=footage.scene,
        streams=streams,
        picture=f"{SIZES[size].w}x{SIZES[size].h} at {RATE_HZ} Hz",
        layout=layout,
        screen=SCREEN_WORD,
        seconds=seconds,
        machine=machine(),
        versions=versions(),
        wall_cores=tuple(walls),
        alone_cores=tuple(others),
        alone_fps=tuple(fps),
        cores=round(statistics.median(walls), 3),
        ratio=round(statistics.median(ratios), 3),
        scaling=scaling_of(clips[0], layout),
    )
    click.echo(f"median: {result.cores} cores, {result.ratio} times decoding alone")
    click.echo(described(result.scaling))
    keep(result, "receiving", out)


if __name__ == "__main__":
    main()
