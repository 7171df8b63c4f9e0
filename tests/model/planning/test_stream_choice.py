"""Which stream serves a tile, and why: by what kept it from another."""

import pytest

from tests.support.sites import source, source_of_three
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.planning.shedding_ladder import Rung
from wallctl.model.planning.stream_choice import Limits, Why, allow, choose
from wallctl.model.site.site import Source
from wallctl.model.streams.codec import Coding, coding_named
from wallctl.model.wall.scene.scene import Tile

LARGE, SMALL = Size(1920, 1080), Size(480, 270)
MAIN, SUB = ("摄像机1", "main"), ("摄像机1", "sub")
FREE = Limits(largest={"摄像机1": "main"})
BUSY = Limits(largest={"摄像机1": "main"}, rungs={"摄像机1": Rung.STREAM})
DEAR = Limits(largest={"摄像机1": "sub"})
UNPROVEN = Limits(largest={"摄像机1": "main"}, unproven=frozenset({"摄像机1"}))
NO_MAIN = Limits(largest={"摄像机1": "main"}, lost={MAIN})
NO_SUB = Limits(largest={"摄像机1": "sub"}, lost={SUB})


def chosen(one: Source, size: Size, limits: Limits, served: Source | None = None) -> object:
    """The streams that can fill a tile, and why the first one does."""
    tile = Tile(1, Rect(0, 0, size.w, size.h), one.name, 1)
    choice = choose(tile, one, served or allow(one, limits), limits)
    return [tap.stream for tap in choice.taps], choice.why


@pytest.mark.parametrize(
    ("tile", "limits", "streams", "why"),
    [
        (SMALL, FREE, ["sub"], Why.SUFFICES),
        (SMALL, BUSY, ["sub"], Why.SUFFICES),
        (LARGE, FREE, ["main", "sub"], Why.LARGEST),
        (LARGE, BUSY, ["sub"], Why.BUSY),
        (LARGE, DEAR, ["sub"], Why.BUDGET),
        (LARGE, UNPROVEN, ["sub"], Why.CAMERA),
        (SMALL, NO_SUB, ["sub", "main"], Why.SUFFICES),  # it would, if it came: main stands in
    ],
)
def test_a_choice_has_its_reason(tile: Size, limits: Limits, streams: list[str], why: Why) -> None:
    assert chosen(source(1), tile, limits) == (streams, why)


def test_a_camera_that_bears_no_further_connection_says_so() -> None:
    one = source(1)
    only = allow(one, DEAR)
    assert chosen(one, LARGE, FREE, served=only) == (["sub"], Why.CAMERA)
    assert chosen(one, LARGE, NO_MAIN, served=only) == (["sub"], Why.LOST)


def test_a_source_of_one_stream_leaves_no_choice() -> None:
    assert chosen(source(1, main=False), LARGE, DEAR) == (["sub"], Why.ONLY)


def test_of_three_the_middle_one_may_be_all_that_fits() -> None:
    known = {MAIN: LARGE, SUB: Size(960, 540)}
    limits = Limits(known, largest={"摄像机1": "sub"})
    three = source_of_three(1, connections=3)
    assert chosen(three, LARGE, limits) == (["sub", "third"], Why.BUDGET)
    assert chosen(three, Size(960, 540), limits) == (["sub", "third"], Why.SUFFICES)


def test_codings_are_called_as_on_cameras() -> None:
    assert coding_named("hevc").label == "H.265"
    assert coding_named("h264").label == "H.264"
    assert coding_named("prores") is Coding.OTHER
    assert Coding.OTHER.label == Coding.NONE.label == ""
    assert all(one.label for one in Coding if one > Coding.OTHER)
