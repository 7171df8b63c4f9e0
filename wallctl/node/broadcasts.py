"""Broadcasts: those that the state wants on the air run, each in a process of its own."""

import logging
from collections.abc import Mapping

import msgspec

from wallctl.display.capture.broadcast import Aired, BroadcastSpec, ScreenPart
from wallctl.display.messages import Finish
from wallctl.model.site.broadcast import BroadcastState, is_on, list_screens, place_screens
from wallctl.model.site.site import Broadcast
from wallctl.model.streams.health import Reason
from wallctl.node.child_kinds import BROADCAST
from wallctl.node.child_processes import ChildProcesses
from wallctl.node.setup import NodeSetup

GRACE_NS = 1_000_000_000
"""How long one that was switched off may take to hang up."""

CONNECTING = Aired(BroadcastState.CONNECTING)
"""What is told of one that has said nothing yet."""

log = logging.getLogger(__name__)


class Broadcasts:
    """Which of them run, and what they said last."""

    def __init__(self, setup: NodeSetup, crew: ChildProcesses) -> None:
        self._setup = setup
        self._crew = crew
        self._switched: Mapping[str, bool] | None = None
        """As people have them; ``None`` before anybody has told."""
        self._begun: dict[str, BroadcastSpec] = {}
        """What each was begun with, as far as it is known."""
        self._aired: dict[str, Aired] = {}
        self._ending: dict[str, int] = {}
        """Those that were told to hang up, and when."""

    def switch(self, switched: Mapping[str, bool]) -> None:
        """Go by what people want, where that is not what the site says."""
        self._switched = switched

    def refresh(self, now_ns: int) -> None:
        """Start and end what is to run and what is not; end what hangs."""
        switched = self._switched
        if switched is None:
            return
        wanted = {
            member(one.name): self._spec(one)
            for one in self._setup.site.broadcasts
            if is_on(one, switched)
        }
        for name in self._running():
            spec = wanted.get(name)
            if name in self._ending or spec is None or self._begun.get(name, spec) != spec:
                self._end(name, now_ns)
        for name in wanted.keys() - self._ending.keys():
            self._begun[name] = wanted[name]
            self._crew.start(name, BROADCAST, msgspec.msgpack.encode(wanted[name]))
            self._check(name, now_ns)

    def _running(self) -> set[str]:
        """Those that run, were they ones that a site before had, and those about to end."""
        known = (name for name, one in self._crew.members.items() if one.kind == BROADCAST)
        return {*known, *self._begun, *self._ending}

    def hear(self, name: str, aired: Aired) -> None:
        """Note what a broadcast says of itself."""
        before = self._aired.get(name, CONNECTING)
        if (aired.air, aired.reason) != (before.air, before.reason):
            _log(name.partition(":")[2], before, aired)
        self._aired[name] = aired

    def told(self) -> dict[str, Aired]:
        """What each that runs says of itself, by its name."""
        return {name.partition(":")[2]: aired for name, aired in self._aired.items()}

    def died(self, name: str) -> None:
        """A broadcast is gone; root starts it again, unless it was told to go."""
        self._aired.pop(name, None)

    def _spec(self, broadcast: Broadcast) -> BroadcastSpec:
        screens = list_screens(broadcast, self._setup.site)
        return BroadcastSpec(
            broadcast,
            tuple(
                ScreenPart(self._setup.canvases[part.screen], part.rect)
                for part in place_screens(screens, broadcast.size)
            ),
        )

    def _end(self, name: str, now_ns: int) -> None:
        """Have one hang up, and end it if it does not."""
        if name not in self._ending:
            self._ending[name] = now_ns
            self._crew.send(name, Finish())
        gone = name not in self._crew.members
        if gone or now_ns - self._ending[name] > GRACE_NS:
            self._crew.retire(name)
            del self._ending[name]
            self._begun.pop(name, None)
            self._aired.pop(name, None)

    def _check(self, name: str, now_ns: int) -> None:
        self._crew.end_silent(name, now_ns)


def member(broadcast: str) -> str:
    """The name of a broadcast's process in the crew."""
    return f"{BROADCAST}:{broadcast}"


def _log(name: str, before: Aired, aired: Aired) -> None:
    """Say once that a broadcast fails, and once that it is back."""
    if aired.reason is not Reason.NONE:
        why = aired.reason.name.lower().replace("_", " ")
        log.warning("broadcast %s: %s; it is tried again", name, why)
    elif before.reason is not Reason.NONE:
        log.info("broadcast %s is on the air again", name)
