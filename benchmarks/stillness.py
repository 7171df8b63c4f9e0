"""Is what stands still marked in time, and what lives never? Read at the glass, for minutes.

Cameras that live without moving much (one picture over and over, one a second, one in two seconds)
and a still image are looked at on the canvas of a headless wall, from the first pass that shows
them: how often was one marked as if it had frozen? Then a camera of 25 pictures a second is frozen
time and again, its line open: how long did its last picture stand there unmarked?

    python benchmarks/stillness.py --minutes 10
"""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import av
import click
import msgspec
import numpy as np
from av.video.frame import PictureType
from PIL import Image

from benchmarks.harness.command import Outcome, benchmark
from benchmarks.harness.picture_judge import picture_in
from benchmarks.harness.result import Run
from benchmarks.harness.rtsp_camera import Cameras
from benchmarks.harness.running_wall import RunningWall, showing
from benchmarks.harness.screen import SCREEN
from benchmarks.harness.spread import Spread, describe, spread
from benchmarks.harness.stamp import BLOCKS, HEIGHTS, UNREAD, Reader, write
from wallctl.demo.clips import RATE_HZ, SIZES, X264
from wallctl.model.site.layout import tile_rects
from wallctl.shm.canvas import CanvasWord

SIZE = SIZES["sub"]
LOOK_EVERY_S = 0.004
START_S, THAW_S = 30.0, 2.0
LONGEST_MINUTES = 60.0
ROUNDS = 20
PICTURES = 50
BRIGHT = 200
"""A stamp's white is brighter than this; that of a picture that is marked as stale is half so."""
GREY = 96
QUICK = 0
"""The camera that is frozen in the end."""


class Kind(msgspec.Struct, frozen=True):
    """A camera: how many counts of 25 a second lie between its pictures, and what they show."""

    name: str
    every: int
    moves: bool
    keyframe_every: int


CAMERAS = (
    Kind("25 a second", 1, True, 25),
    Kind("the same picture 25 times a second", 1, False, 25),
    Kind("1 a second", RATE_HZ, True, 1),
    Kind("1 in 2 seconds", 2 * RATE_HZ, True, 1),
)
STILL = "a still image"


class Watched(msgspec.Struct, frozen=True):
    """What was seen of one tile since it first showed its source."""

    source: str
    passes: int
    marked: int
    """Passes in which it showed anything but its source, bright and unmarked."""
    pictures: int
    """How many different ones followed one another."""
    longest_s: float
    """The longest time for which it showed the same one."""


class Result(Run, frozen=True, kw_only=True):
    """A run, as it is kept in a file."""

    minutes: float
    watched: tuple[Watched, ...]
    frozen_s: Spread | None
    """From the pass that first showed a frozen camera's last picture to the one that marked it."""


