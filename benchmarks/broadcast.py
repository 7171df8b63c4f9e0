"""What does a broadcast cost, how far behind the wall is it, and how like the wall?

A headless wall of stamped cameras runs twice, without a broadcast and with one. This program takes
the stream as a server does (libav listens for RTSP, or takes the datagrams), decodes it, and reads
the numbers in its pictures; beside that it reads them from the canvas. What is told as *behind* is
the time from the pass that first showed a camera's picture until that picture was decoded here: up
to one picture of the camera too much. The likeness is that of the decoded luma to the canvas of
the same numbers, scaled to the same size.

    python benchmarks/broadcast.py --seconds 30
"""

import collections
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import click
import msgspec
import numpy as np
from av.error import InvalidDataError

from benchmarks.harness.command import Outcome, benchmark, cache_option, seconds_option
from benchmarks.harness.picture_judge import picture_in
from benchmarks.harness.result import Run
from benchmarks.harness.running_wall import PRESENTER, RunningWall, running_text
from benchmarks.harness.screen import SCREEN, SCREEN_WORD
from benchmarks.harness.site_file import site_text
from benchmarks.harness.spread import Spread, describe, spread
from benchmarks.harness.stamp import UNREAD, Luma, Reader, stamped_clips
from wallctl.media.encode.mosaic import Inset
from wallctl.media.scale.planes import planes_of, views
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.site.layout import tile_rects
from wallctl.shm.canvas import Canvas, CanvasWord

STREAMS, LAYOUT = 4, "2x2"
BROADCAST = "wall:broadcast"
LOOK_EVERY_S = 0.001
SETTLE_S = 2.0
KEPT = 100
"""Canvases that are remembered, to be compared: some seconds of them."""
START_S = 20.0

Numbers = tuple[int, ...]
"""The number that stands in each camera's picture."""


class Result(Run, frozen=True, kw_only=True):
    """A run, as it is kept in a file."""

    address: str
    """What kind of one the stream was sent to."""
    size: str
    rate_hz: float
    screen: str
    seconds: float
    broadcast_cores: float
    wall_cores: tuple[float, float]
    """All of the wall without the broadcast, and with it."""
    presenter_cores: tuple[float, float]
    missed_ticks_percent: tuple[float, float]
    pss_mb: tuple[float, float]
    viewer_fps: float
    kbps: float
    behind_ms: Spread | None
    likeness_db: Spread | None
    least_likeness_db: float | None


class Seen(msgspec.Struct):
    """What the canvas showed: when each number of each camera came, and how that looked."""

    first_ns: list[dict[int, int]]
    canvases: collections.OrderedDict[Numbers, Luma]


class Watcher:
    """A thread that follows the canvas."""

    def __init__(self, canvas: Canvas, reader: Reader) -> None:
        self._canvas, self._reader = canvas, reader
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.seen = Seen([{} for _ in range(STREAMS)], collections.OrderedDict())

    def __enter__(self) -> Seen:
        self._thread.start()
        return self.seen

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        shown: Numbers = ()
        number = 0
        while not self._done.wait(LOOK_EVERY_S):
            if self._canvas.words[CanvasWord.PASS] == number:
                continue
            now_ns, copy = time.monotonic_ns(), self._canvas.copy()
            if copy is None:
                continue
            number = copy.number
            frames = tuple(self._reader.read(copy.pixels).frames.max(axis=1).tolist())
            if UNREAD in frames or frames == shown:
                continue
            for i, frame in enumerate(frames):
                if not shown or frame != shown[i]:
                    self.seen.first_ns[i][frame] = now_ns
            shown = frames
            self.seen.canvases[frames] = copy.pixels
            if len(self.seen.canvases) > KEPT:
                self.seen.canvases.popitem(last=False)


def site_of(files: list[Path], url: str | None, size: Size, rate_hz: float) -> str:
    """A site of one screen, with a broadcast to an address if there is one."""
    out = f'[[broadcasts]]\nname = "out"\nurl = "{url}"\n' if url else ""
    out += f"width = {size.w}\nheight = {size.h}\nfps = {rate_hz}\n" if url else ""
    return site_text("broadcast", files, LAYOUT) + out


