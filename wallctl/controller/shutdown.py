"""How a wall ends: the node tells its last figures, the state is saved, the report written."""

import logging
import time
from collections.abc import Callable

from wallctl.controller.final_report import FinalReport
from wallctl.controller.node_facts import NodeFacts
from wallctl.controller.scene_changes import SceneChange
from wallctl.controller.status import wall_figures
from wallctl.controller.tile_status import tiles
from wallctl.model.wall.scene.scene import Scene
from wallctl.model.wall.state.state import WallState
from wallctl.node.messages import SceneOrder
from wallctl.node.setup import Setup

FINISH_NS = 500_000_000
"""How long presenters may take over their last figures."""
SAVE_NS = 4_000_000_000
"""How long a disk may take over the state."""

log = logging.getLogger(__name__)


class Shutdown:
    """``code`` is what the wall ends with; above 0 it ends now. ``records`` are its receipts."""

    def __init__(
        self,
        setup: Setup,
        facts: NodeFacts,
        records: FinalReport,
        order: Callable[[SceneOrder], object],
    ) -> None:
        self._setup = setup
        self._facts = facts
        self.records = records
        self._order = order
        self._began_ns: int | None = None
        self.code = 0
        self._is_wanted = False

    def fail(self) -> None:
        """The wall can't be shown: it ends with an error."""
        self.code = 1

    def end_soon(self) -> None:
        """The wall is no longer needed."""
        self._is_wanted = True

    def is_due(self, state: WallState, now_ns: int) -> bool:
        """Whether the wall must end; the node hears of it at once."""
        if self._began_ns is not None:
            return True
        seconds = self._setup.options.seconds
        over = seconds is not None and now_ns - self._setup.began_ns >= seconds * 1e9
        if not (over or state.ending or self._is_wanted or self.code > 0):
            return False
        self._began_ns = now_ns
        self._order(SceneOrder(finish=True))
        return True

    def is_done(self, now_ns: int, *, saved: bool) -> bool:
        """Whether all has been said and saved, or took too long."""
        took_ns = now_ns - (self._began_ns or now_ns)
        figures = self._facts.figures
        all_last = len(figures) == len(self._setup.site.screens) and all(
            one.last for one in figures.values()
        )
        return (all_last or took_ns > FINISH_NS) and (saved or took_ns > SAVE_NS)

    def report(self, scene: Scene, unsettled: list[SceneChange]) -> None:
        """Write the figures of the run, if they are wanted."""
        for switch in unsettled:
            self.records.note(switch)
        file = self._setup.options.report
        if file is None:
            return
        seconds = (time.monotonic_ns() - self._setup.began_ns) / 1e9
        figures = self._facts.figures
        wall = wall_figures(figures, self._facts.costs, seconds)
        try:
            self.records.write(file, wall, tiles(scene, figures))
        except OSError as error:
            log.error("the report can't be written to %s: %s", file, error.strerror)
            self.code = 1
