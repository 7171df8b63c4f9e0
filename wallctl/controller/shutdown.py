"""How a wall ends: presenters tell their last figures, the state is saved, the report written."""

import logging
import os
import time

from wallctl.controller import status
from wallctl.controller.receipt_log import Records
from wallctl.display.messages import Finish
from wallctl.model.wall.scene.scene import Scene
from wallctl.model.wall.state.state import WallState
from wallctl.node.child_kinds import PRESENTER
from wallctl.node.child_processes import Costs, Crew
from wallctl.node.scene_switcher import Stage
from wallctl.node.setup import Setup

FINISH_NS = 500_000_000
"""How long presenters may take over their last figures."""
SAVE_NS = 4_000_000_000
"""How long a disk may take over the state."""

log = logging.getLogger(__name__)


class Ending:
    """``code`` is what the wall ends with; above 0 it ends now."""

    def __init__(self, setup: Setup, crew: Crew, stage: Stage, records: Records, root: int) -> None:
        self._setup = setup
        self._crew = crew
        self._stage = stage
        self._records = records
        self._root = root
        self._began_ns: int | None = None
        self._costs = Costs()
        self.code = 0
        self.is_wanted = False
        """Whether the wall is no longer needed."""

    def is_due(self, state: WallState, now_ns: int) -> bool:
        """Whether the wall must end; presenters hear of it at once."""
        if self._began_ns is not None:
            return True
        seconds = self._setup.options.seconds
        over = seconds is not None and now_ns - self._setup.began_ns >= seconds * 1e9
        wanted = self._crew.ending or state.ending or self.is_wanted or self.code > 0
        if not (over or wanted):
            return False
        self._began_ns = now_ns
        self._costs = self._crew.costs((self._root, os.getpid()))
        for name in self._crew.members:
            if name.startswith(PRESENTER):
                self._crew.send(name, Finish())
        return True

    def is_done(self, now_ns: int, *, saved: bool) -> bool:
        """Whether all has been said and saved, or took too long."""
        took_ns = now_ns - (self._began_ns or now_ns)
        figures = self._stage.figures
        all_last = len(figures) == len(self._setup.site.screens) and all(
            one.last for one in figures.values()
        )
        return (all_last or took_ns > FINISH_NS) and (saved or took_ns > SAVE_NS)

    def report(self, scene: Scene) -> None:
        """Write the figures of the run, if they are wanted."""
        for switch in self._stage.unsettled():
            self._records.note(switch)
        file = self._setup.options.report
        if file is None:
            return
        seconds = (time.monotonic_ns() - self._setup.began_ns) / 1e9
        figures = self._stage.figures
        wall = status.wall_figures(figures, self._costs, seconds)
        try:
            self._records.write(file, wall, status.tiles(scene, figures))
        except OSError as error:
            log.error("the report can't be written to %s: %s", file, error.strerror)
            self.code = 1
