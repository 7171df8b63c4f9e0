"""Every drawing of the wall against a golden picture, and what must hold for all sizes.

The pictures in ``tests/golden/drawing`` are drawn with Noto Sans CJK. After a change that is
meant, draw them again with ``WALLCTL_UPDATE_GOLDEN=1 pytest tests/test_present_drawing.py`` and
look at each before it is committed.
"""

import datetime
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.sites import site
from tests.words import EN, ZH
from wallctl.model.catalogue import Catalogue, Text, wall_clock
from wallctl.model.geometry import Rect, Size
from wallctl.model.health import SHOWS_PICTURE, Reason, TileState
from wallctl.model.help import HelpEntry, help_entries
from wallctl.present import overlays, slates
from wallctl.present.fonts import find_font
from wallctl.present.help_sheet import HelpSheet
from wallctl.present.patch import Bytes, Drawing, Planes, planes
from wallctl.present.slates import Caption
from wallctl.present.text import Face

GOLDEN = Path(__file__).parent / "golden" / "drawing"
UPDATE = os.environ.get("WALLCTL_UPDATE_GOLDEN") == "1"
MEAN_LIMIT, BLOCK_LIMIT, BLOCK_PX = 2.0, 20.0, 16
"""A minor change of FreeType moves edges by a shade; a missing word or icon fills a block."""

BIG, SMALL = Size(480, 270), Size(160, 90)
SCREEN = Size(960, 540)
NAME = "G318 国道卡口 Toll"
REASONS = {TileState.OFFLINE: Reason.TIMED_OUT, TileState.REFUSED: Reason.BAD_CREDENTIALS}
SLATES = sorted(set(TileState) - SHOWS_PICTURE, key=lambda state: state.value)
MARKED = (TileState.STALE, TileState.SHED, TileState.CATCHING_UP)
EVEN_SIZES = st.builds(Size, st.integers(1, 400).map(lambda n: 2 * n), st.integers(1, 240).map(
    lambda n: 2 * n
))  # fmt: skip

Pixels = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def face() -> Face:
    font = find_font()
    if font is None or "NotoSansCJK" not in font.path:
        pytest.skip("the golden pictures are drawn with Noto Sans CJK, which is not installed")
    return Face(font)


