"""A part that can't be drawn is left out: the pass goes on, people are told, and it comes back."""

import typing

import numpy as np
import pytest

from tests.support import golden_pictures
from tests.support import presenter_harness as looping
from tests.support.catalogues import ZH
from tests.support.composer_harness import TILE, WALL, Wall
from tests.support.orders import prepare_order
from tests.support.presenter_harness import SHEETS, Loop, of
from wallctl.display.compositor.composer import Composer
from wallctl.display.drawing.drawing_cache import Artist
from wallctl.display.drawing.failed_drawings import MOST_LOGGED, MOST_TOLD, FailedDrawings
from wallctl.display.drawing.failure_retry_policy import OVER_NS, Suspicion
from wallctl.display.drawing.redraw_retry import RedrawRetry, suspects
from wallctl.display.messages import Commit, Figures, Furnish, Prepare, Say, Suspect, TileOrder
from wallctl.display.overlays.overlay_board import OverlayBoard
from wallctl.display.text.text_line import Face
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.base.language import Language
from wallctl.model.base.texts_in_value import texts_in
from wallctl.model.operator.help_content import HelpEntry, HelpGroup, HelpPage
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.operator.notice import Notice
from wallctl.model.site.alarm import AlarmColour
from wallctl.model.streams.health import Phase
from wallctl.model.wall.scene.alarm_banner import AlarmSign
from wallctl.shm.stream_status import Word

face, loop, plain_loop = golden_pictures.face, looping.loop, looping.plain_loop
BAD = "雷"
_WIDTH = Face._width


