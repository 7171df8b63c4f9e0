"""Tiles in each state, with label, frame and lock: how they look, and what holds for all sizes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import golden_pictures
from tests.support.catalogues import EN, ZH
from tests.support.drawing_canvas import (
    BIG,
    EVEN_SIZES,
    NAME,
    SCREEN,
    SMALL,
    check,
    drawn_on,
    gradient,
    rgb,
    suffix,
)
from tests.support.fakes import Pixels
from tests.support.golden_pictures import BLOCK_LIMIT, differences
from tests.support.sites import LAYOUTS
from wallctl.display.compositor.ring_reader import cropped
from wallctl.display.drawing import selection_frame, tile_graphics
from wallctl.display.drawing.sprite import Planes, planes
from wallctl.display.drawing.tile_graphics import Caption
from wallctl.display.overlays.locks import tile_lock
from wallctl.display.text.text_line import Face
from wallctl.model.base.geometry import Rect, Side, Size
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.site.layout import tile_rects
from wallctl.model.streams.health import SHOWS_PICTURE, Reason, TileState

face = golden_pictures.face
REASONS = {TileState.OFFLINE: Reason.TIMED_OUT, TileState.REFUSED: Reason.BAD_CREDENTIALS}
SLATES = sorted(set(TileState) - SHOWS_PICTURE, key=lambda state: state.value)
MARKED = (TileState.STALE, TileState.SHED, TileState.CATCHING_UP)


def given_words(words: Catalogue, what: Text = Text.KEYFRAMES, **fields: int) -> str:
    return f"sub · {words.say(what, **fields)} · {words.say(Text.CPU_BUSY)}"


GIVEN = given_words(ZH)


def paint_tile(face: Face, words: Catalogue, state: TileState, target: Planes, tile: Rect) -> None:
    since = "14:05:09" if state in {*REASONS, TileState.STALE} else ""
    if state is TileState.SHED:
        since = given_words(words)
    if state in SHOWS_PICTURE:
        if state is TileState.STALE:
            tile_graphics.veil(cropped(target, tile))
        tile_graphics.label(face, 7, NAME, tile.size).lay(target, tile)
        if state is TileState.LIVE:
            return
        tile_graphics.badge(face, words, state, tile.size, since).lay(target, tile)
        return
    caption = Caption(7, NAME, REASONS.get(state, Reason.NONE), since)
    tile_graphics.slate(face, words, state, tile.size, caption).lay(target, tile.x, tile.y)


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
@pytest.mark.parametrize("state", [*SLATES, *MARKED, TileState.LIVE], ids=lambda state: state.value)
def test_a_big_and_a_small_tile(face: Face, words: Catalogue, state: TileState) -> None:
    canvas = gradient(Size(BIG.w + SMALL.w + 12, BIG.h))
    for size, x in ((BIG, 0), (SMALL, BIG.w + 12)):
        paint_tile(face, words, state, planes(canvas), Rect(x, 0, size.w, size.h))
    check(f"tile_{state.value}{suffix(words)}", canvas)


NINE = (
    *(TileState.CONNECTING, TileState.WAITING_KEY, TileState.LIVE),
    *(TileState.STALE, TileState.OFFLINE, TileState.REFUSED),
    *(TileState.MASKED, TileState.SHED, TileState.EMPTY),
)


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_the_states_side_by_side(face: Face, words: Catalogue) -> None:
    """As somebody sees them who has never seen them before."""
    canvas = gradient(SCREEN)
    for state, tile in zip(NINE, tile_rects(LAYOUTS["3x3"], SCREEN), strict=True):
        paint_tile(face, words, state, planes(canvas), tile)
    check(f"states{suffix(words)}", canvas)


def test_label_and_frame(face: Face) -> None:
    label = tile_graphics.label(face, 117, NAME, BIG)
    check("label_and_frame", drawn_on(BIG, label, *selection_frame.frame(BIG)))


def test_a_locked_tile(face: Face) -> None:
    tile = Rect(0, 0, BIG.w, BIG.h)
    label = tile_graphics.label(face, 7, NAME, BIG)
    check("tile_lock", drawn_on(BIG, label, *selection_frame.frame(BIG), tile_lock(tile)))


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_the_label_of_a_backup(face: Face, words: Catalogue) -> None:
    canvas = gradient(Size(BIG.w + SMALL.w + 12, BIG.h))
    text = words.say(Text.BACKUP, name="东门二号机", lost="东门路口")
    for size, x in ((BIG, 0), (SMALL, BIG.w + 12)):
        tile = Rect(x, 0, size.w, size.h)
        tile_graphics.label(face, 12, text, size, stands_in=True).lay(planes(canvas), tile)
    check(f"label_backup{suffix(words)}", canvas)


def test_what_a_live_tile_gets_less_of(face: Face) -> None:
    given = given_words(ZH, Text.RATE, rate=12)
    check(
        "small_print",
        drawn_on(
            BIG,
            tile_graphics.label(face, 7, NAME, BIG),
            tile_graphics.small_print(face, given, BIG),
        ),
    )


def test_small_print_that_has_no_room_is_a_dot(face: Face) -> None:
    dot = tile_graphics.small_print(face, GIVEN, Size(64, 36)).patch.size
    assert dot.w < 20


def test_the_comparison_sees_a_missing_word(face: Face) -> None:
    def offline(caption: Caption) -> Pixels:
        canvas = gradient(BIG)
        tile_graphics.slate(face, ZH, TileState.OFFLINE, BIG, caption).lay(planes(canvas), 0, 0)
        return rgb(canvas)

    whole = offline(Caption(7, NAME, Reason.TIMED_OUT, "14:05:09"))
    nameless = offline(Caption(7, "", Reason.TIMED_OUT, "14:05:09"))
    assert differences(whole, nameless)[1] > BLOCK_LIMIT
    assert differences(whole, whole) == (0, 0)


@settings(max_examples=40, deadline=None)
@given(
    size=EVEN_SIZES,
    words=st.sampled_from([ZH, EN]),
    state=st.sampled_from(SLATES),
    number=st.integers(0, 9999),
    name=st.text(),
)
def test_a_slate_is_opaque_and_fills_a_tile_of_any_size(
    face: Face, size: Size, words: Catalogue, state: TileState, number: int, name: str
) -> None:
    patch = tile_graphics.slate(
        face, words, state, size, Caption(number, name, Reason.BUSY, "23:59:59")
    )
    assert patch.opaque
    assert patch.size == size


@settings(max_examples=40, deadline=None)
@given(size=EVEN_SIZES, words=st.sampled_from([ZH, EN]), number=st.integers(0, 999), name=st.text())
def test_labels_and_badges_have_an_even_size_and_stay_in_any_real_tile(
    face: Face, size: Size, words: Catalogue, number: int, name: str
) -> None:
    drawings = [tile_graphics.label(face, number, name, size)]
    drawings += [tile_graphics.badge(face, words, state, size, "23:59:59") for state in MARKED]
    drawings.append(tile_graphics.small_print(face, given_words(words), size))
    for drawing in drawings:
        assert drawing.patch.size.w % 2 == drawing.patch.size.h % 2 == 0
        if size.w >= 80 and size.h >= 60:
            assert drawing.rect.right <= size.w
            assert drawing.rect.bottom <= size.h
            assert drawing.rect.x >= 0


@pytest.mark.parametrize(
    ("tile_h", "label_h"), [(64, 14), (90, 14), (270, 22), (540, 44), (1080, 44)]
)
def test_a_label_grows_with_its_tile(tile_h: int, label_h: int) -> None:
    assert tile_graphics.label_height(Size(tile_h * 16 // 9, tile_h)) == label_h


def test_slates_differ_at_a_glance(face: Face) -> None:
    """Two states differ by more than their words: by the line along the foot, seen from afar, and
    whether there is a picture above it."""

    def glance(state: TileState) -> tuple[bool, tuple[int, ...]]:
        canvas = gradient(BIG)
        paint_tile(face, ZH, state, planes(canvas), Rect(0, 0, BIG.w, BIG.h))
        return state in SHOWS_PICTURE, tuple(int(c) for c in rgb(canvas)[-2, 4])

    seen = [glance(state) for state in (*NINE, TileState.CATCHING_UP)]
    for i, (pictured, colour) in enumerate(seen):
        for other_pictured, other in seen[:i]:
            apart = sum(abs(a - b) for a, b in zip(colour, other, strict=True))
            assert apart > 60 or pictured is not other_pictured


def test_veil_halves_light_and_colour() -> None:
    canvas = np.empty((12, 8), np.uint8)
    target = planes(canvas)
    target.y[...], target.u[...], target.v[...] = 235, 228, 28
    target.y[0] = 16
    tile_graphics.veil(cropped(target, Rect(0, 0, 8, 4)))
    assert target.y[0].tolist() == [16] * 8
    assert set(target.y[1:4].ravel().tolist()) == {125}
    assert set(target.y[4:].ravel().tolist()) == {235}
    assert (target.u[0, 0], target.v[0, 0]) == (178, 78)


def test_the_frame_covers_the_edges_and_nothing_else() -> None:
    canvas = np.zeros((BIG.h * 3 // 2, BIG.w), np.uint8)
    for drawing in selection_frame.frame(BIG):
        drawing.lay(planes(canvas))
    y = planes(canvas).y
    thick, light = 6, 4
    edge = np.ones((BIG.h, BIG.w), bool)
    edge[thick:-thick, thick:-thick] = False
    assert (y[edge] > 0).all()
    assert (y[~edge] == 0).all()
    assert y[:light].min() > y[light:thick, thick:-thick].max() + 100


@given(st.sets(st.sampled_from(Side)))
def test_a_frame_leaves_open_where_its_tile_goes_on(joined: set[Side]) -> None:
    """And where it does not, it reaches from one edge to the other."""
    canvas = np.full((BIG.h * 3 // 2, BIG.w), 128, np.uint8)
    for drawing in selection_frame.frame(BIG, joined):
        drawing.lay(planes(canvas))
    painted = canvas[: BIG.h] != 128
    edges = {
        Side.TOP: painted[0], Side.BOTTOM: painted[-1],
        Side.LEFT: painted[:, 0], Side.RIGHT: painted[:, -1],
    }  # fmt: skip
    for side, edge in edges.items():
        assert edge[20:-20].any() == (side not in joined)
        assert edge.all() == (side not in joined)
