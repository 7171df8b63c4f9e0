"""What must a wall of RTSP cameras cost at their own pace, were it made of as little as can be?

The cameras of ``receiving.py``, taken by workers that do more and more of a worker's work: one that
receives and decodes; one that scales too, as if the camera's colours were the wall's; one that
changes the colours; the same under a presenter that shows what has come at each tick; and the whole
wall. Told are the cores that all processes of each take, medians of the rounds. No wall of one
process a stream and one presenter can be cheaper than the line "presents": above it are control,
watching, counting, keeping and shedding.

    python benchmarks/experiments/paced_floor.py --streams 14
"""

import functools
import time
from collections.abc import Callable, Iterator

import av
import click
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace

from benchmarks.experiments.floor import Scaling, tell
from benchmarks.harness.footage import Footage, footage_options
from benchmarks.harness.program import Watch
from benchmarks.harness.rtsp_camera import Cameras
from benchmarks.harness.turns import in_turns
from benchmarks.harness.worker_group import Counters, Work, working
from benchmarks.receiving import SETTLE_S, START_S, alone, wall
from wallctl.config.default_home_pictures import square_for
from wallctl.demo.clips import SIZES
from wallctl.media.sources.demuxer import options, silence
from wallctl.media.sources.rtsp import OPENING
from wallctl.model.site.site import Stream

TICK_S = 0.02


class Paced(Scaling):
    """Workers that receive, decode and scale; a presenter that ticks as the wall's does."""

    pass_s = TICK_S
    same_colours = False

    def receive(self, url: str, index: int) -> None:
        """Be the worker of one camera, in as few steps as Python takes."""
        silence()
        self.publish(received(url, self.same_colours), index, lambda: None)


class SameColours(Paced):
    """The same, with cameras that need no change of colours."""

    same_colours = True


def received(url: str, same_colours: bool) -> Iterator[VideoFrame]:
    """The pictures of a camera; called BT.709 whatever they are, where that is asked for."""
    with av.open(url, options=options(Stream("main", url), OPENING)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        for packet in container.demux(stream):
            for frame in stream.codec_context.decode(packet):
                if same_colours:
                    frame.colorspace = Colorspace.ITU709
                yield frame


def taking(kind: type[Paced], presents: bool, urls: list[str], seconds: float) -> float:
    """The cores that such workers take, with a presenter or without."""
    stage, counters = kind(square_for(len(urls), 1), len(urls)), Counters(len(urls))
    works: list[Work] = [functools.partial(stage.receive, url, i) for i, url in enumerate(urls)]
    if presents:
        works.append(functools.partial(stage.compose, counters))
    with working(works, counters.now if presents else stage.published) as pids:
        time.sleep(SETTLE_S)
        watch = Watch(lambda: pids)
        time.sleep(seconds)
        return watch.spent().cores


@click.command()
@click.option("--streams", type=click.IntRange(1, 64), default=14, show_default=True)
@click.option("--size", type=click.Choice(list(SIZES)), default="sub", show_default=True)
@click.option("--seconds", type=click.FloatRange(min=0.5), default=8.0, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
@footage_options
def main(streams: int, size: str, seconds: float, rounds: int, footage: Footage) -> None:
    """Tell what each part of a wall costs at the cameras' pace."""
    clips = footage.clips(size, "h264", streams)
    with Cameras(clips, 5 * rounds * (seconds + SETTLE_S + START_S)) as cameras:
        urls = cameras.urls()
        ways: dict[str, Callable[[], float]] = {
            "receives": lambda: alone(urls, seconds)[0],
            "scales": lambda: taking(SameColours, False, urls, seconds),
            "colours": lambda: taking(Paced, False, urls, seconds),
            "presents": lambda: taking(Paced, True, urls, seconds),
            "whole": lambda: wall(urls, square_for(streams, 1), seconds),
        }
        found = list(in_turns(ways, lambda way: ways[way](), rounds).values())
    click.echo(f"{streams} cameras, {size}: cores, and by those of receiving and decoding alone")
    tell(found, [[b / a for a, b in zip(found[0], costs, strict=True)] for costs in found], ways)


if __name__ == "__main__":
    main()
