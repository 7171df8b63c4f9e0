"""A line in the corner of every screen: something is wrong around the wall, in the words of any
language. Pure."""

import msgspec

from wallctl.model.base.os_access_error import Obstacle
from wallctl.model.operator.message_catalogue import OBSTACLE_TEXTS, Catalogue, Text


class Notice(msgspec.Struct, frozen=True):
    """``text`` has one field at most: ``place``, or ``why``."""

    text: Text
    place: str = ""
    obstacle: Obstacle = Obstacle.OTHER

    def line(self, words: Catalogue) -> str:
        """The line in the language of ``words``."""
        why = words.say(OBSTACLE_TEXTS[self.obstacle])
        return words.say(self.text, place=self.place, why=why)