@contextlib.contextmanager
def wall_of(
    files: list[Path], url: str | None, size: Size, rate_hz: float
) -> Iterator[RunningWall]:
    """The wall, live."""
    with running_text(site_of(files, url, size, rate_hz)) as wall:
        wall.wait_live(len(files))
        time.sleep(SETTLE_S)
        yield wall


class Cost(msgspec.Struct, frozen=True):
    """What a wall takes."""

    wall_cores: float
    presenter_cores: float
    broadcast_cores: float
    missed_ticks_percent: float
    pss_mb: float


class Costs:
    """Counts what a wall takes from now on."""

    def __init__(self, wall: RunningWall) -> None:
        self._wall = wall
        self._watches = [wall.watch(name) for name in ("", PRESENTER, BROADCAST)]

    def taken(self) -> Cost:
        """Until now; it ends the wall."""
        whole, presenter, own = (round(w.spent().cores, 4) for w in self._watches)
        pss_mb = self._wall.pss_mb()
        wall: dict[str, Any] = self._wall.report()["wall"]
        missed = 100 * wall["missed_ticks"] / max(1, wall["ticks"] + wall["missed_ticks"])
        return Cost(whole, presenter, own, round(missed, 3), pss_mb)


def reader_in(picture: Size) -> Reader:
    """Reads the stamps of a picture of the wall that has so many pixels."""

    def scaled(rect: Rect) -> Rect:
        x, right = (round(at * picture.w / SCREEN.w) for at in (rect.x, rect.right))
        y, bottom = (round(at * picture.h / SCREEN.h) for at in (rect.y, rect.bottom))
        return Rect(x, y, right - x, bottom - y)

    return Reader(scaled(picture_in(rect)) for rect in _tiles())


def _tiles() -> list[Rect]:
    from wallctl.config.layout_files import shipped_layouts  # noqa: PLC0415

    return list(tile_rects(shipped_layouts()[LAYOUT], SCREEN))[:STREAMS]


