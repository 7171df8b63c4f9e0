"""Colours that pictures and what lies around them have in common."""

Colour = tuple[int, int, int]
"""Red, green and blue, 0-255, gamma-coded as in sRGB and BT.709 pictures."""

GROUND: Colour = (20, 25, 31)
"""What is seen where no picture is."""
