"""A wall of addresses with secrets in them: no reply, event, log or report shows one."""

import json
from pathlib import Path

import pytest

from tests.support.live_wall import LiveWall, eventually
from tests.support.ports import free_port
from wallctl.model.base.geometry import Size

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

SECRET = "hunter2S"
ADDRESSES = (
    "http://wall:{s}@127.0.0.1:{port}/live/1.flv?auth_key=1700000000-0-0-{s}",
    "http://127.0.0.1:{port}/live/2.flv?txSecret={s}&txTime=65B2AA55&channel=2",
    "http://127.0.0.1:{port}/api/c?access_token={s}",
    "rtsp://127.0.0.1:{port}/x?_sid={s}#{s}",
    "rtsp://127.0.0.1:{port}/user=wall_password={s}_channel=1_stream=0.sdp",
    "rtsp://127.0.0.1:{port}/admin/{s}/ch1",
)


def test_no_secret_of_an_address_is_shown(tmp_path: Path) -> None:
    urls = [one.format(s=SECRET, port=free_port()) for one in ADDRESSES]
    with LiveWall(urls, tmp_path, screens=(Size(640, 360),), layout="3x3") as wall:
        eventually(lambda: all(tile["reason"] for tile in wall.tiles()), 20)
        replies = [wall.ask(what) for what in ("hello", "status", "list")]
        report = wall.end()
    names = [source["name"] for source in replies[2]["sources"]]
    assert [name.partition(":")[0] for name in names] == [url.partition(":")[0] for url in urls]
    assert names[1].endswith("/live/2.flv?channel=2")
    assert SECRET not in json.dumps([replies, report])
    assert SECRET not in wall.log.read_text()
