"""Cameras that stop, die, refuse or stall: the tile says so in time, the others lose nothing."""

import itertools
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.support.frame_watcher import LOOP, Look, Watch, longest_hold_s, share_presented, shown
from tests.support.live_wall import PAUSE, Eyes, LiveWall, eventually, soon
from tests.support.requires import skipped_if
from tests.support.servers import RtspCameras, gstreamer_missing
from tests.support.servers.clips import moving_clip
from tests.support.servers.relay import Relay

EACH = 3
"""Cameras of each of two servers: tiles 1 to 3, and 4 to 6."""
FIRST, SECOND = range(EACH), range(EACH, 2 * EACH)
FPS, KEYFRAME_S = 25, 1.0
STALE_S, OFFLINE_S, LIVE_S = 1.2, 3.2, 3.0
GRACE_S = 1.0
"""How long a server that answers may still go on over the old line."""
HOLD_S = 0.3
LONGEST_PAUSE_S = 8.0
"""Between two calls of a camera that hangs up at once."""
SECOND_NS = 1_000_000_000

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(100), skipped_if(gstreamer_missing())]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("clips")
    return [moving_clip(folder / f"{i}.mp4", seed=i) for i in range(1, 2 * EACH + 1)]


@pytest.fixture
def servers(clips: list[Path]) -> Iterator[tuple[RtspCameras, RtspCameras]]:
    with RtspCameras(clips[:EACH]) as first, RtspCameras(clips[EACH:]) as second:
        yield first, second


@pytest.fixture
def wall(servers: tuple[RtspCameras, RtspCameras], tmp_path: Path) -> Iterator[LiveWall]:
    urls = [server.url(i) for server in servers for i in range(1, EACH + 1)]
    with LiveWall(urls, tmp_path, layout="3x3") as running:
        eventually(lambda: running.all_live(2 * EACH), 10, 0.1)
        eyes = Eyes(running)
        eventually(lambda: eyes.is_warm("screen1"), 10)
        yield running


@pytest.fixture
def watch(wall: LiveWall) -> Iterator[Watch]:
    with Watch(wall, "screen1", "3x3", 2 * EACH) as watching:
        yield watching


def undisturbed(looks: list[Look], tiles: range) -> None:
    for tile in tiles:
        assert longest_hold_s(looks, tile) < HOLD_S, f"tile {tile + 1}"
        assert share_presented(looks, tile) >= 0.99, f"tile {tile + 1}"


def marks_s(looks: list[Look], tile: int) -> list[float]:
    """After its last picture, when a tile's look changed without one: seconds since that picture.

    First it is marked as stale, then it shows the slate of a tile that is offline.
    """
    last_ns = shown(looks, tile)[-1][0]
    after = [look for look in looks if look.at_ns >= last_ns]
    changed = [b for a, b in itertools.pairwise(after) if a.prints[tile] != b.prints[tile]]
    return [(look.at_ns - last_ns) / SECOND_NS for look in changed]


def states(wall: LiveWall) -> list[str]:
    return [str(tile["state"]) for tile in wall.tiles()]


def are(wall: LiveWall, tiles: range, state: str) -> Callable[[], bool]:
    """Looks whether all those tiles are in a state, in the words of status."""
    return lambda: {states(wall)[tile] for tile in tiles} == {state}


def runs_on(looks: list[Look], tile: int) -> None:
    """No frame was skipped or shown fast: the pace of what was shown is the camera's."""
    seen = shown(looks, tile)
    steps = [(b[1] - a[1]) % LOOP for a, b in itertools.pairwise(seen)]
    took_s = (seen[-1][0] - seen[0][0]) / SECOND_NS
    assert max(steps) <= 3, steps
    assert sum(steps) <= FPS * took_s + 4, (steps, took_s)


def test_a_server_that_stops_and_goes_on(
    wall: LiveWall, watch: Watch, servers: tuple[RtspCameras, RtspCameras]
) -> None:
    stopped_ns = time.monotonic_ns()
    servers[0].stop_signal()
    eventually(are(wall, FIRST, "offline"), 6)
    PAUSE.wait(3)  # as long again, in which the others must lose nothing
    looks = watch.since(stopped_ns)
    for tile in FIRST:
        stale_s, offline_s = marks_s(looks, tile)[:2]
        assert 0.9 <= stale_s <= STALE_S
        assert 2.9 <= offline_s <= OFFLINE_S
    went_on_ns = time.monotonic_ns()
    servers[0].cont()
    for tile in FIRST:
        moved = eventually(partial(watch.moved, tile, went_on_ns), LIVE_S + KEYFRAME_S)
        assert moved - went_on_ns <= (LIVE_S + KEYFRAME_S) * SECOND_NS
    PAUSE.wait(2)  # their pace is that of real time
    for tile in FIRST:
        runs_on(watch.since(went_on_ns), tile)
    undisturbed(watch.since(stopped_ns), SECOND)
    assert are(wall, range(2 * EACH), "live")()
    assert [tile["reconnects"] for tile in wall.tiles()] == [0] * 2 * EACH, "the lines were kept"


