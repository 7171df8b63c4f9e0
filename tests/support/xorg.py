"""A real Xorg whose monitors come and go: its dummy driver has 16 outputs and no card."""

import ctypes
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.harness.xvfb import x_server
from tests.support.xserver import END_S, xserver_missing
from wallctl.model.base.geometry import Size

HZ = 50
_CONFIG = """
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoEnableDevices" "false"
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5-1000
  VertRefresh 5-200
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 65536
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "1280x720"
    Virtual 3840 2160
  EndSubSection
EndSection
"""
_DRIVER = "/usr/lib/xorg/modules/drivers/dummy_drv.so"
_INTEGER, _REPLACE = 19, 0


def xorg_missing() -> str | None:
    """Why no Xorg with the dummy driver can run here, or ``None``."""
    if shutil.which("Xorg") is None or not Path(_DRIVER).exists():
        return "Xorg with its dummy driver (xserver-xorg-video-dummy) is not installed"
    if shutil.which("xrandr") is None:
        return "xrandr is not installed"
    return xserver_missing()


class Monitors:
    """The outputs of a server, DUMMY0 to DUMMY15, and what hangs on them."""

    def __init__(self, display: str) -> None:
        self.display = display
        self._modes: set[tuple[str, Size]] = set()

    def plug(self, output: str, size: Size, x_px: int = 0, edid: bytes | None = None) -> None:
        """Light an output, at ``x_px`` from the left; with a monitor that tells ``edid``.

        Of one that is lit it changes mode and place. What is lit alone lies at 0.
        """
        if edid is not None:
            tell_edid(self.display, output, edid)
        name = f"{size.w}x{size.h}test"
        if not any(size == known for _, known in self._modes):
            totals = size.w + 80, size.h + 10
            clock_mhz = totals[0] * totals[1] * HZ / 1e6
            across = f"{size.w} {size.w + 20} {size.w + 40} {totals[0]}"
            down = f"{size.h} {size.h + 2} {size.h + 4} {totals[1]}"
            self.xrandr(f"--newmode {name} {clock_mhz} {across} {down}")
        if (output, size) not in self._modes:
            self.xrandr(f"--addmode {output} {name}")
        self._modes.add((output, size))
        self.xrandr(f"--output {output} --mode {name} --pos {x_px}x0")

    def unplug(self, output: str) -> None:
        """Take the monitor away: the output goes dark, and tells no EDID."""
        self.xrandr(f"--output {output} --off")
        tell_edid(self.display, output, b"")

    def xrandr(self, words: str) -> None:
        """Run xrandr on the display."""
        environ = {**os.environ, "DISPLAY": self.display}
        subprocess.run(["xrandr", *words.split()], env=environ, check=True, timeout=END_S)


@contextmanager
def xorg() -> Iterator[Monitors]:
    """An Xorg on a free display, with all its outputs dark."""
    with tempfile.TemporaryDirectory() as folder:
        config, log = Path(folder, "xorg.conf"), Path(folder, "xorg.log")
        config.write_text(_CONFIG)
        quiet = ["-logfile", str(log), "-novtswitch", "-sharevts"]
        with x_server(["Xorg", "-config", str(config), *quiet]) as server:
            monitors = Monitors(server.display)
            monitors.xrandr("--output DUMMY0 --off")
            yield monitors


def tell_edid(display: str, output: str, edid: bytes) -> None:
    """Have an output tell this of its monitor, as a driver does; nothing if it is empty."""
    x, xrandr = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXrandr.so.2")
    x.XOpenDisplay.restype, x.XInternAtom.restype = ctypes.c_void_p, ctypes.c_ulong
    server = ctypes.c_void_p(x.XOpenDisplay(display.encode()))
    number = ctypes.c_ulong(_number_of(display, output))
    atom = ctypes.c_ulong(x.XInternAtom(server, b"EDID", False))
    kind = ctypes.c_ulong(_INTEGER)
    xrandr.XRRChangeOutputProperty(server, number, atom, kind, 8, _REPLACE, edid, len(edid))
    x.XCloseDisplay(server)


def _number_of(display: str, output: str) -> int:
    """The XRandR id of an output, as xrandr tells it."""
    words = ["xrandr", "--display", display, "--verbose"]
    told = subprocess.run(words, check=True, capture_output=True, text=True, timeout=END_S).stdout
    found = re.search(rf"^{output} .*?Identifier: *(0x[0-9a-f]+)", told, re.MULTILINE | re.DOTALL)
    assert found is not None, told
    return int(found[1], 16)
