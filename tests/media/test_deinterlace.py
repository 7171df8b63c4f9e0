"""Interlaced pictures: no combs where something moves, all detail where nothing does."""

from pathlib import Path

import numpy as np
import pytest
from av.video.frame import VideoFrame
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from tests.support.changing_streams import Part, elementary
from tests.support.fakes import planes_of
from wallctl.media.decode.decoder import Decoder
from wallctl.media.decode.deinterlace import SLACK, Deinterlacer
from wallctl.media.scale.scaler import Interlace, Look, Scaler, look_of
from wallctl.media.sources.file import open_file
from wallctl.model.base.geometry import Area, Fit, Size
from wallctl.model.site.framing import Span, View
from wallctl.model.site.site import Stream

PAL = Size(720, 576)
DARK, BRIGHT = 40, 200
SHIFT = 24
RINGING = 30
"""What sharp edges leave beside them when they are scaled; teeth are 160."""
INTERLACED = "bframes=0:tff=1"

Pixels = NDArray[np.uint8]


def combed(size: Size = PAL) -> Pixels:
    """A bright bar whose second field was taken when it had moved on; a frame that stands still."""
    y = np.full((size.h, size.w), DARK, np.uint8)
    y[8:-8, 200:300] = BRIGHT
    y[9:-8:2, 200 : 300 + SHIFT] = DARK
    y[9:-8:2, 200 + SHIFT : 300 + SHIFT] = BRIGHT
    y[:, 500:504] = BRIGHT
    return y


