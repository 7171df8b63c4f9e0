"""What this machine takes for the things that walls do, seen on small walls of real parts.

Three headless walls run side by side, with the demo's cameras at their own pace and a process for
each as always: decoding flat out, in one process whose caches are warm, would promise a third more
than a wall holds. What each process spent tells what each thing costs; all of them at the same
time, so that a machine whose speed wavers does so for all alike.
"""

import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path

import msgspec

from wallctl.calibration.least_squares import Observation, fitted
from wallctl.controller.start_wall import start
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.planning.cost_model import TYPICAL, Speeds, total
from wallctl.model.planning.plan import Format, Load, load, shown_tiles
from wallctl.model.site.layout import Layout, grid
from wallctl.model.site.site import PresetScreen, Screen, Site, Source, Stream
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.state import initial
from wallctl.node.setup import Options
from wallctl.supervisor.child_setup import end_with
from wallctl.supervisor.machine import machine_cores, throttle, usable_cores
from wallctl.supervisor.usage import busy_s, cpu_ns, family

SETTLE_S = 3.0
"""From the start of the walls until all tiles are live and all artwork is drawn."""
WATCH_S = 13.0
DURATION_S = SETTLE_S + WATCH_S
ENDING_S = 10.0
LONGEST_S = 60.0
"""A wall ends by itself then, should whoever watches it be gone."""
MOST_BUSY = 0.2
"""The part of the processors that other programs may take meanwhile. They take the caches too:
where they kept more than half of two processors busy, a wall cost a fifth more."""
MOST_HELD_UP = 0.1
"""The share of a quota's periods that may be cut short meanwhile: what is held up does less than
it is taken to do, and would seem cheap."""
SCREEN = Size(1920, 1080)
STREAM = "main"


class CalibrationError(Exception):
    """A wall could not be watched."""


class Clip(msgspec.Struct, frozen=True):
    """A recording to calibrate with, and what it delivers."""

    path: Path
    format: Format


class Clips(msgspec.Struct, frozen=True):
    """What a calibration plays: a few of each, since pictures differ in how hard they are."""

    small: tuple[Clip, ...]
    large: tuple[Clip, ...]
    small_hevc: tuple[Clip, ...]
    large_hevc: tuple[Clip, ...]


class Trial(msgspec.Struct, frozen=True):
    """A wall to be watched, and what its processes will do."""

    site: Site
    load: Load


def calibrate(clips: Clips) -> Speeds:
    """Measure this machine; takes as long as ``DURATION_S`` says. Raises CalibrationError."""
    return fitted(watched(trials(clips)), TYPICAL)


def trials(clips: Clips) -> tuple[Trial, ...]:
    """The walls: their differences part what would else be seen in sums only.

    Large pictures, some of them scaled twice and some once; many small ones; few small ones beside
    hidden ones. What is compared is the same clip: no two are equally hard to decode.
    """
    twice, once = clips.large, clips.large
    return (
        _trial([*twice, *once, *clips.large_hevc], [(grid(3, 2), 6), (grid(5, 5), len(twice))]),
        _trial([*clips.small * 2, *clips.small_hevc], [(grid(4, 4), 10)]),
        _trial(clips.small * 3, [(grid(2, 2), 4)]),
    )


def _trial(clips: Sequence[Clip], shown: Sequence[tuple[Layout, int]]) -> Trial:
    """A wall of these clips with screens, each of a layout that shows so many from the first."""
    names = [f"{i:02d}" for i in range(len(clips))]
    home = tuple(
        PresetScreen(f"screen{i}", layout.name, tuple(names[:count]))
        for i, (layout, count) in enumerate(shown)
    )
    site = Site(
        name="calibration",
        screens=tuple(
            Screen(one.screen, Rect(i * SCREEN.w, 0, SCREEN.w, SCREEN.h))
            for i, one in enumerate(home)
        ),
        sources=tuple(
            Source(name, i + 1, (Stream(STREAM, str(clip.path)),))
            for i, (name, clip) in enumerate(zip(names, clips, strict=True))
        ),
        layouts={layout.name: layout for layout, _count in shown},
        layout_keys=(),
        home=home,
    )
    known = {(name, STREAM): clip.format for name, clip in zip(names, clips, strict=True)}
    scene = resolve(initial(site), site)
    return Trial(site, load(site, scene, shown_tiles(site, scene, known), known, windowed=False))


