"""The line at a tile's foot: what it tells, for how long, and how it looks."""

import msgspec
import numpy as np
import pytest

from tests.support import golden_pictures
from tests.support.catalogues import EN
from tests.support.drawing_canvas import check, drawn_on
from wallctl.display.drawing.site_time import SiteTime
from wallctl.display.drawing.sprite import planes
from wallctl.display.drawing.text_context import TextContext
from wallctl.display.messages import TileFigures, TileOrder
from wallctl.display.overlays.health_line import TOLD_LOOKS, HealthLine, Line
from wallctl.display.text.text_line import Face
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import TileState

face = golden_pictures.face
CANVAS = Size(1920, 1080)
TILE = Rect(320, 180, 320, 180)
ORDER = TileOrder(1, TILE, "gate")
WELL = TileFigures(
    1, "gate", TileState.LIVE, stream="main", source_fps=25, fps_now=25, presented=99
)


def with_(**others: object) -> TileFigures:
    return msgspec.structs.replace(WELL, **others)


@pytest.fixture
def line(face: Face) -> HealthLine:
    return HealthLine(TextContext(face, EN, SiteTime()), CANVAS)


def told(line: HealthLine, figures: TileFigures) -> tuple[bool, bool] | None:
    """Load and network."""
    key = line.wants(ORDER, figures)
    return None if key is None else (key.load, key.network)


@pytest.mark.parametrize(
    ("figures", "load"),
    [
        (WELL, False),
        (with_(effort=Effort.CAPPED, fps_now=12), True),
        (with_(effort=Effort.KEYS, fps_now=1, state=TileState.SHED), True),
        (with_(fps_now=11), True),
    ],
)
def test_what_is_left_out_for_want_of_time(
    line: HealthLine, figures: TileFigures, load: bool
) -> None:
    for _ in range(3):
        assert told(line, figures) == (load, False)


def test_what_the_network_lost_is_told_for_some_seconds(line: HealthLine) -> None:
    assert told(line, with_(lost=7)) == (False, False), "it was lost before anybody looked"
    assert told(line, with_(lost=8)) == (False, True)
    looks = [told(line, with_(lost=8)) for _ in range(TOLD_LOOKS)]
    assert looks == [(False, True)] * (TOLD_LOOKS - 1) + [(False, False)]
    assert told(line, with_(lost=8, reconnects=1, fps_now=3)) == (False, True)


def test_what_is_lost_while_little_is_decoded_may_be_the_processors_fault(
    line: HealthLine,
) -> None:
    assert told(line, WELL) == (False, False)
    assert told(line, with_(effort=Effort.REFERENCE, lost=9)) == (True, False)
    assert told(line, with_(lost=20)) == (False, False)
    assert told(line, with_(effort=Effort.REFERENCE, lost=20, reconnects=1)) == (True, True)


def test_another_stream_has_counters_of_its_own(line: HealthLine) -> None:
    assert told(line, WELL) == (False, False)
    assert told(line, with_(stream="sub", lost=99, reconnects=9)) == (False, False)
    assert told(line, with_(source="yard", lost=200)) == (False, False)


@pytest.mark.parametrize("state", [TileState.OFFLINE, TileState.CONNECTING, TileState.STILL])
def test_a_tile_without_moving_pictures_has_none(line: HealthLine, state: TileState) -> None:
    assert told(line, with_(state=state)) is None


KINDS = [(False, False), (True, False), (False, True), (True, True)]


@pytest.mark.parametrize("tile", [Size(72, 40), Size(320, 180), Size(1080, 608), Size(1920, 1080)])
def test_the_four_lines_differ_without_their_colours_too(line: HealthLine, tile: Size) -> None:
    """In the brightness alone, and each half by itself; all lie within their tile."""
    looks = []
    for load, network in KINDS:
        drawings = line.draw(Line(Rect(0, 0, tile.w, tile.h), load, network))
        for drawing in drawings:
            assert drawing.rect.bottom == tile.h
            assert drawing.rect.right <= tile.w
            assert drawing.rect.h <= max(6, tile.h // 10)
        looks.append(planes(drawn_on(tile, *drawings)).y[-2:])
    for i, one in enumerate(looks):
        for other in looks[:i]:
            assert (np.abs(one.astype(int) - other) > 40).mean() > 0.1


def test_health_lines(line: HealthLine) -> None:
    """Small tiles, and one as large as a screen."""
    small = [Rect(0, i * 180, 320, 180) for i in range(4)]
    large = [Rect(324, 0, 640, 360), Rect(324, 360, 640, 360)]
    kinds = [*zip(small, KINDS, strict=True), (large[0], KINDS[3]), (large[1], KINDS[0])]
    drawings = [one for rect, kind in kinds for one in line.draw(Line(rect, *kind))]
    check("health_lines", drawn_on(Size(964, 720), *drawings))
