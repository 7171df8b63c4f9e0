"""What things cost: more of anything never costs less, and nothing costs less than nothing."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple

from wallctl.model.base.geometry import Size
from wallctl.model.planning.cost_model import (
    TYPICAL,
    Codec,
    Speeds,
    Work,
    budget_cores,
    codec_named,
    composed,
    cores,
    looked_after,
    painted,
    put_in_window,
    scaled,
    stream_cores,
    stream_work,
    total,
)

COSTS = st.floats(0, 100, allow_nan=False)
SPEEDS = st.builds(Speeds, *[COSTS] * len(Speeds.__struct_fields__))
SIZES = st.builds(Size, st.integers(16, 4096), st.integers(16, 4096))
RATES = st.floats(0, 120, allow_nan=False)
TAPS = st.lists(SIZES, max_size=3).map(tuple)
CODECS = st.sampled_from(Codec)
SUB = Size(640, 360)


def test_work_and_speeds_speak_of_the_same_things_in_the_same_order() -> None:
    assert len(Work.__struct_fields__) == len(Speeds.__struct_fields__)
    for one, cost in zip(Work.__struct_fields__, Speeds.__struct_fields__, strict=True):
        assert cost == f"{one.removesuffix('s') if one != 'passes' else 'pass'}_ms"


@given(SPEEDS, SIZES, RATES, CODECS, TAPS)
def test_a_stream_never_costs_less_than_nothing(
    speeds: Speeds, picture: Size, rate_hz: float, codec: Codec, taps: tuple[Size, ...]
) -> None:
    assert stream_cores(speeds, picture, rate_hz, codec, taps) >= 0


@given(SPEEDS, SIZES, RATES, CODECS, TAPS)
def test_a_faster_larger_or_wider_shown_stream_costs_no_less(
    speeds: Speeds, picture: Size, rate_hz: float, codec: Codec, taps: tuple[Size, ...]
) -> None:
    taps = tuple(tap for tap in taps if tap != picture)
    cost = stream_cores(speeds, picture, rate_hz, codec, taps)
    larger = Size(picture.w + 5000, picture.h)
    more = (*taps, SUB)
    assert stream_cores(speeds, picture, rate_hz + 1, codec, taps) >= cost
    assert stream_cores(speeds, larger, rate_hz, codec, taps) >= cost
    assert stream_cores(speeds, picture, rate_hz, codec, more) >= cost


def test_a_stream_is_received_decoded_and_scaled_to_each_tap() -> None:
    taps = (Size(400, 250), Size(1000, 500))
    assert stream_work(Size(1000, 1000), 10, Codec.HEVC, taps) == Work(
        packets=10, hevc_pictures=10, hevc_mpx=10, scaled_mpx=20, tap_mpx=6
    )


def test_a_picture_of_the_tap_s_own_size_is_copied() -> None:
    own = Size(1000, 500)
    assert scaled(own, 10, own) == Work(copied_mpx=5)


def test_a_tile_is_painted_no_more_often_than_there_are_passes() -> None:
    assert painted(SUB, 100, tick_hz=50) == painted(SUB, 50, tick_hz=50)
    assert put_in_window(SUB, 400, tick_hz=50) == put_in_window(SUB, 50, tick_hz=50)
    assert composed(50).passes == 50


@given(st.lists(st.builds(Work, RATES, RATES, RATES), max_size=4), SPEEDS)
def test_work_done_together_costs_what_its_parts_cost(works: list[Work], speeds: Speeds) -> None:
    assert cores(total(works), speeds) == pytest.approx(sum(cores(one, speeds) for one in works))


def test_every_cost_is_counted_once() -> None:
    for i, name in enumerate(Work.__struct_fields__):
        work = msgspec.structs.replace(Work(), **{name: 1000.0})
        assert cores(work, TYPICAL) == pytest.approx(astuple(TYPICAL)[i])


def test_a_wall_costs_something_before_it_shows_anything() -> None:
    assert 0 < cores(looked_after(0), TYPICAL) < cores(looked_after(10), TYPICAL)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("h264", Codec.H264), ("HEVC", Codec.HEVC), ("av1", Codec.HEVC), ("mjpeg", Codec.H264)],
)
def test_every_codec_counts_as_one_that_is_known(name: str, codec: Codec) -> None:
    assert codec_named(name) is codec


def test_some_of_the_machine_is_left_for_pictures_that_come_together() -> None:
    assert 0 < budget_cores(2) < 2
