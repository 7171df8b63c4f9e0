"""The screen that the walls of benchmarks have."""

from wallctl.model.base.geometry import Size

SCREEN = Size(1920, 1080)
SCREEN_WORD = f"{SCREEN.w}x{SCREEN.h}"
"""As command lines and results say it."""
MOST_TILES = 64
"""How many the largest layout has."""
