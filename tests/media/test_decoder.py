"""What a keyframe changes is read from the picture, whatever decodes it."""

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import cast

import pytest
from av.packet import Packet
from av.video.stream import VideoStream

from tests.support.changing_streams import (
    BT470BG,
    BT709,
    FULL,
    LIMITED,
    Part,
    elementary,
    encoded,
    flv,
    remuxed,
    turned,
)
from tests.support.fake_devices import FakeMachine, FakeNotes
from wallctl.media.decode.decoder import Decoder, Picture
from wallctl.media.decode.hw_decoder import HardwareDecoder
from wallctl.media.decode.parameter_sets import ParameterSets
from wallctl.media.scale.colour import Matrix
from wallctl.media.scale.scaler import Look
from wallctl.media.sources.file import open_file
from wallctl.model.base.geometry import Size
from wallctl.model.site.decoder_preference import DecodedBy, Hardware
from wallctl.model.site.site import Stream
from wallctl.model.streams.decode_effort import Effort

PAL, HD = Size(352, 288), Size(1280, 720)
WIDE = Part(PAL, (16, 11), FULL, BT470BG)
NARROW = Part(PAL, (12, 11), LIMITED, BT709)
SILENT = Part(PAL)
LARGE = Part(HD, (1, 1), LIMITED, BT709)
LIGHT = [Effort.FULL, Effort.UNFILTERED]


def software(file: Path, efforts: Iterable[Effort] = (Effort.FULL,)) -> list[Picture]:
    return pictures(file, efforts, None)


def pictures(file: Path, efforts: Iterable[Effort], machine: FakeMachine | None) -> list[Picture]:
    """All pictures of a file; before each keyframe the next of the ``efforts`` is asked for."""
    connection = open_file(Stream("main", str(file)))
    stream = connection.stream
    own = stream.codec_context
    device = None
    if machine is not None:
        device = HardwareDecoder(own, Hardware.CUDA, FakeNotes(), machine)
    decoder, wanted = Decoder(stream, device), itertools.cycle(efforts)
    seen: list[Picture] = []
    for coded in connection.packets():
        if coded.key:
            decoder.lighten(next(wanted))
        seen += decoder.decode(coded, 0)
    seen += decoder.drain(0)
    decoder.close()
    connection.close()
    return seen


def looks(seen: list[Picture]) -> list[Look]:
    """The look of each run of pictures that look alike."""
    return [look for look, _ in itertools.groupby(one.look for one in seen)]


def said(seen: list[Picture]) -> list[tuple[float, Matrix, bool]]:
    return [(round(one.sample_aspect, 3), one.matrix, one.full_range) for one in looks(seen)]


SAID = {
    WIDE: (1.455, Matrix.BT601, True),
    NARROW: (1.091, Matrix.BT709, False),
    SILENT: (1.0, Matrix.BT601, False),
    LARGE: (1.0, Matrix.BT709, False),
}
ORDERS = [
    (WIDE, NARROW), (NARROW, WIDE), (WIDE, SILENT), (SILENT, WIDE), (WIDE, LARGE), (LARGE, WIDE),
    (WIDE, SILENT, NARROW, LARGE, WIDE),
]  # fmt: skip


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
@pytest.mark.parametrize("parts", ORDERS)
def test_each_keyframe_says_how_its_pictures_look(
    parts: tuple[Part, ...], codec: str, tmp_path: Path
) -> None:
    suffix = "264" if codec == "libx264" else "265"
    file = elementary(tmp_path / f"a.{suffix}", [one._replace(codec=codec) for one in parts])
    seen = software(file)
    assert len(seen) == sum(one.pictures for one in parts)
    assert said(seen) == [SAID[one] for one in parts]