def watched(walls: Sequence[Trial]) -> list[Observation]:
    """Run walls, and see what their processes spend once they are calm."""
    with tempfile.TemporaryDirectory(prefix="wallctl-calibrate-") as folder, ExitStack() as ending:
        roots = [
            ending.enter_context(_running(wall.site, Path(folder, str(i))))
            for i, wall in enumerate(walls)
        ]
        time.sleep(SETTLE_S)
        before_s, before = busy_s(), throttle()
        spent = _spent(roots)
        busy_cores = (busy_s() - before_s) / WATCH_S
        after = throttle()
    if after.held_up - before.held_up > MOST_HELD_UP * max(1, after.periods - before.periods):
        raise CalibrationError(
            f"a control group lets this command use {usable_cores():g} of the machine's "
            f"{machine_cores()} cores, too few to measure with: call it outside of the group, "
            "or with a larger quota; what it finds holds inside, too"
        )
    others = busy_cores - sum(sum(wall.values()) for wall in spent)
    if others > MOST_BUSY * machine_cores():
        raise CalibrationError(
            f"other programs keep {others:.1f} cores of this machine busy, so that it can't be "
            "measured: end them, and try again"
        )
    return [
        one
        for wall, seen in zip(walls, spent, strict=True)
        for one in _observations(wall.load, seen)
    ]


@contextmanager
def _running(site: Site, socket: Path) -> Iterator[int]:
    """A headless wall that says nothing: its root's process id. It ends with the context."""
    options = Options(site, f"ipc://{socket}", headless=True, seconds=LONGEST_S)
    wall = get_context("fork").Process(target=_run, args=(options, os.getpid()))
    wall.start()
    try:
        yield wall.pid or 0
    finally:
        wall.terminate()
        wall.join(ENDING_S)
        wall.kill()


def _run(options: Options, parent: int) -> None:
    end_with(parent, signal.SIGTERM)
    with open(os.devnull, "w") as nothing:  # noqa: PTH123 - for its descriptor
        os.dup2(nothing.fileno(), 1)
    raise SystemExit(start(options))


_CONTROL = ("wall:controller", "wall:doorkeeper")


def _spent(roots: Sequence[int]) -> list[dict[str, float]]:
    """Of each wall: how many processors its processes keep busy, by name; of one name, in all."""
    walls = [family(root) for root in roots]
    before_ns = {pid: cpu_ns(pid) for names in walls for pid in names}
    began_ns = time.monotonic_ns()
    time.sleep(WATCH_S)
    took_ns = time.monotonic_ns() - began_ns
    spent: list[dict[str, float]] = []
    for root, names in zip(roots, walls, strict=True):
        by_name: Counter[str] = Counter()
        for pid, name in names.items():
            kind = "control" if pid == root or name in _CONTROL else name
            by_name[kind] += max(0, cpu_ns(pid) - before_ns[pid])
        spent.append({name: busy_ns / took_ns for name, busy_ns in by_name.items()})
    return spent


def _observations(work: Load, spent: dict[str, float]) -> Iterator[Observation]:
    """Each process with what it did. Kernels cut the names of processes to 15 characters."""
    if len(spent) != len(work.streams) + 2 or not all(spent.values()):
        raise CalibrationError(
            "a calibration's wall did not run: see what was said above, and try again"
        )
    for (source, _stream), one in work.streams.items():
        yield Observation(one, spent[f"wall:worker:{source}/"])
    yield Observation(total(work.screens.values()), spent["wall:presenter:"])
    yield Observation(work.control, spent["control"])
