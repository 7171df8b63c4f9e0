"""Snapshots that somebody waits for: asked of the node, and answered when it has taken them.

One that a program asks for is sent to it; one that a key asks for is saved by the node.
"""

from collections.abc import Callable

import msgspec

from wallctl.api.doorkeeper_messages import Ticket
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import CommandError, Snapshot, TileRef
from wallctl.model.wall.scene.scene import Scene, ScreenScene, Tile
from wallctl.model.wall.state.lookup import find_screen, find_tile, on_screen
from wallctl.model.wall.state.screen_state import leader
from wallctl.model.wall.state.state import WallState, spoken
from wallctl.node.messages import SceneOrder, SnapshotAnswer, SnapshotOrder, View

MOST_AT_ONCE = 4
"""Each takes a core for a moment; a client that asks for more at once is told to wait."""


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


class SnapshotRequests:
    """Who waits for which snapshot."""

    def __init__(self, order: Callable[[SceneOrder], object]) -> None:
        self._order = order
        self._waiting: dict[int, Ticket | None] = {}
        """By number; ``None`` where a key has asked."""
        self._count = 0

    def begin(self, ticket: Ticket | None, asked: Snapshot, view: View) -> None:
        """Have a snapshot taken, for a program or, without a ticket, to be saved. ``CommandError``
        where too many are on their way."""
        if len(self._waiting) >= MOST_AT_ONCE:
            raise CommandError("busy", "several snapshots are being made: try again in a second")
        self._count += 1
        self._waiting[self._count] = ticket
        order = SnapshotOrder(self._count, asked, view, save=ticket is None)
        self._order(SceneOrder(snapshot=order))

    def end(self, done: SnapshotAnswer) -> "SnapshotReply | None":
        """A snapshot is done, or will not be; who has asked for it, ``None`` if nobody waits."""
        if done.number not in self._waiting:
            return None
        if done.seen:
            return SnapshotReply(self._waiting[done.number], done)
        return SnapshotReply(self._waiting.pop(done.number), done)

    def give_up(self) -> list[Ticket]:
        """The programs that wait, for the last time."""
        tickets = [ticket for ticket in self._waiting.values() if ticket is not None]
        self._waiting.clear()
        return tickets


class SnapshotReply(msgspec.Struct, frozen=True):
    """What became of a snapshot, and for whom it is."""

    ticket: Ticket | None
    """``None``: for those at the wall."""
    done: SnapshotAnswer
