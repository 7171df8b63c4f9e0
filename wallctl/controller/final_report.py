"""What the wall remembers of itself for the report: receipts, and the last figures."""

from pathlib import Path

import msgspec

from wallctl.controller.crash_handover import KEPT_SWITCHES
from wallctl.controller.scene_changes import SceneChange, SceneChangeRecord
from wallctl.controller.status import Report, WallFigures
from wallctl.controller.tile_status import TileStatus
from wallctl.storage.atomic_write import Holds, write_named


class FinalReport:
    """Receipts in the order of their commands."""

    def __init__(self, kept: tuple[SceneChangeRecord, ...]) -> None:
        self._switches = list(kept)

    def note(self, switch: SceneChange) -> None:
        """A switch has settled."""
        if switch.command:
            record = SceneChangeRecord(switch.command, switch.first_ms(), switch.all_live_ms())
            self._switches.append(record)

    def newest(self) -> tuple[SceneChangeRecord, ...]:
        """Those that survive a controller."""
        return tuple(self._switches[-KEPT_SWITCHES:])

    def write(self, file: Path, wall: WallFigures, tiles: list[TileStatus]) -> None:
        """Write the report; OSError if the disk does not take it."""
        report = Report(wall, tiles, self._switches)
        content = msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"
        write_named(file, content, Holds.CAMERAS)
