"""How large a stream each source may have, so that the machine can decode them all."""

from collections.abc import Mapping

from wallctl.model.base.geometry import Size
from wallctl.model.planning.plan import Format, Machine, largest_affordable
from wallctl.model.site.site import Site, StreamKey
from wallctl.model.wall.scene.scene import Scene
from wallctl.node.setup import NodeSetup
from wallctl.supervisor.machine import usable_cores


class DecodeBudget:
    """Found again where something is; it takes a moment."""

    def __init__(self, setup: NodeSetup) -> None:
        self._setup = setup
        options = setup.options
        self._machine = Machine(options.speeds, usable_cores(), windowed=not options.headless)
        self._found_for: tuple[Site, Scene, Mapping[StreamKey, Size]] | None = None
        self.largest: Mapping[str, str] = {}
        """By source, the name of the largest stream that it may have."""

    def fit(self, scene: Scene, known: Mapping[StreamKey, Size]) -> None:
        """Find it for a scene, by the sizes of streams that are known."""
        site = self._setup.site
        now = site, scene, known
        before = self._found_for
        if before is not None and before[0] is site and before[1:] == now[1:]:
            return
        self._found_for = now
        formats = {key: Format(size) for key, size in known.items()}
        self.largest = largest_affordable(site, scene, formats, self._machine)
