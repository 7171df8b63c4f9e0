"""The list of alarms over a whole screen."""

from collections.abc import Mapping
from typing import NamedTuple

from wallctl.display.drawing import alarm_sheet
from wallctl.display.drawing.alarm_sheet import Head, RowTimes
from wallctl.display.drawing.site_time import SECOND_NS
from wallctl.display.drawing.sprite import Drawing
from wallctl.display.overlays.overlay import Laid, SceneOverlay, Seen
from wallctl.model.base.geometry import Rect
from wallctl.model.operator.message_catalogue import format_day_and_time
from wallctl.model.wall.scene.alarm_sheet import AlarmEntry, row_rects


class Row(NamedTuple):
    """An alarm, and where it stands."""

    entry: AlarmEntry
    times: RowTimes
    rect: Rect


class AlarmList(SceneOverlay[Head | Row]):
    """The head is the first piece; each row is another, so that a step draws two of them again."""

    part = "alarms"
    kept = 64

    def wants(self, seen: Seen, _: Laid) -> Mapping[int, Head | Row]:
        """The head and the rows, while the scene has the list."""
        sheet = seen.scene.alarm_sheet
        if sheet is None:
            return {}
        rows = zip(sheet.entries, row_rects(self.canvas), strict=False)
        pieces: dict[int, Head | Row] = {
            0: Head(sheet.page, sheet.pages, sheet.key, not sheet.entries)
        }
        for i, (entry, rect) in enumerate(rows, start=1):
            pieces[i] = Row(entry, self._times(entry), rect)
        return pieces

    def _times(self, entry: AlarmEntry) -> RowTimes:
        clock = self.pen.clock
        done = clock.time_of_day(entry.by_unix_s * SECOND_NS) if entry.by is not None else ""
        return RowTimes(format_day_and_time(clock.at(entry.since_unix_s)), done)

    def draw(self, key: Head | Row) -> tuple[Drawing, ...]:
        """The head, or a row."""
        if isinstance(key, Row):
            return alarm_sheet.row(self.pen.face, self.pen.words, *key)
        return alarm_sheet.head(self.pen.face, self.pen.words, key, self.canvas)

    def plain(self, key: Head | Row) -> tuple[Drawing, ...]:
        """The ground without any text; of a row nothing."""
        return () if isinstance(key, Row) else alarm_sheet.bare_ground(self.canvas)