def long_message(head: bytes) -> bytes:
    """A unit of 60 000 bytes that decoders pass over (user data, unregistered)."""
    size = 60_000
    return head + b"\5" + b"\xff" * (size // 255) + bytes([size % 255]) + b"U" * size + b"\x80"


@pytest.mark.parametrize(
    ("codec", "before", "message"),
    [
        ("libx264", b"\0\0\0\1\x67", long_message(b"\0\0\0\1\6")),
        ("libx265", b"\0\0\0\1\x40\1", long_message(b"\0\0\0\1\x4e\1")),
    ],
)
def test_a_keyframe_says_so_behind_a_long_message(
    codec: str, before: bytes, message: bytes, tmp_path: Path
) -> None:
    parts = (WIDE, SILENT, NARROW)
    file = elementary(tmp_path / f"a.{codec[-3:]}", [one._replace(codec=codec) for one in parts])
    plain = file.read_bytes()
    assert plain.count(before) >= len(parts)
    file.write_bytes(plain.replace(before, message + before))
    assert said(software(file)) == [SAID[one] for one in parts]


@pytest.mark.parametrize("efforts", [LIGHT, LIGHT[::-1], LIGHT[1:]])
def test_it_does_without_the_loop_filter_too(efforts: list[Effort], tmp_path: Path) -> None:
    parts = (WIDE, SILENT, NARROW, LARGE, WIDE)
    seen = software(elementary(tmp_path / "a.264", parts), efforts)
    assert len(seen) == sum(one.pictures for one in parts)
    assert said(seen) == [SAID[one] for one in parts]


def test_a_description_that_the_first_keyframe_contradicts_does_not_count(tmp_path: Path) -> None:
    """As of a camera whose SDP is that of yesterday's settings."""
    old = b"".join(
        elementary(tmp_path / "old.264", [WIDE]).read_bytes().partition(b"\0\0\1\x65")[:1]
    )
    connection = open_file(Stream("main", str(elementary(tmp_path / "a.264", [SILENT]))))
    connection.stream.codec_context.extradata = old
    decoder = Decoder(connection.stream)
    seen = [one for coded in connection.packets() for one in decoder.decode(coded, 0)]
    connection.close()
    assert said(seen) == [SAID[SILENT]]


def test_it_does_in_a_device_and_the_device_is_chosen_again(tmp_path: Path) -> None:
    large = Part(HD, (4, 3), FULL, BT470BG)
    parts = (LARGE, LARGE, large, large, LARGE._replace(range_=None, matrix=None), LARGE)
    machine = FakeMachine(DecodedBy.CUDA)
    seen = pictures(elementary(tmp_path / "a.264", parts), LIGHT[:1], machine)
    assert len(seen) == sum(one.pictures for one in parts)
    runs = [key for key, _ in itertools.groupby(round(one.look.sample_aspect, 2) for one in seen)]
    assert runs == [1.0, 1.33, 1.0]
    assert [one.look.format for one in seen[:12:11]] == ["nv12", "nv12"]
    assert len(machine.opened) > 1


@pytest.mark.parametrize(("codec", "suffix"), [("libx264", "264"), ("libx265", "265")])
@pytest.mark.parametrize("keyint", [12, 2, 1])
def test_pictures_that_a_decoder_held_back_keep_the_shape_that_they_had(
    codec: str, suffix: str, keyint: int, tmp_path: Path
) -> None:
    """It reorders: the first keyframe of the next part is decoded before they come out."""
    params = f"bframes=3:b-adapt=0:keyint={keyint}"
    parts = [one._replace(params=params, pictures=12, codec=codec) for one in (WIDE, NARROW, WIDE)]
    seen = software(elementary(tmp_path / f"a.{suffix}", parts))
    shapes = [round(one.look.sample_aspect, 3) for one in seen]
    assert shapes == [1.455] * 12 + [1.091] * 12 + [1.455] * 12


def test_a_profile_that_changes_is_decoded(tmp_path: Path) -> None:
    parts = [
        WIDE,
        NARROW._replace(pixels="yuv420p10le"),
        SILENT._replace(pixels="yuv444p"),
        WIDE,
    ]
    seen = software(elementary(tmp_path / "a.264", parts))
    formats = [one.format for one in looks(seen)]
    assert formats == ["yuvj420p", "yuv420p10le", "yuv444p", "yuvj420p"]
    assert said(seen) == [SAID[WIDE], SAID[NARROW], SAID[SILENT], SAID[WIDE]]


@pytest.mark.parametrize("efforts", [LIGHT[:1], LIGHT, LIGHT[::-1], LIGHT[1:]])
@pytest.mark.parametrize("machine", [None, FakeMachine(DecodedBy.CUDA)])
def test_a_description_that_comes_later_counts(
    efforts: list[Effort], machine: FakeMachine | None, tmp_path: Path
) -> None:
    """In FLV no keyframe holds its sets; a decoder begun later must not go by the first ones."""
    parts = (LARGE, WIDE, WIDE, SILENT, LARGE, LARGE)
    seen = pictures(flv(tmp_path / "a.flv", parts), efforts, machine)
    assert len(seen) == sum(one.pictures for one in parts)
    sizes = [size for size, _ in itertools.groupby(one.look.size for one in seen)]
    assert sizes == [HD, PAL, HD]
    assert not any(one.corrupt for one in seen)


def test_a_file_that_says_a_shape_beside_its_codec_is_believed(tmp_path: Path) -> None:
    seen = software(remuxed(tmp_path, "mp4", SILENT, aspect=(16, 11)))
    assert [round(one.sample_aspect, 3) for one in looks(seen)] == [1.455]


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
@pytest.mark.parametrize("efforts", [LIGHT[:1], LIGHT, LIGHT[1:]])
@pytest.mark.parametrize("machine", [None, FakeMachine(DecodedBy.CUDA)])
def test_a_file_that_says_how_pictures_stand_is_believed_by_every_decoder(
    suffix: str, efforts: list[Effort], machine: FakeMachine | None, tmp_path: Path
) -> None:
    part = Part(HD, None, None, None, pictures=4)
    seen = pictures(remuxed(tmp_path, suffix, part, degrees=90), efforts, machine)
    assert {one.look.upright for one in seen} == {Size(720, 1280)}


@pytest.mark.parametrize("efforts", [LIGHT[:1], LIGHT, LIGHT[1:]])
@pytest.mark.parametrize("machine", [None, FakeMachine(DecodedBy.CUDA)])
def test_how_pictures_stand_holds_from_keyframe_to_keyframe(
    efforts: list[Effort], machine: FakeMachine | None, tmp_path: Path
) -> None:
    """A camera that is turned in its menu says so in mid-stream, and only with keyframes."""
    file = tmp_path / "a.264"
    degrees = (0, 90, 180, 0, 270)
    file.write_bytes(b"".join(turned(tmp_path / "part.264", LARGE, one) for one in degrees))
    seen = pictures(file, efforts, machine)
    quarters = [
        (key, len(list(run))) for key, run in itertools.groupby(o.look.quarters for o in seen)
    ]
    assert quarters == [(one // 90, LARGE.pictures) for one in degrees]


@pytest.mark.parametrize("aspect", [(1, 200), (65535, 1)])
def test_pixels_that_nobody_can_have_are_square(aspect: tuple[int, int], tmp_path: Path) -> None:
    seen = software(elementary(tmp_path / "a.264", [Part(PAL, aspect)]))
    assert {one.look.sample_aspect for one in seen} == {1.0}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\1",
        b"\1" * 5,
        b"\1" * 8,
        b"\1" * 22,
        b"\0\0\1",
        b"\0\0\1\x67",
        b"\1\x64\0\x1f\xff\xe1\xff\xff\x67",
        b"\xff" * 40,
    ],
)
@pytest.mark.parametrize("codec", ["h264", "hevc", "mjpeg"])
def test_a_broken_description_says_nothing(codec: str, data: bytes) -> None:
    sets = ParameterSets(codec, data)
    assert not sets.update_from_description(data)
    assert sets.update_from_description(data + b"x")


def test_no_other_codec_is_looked_into() -> None:
    packets, _ = encoded(WIDE)
    sets = ParameterSets("mjpeg", None)
    assert not sets.update_from_packet(cast("Packet[VideoStream]", Packet(packets[0])))