def gradient(size: Size) -> Bytes:
    """A grey picture from dark (left) to bright (right), a little bluish at its foot."""
    canvas = np.empty((size.h * 3 // 2, size.w), np.uint8)
    y, u, v = planes(canvas)
    y[...] = np.linspace(40, 220, size.w)
    u[...] = np.linspace(128, 140, size.h // 2)[:, None]
    v[...] = 128
    return canvas


def rgb(canvas: Bytes) -> Pixels:
    y, u, v = (plane.astype(float) for plane in planes(canvas))
    luma = (y - 16) * 255 / 219
    blue, red = ((c.repeat(2, 0).repeat(2, 1) - 128) * 255 / 224 for c in (u, v))
    mixed = np.dstack(
        [luma + 1.5748 * red, luma - 0.1873 * blue - 0.4681 * red, luma + 1.8556 * blue]
    )
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def cropped(target: Planes, rect: Rect) -> Planes:
    y, u, v = target
    half = np.s_[rect.y // 2 : rect.bottom // 2, rect.x // 2 : rect.right // 2]
    return Planes(y[rect.y : rect.bottom, rect.x : rect.right], u[half], v[half])


def differences(drawn: Pixels, golden: Pixels) -> tuple[float, float]:
    """Mean absolute difference of the whole, and of the block that differs most."""
    distance = np.abs(drawn.astype(float) - golden.astype(float)).mean(2)
    h, w = (length // BLOCK_PX * BLOCK_PX for length in distance.shape)
    blocks = distance[:h, :w].reshape(h // BLOCK_PX, BLOCK_PX, w // BLOCK_PX, BLOCK_PX)
    return float(distance.mean()), float(blocks.mean((1, 3)).max())


def check(name: str, canvas: Bytes) -> None:
    drawn, path = rgb(canvas), GOLDEN / f"{name}.png"
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(drawn).save(path, optimize=True)
        return
    with Image.open(path) as image:
        golden = np.asarray(image.convert("RGB"))
    assert drawn.shape == golden.shape
    mean, block = differences(drawn, golden)
    assert mean <= MEAN_LIMIT, f"{name}: mean difference {mean:.2f}"
    assert block <= BLOCK_LIMIT, f"{name}: a block differs by {block:.1f}"


def suffix(words: Catalogue) -> str:
    """Behind the name of a golden picture that is not in Chinese."""
    return "" if words is ZH else f"_{words.language.value}"


def drawn_on(size: Size, *drawings: Drawing) -> Bytes:
    canvas = gradient(size)
    for drawing in drawings:
        drawing.lay(planes(canvas))
    return canvas


def given_words(words: Catalogue, what: Text = Text.KEYFRAMES, **fields: int) -> str:
    return f"sub · {words.say(what, **fields)} · {words.say(Text.CPU_BUSY)}"


GIVEN = given_words(ZH)


def paint_tile(face: Face, words: Catalogue, state: TileState, target: Planes, tile: Rect) -> None:
    since = "14:05:09" if state in {*REASONS, TileState.STALE} else ""
    if state is TileState.SHED:
        since = given_words(words)
    if state in SHOWS_PICTURE:
        if state is TileState.STALE:
            slates.veil(cropped(target, tile))
        slates.label(face, 7, NAME, tile.size).lay(target, tile)
        slates.badge(face, words, state, tile.size, since).lay(target, tile)
        return
    caption = Caption(7, NAME, REASONS.get(state, Reason.NONE), since)
    slates.slate(face, words, state, tile.size, caption).lay(target, tile.x, tile.y)


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
@pytest.mark.parametrize("state", [*SLATES, *MARKED], ids=lambda state: state.value)
def test_a_big_and_a_small_tile(face: Face, words: Catalogue, state: TileState) -> None:
    canvas = gradient(Size(BIG.w + SMALL.w + 12, BIG.h))
    for size, x in ((BIG, 0), (SMALL, BIG.w + 12)):
        paint_tile(face, words, state, planes(canvas), Rect(x, 0, size.w, size.h))
    check(f"tile_{state.value}{suffix(words)}", canvas)


def test_label_and_frame(face: Face) -> None:
    label = slates.label(face, 117, NAME, BIG)
    check("label_and_frame", drawn_on(BIG, label, *overlays.frame(BIG)))


def test_what_a_live_tile_gets_less_of(face: Face) -> None:
    given = given_words(ZH, Text.RATE, rate=12)
    check(
        "small_print",
        drawn_on(BIG, slates.label(face, 7, NAME, BIG), slates.small_print(face, given, BIG)),
    )


def test_small_print_that_has_no_room_is_a_dot(face: Face) -> None:
    dot = slates.small_print(face, GIVEN, Size(64, 36)).patch.size
    assert dot.w < 20


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_help(face: Face, words: Catalogue) -> None:
    sheet = HelpSheet(face, words, help_entries(site(), words), SCREEN).drawing()
    assert sheet.patch.opaque
    check(f"help{suffix(words)}", drawn_on(SCREEN, sheet))


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_toast_clock_and_countdown(face: Face, words: Catalogue) -> None:
    when = wall_clock(datetime.datetime(2026, 11, 22, 14, 5, 9), words)
    clock = overlays.ClockFace(face, SCREEN).drawn(when)
    toast = overlays.toast(face, words.say(Text.SWITCHING, name="早高峰"), SCREEN)
    check(f"toast_and_clock{suffix(words)}", drawn_on(SCREEN, toast, clock))
    countdown = overlays.quit_countdown(face, words.say(Text.HOLD_TO_QUIT), 0.6, SCREEN)
    check(f"countdown{suffix(words)}", drawn_on(SCREEN, countdown))


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_what_is_wrong_with_the_files_and_the_monitor(face: Face, words: Catalogue) -> None:
    line = words.say(Text.SITE_FILE_FAULT, place="presets/早班.toml:3")
    clock = overlays.ClockFace(face, SCREEN).drawn(
        wall_clock(datetime.datetime(2026, 11, 22, 14, 5, 9), words)
    )
    drawn = overlays.notice(face, line, SCREEN)
    assert (drawn.rect.y, drawn.rect.h) == (clock.rect.y, clock.rect.h)
    check(f"notice{suffix(words)}", drawn_on(SCREEN, drawn, clock))
    mode = words.say(Text.WRONG_MODE, mode="640×480", wanted="1920×1080")
    above = overlays.notice(face, mode, SCREEN, below=1)
    check(f"wrong_mode{suffix(words)}", drawn_on(SCREEN, drawn, above, clock))


def test_the_comparison_sees_a_missing_word(face: Face) -> None:
    def offline(caption: Caption) -> Pixels:
        canvas = gradient(BIG)
        slates.slate(face, ZH, TileState.OFFLINE, BIG, caption).lay(planes(canvas), 0, 0)
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
    patch = slates.slate(face, words, state, size, Caption(number, name, Reason.BUSY, "23:59:59"))
    assert patch.opaque
    assert patch.size == size


@settings(max_examples=40, deadline=None)
@given(size=EVEN_SIZES, words=st.sampled_from([ZH, EN]), number=st.integers(0, 999), name=st.text())
def test_labels_and_badges_have_an_even_size_and_stay_in_any_real_tile(
    face: Face, size: Size, words: Catalogue, number: int, name: str
) -> None:
    drawings = [slates.label(face, number, name, size)]
    drawings += [slates.badge(face, words, state, size, "23:59:59") for state in MARKED]
    drawings.append(slates.small_print(face, given_words(words), size))
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
    assert slates.label_height(Size(tile_h * 16 // 9, tile_h)) == label_h


def test_slates_differ_at_a_glance(face: Face) -> None:
    """Two states differ by more than their words: their grounds or their lines do."""

    def glance(state: TileState) -> tuple[int, ...]:
        canvas = gradient(BIG)
        slates.slate(face, ZH, state, BIG, Caption(7)).lay(planes(canvas), 0, 0)
        return tuple(int(c) for c in rgb(canvas)[-2, 4])

    assert len({glance(state) for state in SLATES}) == len(SLATES)


def test_veil_halves_light_and_colour() -> None:
    canvas = np.empty((12, 8), np.uint8)
    target = planes(canvas)
    target.y[...], target.u[...], target.v[...] = 235, 228, 28
    target.y[0] = 16
    slates.veil(cropped(target, Rect(0, 0, 8, 4)))
    assert target.y[0].tolist() == [16] * 8
    assert set(target.y[1:4].ravel().tolist()) == {125}
    assert set(target.y[4:].ravel().tolist()) == {235}
    assert (target.u[0, 0], target.v[0, 0]) == (178, 78)


def test_the_frame_covers_the_edges_and_nothing_else() -> None:
    canvas = np.zeros((BIG.h * 3 // 2, BIG.w), np.uint8)
    for drawing in overlays.frame(BIG):
        drawing.lay(planes(canvas))
    y = planes(canvas).y
    thick, light = 6, 4
    edge = np.ones((BIG.h, BIG.w), bool)
    edge[thick:-thick, thick:-thick] = False
    assert (y[edge] > 0).all()
    assert (y[~edge] == 0).all()
    assert y[:light].min() > y[light:thick, thick:-thick].max() + 100


def test_the_clock_does_not_move_as_time_goes_by(face: Face) -> None:
    clock = overlays.ClockFace(face, SCREEN)
    times = [f"2026-11-22 周日 1{n}:{n}1:0{n}" for n in range(5)]
    assert len({clock.drawn(text).rect for text in times}) == 1


@pytest.mark.parametrize(
    "canvas", [Size(3840, 2160), Size(1920, 1080), Size(640, 360), Size(1080, 1920)]
)
def test_overlays_stay_on_every_canvas(face: Face, canvas: Size) -> None:
    many = [HelpEntry("", "预案")]
    many += [HelpEntry("Ctrl+Shift+Q PgUp", "很长的预案名称" * 4)] * 40
    long = "未知名称 " + "很长" * 90
    drawn: tuple[Callable[[], Drawing], ...] = (
        lambda: HelpSheet(face, EN, many, canvas).drawing(),
        lambda: HelpSheet(face, ZH, (), canvas).drawing(),
        lambda: overlays.toast(face, long, canvas),
        lambda: overlays.notice(face, long, canvas, below=1),
        lambda: overlays.quit_countdown(face, long, 1.5, canvas),
        lambda: overlays.ClockFace(face, canvas).drawn("2026-11-22 周日 14:05:09"),
    )
    for draw in drawn:
        rect = draw().rect
        assert rect.x >= 0
        assert rect.y >= 0
        assert rect.right <= canvas.w
        assert rect.bottom <= canvas.h
