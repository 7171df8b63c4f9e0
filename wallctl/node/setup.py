"""What a wall is started with, and where its fixed things lie in the arena."""

import enum
from collections.abc import Callable
from pathlib import Path

import msgspec

from wallctl.config.po_file import catalogues
from wallctl.display.window_placement import Blitter
from wallctl.model.operator.message_catalogue import Catalogues
from wallctl.model.planning.cost_model import TYPICAL, Speeds
from wallctl.model.site.site import MAX_STREAMS, Site, StreamKey
from wallctl.model.site.site_diff import index_streams
from wallctl.shm.arena import HEAP_OFFSET
from wallctl.shm.arena_error import ArenaError
from wallctl.shm.canvas import CanvasPlace, canvas_bytes
from wallctl.shm.stream_status import PAGE_BYTES, allotted
from wallctl.storage.state_location import StatePlace, snapshot_folder


class Side(enum.Enum):
    """One of the two sides of a wall."""

    WALL = "wall"
    NODE = "node"


class Split(msgspec.Struct, frozen=True):
    """That one side runs here, and the other in another process."""

    side: Side
    path: Path
    """Of the socket between them."""


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
    state: StatePlace | None = None
    """Where the state is kept, and what it begins with; ``None`` keeps none."""
    file: Path | None = None
    """The site file, to be read again when it changes; ``None`` where the site is in no file."""
    group: int | None = None
    """The group whose members may change the site's files, beside the wall's user and root."""
    snapshots: Path = msgspec.field(default_factory=snapshot_folder)
    """Where the snapshots go that a key asks for."""
    speeds: Speeds = TYPICAL
    """Of this machine, as far as they were measured."""
    split: Split | None = None
    """``None``: both sides run in one process."""
    errands: dict[str, Callable[[str], None]] = {}
    """Things to be done once beside the wall, each in its own process, with its endpoint."""


class Setup(msgspec.Struct):
    """What one side of a wall is started with, and the site that it goes by now."""

    options: Options
    began_ns: int
    site: Site
    catalogues: Catalogues


class NodeSetup(Setup):
    """The same for a node, with what root decided before it forked anyone."""

    canvases: dict[str, CanvasPlace]
    blocks: dict[StreamKey, int]
    """Index of each stream's block; those of a site before may be among them for a while."""


def wall_setup(node: NodeSetup) -> Setup:
    """The wall's own of a node's setup: each side gives itself another site."""
    return Setup(node.options, node.began_ns, node.site, node.catalogues)


def set_up(options: Options, began_ns: int) -> NodeSetup:
    """Lay canvases and stream blocks out, and read what the wall can say.

    Raises ``ArenaError`` for too many streams, ``FilesError`` for catalogues that are broken.
    """
    canvases: dict[str, CanvasPlace] = {}
    offset = HEAP_OFFSET
    for screen in options.site.screens:
        canvases[screen.name] = CanvasPlace(offset, screen.size)
        offset += _pages(canvas_bytes(screen.size))
    keys = index_streams(options.site)
    blocks = allotted({}, keys) if len(keys) <= MAX_STREAMS else None
    if blocks is None:
        raise ArenaError(
            f"the wall has {len(keys)} streams and takes {MAX_STREAMS}: "
            "leave some out, or share the sources between two walls"
        )
    return NodeSetup(options, began_ns, options.site, catalogues(), canvases, blocks)


def reserved_bytes(setup: NodeSetup) -> int:
    """How much of the heap the canvases take."""
    return sum(_pages(canvas_bytes(place.size)) for place in setup.canvases.values())


def _pages(size: int) -> int:
    return -(-size // PAGE_BYTES) * PAGE_BYTES
