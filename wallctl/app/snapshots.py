"""Snapshots on their way: each is made by a child of its own and answered when that is done."""

import os
from collections.abc import Callable

import msgspec

from wallctl.app.crew import SNAPSHOT, Crew, Picture
from wallctl.app.setup import Setup
from wallctl.control.server import Ticket
from wallctl.model.command import CommandError, Snapshot
from wallctl.model.geometry import Rect
from wallctl.present.orders import TileOrder
from wallctl.present.snapshot import ScreenShot, SnapshotSpec

MOST_AT_ONCE = 4
"""Each takes a core for a moment; a client that asks for more at once is told to wait."""


class Snapshots:
    """Who waits for which child."""

    def __init__(self, setup: Setup, crew: Crew) -> None:
        self._setup = setup
        self._crew = crew
        self._waiting: dict[str, Ticket] = {}
        self._count = 0

    def begin(
        self, ticket: Ticket, asked: Snapshot, tiles: Callable[[str], tuple[TileOrder, ...]]
    ) -> None:
        """Have a snapshot made; ``tiles`` tells what a screen shows."""
        screens = [
            screen for screen in self._setup.site.screens if asked.screen in (None, screen.name)
        ]
        if len(self._waiting) >= MOST_AT_ONCE:
            raise CommandError("busy", "several snapshots are being made: try again in a second")
        left, top = min(s.rect.x for s in screens), min(s.rect.y for s in screens)
        spec = SnapshotSpec(
            tuple(
                ScreenShot(
                    Rect(s.rect.x - left, s.rect.y - top, s.rect.w, s.rect.h),
                    self._setup.canvases[s.name],
                    tiles(s.name),
                )
                for s in screens
            ),
            asked.clean,
        )
        self._count += 1
        name = f"{SNAPSHOT}:{os.getpid()}-{self._count}"
        self._waiting[name] = ticket
        self._crew.start(name, SNAPSHOT, msgspec.msgpack.encode(spec), once=True)

    def hear(self, name: str, message: Picture, fd: int) -> tuple[Ticket, bytes] | None:
        """The picture that a child has made, and who waits for it."""
        with open(fd, "rb") as file:
            file.seek(0)
            png = file.read(message.bytes)
        ticket = self._waiting.pop(name, None)
        return (ticket, png) if ticket is not None else None

    def waiting(self) -> tuple[Ticket, ...]:
        """Who waits for any child."""
        return tuple(self._waiting.values())

    def died(self, name: str) -> Ticket | None:
        """Who waits for a child that is gone without an answer."""
        return self._waiting.pop(name, None)
