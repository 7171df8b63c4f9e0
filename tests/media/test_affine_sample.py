"""A picture over several screens: a circle is round and goes on across the bezels."""

import numpy as np
import pytest
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from tests.support.fakes import planes_of
from tests.support.panel_walls import MIXED, Circle, worst_px
from wallctl.media.scale.scaler import Look, Scaler
from wallctl.model.base.geometry import Area, Fit, Size
from wallctl.model.site.framing import UPRIGHT, Span, Turn, View
from wallctl.model.site.layout import Bezels
from wallctl.model.site.panel_geometry import cut_pieces

PLACE = Area(520, 90, 920, 920)
"""A square place that reaches over all four screens."""
MIDDLE = (980.0, 550.0)


def rendered(frame: VideoFrame, look: Look, place: Area, fit: Fit, turn: Turn) -> dict[
    str, NDArray[np.uint8]
]:  # fmt: skip
    """The luma of each screen's canvas."""
    lumas = {screen.name: np.full((screen.size.h, screen.size.w), 30, np.uint8) for screen in MIXED}
    for piece in cut_pieces(place, MIXED, Bezels.BEHIND):
        size = piece.rect.size
        view = View(turn=turn, span=Span(Size(1000, 1000), place.w / place.h, piece.part))
        out = np.zeros(size.w * size.h * 3 // 2, np.uint8)
        assert Scaler(size, fit, view).write(frame, look, out) == size
        x, y = piece.rect.x, piece.rect.y
        lumas[piece.screen][y : y + size.h, x : x + size.w] = planes_of(out, size)[0]
    return lumas


def frame_of(luma: NDArray[np.uint8], kind: str) -> VideoFrame:
    grey = np.full((luma.shape[0] // 2, luma.shape[1]), 128, np.uint8)
    frame = VideoFrame.from_ndarray(np.concatenate([luma, grey]), format="yuv420p")
    return frame if kind == "yuv420p" else frame.reformat(format=kind)


@pytest.mark.parametrize("turn", [UPRIGHT, Turn(mirrored=True, quarters=1), Turn(quarters=2)])
@pytest.mark.parametrize("kind", ["yuv420p", "yuv444p"])
@pytest.mark.parametrize("side_px", [360, 1080, 4000])
def test_a_circle_is_round_on_all_screens(side_px: int, kind: str, turn: Turn) -> None:
    circle = Circle(side_px, 0.45)
    look = Look(Size(side_px, side_px), kind)
    lumas = rendered(frame_of(circle.luma, kind), look, PLACE, Fit.CONTAIN, turn)
    misses = worst_px(MIXED, lumas, MIDDLE, 0.45 * PLACE.w)
    assert misses.keys() == {"a", "b", "c", "d"}
    assert max(misses.values()) < 0.5


def test_what_a_picture_leaves_of_its_place_is_bare_on_every_screen() -> None:
    frame = frame_of(np.full((200, 100), 200, np.uint8), "yuv420p")
    tall = rendered(frame, Look(Size(100, 200), "yuv420p"), PLACE, Fit.CONTAIN, UPRIGHT)
    left, right = MIDDLE[0] - PLACE.w / 4, MIDDLE[0] + PLACE.w / 4
    for screen in MIXED:
        area = screen.on_wall_mm
        assert area is not None
        columns = area.x + (np.arange(screen.size.w) + 0.5) * area.w / screen.size.w
        pixel_mm = area.w / screen.size.w
        lit = tall[screen.name].max(axis=0) > 100
        assert not lit[(columns < left - pixel_mm) | (columns > right + pixel_mm)].any()
        assert lit[(columns > left + pixel_mm) & (columns < right - pixel_mm)].all()