class Tile:
    """What one tile shows, from pass to pass."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._passes = self._marked = self._pictures = self._longest_ns = 0
        self._frame = UNREAD
        self.since_ns: int | None = None
        """When it came to show the picture that it shows; ``None`` before its first."""
        self.bright = False

    def see(self, at_ns: int, frame: int, bright: bool) -> None:
        """One more pass: the frame that its stamp tells, and whether its white is white."""
        if self.since_ns is None and not bright:
            return
        self._passes += 1
        self._marked += not bright
        self.bright = bright
        if self.since_ns is None or frame not in (self._frame, UNREAD):
            self._pictures += 1
            self._frame, self.since_ns = frame, at_ns
        self._longest_ns = max(self._longest_ns, at_ns - self.since_ns)

    def told(self) -> Watched:
        """What was seen so far."""
        longest_s = round(self._longest_ns / 1e9, 2)
        return Watched(self._source, self._passes, self._marked, self._pictures, longest_s)


class Glass:
    """The canvas of a screen, looked at pass by pass."""

    def __init__(self, wall: RunningWall, sources: Sequence[str]) -> None:
        [self._canvas] = wall.canvases().values()
        rects = tile_rects(wall.site.layouts[wall.site.home[0].layout], SCREEN)
        pictures = [picture_in(rect) for rect in rects[: len(sources)]]
        self._reader = Reader(pictures)
        self._rows = [rect.y + round(HEIGHTS[-1] * rect.h) for rect in pictures]
        self._columns = [rect.x + round(1.5 * rect.w / BLOCKS) for rect in pictures]
        self._pass = 0
        self.tiles = [Tile(source) for source in sources]

    def look(self) -> int:
        """See the next pass; when it was seen, in monotonic ns."""
        words, luma = self._canvas.words, self._canvas.pixels[: self._canvas.size.h]
        while True:
            time.sleep(LOOK_EVERY_S)
            seq, taken, now_ns = words[CanvasWord.SEQ], words[CanvasWord.PASS], time.monotonic_ns()
            if seq & 1 or taken == self._pass:
                continue
            frames = self._reader.read(luma).frames.max(axis=1).tolist()
            bright = (luma[self._rows, self._columns] > BRIGHT).tolist()
            if words[CanvasWord.SEQ] == seq:
                break
        self._pass = taken
        for tile, frame, white in zip(self.tiles, frames, bright, strict=True):
            tile.see(now_ns, frame, white)
        return now_ns

    def watch(self, seconds: float) -> None:
        """See all passes for so long."""
        ends_s = time.monotonic() + seconds
        while time.monotonic() < ends_s:
            self.look()

    def until(self, bright: bool, tile: Tile) -> int:
        """See passes until a tile is bright, or is not; when that was seen."""
        give_up_s = time.monotonic() + START_S
        while time.monotonic() < give_up_s:
            at_ns = self.look()
            if tile.bright is bright:
                return at_ns
        raise click.ClickException(
            f"a tile was not {'live' if bright else 'marked'} in {START_S} s"
        )


def clip(kind: Kind, folder: Path) -> Path:
    """A camera's clip, made again: stamped pictures on grey."""
    path = folder / f"still-{CAMERAS.index(kind)}.mp4"
    keys = kind.keyframe_every
    options = X264 | {"x264-params": f"keyint={keys}:min-keyint={keys}"}
    with av.open(str(path), "w", format="mp4") as target:
        track = target.add_stream("libx264", rate=RATE_HZ, options=options)
        track.width, track.height, track.pix_fmt = SIZE.w, SIZE.h, "yuv420p"
        track.codec_context.thread_count = 1
        for number in range(PICTURES):
            planes = np.full((SIZE.h * 3 // 2, SIZE.w), GREY, np.uint8)
            write(planes[: SIZE.h], CAMERAS.index(kind) + 1, number if kind.moves else 0)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.pict_type = number, PictureType.NONE
            target.mux(track.encode(frame))
        target.mux(track.encode(None))
    return path


def still_image(folder: Path) -> Path:
    """A stamped picture as a file."""
    luma = np.full((SIZE.h, SIZE.w), GREY, np.uint8)
    write(luma, len(CAMERAS) + 1, 0)
    path = folder / "still.png"
    Image.fromarray(luma).save(path)
    return path


def frozen_s(glass: Glass, cameras: Cameras, rounds: int) -> list[float]:
    """How long the last picture of a camera that freezes stands there unmarked, in each round."""
    tile, found = glass.tiles[QUICK], []
    for _ in range(rounds):
        cameras.frozen[QUICK] = True
        marked_ns = glass.until(False, tile)
        found.append((marked_ns - (tile.since_ns or 0)) / 1e9)
        cameras.frozen[QUICK] = False
        glass.until(True, tile)
        glass.watch(THAW_S)
    return found


def measure(folder: Path, minutes: float, rounds: int) -> Result:
    """Run cameras and a wall, watch them, and freeze one."""
    clips = [clip(kind, folder) for kind in CAMERAS]
    longest_s = minutes * 60 + (rounds + 2) * (START_S + THAW_S)
    sources = [*(kind.name for kind in CAMERAS), STILL]
    with Cameras(clips, longest_s, [kind.every for kind in CAMERAS]) as cameras:
        urls = [*cameras.urls(), str(still_image(folder))]
        with showing(urls) as wall:
            glass = Glass(wall, sources)
            for tile in glass.tiles:
                glass.until(True, tile)
            glass.watch(minutes * 60)
            watched = tuple(tile.told() for tile in glass.tiles)
            frozen = frozen_s(glass, cameras, rounds)
    return Result(minutes=minutes, watched=watched, frozen_s=spread(frozen))


def tell(result: Result) -> None:
    """Print what was found."""
    for one in result.watched:
        seen = f"{one.pictures} pictures, each for at most {one.longest_s:g} s"
        click.echo(f"{one.source}: marked in {one.marked} of {one.passes} passes; {seen}")
    click.echo(
        f"a frozen camera's last picture stands unmarked for {describe(result.frozen_s, 's')}"
    )


@benchmark("A quarter of a minute: only to see that it works.", minutes=0.25, rounds=2)
@click.option(
    "--minutes", type=click.FloatRange(0.1, LONGEST_MINUTES), default=10.0, show_default=True
)
def main(minutes: float, rounds: int = ROUNDS) -> Outcome:
    """Watch what is still and lives, and what is frozen; print it, and keep it as JSON."""
    with tempfile.TemporaryDirectory(prefix="wallctl-bench-") as folder:
        result = measure(Path(folder), minutes, rounds)
    tell(result)
    return Outcome(result, "stillness")


if __name__ == "__main__":
    main()
