"""Snapshots on their way: each is made by a child of its own and answered when that is done.

One is sent to the wall's side, or saved in this node's folder.
"""

import os
from collections.abc import Callable

import msgspec

from wallctl.display.capture.snapshot import ScreenShot, SnapshotSpec, Stamp
from wallctl.display.messages import TileOrder
from wallctl.model.base.geometry import Rect
from wallctl.node.child_kinds import SNAPSHOT, Picture, Saved, Taken
from wallctl.node.child_processes import ChildProcesses
from wallctl.node.messages import NodeReport, SnapshotAnswer, SnapshotOrder
from wallctl.node.setup import NodeSetup

SLOW_NS = 20_000_000_000
"""A picture takes a second or two on a busy machine."""
NOT_MADE = "?"
"""Why there is no picture where the child has not said it."""


class Snapshots:
    """Which child makes which snapshot."""

    def __init__(
        self,
        setup: NodeSetup,
        crew: ChildProcesses,
        tiles: Callable[[str], tuple[TileOrder, ...]],
        tell: Callable[[NodeReport], object],
    ) -> None:
        """``tiles`` tells what a screen shows."""
        self._setup = setup
        self._crew = crew
        self._tiles = tiles
        self._tell = tell
        self._numbers: dict[str, int] = {}
        """The numbers of the snapshots, by the children that make them."""
        self._count = 0

    def begin(self, order: SnapshotOrder) -> None:
        """Have a snapshot made."""
        self._count += 1
        name = f"{SNAPSHOT}:{os.getpid()}-{self._count}"
        self._numbers[name] = order.number
        self._crew.start(name, SNAPSHOT, msgspec.msgpack.encode(self._spec(order)))

    def _spec(self, order: SnapshotOrder) -> SnapshotSpec:
        site, asked, view = self._setup.site, order.asked, order.view
        screens = [screen for screen in site.screens if view.screen in (None, screen.name)]
        left = min((s.rect.x for s in screens), default=0)
        top = min((s.rect.y for s in screens), default=0)
        return SnapshotSpec(
            screens=tuple(
                ScreenShot(
                    Rect(s.rect.x - left, s.rect.y - top, s.rect.w, s.rect.h),
                    self._setup.canvases[s.name],
                    self._tiles(s.name),
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
            folder=str(self._setup.options.snapshots) if order.save else None,
        )

    def hear(self, name: str, message: Picture | Taken | Saved, fds: list[int]) -> None:
        """A child has taken a picture, or saved it."""
        number = self._numbers.get(name)
        match message:
            case Picture():
                self._end(name, picture=_content(fds[0], message.bytes))
            case Taken() if number is not None:
                self._tell(NodeReport(snapshots=(SnapshotAnswer(number, seen=True),)))
            case Saved():
                self._end(name, file=message.file, why_not=message.why_not)

    def died(self, name: str) -> None:
        """A child is gone; if it has not answered, this is the answer."""
        self._end(name, why_not=NOT_MADE)

    def end_hung(self, now_ns: int) -> None:
        """End the children that take too long, as one does whose folder does not answer."""
        for name in list(self._numbers):
            one = self._crew.members.get(name)
            if one is not None and now_ns - one.born_ns > SLOW_NS:
                self._crew.retire(name)
                self.died(name)

    def _end(self, name: str, *, picture: bytes = b"", file: str = "", why_not: str = "") -> None:
        number = self._numbers.pop(name, None)
        if number is not None:
            done = SnapshotAnswer(number, picture, file, why_not=why_not)
            self._tell(NodeReport(snapshots=(done,)))


def _content(fd: int, size: int) -> bytes:
    with open(fd, "rb") as file:
        file.seek(0)
        return file.read(size)
