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

import av
import click

from benchmarks.harness.command import (
    Outcome,
    benchmark,
    rounds_option,
    seconds_option,
    size_option,
    streams_option,
)
from benchmarks.harness.footage import Footage, footage_options, picture_word
from benchmarks.harness.program import Watch
from benchmarks.harness.result import Run
from benchmarks.harness.rtsp_camera import Cameras
from benchmarks.harness.running_wall import showing
from benchmarks.harness.scaler_likeness import Scaling, describe_scaling, scaling_of
from benchmarks.harness.screen import SCREEN_WORD
from benchmarks.harness.turns import median_ratio
from benchmarks.harness.worker_group import NICE, Counters, Work, working
from wallctl.config.default_home_pictures import square_for
from wallctl.demo.clips import RATE_HZ
from wallctl.media.sources.demuxer import options, silence
from wallctl.media.sources.rtsp import OPENING
from wallctl.model.site.site import Stream

SETTLE_S = 3.0
START_S = 30.0


class Result(Run, frozen=True, kw_only=True):
    """A run, as it is kept in a file. Cores are of all streams together, round by round."""

    scene: str
    streams: int
    picture: str
    layout: str
    screen: str
    seconds: float
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


@benchmark("Two cameras for a moment: to see that it works.", streams=2, seconds=1.0, rounds=1)
@streams_option(14)
@size_option("sub")
@seconds_option(8.0)
@rounds_option()
@footage_options
def main(streams: int, size: str, seconds: float, rounds: int, footage: Footage) -> Outcome:
    """Measure the wall and decoding alone in turns; print both and keep them as JSON."""
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
    result = Result(
        scene=footage.scene,
        streams=streams,
        picture=f"{picture_word(size)} at {RATE_HZ} Hz",
        layout=layout,
        screen=SCREEN_WORD,
        seconds=seconds,
        wall_cores=tuple(walls),
        alone_cores=tuple(others),
        alone_fps=tuple(fps),
        cores=round(statistics.median(walls), 3),
        ratio=median_ratio(walls, others),
        scaling=scaling_of(clips[0], layout),
    )
    click.echo(f"median: {result.cores} cores, {result.ratio} times decoding alone")
    click.echo(describe_scaling(result.scaling))
    return Outcome(result, "receiving")


if __name__ == "__main__":
    main()
