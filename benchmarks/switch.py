"""How fast does a wall switch, and is every picture whole meanwhile?

Random switches (layouts, presets, pages, enlargements, sources, steps back) go through the control
channel to a headless wall of 16 sources on 4x4, one after the other, while a thread judges the
passes of its canvas: every tile must show the stamps of one frame of its camera, in wholly the old
scene or wholly the new one. A tile may say that it has no picture yet; such tiles are counted, too.
What left the picture as it was (a receipt of 0 ms) is counted apart, and in no spread.

    python benchmarks/switch.py --switches 1000
"""

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from benchmarks.harness.command import Outcome, benchmark, cache_option
from benchmarks.harness.picture_judge import Finding, Judge
from benchmarks.harness.result import Run
from benchmarks.harness.running_wall import RunningWall, running
from benchmarks.harness.screen import SCREEN_WORD
from benchmarks.harness.site_file import site_text
from benchmarks.harness.spread import Spread, describe, percent, spread
from benchmarks.harness.stamp import stamped_clips
from wallctl.model.wall.commands.command import Change, CommandError
from wallctl.model.wall.commands.syntax import parse
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.reducer import step
from wallctl.model.wall.state.state import initial

SOURCES = 16
LAYOUTS = {"1x1": 1, "2x2": 4, "3x3": 9, "4x4": 16, "1+5": 6, "1+7": 8, "2x3": 6}
PRESETS = {"morning": "2x2", "night": "3x3", "crossing": "1+5"}
SPREAD_MS = 40
"""Up to so much is added to each pause, at random: a receipt comes right after a pass of the
screen, so with equal pauses all commands would come at one phase of its passes."""


class Times(msgspec.Struct, frozen=True):
    """How fast some switches were, as the wall's report tells."""

    first_ms: Spread | None
    """From taking the command to the first picture of the new scene."""
    all_live_ms: Spread | None
    """Until every tile was live, where the next command did not come before."""


class Result(Run, frozen=True, kw_only=True):
    """A run, as it is kept in a file."""

    switches: int
    seed: int
    pause_ms: float
    """After each receipt, before the next command; up to ``SPREAD_MS`` more, at random."""
    sources: int
    picture: str
    screen: str
    times: dict[str, Times]
    """By the commands' verbs, and all of them as ``all``."""
    round_trip_ms: Spread | None
    """From sending the command to having its receipt."""
    unchanged: int
    """Commands that left the picture as it was."""
    passes: int
    judged_passes: int
    faulty_passes: int
    tiles: dict[str, int]
    """Of the judged passes, by what they showed."""


def site_file(folder: Path, clips: list[Path], dice: random.Random) -> Path:
    """A site of these clips on one screen, with presets."""
    (folder / "presets").mkdir()
    for name, layout in PRESETS.items():
        numbers = dice.sample(range(1, SOURCES + 1), LAYOUTS[layout])
        tiles = ", ".join(f'"camera {number}"' for number in numbers)
        text = ["schema = 1", f'title = "{name}"', "[[screens]]", 'screen = "wall"']
        text += [f'layout = "{layout}"', f"tiles = [{tiles}]"]
        (folder / "presets" / f"{name}.toml").write_text("\n".join(text))
    file = folder / "site.toml"
    file.write_text(site_text("switch", clips))
    return file


def commands(dice: random.Random) -> Iterator[str]:
    """What an operator may ask for, in no order."""
    while True:
        tile, source = dice.randint(1, SOURCES), dice.randint(1, SOURCES)
        yield dice.choice(
            [
                *(f"layout {name}" for name in LAYOUTS),
                *(f"preset {name}" for name in PRESETS),
                *(f"page {to}" for to in ("next", "previous") * 2),
                *(f"show {source} {tile}", f"select {tile}") * 2,
                *(f"enlarge {tile}", "restore", "home", "back"),
            ]
        )


