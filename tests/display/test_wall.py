"""Whole screens against golden pictures: each layout that is shipped, and each state of a tile.

The pictures are those in ``tests/data/golden/wall``.
"""

import time
from collections.abc import Iterator

import numpy as np
import pytest

from tests.support import golden_pictures
from tests.support.catalogues import CATALOGUES, EN
from tests.support.fakes import BEGAN_UNIX_NS, MS, SECOND, FakeStream, Pixels, Studio
from tests.support.orders import prepare_order
from tests.support.overlay_drawings import lay, lay_clock
from tests.support.sites import site
from wallctl.config.layout_files import shipped_layouts
from wallctl.display.capture.snapshot import ScreenShot, SnapshotSpec, pictured
from wallctl.display.compositor.composer import Composer, Place
from wallctl.display.drawing.drawing_cache import Artist, artists
from wallctl.display.drawing.sprite import planes
from wallctl.display.messages import TileOrder
from wallctl.display.overlays.overlay_table import Layer
from wallctl.display.overlays.toast import Words
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.base.language import Language
from wallctl.model.operator.help_content import HelpEntry, HelpGroup, HelpPage, sketch
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.site.layout import tile_rects
from wallctl.model.streams.health import Phase, Reason, TileState
from wallctl.model.wall.commands.command import SetLayout
from wallctl.shm.ring import Flag
from wallctl.shm.stream_status import Word

SCREEN = Size(480, 270)
WHOLE = Rect(0, 0, SCREEN.w, SCREEN.h)
NAMES = ("东门 Gate", "停车场", "仓库 3", "G318 国道卡口 Toll plaza east", "大厅")
LAYOUTS = {name: one for name, one in shipped_layouts().items() if not one.is_wide}
HELP = HelpPage(
    site="测试",
    pictures=(HelpGroup("布局", (HelpEntry("1", "四画面", sketch(SetLayout("2x2"), site())),)),),
    actions=(
        HelpGroup("窗口", (HelpEntry("Tab ← ↑ ↓ →", "选择窗口"),)),
        HelpGroup("安全", (HelpEntry("Ctrl+Shift+Q", "按住 2 秒退出"),)),
    ),
    sources=HelpGroup("监控点", tuple(HelpEntry(str(n), name) for n, name in enumerate(NAMES, 1))),
)


@pytest.fixture(scope="module")
def drawers() -> dict[Language, Artist]:
    golden_pictures.golden_font()
    return artists(None, CATALOGUES)


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times of day on the wall are local; the golden pictures are of UTC."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


