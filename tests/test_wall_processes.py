"""Any process of a wall may be killed: the others go on, and it is back in the current state.

The wall: 14 RTSP cameras on a 4x4 screen, two more on a second one, headless.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.live import Eyes, LiveWall, eventually
from tests.servers import RtspCameras, gstreamer_missing
from tests.servers.clips import moving_clip
from tests.watching import Watch, changes, longest_hold_s, share_presented
from wallctl.control.client import Client
from wallctl.model.command import CommandError
from wallctl.model.geometry import Size

CAMERAS, ROUNDS = 14, 5
SCREENS = (Size(1920, 1080), Size(960, 540))
BACK_S, TILE_BACK_S, KEYFRAME_S = 1.0, 2.0, 1.0
HOLD_S = 0.3
"""A neighbour that shows one frame for longer has stumbled; each is due after 40 ms."""
WINDOW_NS = 1_500_000_000
"""Neighbours are watched for at least so long from a kill on."""
WARM_PASSES = 125
"""A presenter that has made so many has drawn ahead all that it keeps."""
NEW_PASSES_NS = 100_000_000
END_S = 2.0

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(170),
    pytest.mark.skipif(gstreamer_missing() is not None, reason=str(gstreamer_missing())),
]


@pytest.fixture(scope="module")
def cameras(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspCameras]:
    folder = tmp_path_factory.mktemp("clips")
    clips = [moving_clip(folder / f"{i}.mp4", seed=i) for i in range(1, CAMERAS + 1)]
    with RtspCameras(clips) as running:
        yield running


@pytest.fixture(scope="module")
def wall(cameras: RtspCameras, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveWall]:
    urls = [cameras.url(i) for i in range(1, CAMERAS + 1)]
    urls += ["test:bars", "test:bars", cameras.url(1), cameras.url(2)]
    folder = tmp_path_factory.mktemp("wall")
    with LiveWall(urls, folder, screens=SCREENS, layout="4x4") as running:
        eventually(lambda: running.all_live(len(urls)), 10, 0.1)
        yield running


@pytest.fixture
def watch(wall: LiveWall) -> Iterator[Watch]:
    with Watch(wall, "screen1", "4x4", CAMERAS) as watching:
        yield watching


@pytest.fixture
def second(wall: LiveWall) -> Iterator[Watch]:
    with Watch(wall, "screen2", "4x4", 2) as watching:
        yield watching


def kill(pid: int) -> int:
    """Kill a process; when, in ns."""
    now_ns = time.monotonic_ns()
    os.kill(pid, signal.SIGKILL)
    return now_ns


def undisturbed(watch: Watch, since_ns: int, but: frozenset[int] = frozenset()) -> None:
    """No tile but those has stumbled, and each showed what its camera gave."""
    eventually(lambda: watch.looks[-1].at_ns > since_ns + WINDOW_NS, 5)
    looks = watch.since(since_ns)
    for tile in set(range(len(watch.rects))) - but:
        assert longest_hold_s(looks, tile) < HOLD_S, f"tile {tile + 1}"
        assert share_presented(looks, tile) >= 0.97, f"tile {tile + 1}"


def state(wall: LiveWall) -> Any:
    """What must outlive a controller."""
    status = wall.ask("status")
    return {key: status[key] for key in ("revision", "selected", "screens")}


class Scene:
    """The wall with everything that looks at it, and a console that stays connected."""

    def __init__(self, wall: LiveWall, first: Watch, second: Watch, console: Client) -> None:
        self.wall, self.first, self.second, self.console = wall, first, second, console
        self.eyes = Eyes(wall)
        self.presenter = wall.pids("presenter")[0]
        """That of the first screen: they are started in the order of screens."""

    def is_back(self, kind: str, old: list[int]) -> Callable[[], bool]:
        """Looks for as many processes of a kind as there were, not all the same."""

        def look() -> bool:
            now = self.wall.pids(kind)
            return len(now) == len(old) and now != old

        return look


def kill_worker(scene: Scene, turn: int) -> None:
    old, tile = scene.wall.pids("worker"), turn
    killed_ns = kill(scene.eyes.worker(scene.wall.site.sources[tile].name))
    eventually(scene.is_back("worker", old), BACK_S)
    limit_s = TILE_BACK_S + KEYFRAME_S
    moved_ns = eventually(lambda: scene.first.moved(tile, killed_ns), limit_s)
    assert moved_ns - killed_ns < limit_s * 1e9
    undisturbed(scene.first, killed_ns, frozenset({tile}))
    undisturbed(scene.second, killed_ns)


def kill_presenter(scene: Scene, turn: int) -> None:
    old = scene.wall.pids("presenter")
    version = scene.first.looks[-1].version
    killed_ns = kill(scene.presenter)
    eventually(lambda: all_seen(scene.first, killed_ns + NEW_PASSES_NS), BACK_S)
    assert scene.is_back("presenter", old)()
    (scene.presenter,) = set(scene.wall.pids("presenter")) - set(old)
    assert scene.first.looks[-1].version >= version
    undisturbed(scene.second, killed_ns)
    eventually(lambda: scene.first.looks[-1].number > WARM_PASSES, 10)


def kill_controller(scene: Scene, turn: int) -> None:
    before, old = state(scene.wall), scene.wall.pids("controller")
    killed_ns = kill(old[0])
    eventually(scene.is_back("controller", old), BACK_S)
    assert state(scene.wall) == before
    assert time.monotonic_ns() - killed_ns < BACK_S * 1e9
    assert scene.console.status()["revision"] == before["revision"]
    scene.console.send(f"select screen1/{turn + 1}")
    undisturbed(scene.first, killed_ns)
    undisturbed(scene.second, killed_ns)


def kill_snapshot(scene: Scene, turn: int) -> None:
    asked_ns = time.monotonic_ns()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ask_for_picture, scene.wall)
        child = eventually(lambda: scene.wall.pids("snapshot"), BACK_S, 0.001)
        kill(child[0])
        assert answer.result(BACK_S) == "snapshot_failed"
    assert ask_for_picture(scene.wall) == "png"
    undisturbed(scene.first, asked_ns)
    undisturbed(scene.second, asked_ns)


def ask_for_picture(wall: LiveWall) -> str:
    """What a client gets for a snapshot: png, or the code of a refusal."""
    with wall.client() as client:
        try:
            assert client.snapshot().startswith(b"\x89PNG")
        except CommandError as error:
            return error.code
        return "png"


def all_seen(watch: Watch, since_ns: int) -> bool:
    """Whether every tile has shown two frames since then."""
    looks = watch.since(since_ns)
    return all(len(changes(looks, tile)) > 1 for tile in range(len(watch.rects)))


KINDS = (kill_worker, kill_presenter, kill_controller, kill_snapshot)


def test_each_kind_is_killed_in_turn_20_times_in_a_row(
    wall: LiveWall, watch: Watch, second: Watch
) -> None:
    with wall.client() as console:
        scene = Scene(wall, watch, second, console)
        eventually(lambda: second.looks[-1].number > WARM_PASSES, 10)
        for turn in range(ROUNDS):
            for killing in KINDS:
                killing(scene, turn)
    tiles = [tile for tile in wall.tiles() if tile["screen"] == "screen2"]
    assert len(tiles) == 2
    for tile in tiles:  # counted by their presenter, which was never killed, from the first on
        assert tile["presented"] >= 0.97 * tile["decoded"], tile
    wait = wall.log.read_text(errors="replace")
    assert "Traceback" not in wait
