"""Which broadcasts run, as the state has it; and what is told of them."""

from collections.abc import Iterator

import msgspec
import pytest
from msgspec.structs import replace

from tests.support.controller_harness import Office, small_site
from tests.support.credentials import ACCOUNT
from tests.support.fakes import MS
from wallctl.controller.broadcast_status import BroadcastStatus
from wallctl.controller.broadcast_status import broadcasts as tell
from wallctl.display.capture.broadcast import Aired, BroadcastSpec
from wallctl.display.messages import Finish
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.site.broadcast import BroadcastState
from wallctl.model.site.site import Broadcast
from wallctl.model.streams.health import Reason
from wallctl.node.broadcasts import GRACE_NS, Broadcasts, member
from wallctl.node.child_kinds import BROADCAST, CHILD_KINDS

SILENT_NS = CHILD_KINDS[BROADCAST].silent_ns or 0

WALL, LEFT = member("墙"), member("左")
BROADCASTS = (
    Broadcast("墙", "rtsp://192.0.2.9/wall", Size(384, 108), 12.5, 500, credential=ACCOUNT),
    Broadcast("左", "udp://192.0.2.9:5000", Size(192, 108), 25, 500, screen="left", on=False),
)
SITE = replace(small_site(), broadcasts=BROADCASTS)


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office(SITE)
    yield office
    office.close()


@pytest.fixture
def broadcasts(office: Office) -> Broadcasts:
    return Broadcasts(office.setup, office.crew)


def switched(**on: bool) -> dict[str, bool]:
    return on


def turn(office: Office, broadcasts: Broadcasts, on: dict[str, bool], ms: int = 100) -> None:
    """A turn of the controller."""
    broadcasts.switch(on)
    broadcasts.refresh(office.clock.now_ns)
    office.turn(ms)


def test_none_runs_before_it_is_known_which_people_want(
    office: Office, broadcasts: Broadcasts
) -> None:
    broadcasts.refresh(office.clock.now_ns)
    office.turn()
    assert office.root.spawned == {}


def test_those_that_are_on_run_with_their_screens(office: Office, broadcasts: Broadcasts) -> None:
    turn(office, broadcasts, {})
    assert set(office.root.spawned) == {WALL}
    spec = msgspec.msgpack.decode(office.root.spawned[WALL].args, type=BroadcastSpec)
    assert spec.broadcast == BROADCASTS[0]
    assert [part.rect for part in spec.parts] == [Rect(0, 0, 192, 108), Rect(192, 0, 192, 108)]
    assert [part.canvas for part in spec.parts] == list(office.setup.canvases.values())
    turn(office, broadcasts, switched(左=True))
    assert set(office.root.spawned) == {WALL, LEFT}
    assert not any(spawn.once for spawn in office.root.spawned.values())


def test_one_that_is_switched_off_is_told_to_hang_up_and_then_ended(
    office: Office, broadcasts: Broadcasts
) -> None:
    turn(office, broadcasts, {})
    off = switched(墙=False)
    turn(office, broadcasts, off)
    assert office.root.told(WALL) == [Finish()]
    assert WALL not in office.root.retired
    turn(office, broadcasts, off, GRACE_NS // MS)
    turn(office, broadcasts, off)
    assert WALL in office.root.retired
    assert not office.crew.has(WALL)


def test_one_that_has_hung_up_can_be_switched_on_again(
    office: Office, broadcasts: Broadcasts
) -> None:
    turn(office, broadcasts, {})
    turn(office, broadcasts, switched(墙=False))
    office.root.bury(WALL)
    office.turn()
    office.root.spawned.clear()
    turn(office, broadcasts, {})
    assert set(office.root.spawned) == {WALL}


def test_one_that_a_reloaded_site_sends_elsewhere_begins_anew_and_one_that_it_lacks_ends(
    office: Office, broadcasts: Broadcasts
) -> None:
    both = switched(墙=True, 左=True)
    turn(office, broadcasts, both)
    office.root.spawned.clear()
    moved = replace(BROADCASTS[0], url="rtsp://192.0.2.9/other")
    office.setup.site = replace(SITE, broadcasts=(moved,))
    turn(office, broadcasts, both)
    assert office.root.told(WALL) == office.root.told(LEFT) == [Finish()]
    for name in (WALL, LEFT):
        office.root.bury(name)
    office.turn()
    turn(office, broadcasts, both)
    [spawned] = office.root.spawned.values()
    assert msgspec.msgpack.decode(spawned.args, type=BroadcastSpec).broadcast == moved


def test_one_that_runs_since_before_this_controller_is_left_alone(
    office: Office, broadcasts: Broadcasts
) -> None:
    turn(office, broadcasts, {})
    next_one = Broadcasts(office.setup, office.crew)
    turn(office, next_one, {})
    turn(office, next_one, {})
    assert office.root.told(WALL) == []


def test_one_that_hangs_is_ended_and_not_twice(office: Office, broadcasts: Broadcasts) -> None:
    turn(office, broadcasts, {})
    turn(office, broadcasts, {}, SILENT_NS // MS)
    turn(office, broadcasts, {})
    assert office.root.killed == []
    turn(office, broadcasts, {})
    turn(office, broadcasts, {})
    assert office.root.killed == [WALL]


def test_what_is_told_of_it_says_how_it_fares_and_not_where_it_goes(
    office: Office, broadcasts: Broadcasts
) -> None:
    def status() -> list[BroadcastStatus]:
        return tell(SITE, {}, broadcasts.told())

    turn(office, broadcasts, {})
    assert [one.air for one in status()] == ["connecting", "off"]
    broadcasts.hear(WALL, Aired(BroadcastState.LIVE, fps=12.5, kbps=400.0, sent=50))
    wall, left = status()
    assert (wall.air, wall.fps, wall.sent, wall.width_px) == ("live", 12.5, 50, 384)
    assert left.screen == "left"
    broadcasts.died(WALL)
    assert status()[0].air == "connecting"
    told = msgspec.json.encode(status())
    assert b"192.0.2" not in told
    assert ACCOUNT.file.encode() not in told


def test_a_failure_is_logged_once_and_so_is_its_end(
    broadcasts: Broadcasts, caplog: pytest.LogCaptureFixture
) -> None:
    failed = Aired(BroadcastState.FAILED, Reason.UNREACHABLE)
    for aired in (failed, failed, Aired(BroadcastState.LIVE), Aired(BroadcastState.LIVE, fps=12.5)):
        broadcasts.hear(WALL, aired)
    assert [record.getMessage() for record in caplog.records] == [
        "broadcast 墙: unreachable; it is tried again",
        "broadcast 墙 is on the air again",
    ]
