"""Which output a screen hangs on: by its monitor, else by its name, else by position."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from wallctl.display.output_choice import Output, Wanted, hang, why_absent
from wallctl.display.window_placement import USUAL_HZ, Hold, Seat, WindowPlace, seat_of
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.operator.monitor_state import Monitor, MonitorState
from wallctl.model.site.edid import Edid
from wallctl.model.site.framing import Turn


def output(name: str, x_px: int, edid: Edid | None = None) -> Output:
    return Output(name, x_px, 0, 1920, 1080, 50.0, edid)


LEFT = output("HDMI-1", 0, Edid("DEL", 0xA0B1, "111", "DELL U2412M"))
RIGHT = output("HDMI-2", 1920, Edid("DEL", 0xA0B1, "222", "DELL U2412M"))
THIRD = output("DP-1", 3840, Edid("SAM", 12, "", "SyncMaster"))
MUTE = output("DP-2", 5760)
HD = Size(1920, 1080)
OUTPUTS = (LEFT, RIGHT, THIRD, MUTE)


@pytest.mark.parametrize(
    ("name", "edid", "found"),
    [
        (None, None, None),
        ("HDMI-2", None, RIGHT),
        ("DP-2", None, MUTE),
        (None, "222", RIGHT),
        (None, "DEL-A0B1-111 DELL U2412M", LEFT),
        (None, "SyncMaster", THIRD),
        ("HDMI-1", "222", RIGHT),
        ("none", "222", RIGHT),
        ("HDMI-2", "DELL U2412M", RIGHT),
        ("DP-2", "a panel that was replaced", MUTE),
    ],
)
def test_the_monitor_comes_before_the_name(
    name: str | None, edid: str | None, found: Output | None
) -> None:
    assert hang([Wanted("left", name, edid)], OUTPUTS, {}).get("left") is found


@pytest.mark.parametrize(
    ("name", "edid", "said"),
    [
        ("HDMI-3", None, "no output 'HDMI-3' that is switched on: did you mean HDMI-"),
        ("VGA", None, "no output 'VGA' that is switched on: there are: HDMI-1 (DEL-A0B1-111 "),
        (
            None,
            "DEL-A0B1-333",
            "No output of the display has a monitor 'DEL-A0B1-333': did you mean DEL-",
        ),
        (None, "???", "'???': there are: HDMI-1 (DEL-A0B1-111 DELL U2412M), HDMI-2 ("),
        ("VGA", "???", "has a monitor '???': there are: "),
        (None, "DELL U2412M", "Several monitors answer to 'DELL U2412M', HDMI-1 (DEL-A0B1-111 "),
    ],
)
def test_what_is_not_there_is_told_with_what_is(
    name: str | None, edid: str | None, said: str
) -> None:
    assert hang([Wanted("left", name, edid)], OUTPUTS, {}) == {}
    told = why_absent(Wanted("left", name, edid), OUTPUTS, guess=True)
    assert said in told
    assert "HDMI-2 (DEL-A0B1-222 DELL U2412M)" in told


def test_monitors_are_found_before_any_name_counts() -> None:
    """The left screen's monitor hangs on the right one's output, whose own is gone."""
    wall = [Wanted("left", "HDMI-1", "222"), Wanted("right", "HDMI-2", "333")]
    assert hang(wall, OUTPUTS, {}) == {"left": RIGHT}
    assert hang(wall[::-1], OUTPUTS, {}) == {"left": RIGHT}
    assert why_absent(wall[1], OUTPUTS) == f"Another screen hangs on {RIGHT} already."


def test_a_second_monitor_of_the_same_name_takes_no_picture_away() -> None:
    wall = [Wanted("left", None, "DELL U2412M")]
    assert hang(wall, OUTPUTS, {"left": "HDMI-2"}) == {"left": RIGHT}
    assert hang(wall, OUTPUTS, {"left": "DP-1"}) == {}


WANTED = st.builds(
    Wanted,
    st.sampled_from(["a", "b", "c", "d"]),
    st.sampled_from([None, "HDMI-1", "HDMI-2", "DP-1", "DP-2", "VGA"]),
    st.sampled_from([None, "111", "222", "DELL U2412M", "SyncMaster", "none"]),
)
SOME = st.lists(st.sampled_from(OUTPUTS), unique=True)


@given(st.lists(WANTED, unique_by=lambda one: one.screen), SOME)
def test_no_two_screens_share_an_output(wall: list[Wanted], outputs: list[Output]) -> None:
    hung = hang(wall, outputs, {})
    names = [output.name for output in hung.values()]
    assert len(names) == len(set(names))
    for one in wall:
        if one.screen in hung:
            output = hung[one.screen]
            assert one.output == output.name or (
                one.edid and output.edid and output.edid.answers_to(one.edid)
            )
        elif (one.output, one.edid) != (None, None):
            assert why_absent(one, outputs)


@given(st.lists(WANTED, unique_by=lambda one: one.screen, min_size=1), SOME)
def test_all_screens_agree_on_who_hangs_where(wall: list[Wanted], outputs: list[Output]) -> None:
    """Each presenter finds its own seat; together they are those of one ``hang``."""
    hung = hang(sorted(wall, key=lambda one: one.screen), outputs, {})
    for one in wall:
        if (one.output, one.edid) == (None, None):
            continue
        place = at(one, *(other for other in wall if other is not one))
        found = seat_of(place, outputs, {}).monitor.output
        assert found == (hung[one.screen].name if one.screen in hung else "")


def at(one: Wanted, *others: Wanted, size: Size = HD) -> WindowPlace:
    return WindowPlace(one.screen, size.w, size.h, output=one.output, edid=one.edid, others=others)


def test_a_seat_is_the_whole_output_whatever_its_mode() -> None:
    right = Wanted("right", "HDMI-2")
    whole = Rect(1920, 0, 1920, 1080)
    there = Monitor(MonitorState.THERE, "HDMI-2", Size(1920, 1080))
    assert seat_of(at(right), OUTPUTS, {}) == Seat(whole, 50.0, there)
    wrong = seat_of(at(right, size=Size(1280, 720)), OUTPUTS, {})
    assert (wrong.rect, wrong.monitor.state) == (whole, MonitorState.WRONG_SIZE)
    assert wrong.monitor.why == f"{RIGHT} shows 1920x1080; its screen is 1280x720."


def test_an_output_without_a_monitor_is_drawn_on_and_said_to_be_absent() -> None:
    """Some sites drive an output by force: whoever looks there sees the wall all the same."""
    forced = Output("VGA", 0, 0, 1920, 1080, 60.0, plugged=False)
    seat = seat_of(at(Wanted("left", "VGA")), [forced], {})
    assert (seat.rect, seat.monitor.state) == (Rect(0, 0, 1920, 1080), MonitorState.ABSENT)
    assert seat.monitor.why == "VGA says that no monitor is plugged in."


@pytest.mark.parametrize("outputs", [(), (LEFT,)])
def test_without_its_output_a_screen_has_no_seat(outputs: tuple[Output, ...]) -> None:
    by_name = seat_of(at(Wanted("right", "HDMI-2")), outputs, {})
    by_pixel = seat_of(WindowPlace("right", 1920, 1080, x_px=1920), outputs, {})
    for seat in (by_name, by_pixel):
        assert (seat.rect, seat.refresh_hz) == (None, USUAL_HZ)
        assert seat.monitor.state is MonitorState.ABSENT
        assert seat.monitor.output == ""
    assert "shows the pixel 1920,0" in by_pixel.monitor.why


def test_a_screen_with_a_place_alone_stands_there_on_whatever_output() -> None:
    seat = seat_of(WindowPlace("right", 640, 480, x_px=2000, y_px=100), OUTPUTS, {})
    assert seat.rect == Rect(2000, 100, 640, 480)
    assert (seat.monitor.state, seat.monitor.output) == (MonitorState.THERE, "HDMI-2")


def test_two_screens_may_share_an_output_and_one_may_reach_over_two() -> None:
    """No window manager is asked for fullscreen there: it would give one of them all of it."""
    wide = Output("LED", 0, 0, 2560, 720, 60.0)
    halves = [seat_of(WindowPlace("s", 1280, 720, x_px=x), [wide], {}) for x in (0, 1280)]
    over = seat_of(WindowPlace("all", 3840, 1080), OUTPUTS, {})
    inner = seat_of(WindowPlace("inner", 1920, 1080, x_px=960), OUTPUTS, {})
    for seat in (*halves, over, inner):
        assert seat.hold is Hold.ABOVE
        assert seat.monitor.state is MonitorState.THERE
    assert [seat.monitor.output for seat in halves] == ["LED", "LED"]
    assert over.monitor.output == inner.monitor.output == "HDMI-1+HDMI-2"
    assert seat_of(WindowPlace("left", 1920, 1080), OUTPUTS, {}).hold is Hold.FULLSCREEN
    tried = WindowPlace("left", 1920, 1080, fullscreen=False)
    assert seat_of(tried, OUTPUTS, {}).hold is Hold.BORDERED


@pytest.mark.parametrize(
    ("outputs", "place"),
    [
        (OUTPUTS, WindowPlace("s", 3840, 2160)),  # below both
        ((LEFT,), WindowPlace("s", 3840, 1080)),  # the right output is gone
        ((RIGHT,), WindowPlace("s", 3840, 1080)),  # the left one is
        (OUTPUTS, WindowPlace("s", 100, 100, x_px=1900, y_px=1000)),
    ],
)
def test_a_place_that_is_partly_on_no_output_is_shown_and_said_to_be_cut(
    outputs: tuple[Output, ...], place: WindowPlace
) -> None:
    seat = seat_of(place, outputs, {})
    assert seat.rect == Rect(place.x_px, place.y_px, place.width_px, place.height_px)
    assert seat.monitor.state is MonitorState.CUT
    assert "part of that is on no output" in seat.monitor.why


def test_a_panel_that_hangs_turned_has_the_mode_of_the_panel() -> None:
    turned = WindowPlace("left", 1080, 1920, output="HDMI-1", turn=Turn(quarters=1))
    seat = seat_of(turned, (LEFT,), {})
    assert (seat.rect, seat.monitor.state) == (LEFT.rect, MonitorState.THERE)
    by_x = replace(LEFT, width_px=1080, height_px=1920, edid=None)
    why = seat_of(turned, (by_x,), {}).monitor.why
    assert why == "HDMI-1 shows 1080x1920; its screen is 1920x1080, turned."