@pytest.fixture(autouse=True)
def _bad_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fonts fail at one character."""

    def width(face: Face, text: str, px: int) -> int:
        if BAD in text:
            raise RuntimeError("raqm_layout() failed.")
        return _WIDTH(face, text, px)

    monkeypatch.setattr(Face, "_width", width)


def scene(version: int, name: str, **more: typing.Any) -> tuple[Prepare, Commit]:
    tile = TileOrder(1, Rect(4, 4, TILE.w, TILE.h), name, 1, masked=True, reason=name)
    return prepare_order(version, (tile,), **more), Commit(version, 0)


def test_every_part_that_holds_the_text_is_left_out_and_told(
    loop: Loop, caplog: pytest.LogCaptureFixture
) -> None:
    whole = Rect(0, 0, WALL.w, WALL.h)
    alarm = AlarmSign(whole, True, AlarmColour.RED, BAD, BAD, 0, BAD, 1, 0)
    loop.send(Furnish({Language.CHINESE: looping.page()}, (Notice(Text.SCREEN_DIES, BAD),)))
    loop.send(Say(BAD, Language.CHINESE, loop.time.now_ns + 10**10))
    loop.time.at(50, loop.send, *scene(1, BAD, alarms=(alarm,), help_shown=True, clock=True))
    heard = loop.run(1500)
    figures = of(Figures, heard)[-1]
    parts = {told.split(" of ")[0] for told in figures.left_out}
    assert parts >= {"label", "toast", "notice", "alarm"}
    assert all("RuntimeError: raqm_layout() failed" in told for told in figures.left_out)
    assert figures.ticks > 50
    assert not figures.is_plain
    assert len(caplog.messages) == len(set(caplog.messages))
    assert np.ptp(loop.canvas[: WALL.h]) > 50  # signs stand there


def test_a_sheet_that_holds_the_text_is_told_once_and_in_few_words(
    face: Face, caplog: pytest.LogCaptureFixture
) -> None:
    """And is drawn when it can be: what failed may have been another thing than its text."""
    artist = Artist(face, ZH)
    lines = HelpGroup("预案", tuple(HelpEntry("F2", f"预案{BAD * (n > 20)}{n}") for n in range(40)))
    page, size = HelpPage("站点", (), (lines,), lines), Size(1920, 1080)
    wall = Wall(size)
    composer = Composer(wall.studio.arena, wall.canvas, {Language.CHINESE: artist})
    board = OverlayBoard(composer, artist.pen.clock, Furnish({Language.CHINESE: page}))
    while board.draw_slow_ahead():
        pass
    for _ in range(3):
        assert not board.draw_slow_ahead()
    composer.prepare(prepare_order(1, (), help_shown=True))
    composer.commit()
    board.follow(0, 0)
    assert not composer._overlays
    [told, other] = artist.failed.told
    assert told.startswith("draw help of '站点', '预案', 'F2', '预案0', '预案1', '预案2' and ")
    assert other == told.removeprefix("draw ")
    assert told.endswith(" more can't be drawn (RuntimeError: raqm_layout() failed.)")
    with pytest.MonkeyPatch.context() as mended:
        mended.setattr(Face, "_width", _WIDTH)
        board.forget()
        assert composer._overlays


def test_it_is_drawn_again_once_the_text_is_gone(loop: Loop) -> None:
    loop.time.at(50, loop.send, *scene(1, BAD))
    loop.time.at(1500, loop.send, *scene(2, "好"))
    figures = of(Figures, loop.run(3500))
    assert figures[2].left_out
    assert figures[-1].left_out == ()


def test_what_fails_before_its_scene_is_shown_is_drawn_again_once_the_text_is_gone(
    loop: Loop,
) -> None:
    """The scene before it has the same other texts, and reports figures meanwhile."""
    loop.time.at(50, loop.send, *scene(1, ""))
    loop.time.at(500, loop.send, scene(2, BAD)[0])
    loop.time.at(2500, loop.send, Commit(2, 0))
    loop.time.at(4500, loop.send, *scene(3, ""))
    figures = of(Figures, loop.run(6500))
    assert any(told.version == 1 and told.left_out for told in figures)
    assert figures[-1].left_out == ()


def test_what_fails_is_drawn_again_however_quickly_the_text_came_and_went(loop: Loop) -> None:
    """Scenes that follow each other at once report no figures in between."""
    loop.time.at(50, loop.send, *scene(1, ""))
    loop.time.at(500, loop.send, scene(2, BAD)[0])
    loop.time.at(510, loop.send, *scene(3, ""))
    figures = of(Figures, loop.run(2500))
    assert any(told.left_out for told in figures)
    assert figures[-1].left_out == ()


def test_a_scene_that_is_never_shown_leaves_no_trouble_behind() -> None:
    left_out, (first, bad, good) = (
        FailedDrawings(),
        (scene(1, "")[0], scene(2, BAD)[0], scene(3, "a")[0]),
    )
    caution = RedrawRetry(left_out)
    left_out.note("label", (BAD,), ValueError("no"))
    caution.note_drawn(bad, SHEETS, 0)
    assert not caution.is_over((first, bad), SHEETS, 1)
    assert caution.is_over((first, good), SHEETS, 2)
    assert not left_out.is_anything


def test_a_picture_goes_on_below_a_label_that_can_not_be_drawn(loop: Loop) -> None:
    stream = loop.studio.stream(TILE)
    order = TileOrder(1, Rect(4, 4, TILE.w, TILE.h), BAD, 1, feeds=(stream.feed,))
    loop.time.at(50, loop.send, prepare_order(1, (order,)), Commit(1, 0))
    for i in range(20):
        loop.time.at(100 + 40 * i, stream.noise, i)
    figures = of(Figures, loop.run(1500))[-1]
    assert figures.tiles[0].presented > 10
    assert figures.left_out[0].startswith(f"label of '{BAD}'")
    assert stream.words[Word.PHASE] == Phase.LIVE


def test_a_plain_screen_writes_nothing_until_a_suspected_text_is_gone(
    plain_loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def width(_: Face, text: str, __: int) -> int:
        written.append(text)
        return 8

    monkeypatch.setattr(Face, "_width", width)
    plain_loop.send(Suspect(frozenset({"崩"})))
    looks: list[object] = []
    plain_loop.time.at(50, plain_loop.send, *scene(1, "崩", clock=True, help_shown=True))
    plain_loop.time.at(1500, plain_loop.send, *scene(2, "崩", clock=True))
    plain_loop.time.at(2900, lambda: looks.append(tuple(written)))
    plain_loop.time.at(3000, plain_loop.send, *scene(3, "好"))
    figures = of(Figures, plain_loop.run(5500))
    assert looks == [()]
    assert figures[2].is_plain
    assert not figures[-1].is_plain
    assert "好" in written


def test_a_suspicion_is_over_once_a_text_is_gone_or_after_a_while() -> None:
    one = Suspicion(frozenset({"a", "b"}), 5)
    assert not one.is_over(frozenset({"a", "b", "c"}), 5 + OVER_NS - 1)
    assert one.is_over(frozenset({"a", "c"}), 6)
    assert one.is_over(frozenset({"a", "b"}), 5 + OVER_NS)


def test_nothing_is_suspected_while_all_is_drawn() -> None:
    caution = RedrawRetry(FailedDrawings())
    order = scene(1, "a")[0]
    caution.note_drawn(order, SHEETS, 0)
    assert not caution.is_over((order,), SHEETS, 0)
    assert not caution.is_over((order,), SHEETS, OVER_NS)
    assert suspects(order, SHEETS) >= {"a", "zh-CN", "one", "一"}


def test_what_is_told_and_logged_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    left_out = FailedDrawings()
    for i in range(500):
        left_out.note("label", (f"a\n\x1b[2J{i}", "x" * 9999), ValueError("a\nb" * 99))
    assert len(left_out.told) == MOST_TOLD
    assert len(caplog.messages) == MOST_LOGGED
    assert all(told.isprintable() and len(told) < 400 for told in left_out.told)
    left_out.forget()
    assert not left_out.is_anything


def test_the_texts_of_a_value() -> None:
    order = scene(1, "a")[0]
    assert set(texts_in((order, ["b"], {"c": 1}, frozenset({"d"}), 5))) >= {"a", "b", "c", "d"}
    assert list(texts_in((Language.CHINESE, 1, None))) == []
