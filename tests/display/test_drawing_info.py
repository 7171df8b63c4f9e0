"""What is known of a stream, drawn on its tile."""

import msgspec
import pytest

from tests.support import golden_pictures
from tests.support.catalogues import EN, ZH
from tests.support.drawing_canvas import BIG, NAME, check, gradient, suffix
from wallctl.display.drawing import info_panel, tile_graphics
from wallctl.display.drawing.sprite import planes
from wallctl.display.messages import TileFigures
from wallctl.display.text.text_line import Face
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.base.histogram import Percentiles
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.planning.stream_choice import Why
from wallctl.model.site.decoder_preference import DecodedBy
from wallctl.model.streams.codec import Coding
from wallctl.model.streams.health import Reason, TileState
from wallctl.model.streams.transport import Carrier

face = golden_pictures.face


def known(state: TileState = TileState.LIVE, **others: object) -> TileFigures:
    told = TileFigures(
        tile=7,
        source=NAME,
        state=state,
        stream="sub",
        width_px=640,
        height_px=360,
        source_fps=25.0,
        presented=1500,
        fps_now=25.0,
        latency_ms=Percentiles(9.0, 14.0, 18.0),
        decoder=DecodedBy.SOFTWARE,
        coding=Coding.H264,
        bits_s=812_400,
        why=Why.SUFFICES,
    )
    return msgspec.structs.replace(told, **others)


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_info_panels(face: Face, words: Catalogue) -> None:
    """Of a tile that is well, of one that is not, of one without a picture, and of small ones."""
    hot = known(fps_now=11.5, lost=412, reconnects=3, decoder=DecodedBy.CUDA, why=None)
    dead = known(TileState.OFFLINE, lost=0, reconnects=12)
    tiles = [
        (known(), Rect(0, 0, BIG.w, BIG.h)),
        (hot, Rect(BIG.w + 4, 0, BIG.w, BIG.h)),
        (dead, Rect(0, BIG.h + 4, 320, 180)),
        (known(), Rect(324, BIG.h + 4, 320, 180)),
        (hot, Rect(648, BIG.h + 4, 240, 134)),
        (hot, Rect(892, BIG.h + 4, 72, 180)),
    ]
    canvas = gradient(Size(2 * BIG.w + 4, BIG.h + 184))
    for figures, tile in tiles:
        tile_graphics.label(face, 7, NAME, tile.size).lay(planes(canvas), tile)
        panel = info_panel.panel(face.image, info_panel.told(words, figures), tile.size)
        assert panel.rect.right <= tile.w
        assert tile_graphics.label_height(tile.size) < panel.rect.y
        assert panel.rect.bottom <= tile.h
        panel.lay(planes(canvas), tile)
    check(f"info{suffix(words)}", canvas)


def test_info_tells_how_far_apart_keyframes_are_where_that_is_far() -> None:
    for state in (TileState.LIVE, TileState.WAITING_KEY):
        said = {line.heading: line for line in info_panel.told(EN, known(state, keyframe_s=40.2))}
        assert said["Keyframes"].words == "40 s apart"
        assert said["Keyframes"].remarkable
        usual = info_panel.told(EN, known(state, keyframe_s=2.0))
        assert "Keyframes" not in [line.heading for line in usual]


@pytest.mark.parametrize(
    ("carrier", "en", "zh"),
    [
        (Carrier.TCP, "TCP", "TCP"),
        (Carrier.UDP | Carrier.FALLBACK, "UDP, as TCP fails", "UDP（TCP 不通，已自动切换）"),
        (Carrier.TCP | Carrier.RELAYED, "TCP, relayed here", "TCP（本机中转）"),
        (Carrier.NONE, None, None),
    ],
)
def test_info_tells_what_carries_the_packets(
    carrier: Carrier, en: str | None, zh: str | None
) -> None:
    for words, said in ((EN, en), (ZH, zh)):
        lines = {line.heading: line for line in info_panel.told(words, known(carrier=carrier))}
        line = lines.get(words.say(Text.INFO_TRANSPORT))
        assert (line and line.words) == said
        assert line is None or line.remarkable is (Carrier.FALLBACK in carrier)


def test_info_says_that_anybody_may_be_the_camera() -> None:
    carrier = Carrier.TCP | Carrier.RELAYED | Carrier.UNPROVEN
    for words, said in ((EN, 'not checked: tls = "insecure"'), (ZH, '未核对（tls = "insecure"）')):
        for state in (TileState.LIVE, TileState.OFFLINE):
            lines = info_panel.told(words, known(state, carrier=carrier))
            line = {one.heading: one for one in lines}[words.say(Text.INFO_CERTIFICATE)]
            assert (line.words, line.remarkable) == (said, True)


def test_info_calls_a_picture_of_a_file_a_still() -> None:
    lines = {line.heading: line for line in info_panel.told(EN, known(TileState.STILL))}
    assert lines["Rate"].words == "still, from a file"
    assert not lines["Rate"].remarkable
    assert "Delay" not in lines


def test_info_marks_what_is_remarkable() -> None:
    def remarkable(**others: object) -> list[str]:
        lines = info_panel.told(EN, known(**others))  # type: ignore[arg-type]
        return [line.heading for line in lines if line.remarkable]

    assert remarkable() == []
    assert remarkable(fps_now=11.0) == ["Rate"]
    assert remarkable(fps_now=0.0, presented=2) == [], "it has only begun"
    assert remarkable(lost=1) == remarkable(reconnects=1) == ["Losses"]
    assert remarkable(why=None) == ["Why"]


@pytest.mark.parametrize("tile", [Size(320, 180), Size(480, 270), Size(960, 540)], ids=str)
def test_a_panel_covers_no_word_of_its_tiles_slate(face: Face, tile: Size) -> None:
    caption = tile_graphics.Caption(0, reason=Reason.TIMED_OUT, since="14:05:09", informed=True)
    drawn = gradient(tile)
    tile_graphics.slate(face, ZH, TileState.OFFLINE, tile, caption).lay(planes(drawn), 0, 0)
    edge = tile_graphics._edge_height(tile)
    below = planes(drawn).y[
        tile.h - tile_graphics.panel_height(tile, tile_graphics.PANEL_ROWS) : tile.h - edge
    ]
    assert below.min() == below.max()
