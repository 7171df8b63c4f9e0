"""Keys at the wall: into commands for the desk, with a word on the screen at once."""

from wallctl.app.crew import Crew
from wallctl.app.desk import Desk
from wallctl.model.keys import KeyEvent
from wallctl.model.site import Site


class Keyboard:
    """All keyboards of the wall are one."""

    def __init__(self, site: Site, crew: Crew, desk: Desk) -> None:
        self._site = site
        self._crew = crew
        self._desk = desk

    def press(self, event: KeyEvent, now_ns: int) -> None:
        """A key went down or up in one of the windows."""

    def due(self, now_ns: int) -> None:
        """Time passes: a held key may be due."""
