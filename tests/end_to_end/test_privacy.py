"""A wall that hides pictures: nothing of them is decoded, drawn or given out."""

import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from tests.support.fakes import Pixels
from tests.support.live_wall import Eyes, LiveWall, cut_out, eventually, luma, soon
from tests.support.servers.clips import moving_clip
from wallctl.api.client import Client
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.wall.commands import command as c

pytestmark = pytest.mark.e2e

SCREEN = Size(640, 360)
LEFT, RIGHT = Rect(20, 60, 140, 100), Rect(340, 60, 140, 100)
"""Of tile 1 and tile 2 a part without a label."""
WHILE_S = 0.5


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveWall]:
    folder = tmp_path_factory.mktemp("privacy")
    clips = [str(moving_clip(folder / f"{i}.mp4", seed=i)) for i in (1, 2, 3, 4)]
    with LiveWall(clips, folder, screens=(SCREEN,)) as wall:
        eventually(lambda: wall.all_live(4), 20)
        yield wall


@pytest.fixture
def client(wall: LiveWall) -> Iterator[Client]:
    with wall.client() as client:
        yield client
        for lift in (c.Unblank(), c.Unblank(source="2"), c.Unblank(tile=c.TileRef(1))):
            client.send(lift)
    eventually(lambda: wall.all_live(4), 10)


def states(wall: LiveWall) -> list[str]:
    return [tile["state"] for tile in wall.tiles()]


def moves(eyes: Eyes, rect: Rect) -> bool:
    """Whether the canvas changes there within a while."""

    def look() -> Pixels:
        return cut_out(luma(eyes.canvas("screen1")), rect)

    first = look().copy()
    return bool(soon(lambda: not np.array_equal(first, look()), WHILE_S))


def test_a_hidden_source_is_not_decoded_and_the_others_go_on(
    wall: LiveWall, client: Client
) -> None:
    eyes = Eyes(wall)
    before = cut_out(luma(eyes.canvas("screen1")), RIGHT).copy()
    client.send(c.Blank(source="2", reason="检修"))
    eventually(lambda: states(wall) == ["live", "masked", "live", "live"], 2)
    assert not np.array_equal(before, cut_out(luma(eyes.canvas("screen1")), RIGHT))
    assert not moves(eyes, RIGHT)
    assert moves(eyes, LEFT)
    eventually(lambda: stands_still(eyes, wall.site.sources[1].name), 3)
    assert not stands_still(eyes, wall.site.sources[0].name)
    name = wall.site.sources[1].name
    told = {"what": "source", "name": name, "by": "remote", "reason": "检修"}
    assert wall.ask("status")["blanked"] == [told]


def stands_still(eyes: Eyes, source: str) -> bool:
    """Whether nothing of a source is decoded for a while."""
    before = eyes.decoded(source)
    return not soon(lambda: eyes.decoded(source) != before, WHILE_S)


def test_no_snapshot_shows_what_is_hidden(wall: LiveWall, client: Client) -> None:
    seen = client.snapshot(c.Snapshot(clean=True))
    client.send(c.Blank(tile=c.TileRef(1)))
    eventually(lambda: states(wall)[0] == "masked", 2)
    assert is_bare(client.snapshot(c.Snapshot(clean=True)), LEFT)
    assert not is_bare(seen, LEFT)
    client.send(c.Enlarge(c.TileRef(1)))
    assert is_bare(client.snapshot(c.Snapshot(clean=True)), LEFT)
    client.send(c.Restore())


def is_bare(png: bytes, rect: Rect) -> bool:
    """Whether a part of a picture is of one colour."""
    with Image.open(io.BytesIO(png)) as image:
        return int(np.ptp(cut_out(np.asarray(image.convert("L")), rect))) == 0


def test_a_receipt_does_not_wait_for_what_is_hidden(wall: LiveWall, client: Client) -> None:
    receipt = client.send(c.Blank(source="2"))
    assert (receipt.pending, receipt.first_ms < 200) == ((), True)
    assert client.send(c.SetLayout("2x2")).pending == ()
