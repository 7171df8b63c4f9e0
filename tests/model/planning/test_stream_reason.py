"""Why a tile has its stream: told by what kept it from another."""

import pytest

from tests.support.sites import source, source_of_three
from wallctl.model.base.geometry import Size
from wallctl.model.planning.shedding_ladder import Rung
from wallctl.model.planning.stream_reason import Limits, Why, why
from wallctl.model.streams.codec import Coding, coding_named

LARGE, SMALL = Size(1920, 1080), Size(480, 270)
FREE = Limits({"摄像机1": "main"}, {}, ())
BUSY = Limits({"摄像机1": "main"}, {"摄像机1": Rung.STREAM}, ())
DEAR = Limits({"摄像机1": "sub"}, {}, ())
LOST = Limits({"摄像机1": "main"}, {}, {("摄像机1", "main"), ("摄像机1", "sub")})


@pytest.mark.parametrize(
    ("given", "tile", "limits", "expected"),
    [
        ("sub", SMALL, FREE, Why.SUFFICES),
        ("sub", SMALL, BUSY, Why.SUFFICES),
        ("main", LARGE, FREE, Why.LARGEST),
        ("sub", LARGE, BUSY, Why.BUSY),
        ("sub", LARGE, DEAR, Why.BUDGET),
        ("sub", LARGE, FREE, Why.CAMERA),
        ("sub", LARGE, LOST, Why.LOST),
        ("main", SMALL, LOST, Why.LOST),
    ],
)
def test_why(given: str, tile: Size, limits: Limits, expected: Why) -> None:
    assert why(source(1), given, tile, {}, limits) is expected


def test_a_source_of_one_stream_leaves_no_choice() -> None:
    assert why(source(1, main=False), "sub", LARGE, {}, DEAR) is Why.ONLY


def test_of_three_the_middle_one_may_be_all_that_fits() -> None:
    known = {("摄像机1", "main"): LARGE, ("摄像机1", "sub"): Size(960, 540)}
    three = source_of_three(1, connections=3)
    assert why(three, "sub", LARGE, known, DEAR) is Why.BUDGET
    assert why(three, "sub", Size(960, 540), known, DEAR) is Why.SUFFICES


def test_codings_are_called_as_on_cameras() -> None:
    assert coding_named("hevc").label == "H.265"
    assert coding_named("h264").label == "H.264"
    assert coding_named("prores") is Coding.OTHER
    assert Coding.OTHER.label == Coding.NONE.label == ""
    assert all(one.label for one in Coding if one > Coding.OTHER)