def test_a_server_that_is_killed_and_started_again(
    wall: LiveWall, watch: Watch, servers: tuple[RtspCameras, RtspCameras]
) -> None:
    killed_ns = time.monotonic_ns()
    servers[0].kill()
    eventually(are(wall, FIRST, "offline"), 6)
    looks = watch.since(killed_ns)
    for tile in FIRST:
        stale_s, offline_s = marks_s(looks, tile)[:2]
        assert stale_s <= STALE_S
        assert offline_s <= OFFLINE_S
    PAUSE.wait(4)  # so long is it away, and called in vain
    servers[0].restart()
    eventually(are(wall, FIRST, "live"), LONGEST_PAUSE_S + LIVE_S + KEYFRAME_S)
    undisturbed(watch.since(killed_ns), SECOND)


def test_a_line_that_stalls_shows_no_old_burst(clips: list[Path], tmp_path: Path) -> None:
    with (
        RtspCameras(clips[:2]) as server,
        Relay(server.port) as relay,
        LiveWall([relay.url(1), server.url(2)], tmp_path, layout="2x2") as wall,
    ):
        eventually(lambda: wall.all_live(2), 10, 0.1)
        with Watch(wall, "screen1", "2x2", 2) as watch:
            eyes = Eyes(wall)
            eventually(lambda: eyes.is_warm("screen1"), 10)
            began_ns = time.monotonic_ns()
            at_ns, frame = shown(watch.looks, 0)[-1]
            relay.stall()
            PAUSE.wait(2)  # so much piles up
            flowed_ns = time.monotonic_ns()
            relay.flow()
            PAUSE.wait(2)  # their pace is that of real time
        looks = watch.since(began_ns)
        again = [(when, seen) for when, seen in shown(looks, 0) if when > flowed_ns]
        assert again[0][0] - flowed_ns < (0.5 + KEYFRAME_S) * SECOND_NS
        for when_ns, seen in again[1:]:
            late = (frame + (when_ns - at_ns) / SECOND_NS * FPS - seen) % LOOP
            assert min(late, LOOP - late) < 0.3 * FPS, (again, frame)
        undisturbed(looks, range(1, 2))
        assert relay.calls == 2, "it was asked for its description, and called"


def test_a_line_that_is_cut_is_called_again(clips: list[Path], tmp_path: Path) -> None:
    with (
        RtspCameras(clips[:1]) as server,
        Relay(server.port) as relay,
        LiveWall([relay.url(1)], tmp_path, layout="1x1") as wall,
    ):
        eventually(lambda: wall.all_live(1), 10, 0.1)
        for times in (1, 2):
            relay.cut()
            eventually(has_reconnected(wall, times), LIVE_S + KEYFRAME_S)
            assert wall.all_live(1)
        assert relay.calls == 3 * 2


def test_a_line_that_its_server_forgot_is_called_again(clips: list[Path], tmp_path: Path) -> None:
    """The server is well and answers, but nothing comes over this line any more."""
    with (
        RtspCameras(clips[:1]) as server,
        Relay(server.port) as relay,
        LiveWall([relay.url(1)], tmp_path, layout="1x1") as wall,
    ):
        eventually(lambda: wall.all_live(1), 10, 0.1)
        relay.mute()
        eventually(are(wall, range(1), "offline"), OFFLINE_S + 0.5)
        eventually(lambda: wall.all_live(1), GRACE_S + LIVE_S + KEYFRAME_S)
        eventually(has_reconnected(wall, 1), 2)


def has_reconnected(wall: LiveWall, times: int) -> Callable[[], bool]:
    return lambda: bool(wall.tiles()[0]["reconnects"] == times)


def test_wrong_credentials_are_told_and_not_tried_again(clips: list[Path], tmp_path: Path) -> None:
    with (
        RtspCameras(clips[:1], auth="operator:right") as server,
        Relay(server.port) as relay,
        LiveWall(
            [relay.url(1, login="operator:wr0ng-w0rd"), server.url(1, login="operator:right")],
            tmp_path,
            layout="2x2",
        ) as wall,
    ):
        eventually(lambda: states(wall) == ["refused", "live"], 10, 0.1)
        assert wall.tiles()[0]["reason"] == "bad_credentials"
        calls = relay.calls
        assert calls <= 1
        assert not soon(lambda: relay.calls != calls, 5)
        assert states(wall) == ["refused", "live"]
        told = wall.log.read_text() + str(wall.ask("status")) + str(wall.end())
        assert "wr0ng" not in told


def test_a_source_without_video_says_so(clips: list[Path], tmp_path: Path) -> None:
    sound = sound_only(tmp_path / "sound.mp4")
    with LiveWall([str(sound), str(clips[0])], tmp_path, layout="2x2") as wall:
        eventually(lambda: states(wall) == ["offline", "live"], 10, 0.1)
        assert wall.tiles()[0]["reason"] == "no_video"
        assert "Traceback" not in wall.log.read_text()


def sound_only(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        track = container.add_stream("aac", rate=48_000)
        for number in range(50):
            silence: Any = np.zeros((1, 1024), np.float32)
            frame = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48_000, number * 1024
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return path
