"""A stream that has taken over its decoder writes what it likes into the memory that all share.

It can spoil pictures. It can end no other process, and has the wall do nothing.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.attack_size import size
from tests.support.live_wall import SiteWall, eventually, mapped
from tests.support.still_site_files import write_site
from wallctl.shm.arena import HEAP_OFFSET
from wallctl.shm.stream_status import BLOCKS_OFFSET, PAGE_BYTES

pytestmark = [pytest.mark.e2e, pytest.mark.attack]

LASTING = ("wall:controller", "wall:presenter", "wall:doorkeeper")
JUNK = (-1, 0, 1, 2, 5, 999, 1 << 31, (1 << 62) - 1, 1 << 62, (1 << 63) - 1, -(1 << 63))
WORD_BYTES, HEADER_WORDS = 8, 16


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[SiteWall]:
    file = write_site(tmp_path, {f"cam{i}": "test:motion" for i in range(1, 5)})
    with SiteWall(file, tmp_path) as started:
        eventually(lambda: started.live_tiles() == 4, 15)
        yield started


def lasting(wall: SiteWall) -> set[str]:
    """Who must not die: all but decoders and those that come and go."""
    found = wall.children().items()
    return {f"{name} {pid}" for pid, name in found if name.startswith(LASTING)}


def in_blocks(dice: random.Random, words: NDArray[np.int64]) -> None:
    """Any word of what streams say of themselves."""
    for _ in range(200):
        words[dice.randrange(BLOCKS_OFFSET, BLOCKS_OFFSET + PAGE_BYTES) // 8] = dice.choice(JUNK)


def in_headers(dice: random.Random, words: NDArray[np.int64]) -> None:
    """The headers of all canvases and rings; each begins a page."""
    pages = np.arange(HEAP_OFFSET, len(words) * WORD_BYTES, PAGE_BYTES) // WORD_BYTES
    for i in range(HEADER_WORDS):
        words[pages + i] = dice.choice(JUNK)


def everywhere(dice: random.Random, words: NDArray[np.int64]) -> None:
    """All of it."""
    words[BLOCKS_OFFSET // WORD_BYTES :] = dice.choice(JUNK)


@pytest.mark.parametrize("scribble", [in_blocks, in_headers, everywhere])
def test_nothing_dies_but_decoders(wall: SiteWall, scribble: object) -> None:
    before, revision = lasting(wall), wall.ask("status")["revision"]
    words = mapped(wall).bytes.view(np.int64)
    dice = random.Random(12)
    for _ in range(size(60, 600)):
        assert callable(scribble)
        scribble(dice, words)
        assert wall.ask("hello")
    status = wall.ask("status")
    assert status["revision"] == revision
    assert lasting(wall) == before
    ticks = status["screens"][0]["ticks"]
    eventually(lambda: wall.ask("status")["screens"][0]["ticks"] > ticks, 5)
    assert all("worker" in line for line in deaths(wall))


def deaths(wall: SiteWall) -> list[str]:
    return [line for line in wall.log.read_text().splitlines() if "ended by" in line]
