"""What does a wall do with more than it can decode? It gives things up, and must stay on time.

RTSP cameras on the loopback send stamped pictures of 1920x1080 to a headless wall. While fewer
than 1 % of its ticks are missed, and 99 % of what comes to its canvas was sent no more than 500 ms
before, the wall holds, whatever its tiles give up. Several N are tried, and not searched: a wall
far beyond what it can decode may be calmer than one just beyond. The most cameras are then shown
for some minutes, each told by itself, with the wall's memory before and after. A wall is looked at
once its tiles had time to give up what they must.

    python benchmarks/overload.py --streams 16,32,48,64 --minutes 10
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks.harness.canvas_stamps import Seen, follow_stamps, reader_of
from benchmarks.harness.command import Counts, Outcome, benchmark, cache_option
from benchmarks.harness.footage import picture_word
from benchmarks.harness.result import Run
from benchmarks.harness.rtsp_camera import Cameras
from benchmarks.harness.running_wall import RunningWall, showing
from benchmarks.harness.screen import MOST_TILES, SCREEN_WORD
from benchmarks.harness.spread import Spread, missing_percent, spread
from benchmarks.harness.stamp import stamped_clips
from wallctl.api.client import Client
from wallctl.demo.clips import CAMERAS, FRAMES
from wallctl.display.presenter import HEADLESS_HZ
from wallctl.model.streams.decode_effort import Effort
from wallctl.shm.canvas import CanvasWord

MISSED_PERCENT, LATE_MS = 1.0, 500.0
START_S = 60.0
MINUTE_S = 60.0
MOST_MINUTES = 50


class Times(msgspec.Struct, frozen=True):
    """How long walls are looked at."""

    settle_s: float = 30.0
    try_s: float = 15.0
    """At each N."""
    part_s: float = MINUTE_S


WHOLE = Times()
TINY = Times(settle_s=2.0, try_s=1.0, part_s=1.5)


class Part(msgspec.Struct, frozen=True):
    """What a wall of N streams did for a while."""

    streams: int
    shown_fps: float
    """Pictures that came to the canvas, of all tiles."""
    age_ms: Spread | None
    """From their sending to the canvas."""
    missed_ticks_percent: float
    efforts: dict[str, int]
    """Tiles by how much of their streams was decoded, at the end."""
    cores: float
    """Processor seconds of the wall's processes a second."""
    other_cores: float
    """What everything else on the machine took, the cameras and this program included."""

    @property
    def held(self) -> bool:
        """Whether the wall stayed on time."""
        age = self.age_ms
        return self.missed_ticks_percent < MISSED_PERCENT and bool(age and age.p99 <= LATE_MS)


class Result(Run, frozen=True, kw_only=True):
    """A run, as it is kept in a file."""

    picture: str
    screen: str
    times: Times
    held: int
    """The largest N that was held, of those that were tried; 0 if none."""
    tried: tuple[Part, ...]
    minutes: tuple[Part, ...]
    """With the most streams that were tried."""
    growth_ms: float | None
    """How much more the p99 of the age was in the last minute than in the first."""
    pss_mb: tuple[float, float]
    """The wall's memory when the first minute began and when the last one ended."""


class Ages:
    """How old the pictures of one camera were when they came to the canvas.

    Stamps repeat with each loop of a clip. Of the times at which one was sent, that is meant which
    makes the picture's age the nearest to the age of the one before: so a wall that falls behind
    by whole loops is found out, and a tile may stand still for longer than a loop.
    """

    def __init__(self, sent_ns: NDArray[np.int64], offset: int) -> None:
        """``sent_ns`` by the camera's count, 0 where nothing was sent; ``offset`` of its stamps."""
        self._sent_ns = sent_ns
        self._offset = offset
        self._age_ns = 0

    def of(self, seen: Seen) -> list[float]:
        """In milliseconds. The first that was seen had been there before, who knows how long."""
        found = (self._follow(at_ns, frame) for at_ns, frame in seen[1:])
        return [age_ns / 1e6 for age_ns in found if age_ns is not None]

    def _follow(self, at_ns: int, frame: int) -> int | None:
        """``None`` for a stamp that was never sent."""
        sent = self._sent_ns[(frame - self._offset) % FRAMES :: FRAMES]
        ages = at_ns - sent[(sent > 0) & (sent <= at_ns)]
        if not ages.size:
            return None
        self._age_ns = int(ages[np.argmin(np.abs(ages - self._age_ns))])
        return self._age_ns


