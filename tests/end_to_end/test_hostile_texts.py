"""Texts that no person would write, by all ways into a real wall: nothing dies, all is drawn.

Commands come as JSON, as no client of ours would write it; alarms come over HTTP; a preset's title
and the kept state come in files.
"""

import json
import random
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import zmq

from tests.support.attack_size import size
from tests.support.hostile_texts import NASTY
from tests.support.live_wall import SiteWall, eventually
from tests.support.ports import free_port
from tests.support.still_site_files import stills, write_site
from wallctl.model.base.unicode_rules import on_one_line

pytestmark = [pytest.mark.e2e, pytest.mark.attack]

ARGUMENTS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("blank", "reason", {"source": "still1"}),
    ("blank", "reason", {"tile": "s1/2"}),
    ("blank", "reason", {"screen": "s1"}),
    ("blank", "source", {}),
    ("unblank", "source", {}),
    ("layout", "name", {}),
    ("layout", "screen", {"name": "2x2"}),
    ("preset", "name", {}),
    ("show", "source", {"tile": 1}),
    ("alarm", "name", {}),
    ("alarm", "text", {"name": "still1"}),
    ("over", "name", {}),
    ("group", "name", {}),
    ("tour", "name", {}),
    ("broadcast", "name", {}),
)
"""Where commands take a text, with what else they need."""


def hostile(count: int) -> list[str]:
    """So many texts: each nasty one, and mixtures of them; the same each time."""
    dice = random.Random(1)
    mixed = ("".join(dice.choices(NASTY, k=3))[:180] for _ in range(count))
    return [*NASTY, *mixed][:count]


class Stranger:
    """Sends what it likes, and reads the answers."""

    def __init__(self, endpoint: str) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._socket.setsockopt(zmq.RCVTIMEO, 10_000)
        self._socket.connect(endpoint)

    def ask(self, verb: str, args: dict[str, object]) -> Any:
        """The answer, which is about the text: who asks too often asks again."""
        body = {"v": 1, "id": "x", "cmd": verb, "args": args}
        return eventually(lambda: self._judged(json.dumps(body).encode()), 10)

    def _judged(self, body: bytes) -> Any:
        self._socket.send(body)
        reply = json.loads(self._socket.recv_multipart()[0])
        return None if not reply["ok"] and reply["error"]["code"] == "too_many" else reply

    def close(self) -> None:
        self._context.destroy(linger=0)


def post(port: int, text: str) -> int:
    """The status that an alarm of this text is answered with."""
    words = urllib.parse.quote(text, safe="", errors="surrogatepass")
    url = f"http://127.0.0.1:{port}/alarm/still2?text={words}"
    try:
        request = urllib.request.Request(url, method="POST")
        status: int = urllib.request.urlopen(request, timeout=10).status
    except urllib.error.HTTPError as refused:
        return refused.code
    return status


def alive(wall: SiteWall) -> set[str]:
    """Who must not die: root's children except for those that come and go."""
    lasting = ("wall:controller", "wall:presenter", "wall:worker", "wall:input")
    found = wall.children().items()
    return {f"{name} {pid}" for pid, name in found if name.startswith(lasting)}


def test_texts_by_all_ways(tmp_path: Path) -> None:
    port, count = free_port(), size(60, 2000)
    file = write_site(tmp_path, stills(tmp_path, 4))
    with file.open("a") as opened:
        opened.write(f"[inputs]\nhttp = {{ port = {port} }}\n")
    texts = hostile(count)
    with SiteWall(file, tmp_path) as wall:
        eventually(lambda: wall.live_tiles() == 4, 10)
        eventually(lambda: wall.ask("status")["inputs"][0]["listening"], 10)
        before, stranger = alive(wall), Stranger(wall.endpoint)
        for i, text in enumerate(texts):
            verb, name, others = ARGUMENTS[i % len(ARGUMENTS)]
            reply = stranger.ask(verb, {**others, name: text})
            assert reply["ok"] or reply["error"]["code"] != "internal", (verb, text)
            if i % 8 == 0:
                assert post(port, text) != 500
                write_title(tmp_path, text)
            if i % 40 == 0:
                check_lines(wall)
        stranger.close()
        check_lines(wall)
        status = wall.ask("status")
        assert alive(wall) == before
        assert (status["dying"], status["troubles"]) == ([], [])
        ticks = status["screens"][0]["ticks"]
        eventually(lambda: wall.ask("status")["screens"][0]["ticks"] > ticks, 5)
    assert "Traceback" not in wall.log.read_text()
    assert all(line.isprintable() for line in wall.log.read_text().splitlines() if line.isascii())


def write_title(folder: Path, text: str) -> None:
    """A preset of this title, which the wall finds while it runs."""
    title = json.dumps(text).replace("\x7f", "\\u007f")
    (folder / "presets" / "night.toml").write_text(
        f'schema = 1\ntitle = {title}\n[[screens]]\nscreen = "s1"\nlayout = "1x1"\ntiles = [1]\n'
    )


def check_lines(wall: SiteWall) -> None:
    """What ``wallctl status`` prints is one line for each thing, and controls no terminal. It is a
    program of its own, with a fair share of its own."""
    words = [sys.executable, "-m", "wallctl", "status", "--control", wall.endpoint]
    told = subprocess.run(words, capture_output=True, check=True, text=True)
    for line in told.stdout.split("\n"):
        assert line == on_one_line(line)
