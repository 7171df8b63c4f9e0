"""Zooming a picture that moves: each step shows the next picture, never a slate."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.live_wall import HD, Eyes, LiveWall, cut_out, eventually, luma
from tests.support.servers.clips import moving_clip
from wallctl.model.base.geometry import Rect
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.state.zoom import NOTCH

pytestmark = pytest.mark.e2e

ANSWER_MS = 110.0
STEPS = [NOTCH**i for i in (1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1)]
MIDDLE = Rect(300, 200, 360, 140)
"""Of tile 1 a part without words."""


def test_a_live_picture_is_zoomed_step_by_step_without_a_gap(tmp_path: Path) -> None:
    clips = [str(moving_clip(tmp_path / f"{i}.mp4", seed=i)) for i in (1, 2, 3, 4)]
    with LiveWall(clips, tmp_path, screens=(HD,)) as wall, wall.client() as client:
        eventually(lambda: wall.all_live(4), 20)
        eyes = Eyes(wall)
        eventually(lambda: eyes.is_warm("screen1"), 10)
        took = []
        for i, factor in enumerate(STEPS):
            receipt = client.send(c.SetZoom(factor, c.TileRef(1), 0.3 + 0.04 * i, 0.5))
            took.append(receipt.first_ms)
            assert receipt.pending == (), factor
        assert sorted(took)[-2] <= ANSWER_MS, took
        first = cut_out(luma(eyes.canvas("screen1")), MIDDLE).copy()
        eventually(
            lambda: not np.array_equal(first, cut_out(luma(eyes.canvas("screen1")), MIDDLE)), 0.3
        )
        assert client.send(c.SetZoom(1, c.TileRef(1))).pending == ()
