"""Pictures are shown in the shape that is known of them, from the moment on that it is known."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.changing_streams import Part, elementary
from tests.support.scheduler_harness import TILE, Camera
from wallctl.model.base.geometry import Size
from wallctl.model.site.aspect import KnownShape
from wallctl.shm.ring import latest
from wallctl.shm.stream_status import Word, shape

CIF, PAL, HD = Size(352, 288), Size(704, 576), Size(1280, 720)
WIDE = 16 / 9


def camera_of(folder: Path, *parts: Part) -> Camera:
    return Camera(elementary(folder / "clip.264", parts))


@pytest.fixture
def cif(tmp_path: Path) -> Iterator[Camera]:
    camera = camera_of(tmp_path, Part(CIF, pictures=20))
    yield camera
    camera.close()


def shown(camera: Camera) -> Size:
    """The size of the newest picture in a tile of 320 x 180."""
    glimpse = latest(camera.ring)
    assert glimpse is not None
    return glimpse.header.size


def test_a_stream_tells_its_shape(cif: Camera) -> None:
    cif.sends(2)
    assert shape(cif.words) == pytest.approx(352 / 288, abs=1e-5)
    assert (cif.words[Word.WIDTH_PX], cif.words[Word.HEIGHT_PX]) == (352, 288)


def test_a_shape_that_becomes_known_is_shown_at_once_though_no_picture_comes(cif: Camera) -> None:
    cif.shown()
    cif.sends(3)
    assert shown(cif) == Size(220, 180)
    for known, size in (
        (KnownShape(of_main=WIDE), TILE),
        (KnownShape(named=4 / 3, of_main=WIDE), Size(240, 180)),
        (KnownShape(), Size(220, 180)),
    ):
        cif.shape = known
        cif.shown()
        assert shown(cif) == size
    cif.sends(1)
    assert shown(cif) == Size(220, 180)


def test_what_is_brought_up_later_has_it_from_its_first_picture(cif: Camera) -> None:
    cif.shape = KnownShape(of_main=WIDE)
    cif.sends(15)
    cif.shown()
    assert shown(cif) == TILE


def test_it_holds_over_a_change_of_the_stream(tmp_path: Path) -> None:
    parts = [
        Part(CIF),
        Part(PAL, (12, 11)),
        Part(HD),
        Part(PAL, (16, 11)),
        Part(Size(960, 1080)),
    ]
    camera = camera_of(tmp_path, *parts)
    camera.shape = KnownShape(of_main=WIDE)
    camera.shown()
    seen = list[Size]()
    for part in parts:
        camera.sends(part.pictures)
        seen.append(shown(camera))
    assert seen == [TILE, Size(240, 180), TILE, TILE, TILE]
    assert shape(camera.words) == pytest.approx(WIDE, abs=1e-5)
    camera.close()
