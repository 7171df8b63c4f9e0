"""What is wrong around the wall now: said in a corner of every screen, and told by ``status``."""

import enum
import logging

import msgspec

from wallctl.api.endpoint import ControlError
from wallctl.controller.screens import Screens
from wallctl.model.base.language import Language
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.operator.notice import Notice
from wallctl.node.setup import Setup

MOST = 4
"""How many lines a screen has room for."""

log = logging.getLogger(__name__)


class Concern(enum.IntEnum):
    """What a notice is about; there is one of each at most. The smaller stands lower."""

    FILES = 1
    STATE_SAVING = 2
    COMMANDS = 3
    STATE_FOUND = 4
    HIDDEN = 5
    FOLDER = 6
    DYING = 7
    LEFT_OUT = 8


class _Standing(msgspec.Struct, frozen=True):
    notice: Notice
    detail: str = ""
    until_ns: int | None = None


class Notices:
    """Sends the screens each change. ``is_first``: this is the first controller, so no screen
    shows what another one said."""

    def __init__(self, setup: Setup, screens: Screens, *, is_first: bool = True) -> None:
        self._setup = setup
        self._screens = screens
        self._is_untold = not is_first
        self._standing: dict[Concern, _Standing] = {}
        self._past: set[Concern] = set()
        """Notices that the screens have shown for long enough; ``status`` still has them."""

    def end(self, concern: Concern, text: Text) -> None:
        """Say nothing more, if this is what is said."""
        one = self._standing.get(concern)
        if one is not None and one.notice.text is text:
            self.put(concern, None)

    def put(
        self,
        concern: Concern,
        notice: Notice | None,
        detail: str = "",
        until_ns: int | None = None,
    ) -> None:
        """Say this, or nothing any more. ``detail`` is for those who ask: a path, an error."""
        standing = None if notice is None else _Standing(notice, detail, until_ns)
        before = self._standing.get(concern)
        if standing == before:
            return
        self._standing.pop(concern, None)
        self._past.discard(concern)
        if standing is not None:
            self._standing[concern] = standing
        self._is_untold |= (before and before.notice) != notice
        if concern is not Concern.FILES:
            self._log(before, standing)

    def calls(self, why_not: ControlError | None) -> None:
        """Programs can call the wall, or can't."""
        notice = None if why_not is None else Notice(Text.NO_COMMANDS, obstacle=why_not.obstacle)
        self.put(Concern.COMMANDS, notice, "" if why_not is None else str(why_not))

    def refresh(self, now_ns: int) -> None:
        """Send the screens what is new, and take away what they have shown for long enough."""
        for concern, one in self._standing.items():
            if one.until_ns is not None and now_ns > one.until_ns and concern not in self._past:
                self._past.add(concern)
                self._is_untold = True
        if self._is_untold:
            self.furnish()

    def furnish(self) -> None:
        """Send the screens all that they show beside scenes."""
        self._is_untold = False
        shown = self._standing.keys() - self._past
        ordered = [self._standing[concern].notice for concern in sorted(shown)]
        self._screens.furnish(tuple(ordered[:MOST]))

    def told(self) -> list[str]:
        """Each as a sentence for those who ask, except what is wrong in the site's files."""
        words = self._setup.catalogues[Language.ENGLISH]
        return [
            ": ".join(filter(None, (one.notice.line(words), one.detail)))
            for concern, one in sorted(self._standing.items())
            if concern is not Concern.FILES
        ]

    def _log(self, before: _Standing | None, now: _Standing | None) -> None:
        """Once when something begins to be wrong, and once when it is over."""
        words = self._setup.catalogues[Language.ENGLISH]
        if now is not None and (before is None or before.detail != now.detail):
            log.warning("%s: %s", now.notice.line(words), now.detail)
        elif now is None and before is not None and before.until_ns is None:
            log.info("it is over: %s", before.notice.line(words))