class Onlooker:
    """Watches a wall of stamped cameras."""

    def __init__(self, wall: RunningWall, client: Client, cameras: Cameras) -> None:
        self._wall = wall
        self._client = client
        [self._canvas] = wall.canvases().values()
        self._reader = reader_of(wall, len(cameras.sent_ns))
        self._ages = [Ages(sent_ns, camera) for camera, sent_ns in enumerate(cameras.sent_ns)]

    def watch(self, seconds: float) -> Part:
        """What the wall does in the seconds from now on."""
        watch, passes = self._wall.watch(), self._canvas.words[CanvasWord.PASS]
        seen = follow_stamps(self._canvas, self._reader, len(self._ages), seconds)
        passes, spent = self._canvas.words[CanvasWord.PASS] - passes, watch.spent()
        ages_ms = [
            ms for known, some in zip(self._ages, seen, strict=True) for ms in known.of(some)
        ]
        return Part(
            streams=len(self._ages),
            shown_fps=round(len(ages_ms) / spent.seconds, 1),
            age_ms=spread(ages_ms),
            missed_ticks_percent=missing_percent(passes, HEADLESS_HZ * spent.seconds),
            efforts=self._efforts(),
            cores=round(spent.cores, 2),
            other_cores=round(spent.other_cores, 2),
        )

    def _efforts(self) -> dict[str, int]:
        count = Counter(tile["effort"] for tile in self._client.status()["tiles"])
        names = (effort.name.lower() for effort in reversed(Effort))
        return {name: count[name] for name in names if count[name]}

    def pss_mb(self) -> float:
        """The wall's memory."""
        return self._wall.pss_mb()


@contextmanager
def crowded(clips: list[Path], settle_s: float, seconds: float) -> Iterator[Onlooker]:
    """A wall that shows these cameras for so long, and has settled."""
    with (
        Cameras(clips, settle_s + seconds + 2 * START_S) as cameras,
        showing(cameras.urls()) as wall,
        wall.client() as client,
    ):
        wall.wait_for("tiles", lambda: len(client.status()["tiles"]) == len(clips), START_S)
        time.sleep(settle_s)
        yield Onlooker(wall, client, cameras)


HEADING = "  N  shown fps  age p50  p99 ms  missed %  cores  others  tiles by effort"


def line(p: Part) -> str:
    """One part as a row of the table."""
    p50, p99 = (p.age_ms.p50, p.age_ms.p99) if p.age_ms else (0.0, 0.0)
    efforts = ", ".join(f"{name} {count}" for name, count in p.efforts.items())
    return (
        f"{p.streams:>3} {p.shown_fps:>10.1f} {p50:>8.1f} {p99:>7.1f} "
        f"{p.missed_ticks_percent:>9.2f} {p.cores:>6.2f} {p.other_cores:>7.2f}  {efforts}"
    )


class Bench:
    """The cameras' clips, and what was found."""

    def __init__(self, clips: list[Path], times: Times) -> None:
        self._clips = clips
        self._times = times
        self.tried: list[Part] = []
        self.minutes: list[Part] = []
        self.pss_mb = (0.0, 0.0)

    def _of(self, streams: int) -> list[Path]:
        return [self._clips[i % len(self._clips)] for i in range(streams)]

    def attempt(self, streams: int) -> None:
        """See whether a wall of so many stays on time."""
        times = self._times
        with crowded(self._of(streams), times.settle_s, times.try_s) as onlooker:
            self.tried.append(onlooker.watch(times.try_s))
        click.echo(line(self.tried[-1]))

    def held(self) -> int:
        """The largest wall that did; 0 if none."""
        return max((part.streams for part in self.tried if part.held), default=0)

    def stay(self, streams: int, minutes: int) -> None:
        """Watch a wall of so many, minute by minute."""
        times = self._times
        with crowded(self._of(streams), times.settle_s, minutes * times.part_s) as onlooker:
            before_mb = onlooker.pss_mb()
            for _ in range(minutes):
                self.minutes.append(onlooker.watch(times.part_s))
                click.echo(line(self.minutes[-1]))
            after_mb = onlooker.pss_mb()
        self.pss_mb = (before_mb, after_mb)
        click.echo(f"age p99 grew by {self.growth_ms()} ms, memory {before_mb} to {after_mb} MB")

    def growth_ms(self) -> float | None:
        """Of the age's p99, from the first minute to the last."""
        first, last = self.minutes[0].age_ms, self.minutes[-1].age_ms
        return round(last.p99 - first.p99, 2) if first and last else None


@benchmark("4 streams for moments: only to see that it works.", streams=(4,), minutes=2, times=TINY)
@click.option("--streams", type=Counts(MOST_TILES), default="16,32,48,64", show_default=True)
@click.option("--minutes", type=click.IntRange(1, MOST_MINUTES), default=10, show_default=True)
@cache_option
def main(streams: tuple[int, ...], minutes: int, cache: Path, times: Times = WHOLE) -> Outcome:
    """Overload a wall; print what it does and keep it as JSON."""
    clips = stamped_clips(cache, min(max(streams), len(CAMERAS)), "main")
    bench = Bench(clips, times)
    click.echo(HEADING)
    for count in streams:
        bench.attempt(count)
    click.echo(f"held: {bench.held()}; {streams[-1]} for {minutes} minutes:")
    bench.stay(streams[-1], minutes)
    result = Result(
        picture=picture_word("main"),
        screen=SCREEN_WORD,
        times=times,
        held=bench.held(),
        tried=tuple(bench.tried),
        minutes=tuple(bench.minutes),
        growth_ms=bench.growth_ms(),
        pss_mb=bench.pss_mb,
    )
    return Outcome(result, "overload")


if __name__ == "__main__":
    main()
