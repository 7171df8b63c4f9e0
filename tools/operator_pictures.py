"""Makes the pictures of the operators' manual again: ``make pictures``.

A wall of the demo's cameras runs in a window of an Xvfb; keys are pressed and commands sent as in
the manual, and what the screen then shows is saved to ``docs/images/operator-NAME.LANGUAGE.png``.
Needs Xvfb and xdotool, and takes a minute. Look at each picture before it is committed.
"""

import http.server
import io
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from tests.support.live_wall import SiteWall, eventually
from tests.support.xserver import XServer, press_keys
from wallctl.cli.demo_cameras import cache_folder
from wallctl.demo.clips import CAMERAS, DemoCamera, clip_path, make_clips
from wallctl.display.text.fonts import find_font
from wallctl.model.base.geometry import Size
from wallctl.model.base.language import Language

IMAGES = Path(__file__).parents[1] / "docs" / "images"
SCREEN, PICTURE = Size(1920, 1080), Size(960, 540)
COLOURS = 200
LIVE_WITHIN_S, STALE_WITHIN_S, SETTLED_S = 60.0, 5.0, 1.0
WORDS_FADE_S = 2.5


class Words(NamedTuple):
    """What the site says, and people write, in one language."""

    site: str
    screen: str
    presets: tuple[str, str, str]
    tour: str
    alarm: str
    reason: str


WORDS = {
    Language.CHINESE: Words(
        "街道中心", "大屏", ("早班", "夜班", "防汛"), "全部摄像机", "有人越界，请立即查看", "检修",
    ),
    Language.ENGLISH: Words(
        "Street Centre", "Wall", ("Morning", "Night", "Flood watch"), "Round",
        "line crossed, look at once", "repair",
    ),
}  # fmt: skip


def main() -> None:
    """Draw all pictures in both languages."""
    font = find_font()
    cache = cache_folder()
    for stream in ("sub", "main"):
        make_clips(cache, stream, font.path if font else None, lambda _done, _all: None)
    for language, words in WORDS.items():
        with tempfile.TemporaryDirectory() as folder, XServer(SCREEN) as display:
            site = officers_site(Path(folder), language, words)
            with SiteWall(site, Path(folder), display=display) as wall:
                Pictures(wall, display, language, words).take()
        with tempfile.TemporaryDirectory() as folder, faulty_cameras() as faults:
            site = faulty_site(Path(folder), language, faults)
            with SiteWall(site, Path(folder)) as wall:
                take_states(wall, language, words)


class Pictures:
    """Presses keys at a wall, and keeps what it shows."""

    def __init__(self, wall: SiteWall, display: str, language: Language, words: Words) -> None:
        self._wall, self._display = wall, display
        self._language, self._words = language, words

    def take(self) -> None:
        """One after the other; each begins and ends with the home picture."""
        self._live(13)
        self._shot("wall")
        self._press("asterisk", "1", "4")
        self._shot("number", SETTLED_S / 2)
        self._press("Escape")
        self._faded()
        self._press("F1")
        self._shot("help")
        self._press("F1", "2")
        self._live(4)
        self._send(f'blank tile {self._words.screen}/3 reason "{self._words.reason}"')
        self._faded()
        self._press("b")
        self._shot("hidden", SETTLED_S / 2)
        self._press("Escape")
        self._send(f"unblank tile {self._words.screen}/3")
        self._press("0", "t", "l")
        self._live(4)
        self._faded()
        self._press("space")
        self._faded()
        self._shot("tour")
        self._press("t", "l", "0")
        self._live(13)
        self._send(f'alarm 7 "{self._words.alarm}"')
        self._faded()
        self._shot("alarm")

    def _press(self, *keys: str) -> None:
        press_keys(self._display, *keys)

    def _send(self, command: str) -> None:
        with self._wall.client() as client:
            client.send(command)

    def _live(self, count: int) -> None:
        eventually(lambda: self._wall.all_live(count), LIVE_WITHIN_S)
        self._faded()

    def _faded(self) -> None:
        time.sleep(WORDS_FADE_S)

    def _shot(self, name: str, after_s: float = SETTLED_S) -> None:
        time.sleep(after_s)
        with self._wall.client() as client:
            save(client.snapshot(), name, self._language)


def take_states(wall: SiteWall, language: Language, words: Words) -> None:
    """The states of a tile beside each other."""
    connecting, stale, lost, refused, hidden, _ = (f"{words.screen}/{i}" for i in range(1, 7))
    with wall.client() as client:
        client.send(f'blank tile {hidden} reason "{words.reason}"')
    wanted = {connecting: "connecting", stale: "live", lost: "offline", refused: "refused"}
    eventually(lambda: wanted.items() <= states(wall).items(), LIVE_WITHIN_S)
    workers = wall.pids("worker")
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        eventually(lambda: states(wall)[stale] == "stale", STALE_WITHIN_S)
        time.sleep(SETTLED_S / 2)
        with wall.client() as client:
            save(client.snapshot(), "states", language)
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)


