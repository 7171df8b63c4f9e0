"""Every drawing of the wall against a golden picture, and what must hold for all sizes.

The pictures in ``tests/golden/drawing`` are drawn with Noto Sans CJK. After a change that is
meant, draw them again with ``WALLCTL_UPDATE_GOLDEN=1 pytest tests/test_present_drawing.py`` and
look at each before it is committed.
"""

import datetime
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.sites import LAYOUTS, site
from tests.words import EN, ZH
from wallctl.model.alarm import AlarmColour
from wallctl.model.alarm_sign import AlarmSign
from wallctl.model.catalogue import Catalogue, Text, wall_clock
from wallctl.model.choice import Why
from wallctl.model.coding import Coding
from wallctl.model.colours import GROUND, Colour
from wallctl.model.geometry import Rect, Side, Size
from wallctl.model.hardware import DecodedBy
from wallctl.model.health import SHOWS_PICTURE, Reason, TileState
from wallctl.model.help import HelpEntry, HelpGroup, HelpPage, help_page
from wallctl.model.histogram import Percentiles
from wallctl.model.layout import tile_rects
from wallctl.model.marks import Mark
from wallctl.model.site import Preset, PresetScreen, Site
from wallctl.present import alarm_signs, help_sheet, info_panel, overlays, shapes, sketches, slates
from wallctl.present.fonts import find_font
from wallctl.present.help_sheet import HelpSheet
from wallctl.present.orders import TileFigures
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


def furnished() -> Site:
    """A site with presets of one screen and of both, and with keys of its own."""
    plain = site(screens=2)
    names = tuple(one.name for one in plain.sources)
    both = Preset(
        "早高峰",
        (PresetScreen("left", "1+5", names[:6]), PresetScreen("right", "2x2", names[6:9])),
        en="Rush hour",
    )
    keys = {"F7": "show 7 left/2", "F8": "layout 1+5 @right"}
    return msgspec.structs.replace(plain, presets=(*plain.presets, both), hotkeys=keys)


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
        if state is TileState.LIVE:
            return
        slates.badge(face, words, state, tile.size, since).lay(target, tile)
        return
    caption = Caption(7, NAME, REASONS.get(state, Reason.NONE), since)
    slates.slate(face, words, state, tile.size, caption).lay(target, tile.x, tile.y)


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
    label = slates.label(face, 117, NAME, BIG)
    check("label_and_frame", drawn_on(BIG, label, *overlays.frame(BIG)))


def test_a_locked_tile(face: Face) -> None:
    tile = Rect(0, 0, BIG.w, BIG.h)
    label = slates.label(face, 7, NAME, BIG)
    check("tile_lock", drawn_on(BIG, label, *overlays.frame(BIG), overlays.tile_lock(tile)))


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_the_label_of_a_backup(face: Face, words: Catalogue) -> None:
    canvas = gradient(Size(BIG.w + SMALL.w + 12, BIG.h))
    text = words.say(Text.BACKUP, name="东门二号机", lost="东门路口")
    for size, x in ((BIG, 0), (SMALL, BIG.w + 12)):
        tile = Rect(x, 0, size.w, size.h)
        slates.label(face, 12, text, size, stands_in=True).lay(planes(canvas), tile)
    check(f"label_backup{suffix(words)}", canvas)


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
    sheet = HelpSheet(face, words, help_page(furnished(), words), SCREEN).drawing()
    assert sheet.patch.opaque
    check(f"help{suffix(words)}", drawn_on(SCREEN, sheet))


def test_help_on_a_screen_that_stands_upright(face: Face) -> None:
    sheet = HelpSheet(face, ZH, help_page(furnished(), ZH), Size(540, 960)).drawing()
    check("help_upright", drawn_on(Size(540, 960), sheet))


@pytest.mark.parametrize("canvas", [Size(1920, 1080), Size(1280, 720), Size(1080, 1920)])
def test_the_help_tells_every_source_of_a_site_of_64(face: Face, canvas: Size) -> None:
    page = help_page(site(sources=64), ZH)
    ems = help_sheet._Ems.of(face, page)
    assert help_sheet._largest(page, canvas, ems).tells_all
    many = help_page(site(sources=500), ZH)
    plan = help_sheet._largest(many, canvas, ems)
    assert plan.fits
    assert not plan.tells_all


