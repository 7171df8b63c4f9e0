"""Monitors of a real X server: read, listed, and found by the text that a site file gives."""

import os
from collections.abc import Iterator
from contextlib import closing

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from tests.support.edids import NAME, SERIAL, edid_block
from tests.support.xorg import tell_edid
from tests.support.xserver import XServer, xserver_missing
from wallctl.cli import main
from wallctl.cli.default_screens import check_display, chosen_outputs
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.operator.monitor_state import MonitorState
from wallctl.model.site.edid import Edid
from wallctl.model.site.site import Screen

if reason := xserver_missing():
    pytest.skip(reason, allow_module_level=True)

from wallctl.display.x11.window import DisplayError, Window, WindowPlace, displays

pytestmark = pytest.mark.e2e

WALL = Size(640, 480)
DELL = edid_block("DEL", 0xA0B1, texts=((SERIAL, "12345678"), (NAME, "DELL U2412M")))


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with XServer(WALL) as name:
        monkeypatch.setenv("DISPLAY", name)
        yield name


def plug_in(edid: bytes) -> None:
    """Give the display's only output a monitor."""
    tell_edid(os.environ["DISPLAY"], "screen", edid)


def test_an_output_without_a_monitor_tells_none(display: str) -> None:
    [output] = displays()
    assert output.edid is None
    place = WindowPlace("left", WALL.w, WALL.h, edid="DELL U2412M")
    with closing(Window(place, "wallctl left")) as window:
        assert window.monitor.state is MonitorState.ABSENT
        assert "has a monitor 'DELL U2412M': there are: screen." in window.monitor.why
    plug_in(b"no EDID at all")
    assert displays()[0].edid is None


def test_a_window_finds_its_monitor(display: str) -> None:
    plug_in(DELL)
    [output] = displays()
    assert output.edid == Edid("DEL", 0xA0B1, "12345678", "DELL U2412M")
    place = WindowPlace("left", WALL.w, WALL.h, edid="12345678")
    with closing(Window(place, "wallctl left")) as window:
        assert window.refresh_hz == output.refresh_hz
        assert window.monitor.state is MonitorState.THERE


def test_outputs_lists_what_a_site_may_name(display: str) -> None:
    for edid, said in ((None, "tells no EDID"), (DELL, "DEL-A0B1-12345678 DELL U2412M")):
        if edid is not None:
            plug_in(edid)
        result = CliRunner().invoke(main, ["outputs"])
        assert result.exit_code == 0
        [line] = result.stdout.splitlines()
        assert line.split()[:3] == ["screen", "0,0", "640x480"]
        assert line.endswith(f" Hz  {said}")


def test_a_wall_is_refused_before_it_starts(display: str) -> None:
    plug_in(DELL)
    left = Screen("left", Rect(0, 0, 320, 240), output="screen")
    right = Screen("right", Rect(320, 0, 320, 240), edid="12345678")
    check_display([left])
    check_display([right, Screen("third", Rect(0, 240, 320, 240))])
    with pytest.raises(DisplayError, match="'left' and 'right' both hang on screen"):
        check_display([left, right])
    with pytest.raises(DisplayError, match=r"no output 'VGA' .* there are: screen \(DEL-"):
        check_display([right, replace(left, output="VGA")])


def test_a_wall_starts_while_its_monitors_are_missing(display: str) -> None:
    plug_in(DELL)
    left = Screen("left", Rect(0, 0, 320, 240), output="screen")
    right = Screen("right", Rect(320, 0, 320, 240), edid="77777")
    [told] = check_display([left, right])
    assert told.startswith("screen right: No output of the display has a monitor '77777'")
    assert check_display([right]) == [told]


def test_screens_get_the_outputs_of_the_display(display: str) -> None:
    assert [(one.name, one.width_px) for one in chosen_outputs(None, headless=False)] == [
        ("screen", WALL.w)
    ]
    assert chosen_outputs(None, headless=True) == ()
    assert chosen_outputs((Size(320, 240),), headless=False) == ()
