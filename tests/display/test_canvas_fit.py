"""Canvases on outputs of another size or turned: whole, in the middle, and only what changed."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fakes import Pixels, bring
from wallctl.display.compositor.canvas_fit import Fitted
from wallctl.display.drawing.sprite import planes
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.site.framing import Turn

CANVAS = Size(48, 32)
WHOLE = Rect(0, 0, CANVAS.w, CANVAS.h)
evens = st.integers(0, 7).map(lambda n: 2 * n)
parts = st.builds(Rect, evens, evens, evens.map(lambda n: n + 2), evens.map(lambda n: n + 2))
turns = st.builds(Turn, quarters=st.integers(0, 3))


def noise(seed: int) -> Pixels:
    canvas = np.random.default_rng(seed).integers(16, 236, (CANVAS.h * 3 // 2, CANVAS.w))
    return canvas.astype(np.uint8)


@given(turns, st.lists(parts, min_size=1, max_size=4), st.integers(0, 99))
def test_of_a_turned_canvas_only_what_changed_is_brought(
    turn: Turn, changed: list[Rect], seed: int
) -> None:
    fitted = Fitted(CANVAS, turn.size(CANVAS), turn)
    canvas, newer = noise(seed), noise(seed + 1)
    assert fitted.write(canvas, [WHOLE]) == [fitted.target]
    written = fitted.write(newer, changed)
    bring(canvas, newer, changed)
    for plane, shown in zip(planes(canvas), planes(fitted.pixels), strict=True):
        assert np.array_equal(np.rot90(plane, -turn.quarters), shown)
    areas = sorted((rect.w * rect.h) for rect in changed)
    assert sorted(rect.w * rect.h for rect in written) == areas


@given(turns, st.sampled_from([Size(96, 96), Size(20, 60), Size(64, 18)]))
def test_a_canvas_that_does_not_fit_is_shown_whole_on_black(turn: Turn, output: Size) -> None:
    fitted = Fitted(CANVAS, output, turn)
    canvas = np.full((CANVAS.h * 3 // 2, CANVAS.w), 128, np.uint8)
    canvas[: CANVAS.h] = 200
    [target] = fitted.write(canvas, [Rect(0, 0, 2, 2)])
    assert target == fitted.target
    luma = fitted.pixels[: output.h]
    assert (luma[target.y : target.bottom, target.x : target.right] == 200).all()
    assert (luma == 200).sum() == target.w * target.h
    assert target.w == output.w or target.h == output.h
