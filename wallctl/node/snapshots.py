"""Snapshots on their way: each is made by a child of its own and answered when that is done.

One that a program asks for is sent to it; one that a key asks for is saved in the site's folder.
"""

import os
from collections.abc import Callable

import msgspec

from wallctl.api.doorkeeper_messages import Ticket
from wallctl.display.capture.snapshot import ScreenShot, SnapshotSpec, Stamp
from wallctl.display.messages import TileOrder
from wallctl.model.base.geometry import Rect
from wallctl.model.base.language import Language
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import CommandError, Snapshot, TileRef
from wallctl.model.wall.scene.scene import Scene, ScreenScene, Tile
from wallctl.model.wall.state.lookup import find_screen, find_tile, on_screen
from wallctl.model.wall.state.screen_state import leader
from wallctl.model.wall.state.state import WallState, spoken
from wallctl.node.child_kinds import SNAPSHOT, Picture
from wallctl.node.child_processes import Crew
from wallctl.node.setup import Setup

MOST_AT_ONCE = 4
"""Each takes a core for a moment; a client that asks for more at once is told to wait."""

SLOW_NS = 20_000_000_000
"""A picture takes a second or two on a busy machine."""


class View(msgspec.Struct, frozen=True):
    """What is to be seen on a snapshot."""

    screen: str | None = None
    """``None``: the whole wall."""
    crop: Rect | None = None
    """Of the screen, what is wanted of it."""
    language: Language = Language.CHINESE
    words: str = ""
    """What it is, for people; nothing for the wall."""


def view_of(asked: Snapshot, state: WallState, scene: Scene, site: Site) -> View:
    """What somebody asks for; ``CommandError`` if there is no such screen or tile."""
    language = spoken(state, site)
    if asked.tile is None:
        screen = None if asked.screen is None else find_screen(state, asked.screen)
        return View(screen, language=language, words=screen or "")
    at = on_screen(asked.tile, asked.screen)
    shown, tile = _piece(at, state, scene, site)
    source = f" · {tile.spoken} {tile.source}" if tile in shown.pictured else ""
    return View(shown.screen, tile.rect, language, f"{shown.screen}/{tile.number}{source}")


def _piece(at: TileRef, state: WallState, scene: Scene, site: Site) -> tuple[ScreenScene, Tile]:
    """The tile where it is seen: of one that reaches over several screens the piece on the screen
    that is meant, else the one with the label."""
    leading = find_tile(state, at, site).screen
    meant = at.screen or state.selected.screen
    pieces = [
        (shown, tile)
        for shown in scene
        if leader(state.screens, shown.screen, site) == leading
        for tile in shown.tiles
        if tile.number == at.number
    ]
    if not pieces:
        raise CommandError("unknown_tile", f"tile {at.number} of {leading} lies on no screen")
    return max(pieces, key=lambda piece: (piece[0].screen == meant, piece[1].is_labelled))


class Snapshots:
    """Who waits for which child."""

    def __init__(self, setup: Setup, crew: Crew) -> None:
        self._setup = setup
        self._crew = crew
        self._waiting: dict[str, Ticket] = {}
        self._saving: set[str] = set()
        self._count = 0

    def begin(
        self,
        ticket: Ticket,
        asked: Snapshot,
        view: View,
        tiles: Callable[[str], tuple[TileOrder, ...]],
    ) -> None:
        """Have a snapshot made; ``tiles`` tells what a screen shows."""
        self._waiting[self._start(asked, view, tiles)] = ticket

    def save(
        self, asked: Snapshot, view: View, tiles: Callable[[str], tuple[TileOrder, ...]]
    ) -> None:
        """Have a snapshot made and saved."""
        folder = str(self._setup.options.snapshots)
        self._saving.add(self._start(asked, view, tiles, folder))

    def _start(
        self,
        asked: Snapshot,
        view: View,
        tiles: Callable[[str], tuple[TileOrder, ...]],
        folder: str | None = None,
    ) -> str:
        """The name of the child that makes it."""
        site = self._setup.site
        screens = [screen for screen in site.screens if view.screen in (None, screen.name)]
        if len(self._waiting) + len(self._saving) >= MOST_AT_ONCE:
            raise CommandError("busy", "several snapshots are being made: try again in a second")
        left, top = min(s.rect.x for s in screens), min(s.rect.y for s in screens)
        spec = SnapshotSpec(
            screens=tuple(
                ScreenShot(
                    Rect(s.rect.x - left, s.rect.y - top, s.rect.w, s.rect.h),
                    self._setup.canvases[s.name],
                    tiles(s.name),
                )
                for s in screens
            ),
            clean=asked.clean,
            crop=view.crop,
            stamp=Stamp(site.name, view.words) if asked.stamped else None,
            jpeg=asked.jpeg,
            font=site.font,
            timezone=site.timezone,
            language=view.language,
            folder=folder,
        )
        self._count += 1
        name = f"{SNAPSHOT}:{os.getpid()}-{self._count}"
        self._crew.start(name, SNAPSHOT, msgspec.msgpack.encode(spec))
        return name

    def hear(self, name: str, message: Picture, fd: int) -> tuple[Ticket, bytes] | None:
        """The picture that a child has made, and who waits for it."""
        with open(fd, "rb") as file:
            file.seek(0)
            picture = file.read(message.bytes)
        ticket = self._waiting.pop(name, None)
        return (ticket, picture) if ticket is not None else None

    def waiting(self) -> tuple[Ticket, ...]:
        """Who waits for any child."""
        return tuple(self._waiting.values())

    def died(self, name: str) -> Ticket | None:
        """Who waits for a child that is gone without an answer."""
        return self._waiting.pop(name, None)

    def hung(self, now_ns: int) -> list[str]:
        """The children that take too long, as one does whose folder does not answer; root is told
        to end them."""
        names = [*self._waiting, *self._saving]
        born = {
            name: self._crew.members[name].born_ns for name in names if name in self._crew.members
        }
        hung = [name for name, born_ns in born.items() if now_ns - born_ns > SLOW_NS]
        for name in hung:
            self._crew.retire(name)
        return hung

    def ends(self, name: str) -> bool:
        """Whether a child that is done, or gone, was to save its picture."""
        was = name in self._saving
        self._saving.discard(name)
        return was
