"""How old is what a wall shows? From the camera's sending to the presented canvas, and its drift.

RTSP cameras on the loopback (``rtsp_camera.py``) stamp each picture with its number and note when
they send it; this program reads the numbers back from the canvas of a headless wall. What is told
is the time from just before a picture's first byte was sent until this program saw it presented,
one look (1 ms) and its own delays too much. A camera's exposure and encoding, and a display's
refresh, come on top. The wall's own figure counts from when a picture began to come, as libav's
parser tells it, which holds one back until the next begins. Results before 2026-11-29 count from
when the demuxer gave it out, an interval later.

    python benchmarks/latency.py --streams 14 --seconds 60
"""

import functools
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks.harness.canvas_stamps import Seen, follow_stamps, reader_of
from benchmarks.harness.command import (
    Outcome,
    benchmark,
    cache_option,
    seconds_option,
    streams_option,
)
from benchmarks.harness.footage import picture_word
from benchmarks.harness.plot import drawn
from benchmarks.harness.result import Run
from benchmarks.harness.rtsp_camera import Cameras
from benchmarks.harness.running_wall import RunningWall, median_latencies, showing
from benchmarks.harness.screen import SCREEN_WORD
from benchmarks.harness.spread import Spread, describe, percent, spread
from benchmarks.harness.stamp import stamped_clips
from wallctl.demo.clips import FRAMES

LONGEST_S = 600.0
START_S = 60.0
MINUTE_S = 60.0


class Result(Run, frozen=True, kw_only=True):
    """A run, as it is kept in a file. Latencies are of all streams together."""

    streams: int
    seconds: float
    picture: str
    screen: str
    camera_to_canvas_ms: Spread | None
    after_demuxer_ms: dict[str, float | None]
    """By the wall's report: p50, p95 and p99, each the median over the tiles. It holds the interval
    for which the demuxer keeps a picture, since 2026-11-29."""
    drift_over_s: float
    """How long the first and the last part of the run are that are compared."""
    first_ms: Spread | None
    last_ms: Spread | None
    drift_ms: float | None
    """How much larger the median is in the last part."""
    seen_percent: float
    """Of the pictures sent, how many were seen on the canvas."""


def counted(seen: Seen, sent_ns: NDArray[np.int64], offset: int) -> list[tuple[int, int]]:
    """When each picture was seen, and its count at the camera.

    Stamps repeat with each loop: the first is the newest that had been sent by then, and from
    there on the numbers are followed, so that a wall that falls behind by loops is found out.
    """
    found: list[tuple[int, int]] = []
    frame_before, count = 0, None
    for at_ns, frame in seen:
        if count is None:
            sent = np.flatnonzero((sent_ns > 0) & (sent_ns <= at_ns))
            fitting = sent[(sent + offset) % FRAMES == frame]
            if not fitting.size:
                continue
            count = int(fitting[-1])
        else:
            count += (frame - frame_before) % FRAMES
        frame_before = frame
        found.append((at_ns, count))
    return found


class Sample(msgspec.Struct, frozen=True):
    """One picture that was seen."""

    at_ns: int
    ms: float
    """How old it was."""


def samples(found: list[tuple[int, int]], sent_ns: NDArray[np.int64]) -> list[Sample]:
    """The latencies of one camera's pictures."""
    return [
        Sample(at_ns, (at_ns - int(sent_ns[count])) / 1e6)
        for at_ns, count in found
        if sent_ns[count] > 0
    ]


def watch(wall: RunningWall, cameras: Cameras, seconds: float) -> tuple[list[Sample], float]:
    """The latencies of a live wall for so long, in the order of time; percent that was seen."""
    [canvas] = wall.canvases().values()
    tiles = len(cameras.sent_ns)
    reader = reader_of(wall, tiles)
    taken: list[Sample] = []
    given = 0
    for camera, seen in enumerate(follow_stamps(canvas, reader, tiles, seconds)):
        sent_ns = cameras.sent_ns[camera]
        found = counted(seen, sent_ns, camera)
        taken += samples(found, sent_ns)
        given += found[-1][1] - found[0][1] + 1 if found else 0
    return sorted(taken, key=lambda one: one.at_ns), percent(len(taken), given)


def measure(clips: list[Path], seconds: float) -> tuple[Result, list[Sample]]:
    """Run cameras and a wall, and compare."""
    with Cameras(clips, seconds + START_S) as cameras, showing(cameras.urls()) as wall:
        wall.wait_live(len(clips))
        taken, seen_percent = watch(wall, cameras, seconds)
        report = wall.report()
    if not taken:
        raise click.ClickException("no stamp was read from the canvas")
    over_s = min(MINUTE_S, seconds / 3)
    edges_ns = taken[0].at_ns + over_s * 1e9, taken[-1].at_ns - over_s * 1e9
    first = spread([one.ms for one in taken if one.at_ns <= edges_ns[0]])
    last = spread([one.ms for one in taken if one.at_ns >= edges_ns[1]])
    result = Result(
        streams=len(clips),
        seconds=seconds,
        picture=picture_word("sub"),
        screen=SCREEN_WORD,
        camera_to_canvas_ms=spread([one.ms for one in taken]),
        after_demuxer_ms=median_latencies(report["tiles"]),
        drift_over_s=round(over_s, 1),
        first_ms=first,
        last_ms=last,
        drift_ms=round(last.p50 - first.p50, 2) if first and last else None,
        seen_percent=seen_percent,
    )
    return result, taken


def tell(result: Result) -> None:
    """Print what was found."""
    click.echo(f"{result.streams} streams for {result.seconds:g} s, {result.seen_percent:g} % seen")
    click.echo(f"camera to canvas  {describe(result.camera_to_canvas_ms, 'ms')}")
    after = ", ".join(f"{name} {ms:g}" for name, ms in result.after_demuxer_ms.items() if ms)
    click.echo(f"by the wall       {after} ms")
    click.echo(f"first {result.drift_over_s:g} s      {describe(result.first_ms, 'ms')}")
    click.echo(f"last {result.drift_over_s:g} s       {describe(result.last_ms, 'ms')}")
    click.echo(f"drift of the median {result.drift_ms} ms")


def plot(taken: Sequence[Sample], result: Result, path: Path) -> None:
    """Draw the latency of each second of the run as a PNG."""
    seconds: dict[int, list[float]] = {}
    for one in taken:
        seconds.setdefault((one.at_ns - taken[0].at_ns) // 1_000_000_000, []).append(one.ms)
    with drawn(path, 1, (8, 4)) as (_figure, [axes]):
        for share in (50, 95, 99):
            axes.plot(
                list(seconds),
                [np.percentile(ms, share) for ms in seconds.values()],
                label=f"p{share}",
            )
        axes.set(xlabel="seconds", ylabel="ms from camera to canvas", ylim=(0, None))
        axes.set_title(
            f"{result.streams} streams of {result.picture}, RTSP, {result.machine.cores} cores"
        )
        axes.grid(alpha=0.3)
        axes.legend(loc="lower right")


@benchmark("Two streams for 3 s: only to see that it works.", streams=2, seconds=3.0)
@streams_option(14, most=63)
@seconds_option(60.0, most=LONGEST_S)
@cache_option
def main(streams: int, seconds: float, cache: Path) -> Outcome:
    """Measure the age of what is shown; print it, and keep it as JSON with a plot."""
    result, taken = measure(stamped_clips(cache, streams), seconds)
    tell(result)
    return Outcome(result, "latency", functools.partial(plot, taken, result))


if __name__ == "__main__":
    main()
