import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from wallctl.display.drawing.sprite import Bytes, Drawing, Patch, Planes, overlap, planes
from wallctl.model.base.geometry import Rect, Size

# BT.709 limited range, from the matrix of the recommendation
KNOWN = {
    (255, 255, 255): (235, 128, 128),
    (0, 0, 0): (16, 128, 128),
    (255, 0, 0): (63, 102, 240),
    (0, 255, 0): (173, 42, 26),
    (0, 0, 255): (32, 240, 118),
    (128, 128, 128): (126, 128, 128),
}


def canvas(w: int, h: int, value: int = 100) -> Bytes:
    return np.full((h * 3 // 2, w), value, np.uint8)


def noise(w: int, h: int, seed: int = 1) -> Bytes:
    return np.random.default_rng(seed).integers(0, 256, (h * 3 // 2, w), dtype=np.uint8)


def picture(w: int, h: int, seed: int = 2) -> Image.Image:
    samples = np.random.default_rng(seed).integers(0, 256, (h, w, 4), dtype=np.uint8)
    return Image.fromarray(samples, "RGBA")


def laid(patch: Patch, w: int, h: int) -> Planes:
    target = planes(canvas(w, h))
    patch.lay(target, 0, 0)
    return target


@pytest.mark.parametrize(("rgb", "yuv"), KNOWN.items())
def test_colours_become_bt709_limited_range(
    rgb: tuple[int, int, int], yuv: tuple[int, int, int]
) -> None:
    for patch in (
        Patch.from_image(Image.new("RGB", (4, 4), rgb)),
        Patch.flat(Size(4, 4), rgb),
    ):
        assert patch.opaque
        target = laid(patch, 4, 4)
        assert tuple(int(plane[0, 0]) for plane in target) == yuv


@pytest.mark.parametrize("height", [2, 4, 6, 270, 1078])
def test_planes_cover_a_canvas_exactly(height: int) -> None:
    packed = canvas(20, height, 0)
    y, u, v = planes(packed)
    y[...], u[...], v[...] = 1, 2, 3
    assert y.shape == (height, 20)
    assert u.shape == v.shape == (height // 2, 10)
    counts = np.bincount(packed.ravel())
    assert counts.tolist() == [0, 20 * height, 5 * height, 5 * height]
    assert packed.ravel()[20 * height] == 2
    assert packed.ravel()[-1] == 3


def test_transparent_leaves_every_sample() -> None:
    packed = noise(32, 16)
    before = packed.copy()
    Patch.from_image(Image.new("RGBA", (32, 16), (255, 0, 0, 0))).lay(planes(packed), 0, 0)
    assert np.array_equal(packed, before)


def test_blending_is_the_weighted_mean_of_the_two_colours() -> None:
    image = picture(16, 8)
    below = noise(16, 8)
    target = planes(below.copy())
    Patch.from_image(image).lay(target, 0, 0)
    rgba = np.asarray(image, dtype=float)
    alpha = rgba[..., 3] / 255
    ink = 16 + rgba[..., :3] @ (219 / 255 * np.array([0.2126, 0.7152, 0.0722]))
    expected = planes(below).y * (1 - alpha) + ink * alpha
    assert np.abs(target.y - expected).max() <= 1.3


def test_chroma_is_weighted_by_alpha() -> None:
    image = Image.new("RGBA", (2, 2), (0, 0, 255, 0))
    image.putpixel((0, 0), (255, 0, 0, 255))
    target = laid(Patch.from_image(image), 2, 2)
    assert target.v[0, 0] == 100 * 0.75 + 240 * 0.25
    assert abs(target.u[0, 0] - (100 * 0.75 + 102 * 0.25)) <= 0.5


@given(st.integers(0, 2**32 - 1), st.integers(0, 255))
def test_blending_never_leaves_the_range_of_its_two_colours(seed: int, below: int) -> None:
    image = picture(8, 8, seed)
    ink = laid(Patch.from_image(image.convert("RGB")), 8, 8)
    target = planes(canvas(8, 8, below))
    Patch.from_image(image).lay(target, 0, 0)
    blended, inked = target.y.astype(int), ink.y.astype(int)  # one level is lost in rounding
    assert (blended <= np.maximum(inked, below) + 1).all()
    assert (blended >= np.minimum(inked, below) - 1).all()


@given(
    x=st.integers(-20, 70), y=st.integers(-20, 50),
    left=st.integers(0, 31), top=st.integers(0, 23),
    w=st.integers(1, 16), h=st.integers(1, 12), opaque=st.booleans(),
)  # fmt: skip
def test_clipping_changes_nothing_inside_and_everything_outside_is_untouched(
    x: int, y: int, left: int, top: int, w: int, h: int, opaque: bool
) -> None:
    image = picture(24, 18)
    patch = Patch.from_image(image.convert("RGB") if opaque else image)
    within = Rect(2 * left, 2 * top, 2 * w, 2 * h)
    before, whole, clipped = noise(64, 48), noise(64, 48), noise(64, 48)
    patch.lay(planes(whole), x, y)
    patch.lay(planes(clipped), x, y, within)
    inside = np.zeros((48, 64), bool)
    inside[within.y : within.bottom, within.x : within.right] = True
    for i, mask in enumerate((inside, inside[::2, ::2], inside[::2, ::2])):
        assert np.array_equal(
            planes(clipped)[i], np.where(mask, planes(whole)[i], planes(before)[i])
        )


def test_odd_images_grow_by_a_transparent_edge() -> None:
    patch = Patch.from_image(Image.new("RGBA", (3, 5), (255, 255, 255, 255)))
    assert patch.size == Size(4, 6)
    target = laid(patch, 8, 8)
    assert target.y[:5, :3].min() == 235
    assert target.y[5].tolist() == target.y[:, 3].tolist() == [100] * 8


def test_beside_is_the_same_as_one_after_the_other() -> None:
    parts = [Patch.from_image(picture(w, 6, w)) for w in (4, 2, 8)]
    together, apart = noise(20, 8), noise(20, 8)
    Patch.beside(parts).lay(planes(together), 2, 2)
    for part, x in zip(parts, (2, 6, 8), strict=True):
        part.lay(planes(apart), x, 2)
    assert np.array_equal(together, apart)


def test_composed_is_opaque_and_holds_its_drawings() -> None:
    white = Patch.flat(Size(4, 4), (255, 255, 255))
    patch = Patch.composed(Size(16, 8), (0, 0, 0), [Drawing(white, 6, 2)])
    assert patch.opaque
    target = laid(patch, 16, 8)
    assert target.y.sum() == 16 * 16 * 8 + (235 - 16) * 16
    assert target.y[2:6, 6:10].min() == 235


def test_a_drawing_stays_in_its_tile() -> None:
    drawing = Drawing(Patch.flat(Size(8, 8), (255, 255, 255)), 4, 4)
    target = planes(canvas(32, 32))
    drawing.lay(target, Rect(10, 10, 8, 8))
    assert (target.y == 235).sum() == 4 * 4
    assert target.y[14:18, 14:18].min() == 235
    assert drawing.rect == Rect(4, 4, 8, 8)


def test_strokes_are_kept_and_laid_again_on_what_is_there_then() -> None:
    drawing = Drawing(Patch.from_image(picture(16, 8)), 4, 2)
    packed = noise(32, 16)
    strokes = drawing.onto(planes(packed), Rect(2, 2, 28, 12))
    for seed in (1, 2):
        packed[...] = noise(32, 16, seed)
        expected = packed.copy()
        drawing.lay(planes(expected), Rect(2, 2, 28, 12))
        for stroke in strokes:
            stroke.lay()
        assert np.array_equal(packed, expected)


def test_there_are_no_strokes_where_nothing_shows() -> None:
    drawing = Drawing(Patch.flat(Size(8, 8), (255, 255, 255)), 40, 4)
    assert drawing.onto(planes(canvas(32, 32))) == ()


def test_overlap() -> None:
    assert overlap(Rect(0, 0, 4, 4), Rect(2, 2, 4, 4)) == Rect(2, 2, 2, 2)
    assert overlap(Rect(0, 0, 4, 4), Rect(4, 0, 4, 4)) is None
