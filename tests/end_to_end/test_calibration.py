"""A calibration's walls for real: each process is found, and what it did costs something."""

from pathlib import Path

import pytest

from tests.support.servers.clips import moving_clip
from wallctl.calibration import measure
from wallctl.calibration.measure import CalibrationError, Clip, Clips, trials, watched
from wallctl.model.base.geometry import Size
from wallctl.model.planning.cost_model import Codec, Work
from wallctl.model.planning.plan import Format

pytestmark = pytest.mark.e2e

SIZE = Size(320, 180)


@pytest.fixture
def clips(tmp_path: Path) -> Clips:
    some = tuple(
        Clip(moving_clip(tmp_path / f"{i}.mp4", size=SIZE, seed=i), Format(SIZE)) for i in range(4)
    )
    twins = tuple(
        Clip(
            moving_clip(tmp_path / f"{i}-hevc.mp4", size=SIZE, seed=i, codec="hevc"),
            Format(SIZE, 25.0, Codec.HEVC),
        )
        for i in range(2)
    )
    return Clips(some, some[:2], twins, twins)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Walls that are watched for a moment, on a machine that may be busy with other tests."""
    monkeypatch.setattr(measure, "SETTLE_S", 1.5)
    monkeypatch.setattr(measure, "WATCH_S", 1.0)
    monkeypatch.setattr(measure, "machine_cores", lambda: 64)


def test_every_process_of_a_wall_is_seen_to_cost_something(clips: Clips) -> None:
    few_shown = trials(clips)[2]
    seen = watched([few_shown])
    assert [one.work for one in seen[:12]] == [*few_shown.load.streams.values()]
    assert len(seen) == 14
    assert all(0 < one.cores < 1 for one in seen)
    hidden = [one.cores for one in seen if one.work == Work(packets=25)]
    shown = [one.cores for one in seen if one.work.h264_pictures]
    assert (len(hidden), len(shown)) == (8, 4)
    assert max(hidden) < sum(shown) / 4


def test_walls_are_seen_side_by_side_and_the_screens_of_each_as_one(clips: Clips) -> None:
    walls = trials(clips)
    seen = watched(walls[:2])
    assert [one.work.passes for one in seen] == [*[0] * 6, 100, 0, *[0] * 10, 50, 0]


def test_a_busy_machine_is_not_measured(clips: Clips, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "machine_cores", lambda: -1)
    with pytest.raises(CalibrationError, match="other programs keep"):
        watched(trials(clips)[2:])
