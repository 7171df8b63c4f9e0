"""Any text whatever is drawn, within its box, and nothing is left out for it."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.support.attack_size import size
from tests.support.catalogues import CATALOGUES
from tests.support.hostile_texts import ANY
from tests.support.overlay_drawings import drawn
from wallctl.display.drawing.drawing_cache import Artist
from wallctl.display.drawing.failed_drawings import FailedDrawings
from wallctl.display.messages import TileOrder
from wallctl.display.overlays.alarms import Signed
from wallctl.display.overlays.notices import Line
from wallctl.display.overlays.overlay_table import Layer
from wallctl.display.overlays.toast import Words
from wallctl.display.text.fonts import find_font
from wallctl.display.text.text_line import Face, clean
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.base.language import Language
from wallctl.model.operator.help_content import HelpEntry, HelpGroup, HelpPage
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.operator.notice import Notice
from wallctl.model.site.alarm import AlarmColour
from wallctl.model.streams.health import TileState
from wallctl.model.wall.scene.alarm_banner import AlarmSign

pytestmark = pytest.mark.attack

CANVAS = Size(480, 270)
WHITE = (255, 255, 255)
FACES = (Face(find_font()), Face(None))
"""The wall's font, and the one without Chinese."""
MANY = settings(
    max_examples=size(60, 2000), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@MANY
@given(ANY, st.sampled_from(FACES), st.integers(8, 60), st.integers(0, 400))
def test_a_text_takes_what_was_measured_and_no_more(
    text: str, face: Face, px: int, room_px: int
) -> None:
    drawn = face.image(text, px, WHITE)
    assert drawn.width == max(2, -(-face.width(text, px) // 2) * 2)
    assert face.image(text, px, WHITE, room_px).width <= max(2, room_px + 1)
    assert face.width(face.fitted(text, px, room_px), px) <= room_px
    lines = face.wrapped(text, px, room_px, 3)
    assert len(lines) <= 3
    assert all(face.width(line, px) <= max(room_px, 5 * px) for line in lines)
    assert clean(clean(text)) == clean(text)


@MANY
@given(ANY)
def test_every_part_of_a_screen_is_drawn(text: str) -> None:
    left_out = FailedDrawings()
    artist = Artist(FACES[0], CATALOGUES[Language.CHINESE], failed=left_out)
    rect = Rect(0, 0, 240, 134)
    tile = TileOrder(1, rect, text, 7, stands_for=text, masked=True, reason=text)
    alarm = AlarmSign(rect, True, AlarmColour.RED, text, text, 0, text, 7, 2)
    group = HelpGroup(text, (HelpEntry("F2", text),))
    keys = {
        Layer.TOAST: Words(text),
        Layer.NOTICES: Line(Notice(Text.SCREEN_DIES, text), 1),
        Layer.ALARMS: Signed(alarm, "12:00:00"),
        Layer.HELP: HelpPage(text, (group,), (group,), group),
    }
    drawings = (
        artist.label(tile),
        *(
            drawing
            for layer, key in keys.items()
            for drawing in drawn(layer, key, artist.pen, CANVAS)
        ),
    )
    patches = (artist.slate(tile, TileState.MASKED, None), artist.blanked(text, CANVAS))
    assert left_out.told == ()
    assert [one.size for one in patches] == [rect.size, CANVAS]
    for drawing in drawings:
        assert drawing is not None
        assert drawing.x >= 0
        assert drawing.rect.right <= CANVAS.w
        assert drawing.rect.bottom <= CANVAS.h
    below = Image.fromarray(np.zeros((90, 160, 3), np.uint8))
    assert artist.captioned(below, "12:00", (text, text)).width == 160