def test_the_help_covers_the_screen_and_hides_nothing_of_itself(face: Face) -> None:
    """As large as the canvas, and its last source is on it however many there are."""
    for count in (1, 14, 200):
        sheet = HelpSheet(face, EN, help_page(site(sources=count), EN), SCREEN)
        while sheet.draw_on():
            pass
        assert sheet.drawing().rect == Rect(0, 0, SCREEN.w, SCREEN.h)
        foot = overlays.corner_height(SCREEN)
        y = planes(drawn_on(SCREEN, sheet.drawing())).y
        assert (y[-foot:] == y[-1, 0]).all(), "the clock's place is free"


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_toast_clock_and_countdown(face: Face, words: Catalogue) -> None:
    when = wall_clock(datetime.datetime(2026, 11, 22, 14, 5, 9), words)
    clock = overlays.ClockFace(face, SCREEN).drawn(when)
    toast = overlays.toast(face, words.say(Text.SWITCHING, name="早高峰"), SCREEN)
    check(f"toast_and_clock{suffix(words)}", drawn_on(SCREEN, toast, clock))
    right = overlays.beside_clock(clock, SCREEN)
    marks = overlays.wall_marks(tuple(Mark), right, SCREEN)
    assert marks.rect.right <= clock.x
    check(f"clock_and_marks{suffix(words)}", drawn_on(SCREEN, clock, marks))
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
        slates.label(face, 7, NAME, tile.size).lay(planes(canvas), tile)
        panel = info_panel.panel(face.image, info_panel.told(words, figures), tile.size)
        assert panel.rect.right <= tile.w
        assert slates.label_height(tile.size) < panel.rect.y
        assert panel.rect.bottom <= tile.h
        panel.lay(planes(canvas), tile)
    check(f"info{suffix(words)}", canvas)


def test_info_marks_what_is_remarkable() -> None:
    def remarkable(**others: object) -> list[str]:
        lines = info_panel.told(EN, known(**others))  # type: ignore[arg-type]
        return [line.heading for line in lines if line.remarkable]

    assert remarkable() == []
    assert remarkable(fps_now=11.0) == ["Rate"]
    assert remarkable(fps_now=0.0, presented=2) == [], "it has only begun"
    assert remarkable(lost=1) == remarkable(reconnects=1) == ["Losses"]
    assert remarkable(why=None) == ["Why"]


def alarm(rect: Rect, words: Catalogue = ZH, is_shown: bool = True, more: int = 2) -> AlarmSign:
    name, told = ("大门入侵", "越界，请立即查看") if words is ZH else ("Gate", "line crossed: look")
    colour = AlarmColour.RED if is_shown else AlarmColour.AMBER
    return AlarmSign(rect, is_shown, colour, name, told, 0, "文化广场", 7, more)


def signed(face: Face, sign: AlarmSign, words: Catalogue = ZH) -> tuple[Drawing, ...]:
    return alarm_signs.sign(face, words, sign, "14:05:09")


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_an_alarm_that_is_shown_and_one_that_waits(face: Face, words: Catalogue) -> None:
    """Large on a screen, in a tile, in a small one; and the notice of one that is not shown."""
    whole = Rect(0, 0, SCREEN.w, SCREEN.h)
    check(f"alarm{suffix(words)}", drawn_on(SCREEN, *signed(face, alarm(whole, words), words)))
    tiles = (Rect(8, 8, 468, 264), Rect(484, 8, 236, 132), Rect(728, 8, 156, 88))
    drawings = [one for rect in tiles for one in signed(face, alarm(rect, words, more=0), words)]
    backup = msgspec.structs.replace(
        alarm(Rect(8, 280, 468, 264), words), source="东门", stands_for="西门"
    )
    drawings += signed(face, backup, words)
    drawings += signed(face, alarm(whole, words, is_shown=False), words)
    when = wall_clock(datetime.datetime(2026, 11, 22, 14, 5, 9), words)
    drawings.append(overlays.ClockFace(face, SCREEN).drawn(when))
    check(f"alarm_waits{suffix(words)}", drawn_on(SCREEN, *drawings))


@pytest.mark.parametrize("colour", AlarmColour)
def test_what_an_alarm_tells_can_be_read(colour: AlarmColour) -> None:
    """Contrast as WCAG 2.2 asks of text: 4.5."""

    def light(of: tuple[int, int, int]) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in
                  (one / 255 for one in of)]  # fmt: skip
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05

    look = alarm_signs.LOOKS[colour]
    one, other = sorted((light(look.back), light(look.ink)))
    assert other / one >= 4.5


