"""What benchmarks have in common when they tell: spreads of samples, and files of results."""

import datetime
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
import numpy as np

from benchmarks.record import RESULTS


class Spread(msgspec.Struct, frozen=True):
    """How some samples lie: their middle and their tail, in their own unit."""

    count: int
    p50: float
    p95: float
    p99: float
    most: float


def spread(samples: Sequence[float]) -> Spread | None:
    """The spread of some samples; ``None`` of none."""
    if not samples:
        return None
    p50, p95, p99, most = np.percentile(samples, (50, 95, 99, 100))
    return Spread(len(samples), *(round(float(value), 2) for value in (p50, p95, p99, most)))


def told(found: Spread | None, unit: str) -> str:
    """A spread in words."""
    if found is None:
        return "none"
    return (
        f"p50 {found.p50:g}, p95 {found.p95:g}, p99 {found.p99:g}, "
        f"at most {found.most:g} {unit} ({found.count} samples)"
    )


def today() -> str:
    """The date, as results carry it."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def keep(result: msgspec.Struct, name: str, out: Path | None) -> Path:
    """Write a result as JSON to ``out``, else under its name and today's date; where it is."""
    path = out or RESULTS / f"{today()}-{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
    click.echo(f"written: {path}")
    return path
