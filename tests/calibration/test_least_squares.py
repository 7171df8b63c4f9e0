"""From what processes spent to speeds: the true ones are found, and none is below zero."""

import math
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict

from wallctl.calibration.least_squares import Observation, fitted
from wallctl.calibration.measure import Clip, Clips, Trial, trials
from wallctl.model.base.geometry import Size
from wallctl.model.planning.cost_model import TYPICAL, Codec, Speeds, Work, cores, total
from wallctl.model.planning.plan import Format

SMALL, LARGE = Size(640, 360), Size(1920, 1080)
COSTS = st.floats(0.05, 5)


def clip(name: str, size: Size, codec: Codec) -> Clip:
    return Clip(Path(name), Format(size, 25.0, codec))


CLIPS = Clips(
    small=tuple(clip(f"s{i}.mp4", SMALL, Codec.H264) for i in range(4)),
    large=tuple(clip(f"l{i}.mp4", LARGE, Codec.H264) for i in range(2)),
    small_hevc=tuple(clip(f"sh{i}.mp4", SMALL, Codec.HEVC) for i in range(2)),
    large_hevc=tuple(clip(f"lh{i}.mp4", LARGE, Codec.HEVC) for i in range(2)),
)


def works(trial: Trial) -> list[Work]:
    """Of each process, as a calibration sees them."""
    load = trial.load
    return [*load.streams.values(), total(load.screens.values()), load.control]


WORKS = [work for trial in trials(CLIPS) for work in works(trial)]


def seen(speeds: Speeds, noise: float = 0.0) -> list[Observation]:
    chance = np.random.default_rng(7)
    return [
        Observation(work, cores(work, speeds) * math.exp(chance.normal(0, noise))) for work in WORKS
    ]


@given(st.builds(Speeds, *[COSTS] * len(Speeds.__struct_fields__)))
def test_the_walls_of_a_calibration_part_every_cost_but_that_of_windows(speeds: Speeds) -> None:
    found = fitted(seen(speeds), TYPICAL)
    expected = msgspec.structs.replace(speeds, shown_mpx_ms=TYPICAL.shown_mpx_ms)
    assert asdict(found) == pytest.approx(asdict(expected), rel=1e-3)


def test_with_noise_no_cost_is_below_zero_and_the_whole_is_still_right() -> None:
    found = fitted(seen(TYPICAL, noise=0.1), TYPICAL)
    assert all(cost >= 0 for cost in asdict(found).values())
    whole = total(WORKS)
    assert cores(whole, found) == pytest.approx(cores(whole, TYPICAL), rel=0.05)


def test_what_would_cost_less_than_nothing_costs_nothing() -> None:
    found = fitted(
        [
            Observation(Work(packets=10), 1.0),
            Observation(Work(packets=10, passes=10), 0.8),
        ],
        TYPICAL,
    )
    assert found.pass_ms == 0
    assert found.packet_ms == pytest.approx(100 * 0.9, rel=0.05)
    assert found.paint_ms == TYPICAL.paint_ms


def test_the_walls_are_walls() -> None:
    for trial in trials(CLIPS):
        assert len(trial.site.sources) <= 16
        names = [source.name for source in trial.site.sources]
        assert len(set(names)) == len(names)
        assert all(len(f"wall:worker:{name}/") == 15 for name in names)
