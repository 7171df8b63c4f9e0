"""Masks: what lies below one is in no picture that a tap gives, whatever is done to it."""

import numpy as np
from av.video.frame import VideoFrame
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.support.fakes import planes_of
from wallctl.media.scale.colour import Matrix, codes
from wallctl.media.scale.mask_fill import MASKED
from wallctl.media.scale.scaler import Look, Scaler
from wallctl.model.base.geometry import Area, Fit, Rect, Size
from wallctl.model.site.framing import UPRIGHT, Span, Turn, View

SPANS = (
    Span(Size(400, 300), 1.4, Area(0.3, 0.1, 0.5, 0.6)),
    Span(Size(300, 90), 2.5, Area(-0.001, 0.5, 0.4, 0.5003)),
)
FORMATS = {"yuv420p": (2, 2), "yuv422p": (2, 1), "yuv444p": (1, 1)}
turns = st.builds(Turn, st.booleans(), st.integers(0, 3))
sizes = st.builds(Size, *[st.integers(8, 90).map(lambda n: 2 * n)] * 2)
"""Of pictures and of tiles."""


def noise(size: Size, kind: str, seed: int) -> list[NDArray[np.uint8]]:
    """The planes of a picture of which no two samples are alike for long."""
    dice = np.random.default_rng(seed)
    across, down = FORMATS[kind]
    shapes = ((size.h, size.w), *[(size.h // down, size.w // across)] * 2)
    return [dice.integers(16, 236, shape, np.uint8) for shape in shapes]


def frame_of(planes: list[NDArray[np.uint8]], kind: str) -> VideoFrame:
    """A frame with those planes."""
    h, w = planes[0].shape
    frame = VideoFrame(w, h, kind)
    for plane, samples in zip(frame.planes, planes, strict=True):
        whole = np.zeros((plane.height, plane.line_size), np.uint8)
        whole[:, : plane.width] = samples
        plane.update(whole.tobytes())
    return frame


def spoiled(planes: list[NDArray[np.uint8]], hidden: Rect, kind: str) -> list[NDArray[np.uint8]]:
    """The same planes with another picture in a rectangle."""
    across, down = FORMATS[kind]
    new = []
    for plane, (by_x, by_y) in zip(planes, ((1, 1), (across, down), (across, down)), strict=True):
        other = plane.copy()
        part = np.s_[
            hidden.y // by_y : hidden.bottom // by_y, hidden.x // by_x : hidden.right // by_x
        ]
        other[part] = 251 - other[part]
        new.append(other)
    return new


def written(frame: VideoFrame, look: Look, tile: Size, fit: Fit, view: View) -> NDArray[np.uint8]:
    out = np.zeros(tile.w * tile.h * 3 // 2, np.uint8)
    Scaler(tile, fit, view).write(frame, look, out)
    return out


@st.composite
def hidden_parts(draw: st.DrawFn) -> tuple[Size, Rect]:
    """A picture's size and an even rectangle in it."""
    size = draw(sizes)
    x, y = (2 * draw(st.integers(0, n // 2 - 1)) for n in (size.w, size.h))
    w = 2 * draw(st.integers(1, (size.w - x) // 2))
    h = 2 * draw(st.integers(1, (size.h - y) // 2))
    return size, Rect(x, y, w, h)


def mask_over(rect: Rect, size: Size) -> tuple[tuple[float, float], ...]:
    """The mask over a rectangle of an upright picture of that size."""
    x, y, right, bottom = (
        rect.x / size.w,
        rect.y / size.h,
        rect.right / size.w,
        rect.bottom / size.h,
    )
    return ((x, y), (right, y), (right, bottom), (x, bottom))


@settings(max_examples=300, deadline=None)
@given(
    hidden_parts(), sizes, st.sampled_from(Fit), st.sampled_from(sorted(FORMATS)), turns, turns,
    st.sampled_from([Area(0, 0, 1, 1), Area(0.25, 0.1, 0.5, 0.9), Area(0.4, 0.4, 0.3, 0.2)]),
    st.sampled_from([Matrix.BT601, Matrix.BT709]), st.booleans(), st.integers(0, 3),
    st.sampled_from([None, *SPANS]),
)  # fmt: skip
@example(
    (Size(1920, 1080), Rect(600, 400, 300, 200)), Size(480, 270), Fit.CONTAIN, "yuv420p",
    UPRIGHT, UPRIGHT, Area(0, 0, 1, 1), Matrix.BT709, False, 0, None,
)  # fmt: skip
def test_no_sample_depends_on_what_a_mask_hides(
    hidden: tuple[Size, Rect], tile: Size, fit: Fit, kind: str, upright: Turn, turn: Turn,
    crop: Area, matrix: Matrix, full_range: bool, quarters: int, span: Span | None,
) -> None:  # fmt: skip
    size, rect = hidden
    look = Look(size, kind, 1.0, quarters, matrix, full_range)
    stands = look.stored.upright.then(upright)
    mask = mask_over(stands.rect(rect, size), stands.size(size))
    view = View(upright, (mask,), crop, turn, span)
    planes = noise(size, kind, 1)
    one = written(frame_of(planes, kind), look, tile, fit, view)
    other = written(frame_of(spoiled(planes, rect, kind), kind), look, tile, fit, view)
    assert np.array_equal(one, other)


def test_a_mask_has_its_colour_and_the_rest_is_the_picture() -> None:
    size = Size(320, 180)
    frame = frame_of(noise(size, "yuv420p", 1), "yuv420p")
    look = Look(size, "yuv420p")
    triangle = ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75))
    shown = planes_of(written(frame, look, size, Fit.CONTAIN, View()), size)
    masked = planes_of(written(frame, look, size, Fit.CONTAIN, View(masks=(triangle,))), size)
    for plane, bare, code in zip(masked, shown, codes(MASKED), strict=True):
        h, w = plane.shape
        assert (plane[h // 4 : h // 3, w // 4 : w // 2] == code).all()
        differs = plane != bare
        assert not differs[: h // 4 - 8].any()
        assert not differs[:, : w // 4 - 8].any()
        assert not differs[h * 5 // 8 :, w * 5 // 8 :].any()
