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

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import matplotlib as mpl
import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks.clips import cache_folder
from benchmarks.fps_by_streams import percent
from benchmarks.judge import picture_in
from benchmarks.record import Machine, machine, versions
from benchmarks.rtsp_camera import Cameras
from benchmarks.screen import SCREEN, SCREEN_WORD
from benchmarks.stamp import UNREAD, Reader, stamped_clips
from benchmarks.telling import Spread, keep, spread, today, told
from benchmarks.wall import RunningWall, showing
from wallctl.demo.clips import FRAMES, SIZES
from wallctl.model.site.layout import tile_rects
from wallctl.shm.canvas import Canvas, CanvasWord

LOOK_EVERY_S = 0.001
LONGEST_S = 600.0
START_S = 60.0
MINUTE_S = 60.0
TINY_STREAMS, TINY_SECONDS = 2, 3.0

Seen = list[tuple[int, int]]
"""When (monotonic ns) a tile came to show which stamped frame."""


class Result(msgspec.Struct, frozen=True):
    """A run, as it is kept in a file. Latencies are of all streams together."""

    date: str
    streams: int
    seconds: float
    picture: str
    screen: str
    machine: Machine
    versions: dict[str, str]
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


def looks(canvas: Canvas, reader: Reader, tiles: int, seconds: float) -> list[Seen]:
    """What each tile came to show, and when, for so long."""
    seen: list[Seen] = [[] for _ in range(tiles)]
    shown, luma, words = [UNREAD] * tiles, canvas.pixels[: canvas.size.h], canvas.words
    ends_s, number = time.monotonic() + seconds, 0
    while time.monotonic() < ends_s:
        time.sleep(LOOK_EVERY_S)
        seq = words[CanvasWord.SEQ]
        if seq & 1 or words[CanvasWord.PASS] == number:
            continue
        now_ns, taken = time.monotonic_ns(), words[CanvasWord.PASS]
        frames = reader.read(luma).frames.max(axis=1).tolist()
        if words[CanvasWord.SEQ] != seq:
            continue
        number = taken
        for tile, frame in enumerate(frames):
            if frame not in (shown[tile], UNREAD):
                shown[tile] = frame
                seen[tile].append((now_ns, frame))
    return seen


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


def reader_of(wall: RunningWall, tiles: int) -> Reader:
    """Reads the first tiles of a wall of one screen."""
    [home] = wall.site.home
    rects = tile_rects(wall.site.layouts[home.layout], SCREEN)[:tiles]
    return Reader(picture_in(rect) for rect in rects)


def watch(wall: RunningWall, cameras: Cameras, seconds: float) -> tuple[list[Sample], float]:
    """The latencies of a live wall for so long, in the order of time; percent that was seen."""
    [canvas] = wall.canvases().values()
    tiles = len(cameras.sent_ns)
    reader = reader_of(wall, tiles)
    taken: list[Sample] = []
    given = 0
    for camera, seen in enumerate(looks(canvas, reader, tiles, seconds)):
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
        date=today(),
        streams=len(clips),
        seconds=seconds,
        picture=f"{SIZES['sub'].w}x{SIZES['sub'].h}",
        screen=SCREEN_WORD,
        machine=machine(),
        versions=versions(),
        camera_to_canvas_ms=spread([one.ms for one in taken]),
        after_demuxer_ms={name: _middle(report, name) for name in ("p50", "p95", "p99")},
        drift_over_s=round(over_s, 1),
        first_ms=first,
        last_ms=last,
        drift_ms=round(last.p50 - first.p50, 2) if first and last else None,
        seen_percent=seen_percent,
    )
    return result, taken


def _middle(report: dict[str, Any], name: str) -> float | None:
    known = [tile["latency_ms"][name] for tile in report["tiles"]]
    known = [ms for ms in known if ms is not None]
    return statistics.median(known) if known else None


def tell(result: Result) -> None:
    """Print what was found."""
    click.echo(f"{result.streams} streams for {result.seconds:g} s, {result.seen_percent:g} % seen")
    click.echo(f"camera to canvas  {told(result.camera_to_canvas_ms, 'ms')}")
    after = ", ".join(f"{name} {ms:g}" for name, ms in result.after_demuxer_ms.items() if ms)
    click.echo(f"by the wall       {after} ms")
    click.echo(f"first {result.drift_over_s:g} s      {told(result.first_ms, 'ms')}")
    click.echo(f"last {result.drift_over_s:g} s       {told(result.last_ms, 'ms')}")
    click.echo(f"drift of the median {result.drift_ms} ms")


def plot(taken: Sequence[Sample], result: Result, path: Path) -> None:
    """Draw the latency of each second of the run as a PNG."""
    mpl.use("Agg")
    from matplotlib import pyplot  # noqa: PLC0415 - after its backend is chosen

    seconds: dict[int, list[float]] = {}
    for one in taken:
        seconds.setdefault((one.at_ns - taken[0].at_ns) // 1_000_000_000, []).append(one.ms)
    figure, axes = pyplot.subplots(figsize=(8, 4), dpi=120)
    for share in (50, 95, 99):
        axes.plot(
            list(seconds), [np.percentile(ms, share) for ms in seconds.values()], label=f"p{share}"
        )
    axes.set(xlabel="seconds", ylabel="ms from camera to canvas", ylim=(0, None))
    axes.set_title(
        f"{result.streams} streams of {result.picture}, RTSP, {result.machine.cores} cores"
    )
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(path, metadata={"Software": None})
    pyplot.close(figure)


@click.command()
@click.option("--streams", type=click.IntRange(1, 63), default=14, show_default=True)
@click.option("--seconds", type=click.FloatRange(1, LONGEST_S), default=60.0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.json")
@click.option("--cache", type=click.Path(path_type=Path, file_okay=False), help="Keep clips there.")
@click.option("--tiny", is_flag=True, help="Two streams for 3 s: only to see that it works.")
def main(streams: int, seconds: float, out: Path | None, cache: Path | None, tiny: bool) -> None:
    """Measure the age of what is shown; print it, and keep it as JSON with a plot."""
    if tiny:
        streams, seconds = TINY_STREAMS, TINY_SECONDS
    result, taken = measure(stamped_clips(cache or cache_folder(), streams), seconds)
    tell(result)
    plot(taken, result, keep(result, "latency", out).with_suffix(".png"))


if __name__ == "__main__":
    main()
