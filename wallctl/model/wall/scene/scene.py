"""Scenes: the wall's picture without the pictures, and what must be decoded for it.

A scene says which source stands in which rectangle, how large, and what lies over it. It knows
neither streams in memory nor how anything is drawn. ``resolve`` beside it makes scenes of states.
"""

import msgspec

from wallctl.model.base.geometry import Fit, Rect, Side, Size
from wallctl.model.base.language import Language
from wallctl.model.site.framing import PLAIN, View
from wallctl.model.site.site import StreamKey
from wallctl.model.wall.scene.alarm_banner import AlarmSign, Unacknowledged
from wallctl.model.wall.scene.alarm_sheet import AlarmSheet
from wallctl.model.wall.scene.status_icons import WallMark
from wallctl.model.wall.state.zoom import WHOLE, Zoom


class Tile(msgspec.Struct, frozen=True):
    """One tile of a scene. ``number`` counts from 1 on its screen."""

    number: int
    rect: Rect
    source: str | None = None
    spoken: int = 0
    """The source's own number."""
    fit: Fit = Fit.CONTAIN
    view: View = PLAIN
    z: int = 0
    """Of tiles that overlap the one with the largest is seen; of equals the last."""
    is_labelled: bool = True
    joined: frozenset[Side] = frozenset()
    """Where it goes on beyond its screen."""
    stands_for: str | None = None
    """The lost source whose tile it is, where a backup stands in."""
    masked: bool = False
    """Its source is hidden on purpose."""
    reason: str = ""
    """Why, if somebody has said so."""
    zoom: Zoom = WHOLE

    @property
    def served(self) -> Size:
        """The size that a stream's picture must have to fill it, pixel for pixel."""
        return self.view.sent(self.rect.size)

    def tap(self, stream: StreamKey) -> "TapKey":
        """What a stream must be decoded to, to fill it."""
        return TapKey(*stream, self.rect.size, self.fit, self.view)


class ScreenScene(msgspec.Struct, frozen=True):
    """What one screen shows."""

    screen: str
    size: Size
    tiles: tuple[Tile, ...]
    layout: str
    selected: int | None = None
    """Number of the selected tile, if it is on this screen."""
    blanked: bool = False
    reason: str = ""
    """Why it is blanked, if somebody has said so."""
    help_shown: bool = False
    readouts: frozenset[str] = frozenset()
    """The verbs of the commands whose facts lie over the pictures."""
    clock: bool = False
    marks: tuple[WallMark, ...] = ()
    locked: tuple[int, ...] = ()
    """Numbers of the tiles that are locked, as far as they are seen."""
    language: Language = Language.CHINESE
    alarms: tuple[AlarmSign, ...] = ()
    unacknowledged: Unacknowledged | None = None
    """Those of the wall that are over."""
    alarm_sheet: AlarmSheet | None = None
    """The list of alarms, while it lies over the screen."""
    number: int = 1
    """The screen's, in the site's order."""
    of: int = 1
    """How many screens there are."""

    @property
    def selected_tile(self) -> Tile | None:
        """The selected tile, or the piece of it on this screen."""
        return next((one for one in self.tiles if one.number == self.selected), None)

    @property
    def pictured(self) -> tuple[Tile, ...]:
        """The tiles that pictures are decoded for."""
        if self.blanked:
            return ()
        return tuple(one for one in self.tiles if one.source is not None and not one.masked)


Scene = tuple[ScreenScene, ...]


class TapKey(msgspec.Struct, frozen=True):
    """One thing to be decoded and scaled: a view of a stream of a source, into a tile size."""

    source: str
    stream: str
    tile: Size
    fit: Fit
    view: View = PLAIN