def scenery(size: Size, number: int) -> Pixels:
    """A picture like a landscape, in a colour of its own."""
    canvas = np.empty((size.h * 3 // 2, size.w), np.uint8)
    y, u, v = planes(canvas)
    y[...] = np.linspace(200, 60, size.h)[:, None] + 20 * np.sin(np.arange(size.w) / 9)
    u[...] = 128 + 34 * np.sin(number * 2.4)
    v[...] = 128 + 34 * np.cos(number * 2.4)
    return canvas.reshape(-1)


class Screen:
    """A screen that is composed at leisure."""

    def __init__(self, drawers: dict[Language, Artist], language: Language) -> None:
        self.studio = Studio(SCREEN)
        self.language = language
        self.composer = Composer(self.studio.arena, self.studio.mapped(), drawers)

    def tile(self, number: int, rect: Rect, picture: Size | None = None) -> TileOrder:
        """A live tile; its picture fills it unless it is said to be smaller."""
        camera = self.studio.stream(rect.size)
        size = picture or rect.size
        camera.publish(scenery(size, number), size)
        return self.order(number, rect, camera)

    def order(self, number: int, rect: Rect, camera: FakeStream) -> TileOrder:
        name = NAMES[(number - 1) % len(NAMES)]
        return TileOrder(number, rect, name, number, feeds=(camera.feed,))

    def show(self, *tiles: TileOrder, selected: int | None = None, blanked: bool = False) -> None:
        self.composer.prepare(
            prepare_order(1, tiles, selected=selected, blanked=blanked, language=self.language)
        )
        self.composer.commit()
        self.composer.compose(self.studio.clock.now_ns)

    def check(self, name: str) -> None:
        """Compare with the golden picture of that name, or draw it again."""
        shot = ScreenShot(WHOLE, self.studio.canvas_place, ())
        spec = SnapshotSpec((shot,), clean=False)
        image = pictured(spec, self.studio.arena, CATALOGUES, 0, 0)
        golden_pictures.check(f"wall/{name}", np.asarray(image))


@pytest.fixture
def screen(drawers: dict[Language, Artist]) -> Screen:
    return Screen(drawers, Language.CHINESE)


@pytest.fixture
def english(drawers: dict[Language, Artist]) -> Screen:
    return Screen(drawers, Language.ENGLISH)


def unnamed(name: str) -> str:
    """A layout's name as part of a file name."""
    return name.replace("+", "_and_")


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout(screen: Screen, name: str) -> None:
    rects = tile_rects(LAYOUTS[name], SCREEN)
    *full, last = (screen.tile(i, rect) for i, rect in enumerate(rects, start=1))
    empty = TileOrder(last.number, last.rect) if full else last
    screen.show(*full, empty, selected=2)
    lay_clock(screen.composer, BEGAN_UNIX_NS // SECOND)
    screen.composer.compose(screen.studio.clock.now_ns)
    screen.check(f"layout_{unnamed(name)}")


def failed(screen: Screen, phase: Phase, reason: Reason, picture_age_ns: int = 0) -> FakeStream:
    camera = screen.studio.stream(SCREEN)
    if picture_age_ns:
        camera.publish(scenery(SCREEN, 7))
        screen.studio.clock.now_ns += picture_age_ns
    camera.phase(phase, reason)
    return camera


SLATES = {
    TileState.CONNECTING: (Phase.CONNECTING, Reason.NONE, 0),
    TileState.WAITING_KEY: (Phase.WAITING_KEY, Reason.NONE, 0),
    TileState.STALE: (Phase.LIVE, Reason.NONE, 1500 * MS),
    TileState.OFFLINE: (Phase.FAILED, Reason.UNREACHABLE, 5 * SECOND),
    TileState.REFUSED: (Phase.REFUSED, Reason.BAD_CREDENTIALS, 0),
}


@pytest.mark.parametrize("state", SLATES, ids=lambda state: state.value)
def test_every_state_that_time_or_the_camera_brings(screen: Screen, state: TileState) -> None:
    camera = failed(screen, *SLATES[state])
    screen.show(screen.order(7, WHOLE, camera))
    assert screen.composer.tiles[0].state is state
    screen.check(f"state_{state.value}")


def test_live_with_the_frame_of_the_selection(screen: Screen) -> None:
    screen.show(screen.tile(7, WHOLE), selected=7)
    screen.check("state_live")


def test_a_narrow_picture_between_its_bars(screen: Screen) -> None:
    screen.show(screen.tile(7, WHOLE, Size(360, 270)))
    screen.check("state_live_narrow")


def test_catching_up(screen: Screen) -> None:
    camera = screen.studio.stream(SCREEN)
    camera.publish(scenery(SCREEN, 7), flags=Flag.CATCHING_UP)
    camera.words[Word.CATCHING_UP] = 1
    screen.show(screen.order(7, WHOLE, camera))
    assert screen.composer.tiles[0].state is TileState.CATCHING_UP
    screen.check("state_catching_up")


def test_empty(screen: Screen) -> None:
    screen.show(TileOrder(7, WHOLE))
    screen.check("state_empty")


def test_masked(screen: Screen) -> None:
    tile = screen.tile(7, WHOLE)
    screen.show(TileOrder(7, WHOLE, tile.source, 7, masked=True, reason="检修"))
    screen.check("state_masked")


def test_blanked(screen: Screen) -> None:
    screen.show(screen.tile(7, WHOLE), blanked=True)
    screen.check("state_blanked")


def test_overlays_together(screen: Screen) -> None:
    screen.show(*(screen.tile(i, r) for i, r in enumerate(tile_rects(LAYOUTS["2x2"], SCREEN), 1)))
    lay_clock(screen.composer, BEGAN_UNIX_NS // SECOND)
    lay(screen.composer, Layer.TOAST, Words("已切换：早班"))
    lay(screen.composer, Layer.COUNTDOWN, 0.6)
    screen.composer.compose(screen.studio.clock.now_ns)
    screen.check("overlays")
    screen.composer.overlay(Place(Layer.COUNTDOWN), None)
    lay(screen.composer, Layer.HELP, HELP)
    screen.composer.compose(screen.studio.clock.now_ns)
    screen.check("help")


def test_an_english_wall(english: Screen) -> None:
    """Every state that time or the camera brings, side by side, and what lies over them."""
    rects = tile_rects(LAYOUTS["3x3"], SCREEN)
    tiles = [TileOrder(7, rects[6])]
    waited_ns = 5 * SECOND
    for state, (phase, reason, age_ns) in sorted(SLATES.items(), key=lambda one: -one[1][2]):
        number = len(tiles)
        camera = english.studio.stream(rects[number - 1].size)
        english.studio.clock.now_ns += waited_ns - age_ns
        waited_ns = age_ns
        if state in (TileState.STALE, TileState.OFFLINE):
            camera.publish(scenery(rects[number - 1].size, number))
        camera.phase(phase, reason)
        tiles.append(english.order(number, rects[number - 1], camera))
    tiles += [english.tile(number, rects[number - 1]) for number in (6, 8, 9)]
    english.show(*tiles, selected=6)
    assert {tile.state for tile in english.composer.tiles} >= {*SLATES, TileState.EMPTY}
    lay_clock(english.composer, BEGAN_UNIX_NS // SECOND)
    lay(english.composer, Layer.TOAST, Words(EN.say(Text.SWITCHING, name="Morning")))
    english.composer.compose(english.studio.clock.now_ns)
    english.check("english")
