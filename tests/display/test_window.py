"""Windows on a real X server: their pixels, their keys, their place."""

import select
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.fakes import bring
from tests.support.xserver import XServer, press_keys, rgb_of, screen_rgb, xdotool, xserver_missing
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.monitor_state import Monitor, MonitorState
from wallctl.model.site.framing import Turn

if reason := xserver_missing():
    pytest.skip(reason, allow_module_level=True)

from wallctl.display.x11.cursor_hiding import REST_NS, Pointer
from wallctl.display.x11.window import (
    Blitter,
    DisplayError,
    Window,
    WindowPlace,
    displays,
)

pytestmark = pytest.mark.e2e

HALF = Size(320, 240)
WALL = Size(2 * HALF.w, HALF.h)
ALL = Rect(0, 0, HALF.w, HALF.h)
DEADLINE_S = 20.0
PASSES = 1000

PIXEL_BLITTERS = [Blitter.SHARED, Blitter.SENT, Blitter.SHADER]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with XServer(WALL) as display:
        yield display


@pytest.fixture
def display(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DISPLAY", server)
    return server


def place(x_px: int = 0, screen: str = "left", blitter: Blitter = Blitter.AUTO) -> WindowPlace:
    return WindowPlace(screen, HALF.w, HALF.h, x_px=x_px, blitter=blitter)


def noise(seed: int, size: Size = HALF) -> NDArray[np.uint8]:
    """A canvas whose neighbours have nothing in common."""
    canvas = np.random.default_rng(seed).integers(16, 236, (size.h * 3 // 2, size.w))
    return canvas.astype(np.uint8)


def shows(display: str, x_px: int, canvas: NDArray[np.uint8], tended: Window | None = None) -> bool:
    """Whether the screen soon shows the canvas with its left edge at ``x_px``.

    A window that is ``tended`` meanwhile handles its events.
    """
    h, w = canvas.shape[0] * 2 // 3, canvas.shape[1]
    wanted = rgb_of(canvas)
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        if tended is not None:
            tended.keys()
        off = np.abs(screen_rgb(display)[:h, x_px : x_px + w] - wanted)
        if off.max() <= 5 and np.percentile(off, 99.9) <= 3:
            return True
    return False


def heard(window: Window, count: int) -> list[KeyEvent]:
    """The next ``count`` key events or more; waits for them on the window's descriptor."""
    events = window.keys()
    end = time.monotonic() + DEADLINE_S
    while len(events) < count and time.monotonic() < end:
        select.select([window.fileno()], [], [], 0.1)
        events += window.keys()
    return events


@pytest.mark.parametrize("blitter", PIXEL_BLITTERS)
def test_the_screen_shows_the_canvas(display: str, blitter: Blitter) -> None:
    with closing(Window(place(blitter=blitter), "wallctl left")) as window:
        assert window.blitter is blitter
        for seed in (1, 2):
            window.show(noise(seed), [ALL])
            assert shows(display, 0, noise(seed))


@pytest.mark.parametrize("blitter", PIXEL_BLITTERS)
def test_the_screen_shows_of_a_pass_what_changed_and_no_more(
    display: str, blitter: Blitter
) -> None:
    changed = [Rect(2, 2, 50, 30), Rect(102, 38, 218, 6), Rect(10, 234, 2, 6)]
    canvas, seen = noise(2), noise(1)
    bring(seen, canvas, changed)
    with closing(Window(place(blitter=blitter), "wallctl left")) as window:
        window.show(noise(1), [ALL])
        window.show(canvas, changed)
        assert shows(display, 0, seen)


def test_nobody_sees_half_a_pass(display: str) -> None:
    parts = [Rect(x, y, 40, 24) for y in range(0, HALF.h, 40) for x in range(0, HALF.w, 80)]
    canvases = [np.full((HALF.h * 3 // 2, HALF.w), level, np.uint8) for level in (60, 120, 180)]
    seen: list[set[int]] = []
    with closing(Window(place(), "wallctl left")) as window:
        window.show(canvases[0], [ALL])
        assert shows(display, 0, canvases[0])
        ended = threading.Event()

        def present() -> None:
            for i in range(PASSES):
                window.show(canvases[i % 3], parts)
            ended.set()

        thread = threading.Thread(target=present)
        thread.start()
        while not ended.is_set():
            screen = screen_rgb(display)
            seen.append({int(screen[part.y, part.x, 0]) for part in parts})
        thread.join()
    assert {len(shades) for shades in seen} == {1}
    assert len(set.union(*seen)) == len(canvases)


def test_a_canvas_may_be_composed_anew_once_show_returns(display: str) -> None:
    canvas = noise(1)
    with closing(Window(place(blitter=Blitter.SHARED), "wallctl left")) as window:
        window.show(canvas, [ALL])
        canvas[:] = 128
        assert shows(display, 0, noise(1))


def test_without_a_gpu_shared_memory_is_chosen(display: str) -> None:
    with closing(Window(place(), "wallctl left")) as window:
        assert window.blitter is Blitter.SHARED


def test_a_server_that_cannot_share_is_sent_the_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    with XServer(HALF, "-extension", "MIT-SHM") as display:
        monkeypatch.setenv("DISPLAY", display)
        with closing(Window(place(), "wallctl left")) as window:
            assert window.blitter is Blitter.SENT
            window.show(noise(1), [ALL])
            assert shows(display, 0, noise(1))


def test_two_windows_stand_side_by_side_to_the_pixel(display: str) -> None:
    with (
        closing(Window(place(0), "wallctl left")) as left,
        closing(Window(place(HALF.w, "right", Blitter.SHADER), "wallctl right")) as right,
    ):
        left.show(noise(1), [ALL])
        right.show(noise(2), [ALL])
        assert shows(display, 0, noise(1))
        assert shows(display, HALF.w, noise(2))


@pytest.mark.parametrize("blitter", PIXEL_BLITTERS)
def test_what_was_covered_is_drawn_again(display: str, blitter: Blitter) -> None:
    with closing(Window(place(blitter=blitter), "wallctl left")) as window:
        window.show(noise(1), [ALL])
        with closing(Window(place(), "wallctl above")) as above:
            above.show(noise(2), [ALL])
            assert shows(display, 0, noise(2))
        assert shows(display, 0, noise(1), tended=window)


def test_keys_arrive_under_their_names(display: str) -> None:
    pressed = ["5", "ctrl+shift+q", "Tab", "shift+Tab", "F3", "Escape", "Prior", "KP_Enter", "a"]
    names = ["5", "Ctrl+Shift+Q", "Tab", "Shift+Tab", "F3", "Esc", "PgUp", "Enter", "A"]
    with closing(Window(place(), "wallctl left")) as window:
        press_keys(display, *pressed)
        events = heard(window, 2 * len(names))
    assert [(e.key, e.pressed) for e in events] == [(n, p) for n in names for p in (True, False)]
    assert {event.screen for event in events} == {"left"}


def test_the_number_pad_counts_with_and_without_numlock(display: str) -> None:
    seven_keycode = "79"
    with closing(Window(place(), "wallctl left")) as window:
        press_keys(display, seven_keycode, "Num_Lock", seven_keycode, "Num_Lock")
        assert [event.key for event in heard(window, 4)] == ["7"] * 4


def test_a_held_key_repeats_and_is_released_once(display: str) -> None:
    with closing(Window(place(), "wallctl left")) as window:
        xdotool(display, "keydown", "Right")
        down = heard(window, 3)
        xdotool(display, "keyup", "Right")
        events = down + heard(window, 1)
        while events[-1].pressed:
            events += heard(window, 1)
        assert {event.key for event in events} == {"Right"}
        assert [event.repeat for event in events] == [False, *[True] * (len(events) - 2), False]
        assert [event.pressed for event in events] == [True] * (len(events) - 1) + [False]


def test_the_focus_is_taken_over_when_its_window_goes(display: str) -> None:
    with closing(Window(place(), "wallctl left")) as left:
        with closing(Window(place(HALF.w, screen="right"), "wallctl right")) as right:
            press_keys(display, "1")
            assert [event.screen for event in heard(right, 2)] == ["right", "right"]
            xdotool(display, "mousemove", str(WALL.w - 10), "10")
        end = time.monotonic() + DEADLINE_S
        events: list[KeyEvent] = []
        while not events and time.monotonic() < end:
            press_keys(display, "2")
            events = left.keys()
        assert events[0].key == "2"


def shrink_display(size: Size) -> None:
    """Give the output of the display of ``DISPLAY`` a smaller mode, of about 106 Hz."""
    timing = f"10 {size.w} 330 340 350 {size.h} 250 260 270"
    for change in (
        f"--newmode small {timing}",
        "--addmode screen small",
        "--output screen --mode small",
    ):
        subprocess.run(["xrandr", *change.split()], check=True, timeout=DEADLINE_S)


def test_a_window_outlives_a_smaller_display(monkeypatch: pytest.MonkeyPatch) -> None:
    with XServer(WALL) as display:
        monkeypatch.setenv("DISPLAY", display)
        with closing(Window(place(), "wallctl left")) as window:
            window.show(noise(1), [ALL])
            shrink_display(HALF)
            assert screen_rgb(display).shape[1] == HALF.w
            assert displays()[0].refresh_hz == pytest.approx(105.8, abs=0.1)
            window.keys()
            window.show(noise(2), [ALL])
            assert shows(display, 0, noise(2))


def test_the_outputs_are_told(display: str) -> None:
    (output,) = displays()
    assert (output.x_px, output.y_px, output.width_px, output.height_px) == (0, 0, WALL.w, WALL.h)
    assert 24 <= output.refresh_hz <= 240
    on_output = WindowPlace("left", WALL.w, WALL.h, output=output.name)
    with closing(Window(on_output, "wallctl left")) as window:
        assert window.refresh_hz == output.refresh_hz
        assert window.monitor == Monitor(MonitorState.THERE, output.name, WALL)
        window.show(noise(1, WALL), [Rect(0, 0, WALL.w, WALL.h)])
        assert shows(display, 0, noise(1, WALL))


@pytest.mark.parametrize("blitter", PIXEL_BLITTERS)
def test_a_canvas_of_another_size_is_shown_whole(display: str, blitter: Blitter) -> None:
    """In the middle of its output, as large as it goes, and black around it."""
    place = WindowPlace("left", 160, 240, output=displays()[0].name, blitter=blitter)
    canvas = np.full((360, 160), 128, np.uint8)
    canvas[:120], canvas[120:240] = 200, 60
    with closing(Window(place, "wallctl left")) as window:
        assert window.monitor.state is MonitorState.WRONG_SIZE
        assert window.is_bare
        window.show(canvas, [Rect(0, 0, 160, 240)])
        assert not window.is_bare
        wanted = np.full((WALL.h * 3 // 2, WALL.w), 128, np.uint8)
        wanted[: WALL.h] = 16
        wanted[:120, 240:400], wanted[120:240, 240:400] = 200, 60
        assert shows(display, 0, wanted)
        canvas[:240] = 100
        window.show(canvas, [Rect(0, 0, 160, 240)])
        wanted[:240, 240:400] = 100
        assert shows(display, 0, wanted)


@pytest.mark.parametrize("blitter", PIXEL_BLITTERS)
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_the_canvas_of_a_panel_that_hangs_turned_is_turned_back(
    display: str, blitter: Blitter, quarters: int
) -> None:
    """Who turns the head as the panel is turned sees the canvas, at first and after a change."""
    turn = Turn(quarters=quarters)
    size, output = turn.size(WALL), displays()[0].name
    place = WindowPlace("left", size.w, size.h, output=output, blitter=blitter, turn=turn)
    canvas, newer = coarse(1, size), coarse(2, size)
    changed = [Rect(2, 4, 50, 30), Rect(102, 38, 60, 6)]
    with closing(Window(place, "wallctl left")) as window:
        assert window.monitor == Monitor(MonitorState.THERE, output, WALL)
        window.show(canvas, [Rect(0, 0, size.w, size.h)])
        assert shows_rgb(display, np.rot90(rgb_of(canvas), quarters))
        window.show(newer, changed)
        bring(canvas, newer, changed)
        assert shows_rgb(display, np.rot90(rgb_of(canvas), quarters))


def coarse(seed: int, size: Size) -> NDArray[np.uint8]:
    """A canvas of 2 x 2 pixels alike in all planes, so that turning moves whole chroma samples."""
    canvas = noise(seed, size)
    luma = canvas[: size.h : 2, ::2]
    canvas[: size.h] = luma.repeat(2, 0).repeat(2, 1)
    return canvas


def shows_rgb(display: str, wanted: NDArray[np.uint8]) -> bool:
    """Whether the whole display soon shows these pixels."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        off = np.abs(screen_rgb(display) - wanted)
        if off.max() <= 5 and np.percentile(off, 99.9) <= 3:
            return True
    return False


def test_without_its_output_a_window_is_nowhere_and_says_why(display: str) -> None:
    place = WindowPlace("left", HALF.w, HALF.h, output="screeen")
    with closing(Window(place, "wallctl left")) as window:
        assert window.monitor.state is MonitorState.ABSENT
        assert "no output 'screeen'" in window.monitor.why
        assert "there are: screen." in window.monitor.why
        assert not window.is_bare
        window.show(noise(1), [ALL])
        assert window.keys() == []
        assert np.ptp(screen_rgb(display)) == 0


@pytest.mark.parametrize("value", [None, ":64999"])
def test_no_display_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    if value is None:
        monkeypatch.delenv("DISPLAY", raising=False)
    else:
        monkeypatch.setenv("DISPLAY", value)
    with pytest.raises(DisplayError, match="No X display answers: start"):
        Window(place(), "wallctl left")
    with pytest.raises(DisplayError, match="No X display answers"):
        displays()


class FakeWindow:
    """Remembers whether its pointer is to be seen."""

    def __init__(self) -> None:
        self.pointer_shown = True
        self.display, self.id, self.view = None, 0, 0

    def close(self) -> None:
        """Nothing to take away."""

    def show_pointer(self, shown: bool) -> None:
        self.pointer_shown = shown


def test_the_pointer_rests_out_of_the_picture() -> None:
    window = FakeWindow()
    pointer = Pointer(window)
    assert not window.pointer_shown
    pointer.moved(10)
    pointer.moved(20)
    pointer.rest(19 + REST_NS)
    assert window.pointer_shown
    pointer.rest(20 + REST_NS)
    assert not window.pointer_shown
