"""Site files whose pictures stand still, so that a wall changes only where a key changes it."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from wallctl.model.base.geometry import Size

SMALL = Size(960, 540)
PICTURE = Size(640, 360)
TWO_SCREENS = """
schema = 1
name = "two"
[defaults]
clock = false
[[screens]]
name = "left"
width = 640
height = 360
[[screens]]
name = "right"
x = 640
width = 640
height = 360
"""
"""How a site file begins; there is no clock that would move."""


def still(path: Path, seed: int) -> Path:
    """A picture whose neighbours have nothing in common."""
    pixels = np.random.default_rng(seed).integers(0, 256, (PICTURE.h, PICTURE.w, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def stills(folder: Path, count: int) -> dict[str, str]:
    """So many sources that show a picture each."""
    return {f"still{i}": str(still(folder / f"{i}.png", i)) for i in range(1, count + 1)}


@contextmanager
def reluctant_cameras(count: int) -> Iterator[list[str]]:
    """The addresses of cameras that send now and then and never come to the point.

    Over UDP, where nobody can hang up on them.
    """
    over, places = threading.Event(), free_places(count)
    murmuring = threading.Thread(target=_murmur, args=(places, over))
    murmuring.start()
    try:
        yield [f"udp://{host}:{port}" for host, port in places]
    finally:
        over.set()
        murmuring.join()


def free_places(count: int) -> list[tuple[str, int]]:
    """Ports on loopback where nobody listens yet: whoever opens such an address does."""
    with ExitStack() as opened:
        takers = [opened.enter_context(socket.socket(type=socket.SOCK_DGRAM)) for _ in range(count)]
        for taker in takers:
            taker.bind(("127.0.0.1", 0))
        return [taker.getsockname() for taker in takers]


def _murmur(places: list[tuple[str, int]], over: threading.Event) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as voice:
        while not over.wait(0.2):
            for place in places:
                voice.sendto(b"R", place)


def write_site(
    folder: Path,
    sources: dict[str, str],
    *,
    screens: tuple[Size, ...] = (SMALL,),
    home: str = "2x2",
    hotkeys: dict[str, str] | None = None,
    output: str | None = None,
) -> Path:
    """A site file: screens ``s1``, ``s2`` .. side by side, presets ``a`` and ``b`` on ``s1``."""
    lines = ["schema = 1", 'name = "window"', 'keys = ["1x1", "2x2", "3x3", "1+5"]']
    lines += ["[defaults]", "clock = false", "[hotkeys]"]
    lines += [f"{json.dumps(key)} = {json.dumps(text)}" for key, text in (hotkeys or {}).items()]
    x = 0
    for i, size in enumerate(screens, 1):
        lines += ["[[screens]]", f'name = "s{i}"', f"x = {x}", f"width = {size.w}"]
        lines += [f"height = {size.h}", *([f'output = "{output}"'] if output else [])]
        x += size.w
    for number, (name, address) in enumerate(sources.items(), 1):
        lines += ["[[sources]]", f'name = "{name}"', f"number = {number}"]
        lines += [f"main = {json.dumps(address)}"]
    names = json.dumps(list(sources))
    lines += ["[[home]]", 'screen = "s1"', f'layout = "{home}"', f"sources = {names}"]
    for name, layout, order in (("a", "1x1", "[2]"), ("b", "2x2", "[4, 3, 2, 1]")):
        preset = f'schema = 1\n[[screens]]\nscreen = "s1"\nlayout = "{layout}"\ntiles = {order}\n'
        (folder / "presets").mkdir(exist_ok=True)
        (folder / "presets" / f"{name}.toml").write_text(preset)
    file = folder / "site.toml"
    file.write_text("\n".join(lines) + "\n")
    return file
