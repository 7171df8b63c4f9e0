"""The command line of a benchmark: the options that several have, and what becomes of a result."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click

from benchmarks.harness.footage import cache_folder
from benchmarks.harness.result import Run, keep
from benchmarks.harness.screen import MOST_TILES
from wallctl.demo.clips import SIZES

Options = Callable[[Callable[..., Any]], Callable[..., Any]]
"""Adds options to the function of a command."""


class Outcome(NamedTuple):
    """What a benchmark found, under which name it is kept, and how it is drawn, if it is."""

    result: Run
    name: str
    plot: Callable[[Path], None] | None = None


def benchmark(tiny_help: str, **tiny: object) -> Callable[[Callable[..., Outcome]], click.Command]:
    """Make a command of a function that measures; its result is kept as JSON, its plot beside it.

    ``--tiny`` replaces what was asked for by ``tiny``.
    """

    def make(measure: Callable[..., Outcome]) -> click.Command:
        @click.command()
        @click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.json")
        @click.option("--tiny", "is_tiny", is_flag=True, help=tiny_help)
        @functools.wraps(measure)
        def run(out: Path | None, is_tiny: bool, **asked: Any) -> None:
            outcome = measure(**(asked | tiny if is_tiny else asked))
            path = keep(outcome.result, outcome.name, out)
            if outcome.plot is not None:
                outcome.plot(path.with_suffix(".png"))

        return run

    return make


def seconds_option(default: float, least: float = 1, most: float | None = None) -> Options:
    """``--seconds``: how long each thing is measured."""
    return click.option(
        "--seconds", type=click.FloatRange(least, most), default=default, show_default=True
    )


def rounds_option(default: int = 5) -> Options:
    """``--rounds``: how often each thing is measured."""
    return click.option("--rounds", type=click.IntRange(min=1), default=default, show_default=True)


def streams_option(default: int, most: int = MOST_TILES) -> Options:
    """``--streams``: how many are shown at once."""
    return click.option(
        "--streams", type=click.IntRange(1, most), default=default, show_default=True
    )


def size_option(default: str) -> Options:
    """``--size``: which of a camera's streams is shown."""
    return click.option(
        "--size", type=click.Choice(list(SIZES)), default=default, show_default=True
    )


codec_option: Options = click.option(
    "--codec", type=click.Choice(["h264", "hevc"]), default="h264", show_default=True
)


def _cache_or_default(_: click.Context, __: click.Parameter, given: Path | None) -> Path:
    return given or cache_folder()


cache_option: Options = click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    callback=_cache_or_default,
    help="Keep clips there.",
)


class Counts(click.ParamType[tuple[int, ...]]):
    """``1,2,4``: numbers of streams, each from 1 to ``most``."""

    name = "counts"

    def __init__(self, most: int) -> None:
        self._most = most

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """The numbers in rising order, each once."""
        parts = str(value).split(",")
        if not all(part.strip().isdecimal() and 1 <= int(part) <= self._most for part in parts):
            self.fail(
                f"{value!r} is no list of numbers from 1 to {self._most}, like 1,2,4", param, ctx
            )
        return tuple(sorted({int(part) for part in parts}))
