"""What texts on a screen are drawn with: a font, a language, and the site's clock."""

from typing import NamedTuple

from wallctl.display.drawing.site_time import SiteTime
from wallctl.display.text.text_line import Face
from wallctl.model.operator.message_catalogue import Catalogue


class TextContext(NamedTuple):
    """One for each language that a wall speaks; they share font and clock."""

    face: Face
    words: Catalogue
    clock: SiteTime
