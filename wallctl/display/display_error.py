"""What goes wrong between a presenter and its screen, told in one sentence."""


class DisplayError(Exception):
    """There is no display, no such output, or nothing on it that can show a canvas."""