class Switching:
    """Makes switches on a wall, and knows what it must show."""

    def __init__(self, wall: RunningWall) -> None:
        self._wall = wall
        self._state = initial(wall.site)
        [canvas] = wall.canvases().values()
        self.judge = Judge(canvas, resolve(self._state, wall.site)[0])
        self.round_trip_ms: list[float] = []

    def make(self, switches: int, dice: random.Random, pause_s: float) -> None:
        """So many, one after the other."""
        asked = commands(dice)
        self.judge.start()
        with self._wall.client() as client:
            while len(self.round_trip_ms) < switches:
                words = next(asked)
                if not self._expect(words):
                    continue
                sent_s = time.monotonic()
                client.send(words)
                self.round_trip_ms.append((time.monotonic() - sent_s) * 1000)
                self.judge.allowed = self.judge.allowed[-1:]
                time.sleep(pause_s + dice.uniform(0, SPREAD_MS / 1000))
        self.judge.stop()

    def _expect(self, words: str) -> bool:
        """Let the judge expect the scene that a command leads to; whether it can be done now."""
        change = parse(words)
        assert isinstance(change, Change)
        try:
            self._state = step(self._state, change, self._wall.site)
        except CommandError:
            return False
        self.judge.allowed += resolve(self._state, self._wall.site)
        return True


def times(records: list[dict[str, Any]]) -> Times:
    """The spreads of some of the report's receipts."""
    first, live = ([one[name] for one in records] for name in ("first_ms", "all_live_ms"))
    return Times(
        spread([ms for ms in first if ms]),
        spread([ms for ms in live if ms]),
    )


def by_verb(records: list[dict[str, Any]]) -> dict[str, Times]:
    """The spreads of each verb's receipts, and of all."""
    verbs = sorted({one["command"].split()[0] for one in records})
    of_verb = {
        verb: [one for one in records if one["command"].split()[0] == verb] for verb in verbs
    }
    return {name: times(some) for name, some in {"all": records, **of_verb}.items()}


def measure(clips: list[Path], switches: int, seed: int, pause_ms: float) -> Result:
    """Run a wall, switch it, and tell."""
    dice = random.Random(seed)
    with (
        tempfile.TemporaryDirectory(prefix="wallctl-bench-") as folder,
        running(site_file(Path(folder), clips, dice)) as wall,
    ):
        wall.wait_live(SOURCES)
        run = Switching(wall)
        run.make(switches, dice, pause_ms / 1000)
        records = wall.report()["switches"]
    judge = run.judge
    return Result(
        switches=switches,
        seed=seed,
        pause_ms=pause_ms,
        sources=SOURCES,
        picture="640x360",
        screen=SCREEN_WORD,
        times=by_verb(records),
        round_trip_ms=spread(run.round_trip_ms),
        unchanged=sum(one["first_ms"] == 0 for one in records),
        passes=judge.presented,
        judged_passes=judge.passes,
        faulty_passes=judge.faulty,
        tiles={finding.value: judge.tiles[finding] for finding in Finding},
    )


def tell(result: Result) -> None:
    """Print what was found."""
    click.echo(f"{result.switches} switches of {result.sources} sources, seed {result.seed}")
    click.echo("            first ms p50    p99  all live p50    p99  count")
    for verb, found in result.times.items():
        first, live = found.first_ms, found.all_live_ms
        if first is None:
            continue
        lived = f"{live.p50:>14.1f} {live.p99:>6.1f}" if live else f"{'-':>14} {'-':>6}"
        click.echo(f"{verb:<12} {first.p50:>11.1f} {first.p99:>6.1f} {lived} {first.count:>6}")
    click.echo(
        f"round trip: {describe(result.round_trip_ms, 'ms')}; {result.unchanged} changed nothing"
    )
    share = percent(result.judged_passes, result.passes)
    click.echo(f"passes: {result.passes}, judged {share:g} %, faulty {result.faulty_passes}")
    click.echo(f"tiles: {', '.join(f'{name} {count}' for name, count in result.tiles.items())}")


@benchmark("A few switches: only to see that it works.", switches=20)
@click.option("--switches", type=click.IntRange(min=1), default=1000, show_default=True)
@click.option("--seed", type=int, default=20261124, show_default=True)
@click.option("--pause-ms", type=click.FloatRange(min=0), default=100.0, show_default=True)
@cache_option
def main(switches: int, seed: int, pause_ms: float, cache: Path) -> Outcome:
    """Switch a wall at random and judge what it shows; print it and keep it as JSON."""
    result = measure(stamped_clips(cache, SOURCES), switches, seed, pause_ms)
    tell(result)
    return Outcome(result, "switch")


if __name__ == "__main__":
    main()
