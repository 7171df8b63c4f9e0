"""Grey pictures are as dark and as bright as colour pictures of the same codes."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.changing_streams import FULL, LIMITED, Part, elementary
from tests.support.fakes import planes_of
from wallctl.media.decode.decoder import Decoder, Picture
from wallctl.media.scale.scaler import Scaler
from wallctl.media.sources.file import open_file
from wallctl.media.sources.still import read_still
from wallctl.model.base.geometry import Area, Fit, Size
from wallctl.model.site.framing import PLAIN, Span, View
from wallctl.model.site.site import Stream

SIZE, TILE = Size(352, 288), Size(176, 144)
SPANNING = View(span=Span(Size(352, 288), 352 / 288, Area(0, 0, 0.5, 0.5)))


def shown(picture: Picture, tile: Size = TILE, view: View = PLAIN) -> list[tuple[int, int]]:
    """The least and the greatest code of each plane."""
    out = np.zeros(tile.w * tile.h * 3 // 2, np.uint8)
    size = Scaler(tile, Fit.STRETCH, view).write(picture.frame, picture.look, out)
    return [(int(plane.min()), int(plane.max())) for plane in planes_of(out, size)]


@pytest.mark.parametrize(("codec", "suffix"), [("libx264", "264"), ("libx265", "265")])
@pytest.mark.parametrize("pixels", ["gray", "gray10le", "yuv420p", "yuv420p10le"])
@pytest.mark.parametrize(
    ("range_", "code"), [(LIMITED, 16), (LIMITED, 235), (FULL, 0), (FULL, 255), (None, 16)]
)
def test_black_is_black_and_white_is_white(
    codec: str, suffix: str, pixels: str, range_: int | None, code: int, tmp_path: Path
) -> None:
    part = Part(SIZE, range_=range_, pixels=pixels, codec=codec, luma=code, pictures=2)
    connection = open_file(Stream("main", str(elementary(tmp_path / f"a.{suffix}", [part]))))
    decoder = Decoder(connection.stream)
    pictures = [one for coded in connection.packets() for one in decoder.decode(coded, 0)]
    expected = {0: 16, 255: 235}.get(code, code) if range_ is FULL else code
    for view, tile in ((PLAIN, TILE), (PLAIN, Size(704, 576)), (PLAIN, SIZE), (SPANNING, TILE)):
        luma, *chroma = shown(pictures[0], tile, view)
        assert luma[0] >= expected - 1
        assert luma[1] <= expected + 1
        assert all(127 <= low <= high <= 129 for low, high in chroma)
    connection.close()


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "tiff", "pgm"])
def test_a_grey_still_spans_all_codes(suffix: str, tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 255, SIZE.w).astype(np.uint8), (SIZE.h, 1))
    Image.fromarray(ramp, "L").save(file := tmp_path / f"a.{suffix}")
    luma, *_ = shown(read_still(Stream("main", str(file)), 0), SIZE)
    assert luma[0] in (16, 17)
    assert luma[1] in (234, 235)
