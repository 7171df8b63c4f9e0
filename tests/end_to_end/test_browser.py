"""A real browser shows a hostile page on the wall's own machine: the page commands nothing.

Programs are taken at a Unix socket alone, which no page can open. The one port of a wall is that of
its HTTP alarm input. A page may send there what it likes; the wall refuses it as a page.
"""

import http.server
import shutil
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.live_wall import SiteWall, eventually
from tests.support.ports import free_port
from tests.support.requires import skipped_if
from tests.support.still_site_files import TWO_SCREENS

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.attack,
    skipped_if(None if BROWSER else "there is no Chromium; on Debian: apt-get install chromium"),
]

SITE = f"""{TWO_SCREENS}
[[sources]]
name = "yard"
number = 1
main = "test:bars"
[[alarms]]
name = "intrusion"
source = "yard"
[inputs]
http = {{{{ port = {{port}}, alarms = ["*"] }}}}
"""

PAGE = """<!doctype html><body>
<form id="form" method="post" enctype="text/plain" action="http://{host}:{port}/alarm/intrusion">
<input name="v" value="1"></form>
<script>
const to = "http://{host}:{port}/alarm/intrusion";
const image = new Image(); image.src = to + "?from=image";
const sent = [
  fetch(to, {{method: "POST", mode: "no-cors", body: "x"}}),
  fetch(to + "?from=get", {{mode: "no-cors"}}),
];
navigator.sendBeacon(to, "x");
Promise.allSettled(sent).then(() => fetch("/tried")).then(() => document.forms[0].submit());
</script>"""


class Page(http.server.BaseHTTPRequestHandler):
    """A stranger's web server, with one page."""

    tried: threading.Event
    text: str

    def do_GET(self) -> None:
        if self.path == "/tried":
            self.tried.set()
        body = self.text.encode() if self.path == "/" else b""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def wall(port: int, tmp_path: Path) -> Iterator[SiteWall]:
    file = tmp_path / "site.toml"
    file.write_text(SITE.format(port=port))
    with SiteWall(file, tmp_path) as wall:
        eventually(lambda: all(one["listening"] for one in wall.ask("status")["inputs"]), 5)
        yield wall


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_page_raises_no_alarm(host: str, port: int, wall: SiteWall, tmp_path: Path) -> None:
    visit(PAGE.format(host=host, port=port), tmp_path)
    assert wall.ask("status")["alarms"] == []
    call = urllib.request.Request(f"http://{host}:{port}/alarm/intrusion", method="POST")
    with urllib.request.urlopen(call, timeout=5) as answer:  # a device may
        assert answer.status == 200
    assert [one["name"] for one in wall.ask("status")["alarms"]] == ["intrusion"]


def visit(text: str, tmp_path: Path) -> None:
    """Have the browser open a page, and wait until the page has tried everything."""
    tried = threading.Event()
    handler = type("OwnPage", (Page,), {"tried": tried, "text": text})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = [
            str(BROWSER),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
        ]
        browser += [f"--user-data-dir={tmp_path}/profile", "--dump-dom", "--timeout=4000"]
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        done = subprocess.run([*browser, address], capture_output=True, check=False, timeout=60)
        server.shutdown()
    assert tried.is_set(), done.stderr.decode(errors="replace")[-500:]
