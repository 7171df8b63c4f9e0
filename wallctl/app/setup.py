"""What a wall is started with, and where its fixed things lie in the arena."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from wallctl.files.catalogue_file import catalogues
from wallctl.frames.arena import HEAP_OFFSET, ArenaError
from wallctl.frames.canvas import CanvasPlace, canvas_bytes
from wallctl.frames.stream_block import PAGE_BYTES
from wallctl.model.catalogue import Catalogues
from wallctl.model.cost import TYPICAL, Speeds
from wallctl.model.site import MOST_STREAMS, Site
from wallctl.present.place import Blitter


class Options(msgspec.Struct, frozen=True):
    """What a person asked for on the command line."""

    site: Site
    endpoint: str
    headless: bool = False
    blitter: Blitter = Blitter.AUTO
    """How canvases come onto windows."""
    seconds: float | None = None
    """End by itself after this time from the start."""
    report: Path | None = None
    state: Path | None = None
    """Where the last state is kept; ``None`` keeps none."""
    speeds: Speeds = TYPICAL
    """Of this machine, as far as they were measured."""
    errands: dict[str, Callable[[str], None]] = {}
    """Things to be done once beside the wall, each in its own process, with its endpoint."""


class Setup(msgspec.Struct, frozen=True):
    """The options, and what root decided before it forked anyone."""

    options: Options
    began_ns: int
    canvases: dict[str, CanvasPlace]
    blocks: dict[tuple[str, str], int]
    """Index of each stream's block, by source and stream name."""
    catalogues: Catalogues

    @property
    def site(self) -> Site:
        """The site of the wall."""
        return self.options.site


def set_up(options: Options, began_ns: int) -> Setup:
    """Lay canvases and stream blocks out, and read what the wall can say.

    Raises ``ArenaError`` for too many streams, ``FilesError`` for catalogues that are broken.
    """
    canvases: dict[str, CanvasPlace] = {}
    offset = HEAP_OFFSET
    for screen in options.site.screens:
        canvases[screen.name] = CanvasPlace(offset, screen.size)
        offset += _pages(canvas_bytes(screen.size))
    streams = [(s.name, stream.name) for s in options.site.sources for stream in s.streams]
    if len(streams) > MOST_STREAMS:
        raise ArenaError(
            f"the wall has {len(streams)} streams and takes {MOST_STREAMS}: "
            "leave some out, or share the sources between two walls"
        )
    return Setup(
        options, began_ns, canvases, {key: i for i, key in enumerate(streams)}, catalogues()
    )


def reserved_bytes(setup: Setup) -> int:
    """How much of the heap the canvases take."""
    return sum(_pages(canvas_bytes(place.size)) for place in setup.canvases.values())


def _pages(size: int) -> int:
    return -(-size // PAGE_BYTES) * PAGE_BYTES
