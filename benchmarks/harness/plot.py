"""A plot that is drawn without a display, as a PNG that says nothing of who drew it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl


@contextmanager
def drawn(
    path: Path, rows: int, size: tuple[float, float], *, shares_x: bool = False
) -> Iterator[tuple[Any, list[Any]]]:
    """The figure and its axes, from the top; written when the block ends. ``size`` in inches."""
    mpl.use("Agg")
    from matplotlib import pyplot  # noqa: PLC0415 - after its backend is chosen

    figure, axes = pyplot.subplots(rows, 1, sharex=shares_x, squeeze=False, figsize=size, dpi=120)
    yield figure, list(axes[:, 0])
    figure.tight_layout()
    figure.savefig(path, metadata={"Software": None})
    pyplot.close(figure)