def frame_of(y: Pixels, kind: str = "yuv420p") -> VideoFrame:
    h, w = y.shape
    packed = np.concatenate([y, np.full((h // 2, w), 128, np.uint8)])
    frame = VideoFrame.from_ndarray(packed, format="yuv420p")
    return frame if kind == "yuv420p" else frame.reformat(format=kind)


def woven(size: Size, kind: str = "yuv420p") -> Look:
    return Look(size, kind, interlace=Interlace.WOVEN)


class Flagged:
    """A frame as a decoder flags it: only decoders can."""

    def __init__(self, frame: VideoFrame, interlaced: bool = True) -> None:
        self._frame = frame
        self.interlaced_frame = interlaced

    def __getattr__(self, name: str) -> object:
        return getattr(self._frame, name)


def luma(frame: object, look: Look, tile: Size, view: View | None = None) -> NDArray[np.int16]:
    out = np.zeros(tile.w * tile.h * 3 // 2, np.uint8)
    size = Scaler(tile, Fit.STRETCH, view or View()).write(frame, look, out)  # type: ignore[arg-type]
    return planes_of(out, size)[0].astype(np.int16)


def teeth(y: NDArray[np.int16]) -> int:
    """How far a line stands out from both of its neighbours, where that is most."""
    above, line, below = y[:-2], y[1:-1], y[2:]
    low, high = np.minimum(above, below), np.maximum(above, below)
    return int(np.maximum(line - high, low - line).max())


@pytest.mark.parametrize("kind", ["yuv420p", "nv12", "yuv422p", "yuv444p", "yuv420p10le"])
@pytest.mark.parametrize("tile", [PAL, Size(1440, 1152), Size(960, 540), Size(480, 384)])
def test_what_moves_has_no_teeth(kind: str, tile: Size) -> None:
    frame = frame_of(combed(), kind)
    assert teeth(luma(frame, woven(PAL, kind), PAL)) > 100  # the frame itself says progressive
    assert teeth(luma(Flagged(frame), woven(PAL, kind), tile)) <= RINGING


@pytest.mark.parametrize("kind", ["yuv420p", "yuv420p10le"])
def test_what_is_still_keeps_its_detail(kind: str) -> None:
    y = np.full((576, 720), DARK, np.uint8)
    y[100:102] = y[:, 300:301] = BRIGHT
    still = luma(Flagged(frame_of(y, kind)), woven(PAL, kind), PAL)
    assert np.abs(still - y.astype(np.int16)).max() <= 1


def test_a_picture_over_several_screens_has_no_teeth_either() -> None:
    span = Span(Size(2880, 1152), 2.5, Area(0, 0, 0.5, 1))
    view = View(span=span)
    seen = luma(Flagged(frame_of(combed())), woven(PAL), Size(1440, 1152), view)
    assert teeth(seen) <= RINGING


def test_a_part_that_is_seen_close_has_none() -> None:
    view = View(crop=Area(0.25, 0.25, 0.25, 0.25))
    assert teeth(luma(Flagged(frame_of(combed())), woven(PAL), PAL, view)) <= RINGING


@pytest.mark.parametrize("tile", [Size(360, 288), Size(240, 192)])
def test_where_lines_are_averaged_anyway_nothing_is_done(tile: Size) -> None:
    frame = frame_of(combed())
    seen = [luma(one, woven(PAL), tile) for one in (Flagged(frame), frame)]
    assert np.array_equal(seen[0], seen[1])


def test_a_progressive_picture_is_never_touched() -> None:
    y = combed()
    assert np.array_equal(luma(frame_of(y), woven(PAL), PAL), y)
    assert np.array_equal(luma(Flagged(frame_of(y)), Look(PAL, "yuv420p"), PAL), y)


@given(st.integers(2, 40), st.integers(2, 40), st.integers(0, 2**32 - 1))
def test_first_lines_stay_and_second_ones_lie_between_them(w: int, h: int, seed: int) -> None:
    w, h = 2 * w, 2 * h
    y = np.random.default_rng(seed).integers(0, 256, (h, w), np.uint8)
    frame = frame_of(y)
    mended = Deinterlacer().mend(frame)
    plane = mended.planes[0]
    out = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[:h, :w]
    assert np.array_equal(out[::2], y[::2])
    above, below, line = (part.astype(int) for part in (y[:-2:2], y[2::2], y[1:-1:2]))
    low, high = np.minimum(above, below) - SLACK, np.maximum(above, below) + SLACK
    assert np.array_equal(out[1:-1:2], np.clip(line, low.clip(0), high.clip(None, 255)))
    source = np.frombuffer(memoryview(frame.planes[0]), np.uint8)
    assert np.array_equal(source.reshape(-1, frame.planes[0].line_size)[:h, :w], y)


def played(file: Path) -> list[tuple[Look, bool]]:
    connection = open_file(Stream("main", str(file)))
    decoder = Decoder(connection.stream)
    pictures = [one for coded in connection.packets() for one in decoder.decode(coded, 0)]
    connection.close()
    return [(one.look, one.frame.interlaced_frame) for one in pictures]


def test_a_scaler_is_not_made_anew_where_only_some_pictures_are_interlaced(
    tmp_path: Path,
) -> None:
    progressive, fields = Part(PAL), Part(PAL, params=INTERLACED)
    parts = [progressive, fields, progressive, fields]
    seen = played(elementary(tmp_path / "a.264", parts))
    assert [flag for _, flag in seen] == ([False] * 6 + [True] * 6) * 2
    kinds = [look.interlace for look, _ in seen]
    assert kinds == [Interlace.NONE] * 6 + [Interlace.WOVEN] * 18


def test_a_field_alone_is_shown_as_high_as_its_picture(tmp_path: Path) -> None:
    """H.265 knows no other way; two-line fields of DVRs (2CIF) are flagged so, too."""
    for codec, suffix, params in (
        ("libx265", "265", "interlace=tff:bframes=0"),
        ("libx264", "264", INTERLACED),
    ):
        part = Part(Size(1920, 540), params=params, codec=codec)
        [(look, _)] = set(played(elementary(tmp_path / f"a.{suffix}", [part])))
        assert look.interlace is Interlace.FIELD
        assert look.stored.aspect * look.size.w / look.size.h == pytest.approx(16 / 9)


def test_a_mask_covers_a_line_more_where_lines_are_mended() -> None:
    """Nothing outside depends on what lies below: two pictures that differ there look alike."""
    corners = ((0.25, 0.25), (0.5, 0.25), (0.5, 0.5), (0.25, 0.5))
    view = View(masks=(corners,))
    for tile in (PAL, Size(1440, 1152), Size(1000, 800)):
        seen = []
        for code in (DARK, BRIGHT):
            y = combed()
            y[144:288, 180:360] = code
            seen.append(luma(Flagged(frame_of(y)), woven(PAL), tile, view))
        assert np.array_equal(seen[0], seen[1])


def test_a_flag_makes_the_look() -> None:
    frame = Flagged(frame_of(combed()))
    assert look_of(frame, 16 / 11).interlace is Interlace.WOVEN  # type: ignore[arg-type]
    assert look_of(frame, 2.0).interlace is Interlace.FIELD  # type: ignore[arg-type]
    assert replace(woven(PAL), sample_aspect=2.0).stored.aspect == 2.0