def states(wall: SiteWall) -> dict[str, str]:
    """The state of each tile, by its place."""
    return {f"{tile['screen']}/{tile['tile']}": tile["state"] for tile in wall.tiles()}


def save(snapshot: bytes, name: str, language: Language) -> None:
    """Keep a snapshot as a small picture for the manual."""
    with Image.open(io.BytesIO(snapshot)) as image:
        small = image.convert("RGB").resize((PICTURE.w, PICTURE.h), Image.Resampling.LANCZOS)
    file = IMAGES / f"operator-{name}.{language.value[:2]}.png"
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")


def officers_site(folder: Path, language: Language, words: Words) -> Path:
    """The demo's cameras, three presets and a tour, as a site file."""
    cache = cache_folder()
    sources = {
        named(camera, language): tuple(
            str(clip_path(cache, camera, stream)) for stream in ("main", "sub")
        )
        for camera in CAMERAS
    }
    presets = zip(
        words.presets, ("2+8", "2x2", "1+5"), (range(5, 15), (1, 2, 11, 12), (4, 9, 13, 3, 12, 14)),
        strict=True,
    )  # fmt: skip
    (folder / "presets").mkdir()
    for name, layout, numbers in presets:
        (folder / "presets" / f"{name}.toml").write_text(
            f'schema = 1\n[[screens]]\nscreen = "{words.screen}"\nlayout = "{layout}"\n'
            f"tiles = {list(numbers)}\n"
        )
    tour = (
        f"[hotkeys]\nT = 'tour \"{words.tour}\"'\n"
        f'[[tours]]\nname = "{words.tour}"\nscreen = "{words.screen}"\nlayout = "2x2"\n'
        f"dwell_s = 60\npages = [{{ sources = {list(range(1, 15))} }}]\n"
    )
    return site_file(folder, language, sources, "1+12", tour)


def faulty_site(folder: Path, language: Language, faults: Sequence[str]) -> Path:
    """One camera for each state but live; the sixth tile is empty."""
    sources = {
        named(camera, language): (url,) for camera, url in zip(CAMERAS, faults, strict=False)
    }
    login = folder / "cameras.login.toml"
    login.write_text('user = "u"\npassword = "wrong"\nhosts = ["127.0.0.1"]\n')
    login.chmod(0o600)
    return site_file(folder, language, sources, "2x3", f'[credentials]\ncameras = "{login.name}"')


def named(camera: DemoCamera, language: Language) -> str:
    """A camera's name; quotation marks can't be in one."""
    return language.pick(camera.name, camera.en).replace("'", "")


def site_file(
    folder: Path, language: Language, sources: Mapping[str, Sequence[str]], layout: str, more: str
) -> Path:
    """A site of one screen; ``sources``: the addresses of each, the largest stream first."""
    words = WORDS[language]
    lines = [
        "schema = 1", f'name = "{words.site}"',
        'keys = ["1x1", "2x2", "3x3", "4x4", "1+5", "1+7", "2+8", "1+12"]',
        "[defaults]", f'language = "{language.value}"',
        "[[screens]]", f'name = "{words.screen}"', f"width = {SCREEN.w}", f"height = {SCREEN.h}",
        "[[home]]", f'screen = "{words.screen}"', f'layout = "{layout}"',
        f"sources = {list(range(1, min(13, len(sources)) + 1))}",
    ]  # fmt: skip
    for number, (name, streams) in enumerate(sources.items(), 1):
        lines += ["[[sources]]", f'name = "{name}"', f"number = {number}"]
        lines += [f'{of} = "{url}"' for of, url in zip(("main", "sub"), streams, strict=False)]
        lines += ['credential = "cameras"'] * streams[0].startswith("http")
    file = folder / "site.toml"
    file.write_text("\n".join((*lines, more, "")))
    return file


@contextmanager
def faulty_cameras() -> Iterator[list[str]]:
    """Addresses: one that never answers, one that is sound, one where nobody is, one that refuses
    the login, and a sound one to be hidden."""
    sound = [str(clip_path(cache_folder(), CAMERAS[i], "sub")) for i in (1, 4)]
    with socket.create_server(("127.0.0.1", 0)) as silent, refusing() as port:
        yield [
            f"rtsp://127.0.0.1:{silent.getsockname()[1]}/",
            sound[0],
            "rtsp://127.0.0.1:1/",
            f"http://127.0.0.1:{port}/live.ts",
            sound[1],
        ]


@contextmanager
def refusing() -> Iterator[int]:
    """The port of a server that knows nobody."""

    class Refusal(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Digest realm="x", nonce="1"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


if __name__ == "__main__":
    main()