class Viewer:
    """Takes the stream and compares it with what the canvas showed."""

    def __init__(self, seen: Seen, size: Size) -> None:
        self._seen = seen
        self._reader = reader_in(size)
        self._inset = Inset(SCREEN, Rect(0, 0, size.w, size.h))
        self._scaled = views(np.empty(size.w * size.h * 3 // 2, np.uint8), size)
        self.behind_ms: list[float] = []
        self.likeness_db: list[float] = []
        self.pictures = self.bytes = 0

    def watch(self, url: str, options: dict[str, str], ready: threading.Event) -> None:
        """Follow the stream until ``ready`` is set and cleared again by who measures."""
        with av.open(url, options=options) as source:
            ready.set()
            for packet in source.demux(video=0):
                if not ready.is_set():
                    return
                # whoever joins in the middle can't decode anything before the next keyframe
                with contextlib.suppress(InvalidDataError):
                    for frame in packet.decode():
                        self._take(planes_of(frame)[0], packet.size)

    def _take(self, luma: Luma, size_bytes: int) -> None:
        now_ns = time.monotonic_ns()
        self.pictures += 1
        self.bytes += size_bytes
        frames = tuple(self._reader.read(luma).frames.max(axis=1).tolist())
        for i, frame in enumerate(frames):
            shown_ns = self._seen.first_ns[i].get(frame)
            if shown_ns is not None:
                self.behind_ms.append((now_ns - shown_ns) / 1e6)
        canvas = self._seen.canvases.get(frames)
        if canvas is not None:
            self.likeness_db.append(self._likeness(canvas, luma))

    def _likeness(self, canvas: Luma, luma: Luma) -> float:
        def fill(planes: list[Luma]) -> bool:
            for plane, given in zip(planes, views(canvas.reshape(-1), SCREEN), strict=True):
                plane[...] = given
            return True

        self._inset.lay(fill, self._scaled)
        error = np.mean((self._scaled[0].astype(np.float64) - luma) ** 2)
        return float(10 * np.log10(255**2 / np.maximum(error, 1e-9)))


def address(way: str) -> tuple[str, str, dict[str, str]]:
    """Where the wall sends to, and where and how the viewer takes it."""
    kind = socket.SOCK_STREAM if way == "rtsp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    url = f"rtsp://127.0.0.1:{port}/wall" if way == "rtsp" else f"udp://127.0.0.1:{port}"
    quick = {"fflags": "nobuffer", "flags": "low_delay", "probesize": "32"}
    if way == "rtsp":
        return url, url, quick | {"rtsp_flags": "listen", "listen_timeout": str(int(START_S))}
    return url, f"{url}?timeout=20000000", {"fflags": "nobuffer", "probesize": "100000"}


def measure(way: str, size: Size, rate_hz: float, seconds: float, cache: Path) -> Result:
    """A wall without a broadcast, then one with it."""
    files = stamped_clips(cache, STREAMS)
    with wall_of(files, None, size, rate_hz) as wall:
        costs = Costs(wall)
        time.sleep(seconds)
        alone = costs.taken()
    url, viewed, options = address(way)
    with wall_of(files, url, size, rate_hz) as wall:
        [canvas] = wall.canvases().values()
        with Watcher(canvas, reader_in(SCREEN)) as seen:
            viewer, ready = Viewer(seen, size), threading.Event()
            thread = threading.Thread(
                target=viewer.watch, args=(viewed, options, ready), daemon=True
            )
            thread.start()
            if not ready.wait(START_S):
                raise click.ClickException("no stream came")
            time.sleep(SETTLE_S)
            costs = Costs(wall)
            before = viewer.pictures, viewer.bytes
            time.sleep(seconds)
            pictures, size_bytes = viewer.pictures - before[0], viewer.bytes - before[1]
            ready.clear()
            thread.join(START_S)
        sending = costs.taken()
    return Result(
        address=way,
        size=f"{size.w}x{size.h}",
        rate_hz=rate_hz,
        screen=SCREEN_WORD,
        seconds=seconds,
        broadcast_cores=sending.broadcast_cores,
        wall_cores=(alone.wall_cores, sending.wall_cores),
        presenter_cores=(alone.presenter_cores, sending.presenter_cores),
        missed_ticks_percent=(alone.missed_ticks_percent, sending.missed_ticks_percent),
        pss_mb=(alone.pss_mb, sending.pss_mb),
        viewer_fps=round(pictures / seconds, 2),
        kbps=round(size_bytes * 8 / 1000 / seconds, 1),
        behind_ms=spread(viewer.behind_ms),
        likeness_db=spread(viewer.likeness_db),
        least_likeness_db=round(min(viewer.likeness_db), 2) if viewer.likeness_db else None,
    )


def tell(result: Result) -> None:
    """Print what was found."""
    click.echo(
        f"{result.address} {result.size} at {result.rate_hz:g}: {result.viewer_fps:g} pictures "
        f"and {result.kbps:g} kbit a second"
    )
    click.echo(f"behind the canvas {describe(result.behind_ms, 'ms')}")
    click.echo(f"likeness          {describe(result.likeness_db, 'dB')}")
    click.echo(f"least likeness    {result.least_likeness_db} dB")
    click.echo(f"its process       {result.broadcast_cores:.3f} cores")
    for name, (without, with_) in {
        "wall": result.wall_cores,
        "presenter": result.presenter_cores,
        "missed %": result.missed_ticks_percent,
        "PSS MB": result.pss_mb,
    }.items():
        click.echo(f"{name:<17} {without:g} without, {with_:g} with")


@benchmark("For 4 s: only to see that it works.", seconds=4.0)
@click.option("--way", type=click.Choice(["rtsp", "udp"]), default="rtsp", show_default=True)
@click.option("--width", type=click.IntRange(64, 4096), default=960, show_default=True)
@click.option("--height", type=click.IntRange(64, 4096), default=540, show_default=True)
@click.option("--fps", type=click.FloatRange(1, 50), default=12.5, show_default=True)
@seconds_option(30.0)
@cache_option
def main(way: str, width: int, height: int, fps: float, seconds: float, cache: Path) -> Outcome:
    """Measure a broadcast; print it, and keep it as JSON."""
    size = Size(width // 2 * 2, height // 2 * 2)
    result = measure(way, size, fps, seconds, cache)
    tell(result)
    return Outcome(result, f"broadcast-{way}-{result.size}-{fps:g}")


if __name__ == "__main__":
    main()
