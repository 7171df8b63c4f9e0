"""Screens that are asked which they are say so, and show their pictures again."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.live_wall import HD, Eyes, LiveWall, cut_out, eventually, luma
from tests.support.servers.clips import moving_clip
from wallctl.model.base.geometry import Rect
from wallctl.model.wall.commands import command as c

pytestmark = pytest.mark.e2e

LONGEST_S = 3.0
EDGE = Rect(0, HD.h - 2, HD.w, 2)
"""At the foot: the frame of the selected tile is elsewhere."""
APART = 40
"""In luma: the line along the edge is that much brighter than the ground."""


def test_a_screen_tells_which_it_is_and_then_shows_its_picture_again(tmp_path: Path) -> None:
    clip = str(moving_clip(tmp_path / "1.mp4", seed=1))
    with (
        LiveWall([clip], tmp_path, screens=(HD, HD), layout="2x2") as wall,
        wall.client() as client,
    ):
        eventually(lambda: wall.all_live(1), 20)
        eyes = Eyes(wall)

        def edge(screen: str) -> float:
            return float(np.median(cut_out(luma(eyes.canvas(screen)), EDGE)))

        before = edge("screen1"), edge("screen2")
        assert client.send("identify @screen2 1").pending == ()
        eventually(lambda: abs(edge("screen2") - before[1]) > APART, 1)
        assert abs(edge("screen1") - before[0]) <= APART
        eventually(lambda: abs(edge("screen2") - before[1]) <= APART, LONGEST_S)
        client.send(c.Identify())
        eventually(lambda: abs(edge("screen1") - before[0]) > APART, 1)
        client.send(c.Identify(seconds=0))
        eventually(lambda: abs(edge("screen1") - before[0]) <= APART, 1)