@settings(max_examples=40, deadline=None)
@given(size=EVEN_SIZES, is_shown=st.booleans(), name=st.text(), told=st.text())
def test_an_alarm_stays_in_its_tile_whatever_it_tells(
    face: Face, size: Size, is_shown: bool, name: str, told: str
) -> None:
    rect = Rect(16, 8, size.w, size.h) if is_shown else Rect(0, 0, size.w, size.h)
    sign = AlarmSign(rect, is_shown, AlarmColour.RED, name, told, 0, name, 7, 3)
    for drawing in signed(face, sign):
        assert drawing.patch.size.w % 2 == drawing.patch.size.h % 2 == 0
        if size.w >= 80 and size.h >= 60:
            assert drawing.rect.x >= rect.x
            assert drawing.rect.y >= rect.y
            assert drawing.rect.right <= rect.right
            assert drawing.rect.bottom <= rect.bottom


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


def luminance(colour: Colour) -> float:
    """The relative luminance of an sRGB colour, as WCAG 2.2 defines it."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: Colour, b: Colour) -> float:
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def over_white(colour: Colour, opacity: float) -> Colour:
    """A translucent ground where it is hardest to write on."""
    return shapes.mixed(shapes.WHITE, colour, opacity)


PILL = over_white(shapes.NIGHT, slates.PILL_OPACITY)
PANEL = over_white(shapes.NIGHT, info_panel.OPACITY)
TEXTS = {
    "a label's name": (shapes.WHITE, PILL),
    "a label's number": (shapes.WHITE, shapes.SLATE_BLUE),
    "small print": (shapes.SOFT, PILL),
    "an info panel": (shapes.WHITE, PANEL),
    "its headings": (shapes.SOFT, PANEL),
    "what is remarkable": (shapes.AMBER, PANEL),
    "the clock": (shapes.WHITE, over_white(shapes.NIGHT, overlays.OPACITY)),
    "the help": (shapes.WHITE, help_sheet.SHEET),
    "its headings, too": (shapes.BLUE, help_sheet.SHEET),
    "its site": (shapes.SOFT, help_sheet.SHEET),
    "a key": (shapes.WHITE, help_sheet.CAP),
    "a sketch": (shapes.WHITE, sketches.TILE),
    "its names": (shapes.SOFT, sketches.TILE),
    **{f"badge {state.value}": (look.ink, over_white(look.back, look.opacity))
       for state, look in slates.BADGES.items()},
    **{f"slate {state.value}": (shapes.SOFT, shapes.mixed(GROUND, look.accent, 0.07))
       for state, look in slates.LOOKS.items()},
}  # fmt: skip
LARGE = {
    "an empty tile": (
        shapes.mixed(GROUND, shapes.FAINT, slates.EMPTY_SHARE), GROUND
    ),
    "the frame's dark edge": (overlays.FRAME, shapes.NIGHT),
    **{f"icon {state.value}": (look.accent, shapes.mixed(GROUND, look.accent, 0.07))
       for state, look in slates.LOOKS.items()},
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "least"), [*((one, 4.5) for one in TEXTS), *((one, 3.0) for one in LARGE)]
)
def test_all_can_be_read(what: str, least: float) -> None:
    """WCAG 2.2: 4.5 to 1 for writing (1.4.3, AA), 3 to 1 for what is large, and icons (1.4.11)."""
    assert contrast(*(TEXTS | LARGE)[what]) >= least


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


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
    lines = HelpGroup("预案", (HelpEntry("Ctrl+Shift+Q PgUp", "很长的预案名称" * 4),) * 40)
    many = HelpPage("站点" * 40, (lines,), (lines, lines), lines)
    long = "未知名称 " + "很长" * 90
    drawn: tuple[Callable[[], Drawing], ...] = (
        lambda: HelpSheet(face, EN, many, canvas).drawing(),
        lambda: HelpSheet(face, ZH, HelpPage(), canvas).drawing(),
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


@given(st.sets(st.sampled_from(Side)))
def test_a_frame_leaves_open_where_its_tile_goes_on(joined: set[Side]) -> None:
    """And where it does not, it reaches from one edge to the other."""
    canvas = np.full((BIG.h * 3 // 2, BIG.w), 128, np.uint8)
    for drawing in overlays.frame(BIG, joined):
        drawing.lay(planes(canvas))
    painted = canvas[: BIG.h] != 128
    edges = {
        Side.TOP: painted[0], Side.BOTTOM: painted[-1],
        Side.LEFT: painted[:, 0], Side.RIGHT: painted[:, -1],
    }  # fmt: skip
    for side, edge in edges.items():
        assert edge[20:-20].any() == (side not in joined)
        assert edge.all() == (side not in joined)
