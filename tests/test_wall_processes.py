"""Any process of a wall may be killed: the others go on, and it is back in the current state.

The wall: 14 RTSP cameras on a 4x4 screen, two more on a second one, headless.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.live import PAUSE, LiveWall, eventually
from tests.servers import RtspCameras, gstreamer_missing
from tests.servers.clips import moving_clip
from tests.watching import Watch, changes, longest_hold_s, share_presented
from wallctl.control.client import Client
from wallctl.control.endpoint import ControlError
from wallctl.model.command import CommandError
from wallctl.model.geometry import Size

CAMERAS, ROUNDS = 14, 5
SCREENS = (Size(1920, 1080), Size(960, 540))
BACK_S, TILE_BACK_S, KEYFRAME_S = 1.0, 2.0, 1.0
HOLD_S = 0.3
"""A neighbour that shows one frame for longer has stumbled; each is due after 40 ms."""
END_S = 2.0
Found = TypeVar("Found")

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


def another(wall: LiveWall, kind: str, old: list[int]) -> Callable[[], list[int]]:
    """Looks for as many processes of a kind as there were, not all the same."""

    def look() -> list[int]:
        now = wall.pids(kind)
        return now if len(now) == len(old) and now != old else []

    return look


def undisturbed(watch: Watch, since_ns: int, but: frozenset[int] = frozenset()) -> None:
    """No tile but those has stumbled, and each showed what its camera gave."""
    looks = watch.since(since_ns)
    for tile in set(range(len(watch.rects))) - but:
        assert longest_hold_s(looks, tile) < HOLD_S, f"tile {tile + 1}"
        assert share_presented(looks, tile) >= 0.97, f"tile {tile + 1}"


def state(wall: LiveWall) -> Any:
    """What must outlive a controller."""
    status = wall.ask("status")
    return {key: status[key] for key in ("revision", "selected", "screens")}


def worker_of(wall: LiveWall, camera: int) -> int:
    """The process that decodes camera ``camera``: workers are started in their order."""
    return wall.pids("worker")[camera]


def one_worker(wall: LiveWall, watch: Watch, second: Watch, turn: int) -> None:
    old = wall.pids("worker")
    names = dict(wall.children())
    tile = turn
    pid = next(p for p in old if decodes(p, wall.site.sources[tile].name))
    killed_ns = kill(pid)
    eventually(another(wall, "worker", old), BACK_S)
    moved = eventually(lambda: watch.moved(tile, killed_ns), TILE_BACK_S + KEYFRAME_S)
    print(f"worker: tile moved after {(moved - killed_ns) / 1e9:.2f} s", names[pid])
    undisturbed(watch, killed_ns, frozenset({tile}))
