"""A site file for a wall of one screen that shows clips."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness.screen import SCREEN


def site_text(
    name: str,
    mains: Sequence[Path],
    layout: str | None = None,
    *,
    subs: Sequence[Path] = (),
    shown: Sequence[int] | None = None,
    defaults: str = "",
) -> str:
    """A site whose cameras, from 1 on, have these streams.

    It begins with ``layout`` and the cameras of the numbers in ``shown``; ``None`` shows all.
    Without a layout it begins as every wall does. ``defaults`` are lines of that section.
    """
    numbers = range(1, len(mains) + 1)
    parts = ["schema = 1", f'name = "{name}"']
    parts += ["[defaults]", defaults] if defaults else []
    parts += ["[[screens]]", 'name = "wall"', f"width = {SCREEN.w}", f"height = {SCREEN.h}"]
    if layout is not None:
        home = list(numbers if shown is None else shown)
        parts += ["[[home]]", 'screen = "wall"', f'layout = "{layout}"', f"sources = {home}"]
    for number, main in zip(numbers, mains, strict=True):
        parts += ["[[sources]]", f'name = "camera {number}"', f"number = {number}"]
        parts += [f'main = "{main}"']
        parts += [f'sub = "{subs[number - 1]}"'] if subs else []
    return "\n".join(parts) + "\n"
