"""How a canvas's foot is shared: the clock's corner, the notices', and a toast above. Pure.

Who stands there, and when, is not known here; who must not be covered asks how high to go.
"""

from wallctl.model.base.geometry import Rect, Size, even

OPACITY = 0.88
"""Of what stands there, over pictures."""
_CORNER_SHARE = 0.3
"""Of a canvas's width: what the clock and the marks beside it take of its foot, at the most."""


def scale(canvas: Size) -> float:
    """How large overlays are on a canvas, as a share of their size on 1920 x 1080."""
    return min(canvas.w / 1920, canvas.h / 1080)


def clock_height(canvas: Size) -> int:
    """Of the clock, and of what stands beside it on the same line."""
    return max(20, even(32 * scale(canvas)))


def margin_px(canvas: Size) -> int:
    """Between the clock and what is beside it: the canvas's edges, and a toast above it."""
    return even(20 * scale(canvas))


def corner_height(canvas: Size) -> int:
    """How much of a canvas's foot the clock and its margins take."""
    return clock_height(canvas) + 2 * margin_px(canvas)


def clear_of_clock(tile: Rect, canvas: Size) -> int:
    """How far above the foot of its tile something in the lower right corner of that has to stand,
    in pixels, so that neither the clock nor what is beside it covers it."""
    return 0 if tile.right <= canvas.w * (1 - _CORNER_SHARE) else clear_of_foot(tile, canvas)


def clear_of_foot(tile: Rect, canvas: Size) -> int:
    """The same of something in the middle, which a notice in the canvas's other corner must not
    cover either."""
    return max(0, tile.bottom - canvas.h + clock_height(canvas) + margin_px(canvas))


def toast_height(canvas: Size) -> int:
    """Of a toast of one line."""
    return max(28, even(76 * scale(canvas)))


def above_toast(canvas: Size, h: int) -> int:
    """Where something so high begins that stands above a toast, and so above all notices."""
    return canvas.h - corner_height(canvas) - toast_height(canvas) - margin_px(canvas) // 2 - h
