"""Monitors of a real X server: read, listed, and found by the text that a site file gives."""

import ctypes
from collections.abc import Iterator
from contextlib import closing

import pytest
from click.testing import CliRunner

from tests.edids import NAME, SERIAL, edid_block
from tests.xserver import XServer, xserver_missing
from wallctl.cli import main
from wallctl.cli.screens import check_display, chosen_outputs
from wallctl.model.edid import Edid
from wallctl.model.geometry import Rect, Size
from wallctl.model.site import Screen

if reason := xserver_missing():
    pytest.skip(reason, allow_module_level=True)

from wallctl.present.window import DisplayError, Window, WindowPlace, displays
from wallctl.present.x11_outputs import close_display, open_display
from wallctl.present.x11_pyglet import xlib

pytestmark = pytest.mark.e2e

WALL = Size(640, 480)
DELL = edid_block("DEL", 0xA0B1, texts=((SERIAL, "12345678"), (NAME, "DELL U2412M")))
_INTEGER, _REPLACE = 19, 0


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with XServer(WALL) as name:
        monkeypatch.setenv("DISPLAY", name)
        yield name


def plug_in(edid: bytes) -> None:
    """Give the display's only output a monitor, as a driver does."""
    connection = open_display()
    [screen] = connection.get_screens()
    xrandr = ctypes.CDLL("libXrandr.so.2")
    server = ctypes.cast(connection._display, ctypes.c_void_p)
    atom = ctypes.c_ulong(xlib.XInternAtom(connection._display, b"EDID", False))
    output, kind = ctypes.c_ulong(screen.output_id), ctypes.c_ulong(_INTEGER)
    xrandr.XRRChangeOutputProperty(server, output, atom, kind, 8, _REPLACE, edid, len(edid))
    xlib.XSync(connection._display, False)
    close_display(connection)


def test_an_output_without_a_monitor_tells_none(display: str) -> None:
    [output] = displays()
    assert output.edid is None
    with pytest.raises(DisplayError, match=r"has a monitor 'DELL U2412M': there are: screen\."):
        Window(WindowPlace("left", 320, 240, edid="DELL U2412M"), "wallctl left")
    plug_in(b"no EDID at all")
    assert displays()[0].edid is None


def test_a_window_finds_its_monitor(display: str) -> None:
    plug_in(DELL)
    [output] = displays()
    assert output.edid == Edid("DEL", 0xA0B1, "12345678", "DELL U2412M")
    with closing(Window(WindowPlace("left", 320, 240, edid="12345678"), "wallctl left")) as window:
        assert window.refresh_hz == output.refresh_hz
    with pytest.raises(DisplayError, match=r"did you mean DELL U2412M\?"):
        Window(WindowPlace("left", 320, 240, edid="DELL U2312M"), "wallctl left")


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


def test_screens_get_the_outputs_of_the_display(display: str) -> None:
    assert [(one.name, one.width_px) for one in chosen_outputs(None, headless=False)] == [
        ("screen", WALL.w)
    ]
    assert chosen_outputs(None, headless=True) == ()
    assert chosen_outputs((Size(320, 240),), headless=False) == ()
