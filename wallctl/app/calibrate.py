"""What this machine takes for the things that walls do, seen on small walls of real parts.

Three headless walls run for a few seconds each, with the demo's cameras at their own pace and a
process for each as always: decoding flat out, in one process whose caches are warm, would promise
a third more than a wall holds. What each process then spent tells what each thing costs.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path

import msgspec

from wallctl.app.fit import Observation, fitted
from wallctl.app.setup import Options
from wallctl.app.start import start
from wallctl.model.cost import TYPICAL, Speeds, budget_cores, total
from wallctl.model.geometry import Rect, Size
from wallctl.model.layout import Layout, grid
from wallctl.model.plan import Format, Load, load, shown_tiles
from wallctl.model.scene import resolve
from wallctl.model.site import PresetScreen, Screen, Site, Source, Stream
from wallctl.model.state import initial
from wallctl.process.machine import core_count
from wallctl.process.usage import busy_s, cpu_ns, family

SETTLE_S = 2.5
"""From the start of a wall until all its tiles are live and its artwork is drawn."""
WATCH_S = 3.2
ENDING_S = 10.0
WALLS = 3
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


def calibrate(clips: Clips, told: Callable[[int], None]) -> Speeds:
    """Measure this machine; takes about 20 s. ``told(done)`` is called after each of the WALLS.

    Raises CalibrationError.
    """
    seen: list[Observation] = []
    for done, wall in enumerate(trials(clips), 1):
        seen += watched(wall)
        told(done)
    return fitted(seen, TYPICAL)


def trials(clips: Clips) -> tuple[Trial, ...]:
    """The walls: their differences part what would else be seen in sums only.

    Large pictures, half of them in two sizes; many small ones; few small ones beside hidden ones.
    """
    large = [*zip(clips.large, clips.large_hevc, strict=True)]
    return (
        _trial([clip for pair in large for clip in pair], [(grid(2, 2), 4), (grid(5, 5), 2)]),
        _trial([*clips.small * 3, *clips.small_hevc * 2], [(grid(4, 4), 16)]),
        _trial(clips.small * 4, [(grid(2, 2), 4)]),
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


def watched(trial: Trial) -> list[Observation]:
    """Run a wall, and see what its processes spend once it is calm."""
    with tempfile.TemporaryDirectory(prefix="wallctl-calibrate-") as folder:
        options = Options(
            trial.site,
            f"ipc://{folder}/control.sock",
            headless=True,
            seconds=SETTLE_S + WATCH_S + ENDING_S,
        )
        wall = get_context("fork").Process(target=_run, args=(options,))
        wall.start()
        try:
            time.sleep(SETTLE_S)
            before_s = busy_s()
            spent = _spent(wall.pid or 0)
            busy_cores = (busy_s() - before_s) / WATCH_S
        finally:
            wall.terminate()
            wall.join(ENDING_S)
    if busy_cores > budget_cores(core_count()):
        raise CalibrationError(
            "this machine is too busy to be measured: end what else runs on it, and try again"
        )
    return list(_observations(trial.load, spent))


def _run(options: Options) -> None:
    """Be a wall that says nothing."""
    with open(os.devnull, "w") as nothing:  # noqa: PTH123 - for its descriptor
        os.dup2(nothing.fileno(), 1)
    raise SystemExit(start(options))


def _spent(root: int) -> dict[str, float]:
    """How many processors each process of a wall keeps busy, by its name; of a name, in all."""
    names = family(root)
    began_ns, before_ns = time.monotonic_ns(), {pid: cpu_ns(pid) for pid in names}
    time.sleep(WATCH_S)
    took_ns = time.monotonic_ns() - began_ns
    spent: dict[str, float] = {}
    for pid, name in names.items():
        kind = "control" if pid == root or name == "wall:controller" else name
        busy_ns = max(0, cpu_ns(pid) - before_ns[pid])
        spent[kind] = spent.get(kind, 0.0) + busy_ns / took_ns
    return spent


def _observations(work: Load, spent: dict[str, float]) -> Iterator[Observation]:
    """Each process with what it did. Kernels cut the names of processes to 15 characters."""
    if len(spent) != len(work.streams) + 2:
        raise CalibrationError(
            "a calibration's wall did not run: see what was said above, and try again"
        )
    for (source, _stream), one in work.streams.items():
        yield Observation(one, spent[f"wall:worker:{source}/"])
    yield Observation(total(work.screens.values()), spent["wall:presenter:"])
    yield Observation(work.control, spent["control"])
