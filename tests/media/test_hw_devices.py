"""Decoders that change between a device and software: no picture is lost, none comes twice."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from av.codec.context import CodecContext
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from tests.support.fake_devices import FakeMachine, FakeNotes
from tests.support.media_files import media
from tests.support.servers.clips import moving_clip
from wallctl.media.decode.decoder import Decoder
from wallctl.media.decode.hw_decoder import MOST_HELD, HardwareDecoder
from wallctl.media.decode.hw_devices import Machine
from wallctl.media.scale.scaler import Scaler, look_of
from wallctl.media.sources.file import open_file
from wallctl.model.base.geometry import Fit, Size
from wallctl.model.site.decoder_preference import DecodedBy, Hardware, HardwareFailure
from wallctl.model.site.site import Stream

SOFTWARE, CUDA, NONE = DecodedBy.SOFTWARE, DecodedBy.CUDA, DecodedBy.NONE
HD = Size(1280, 720)
PICTURES, GOP = 60, 20
TILE, CUT = Size(640, 360), Size(360, 360)
NO_GPU = pytest.mark.skipif(Path("/dev/nvidia0").exists(), reason="this machine has a GPU")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip with three keyframes and without reordering, as cameras send."""
    folder = tmp_path_factory.mktemp("clips")
    return moving_clip(folder / "large.mp4", size=HD, seconds=PICTURES / 25, gop=GOP)


@pytest.fixture(scope="module")
def reordered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with pictures that are decoded before they are shown: decoders hold some back."""
    file = tmp_path_factory.mktemp("clips") / "reordered.mp4"
    with av.open(str(file), "w") as container:
        options = {
            "preset": "veryfast",
            "x264-params": f"keyint={GOP}:min-keyint={GOP}:scenecut=0:bframes=2",
        }
        track = container.add_stream("libx264", rate=25, options=options)
        assert isinstance(track, VideoStream)
        track.width, track.height, track.pix_fmt = HD.w, HD.h, "yuv420p"
        dice = np.random.default_rng(1)
        for number in range(PICTURES):
            rows = np.kron(dice.integers(16, 235, (27, 32)), np.ones((40, 40)))
            frame = av.VideoFrame.from_ndarray(rows.astype(np.uint8), "yuv420p")
            frame.pts = number
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return file


class Played:
    """A clip, decoded to its end."""

    def __init__(
        self,
        clip: Path,
        machine: FakeMachine,
        notes: FakeNotes | None = None,
        hardware: Hardware = Hardware.AUTO,
        sizeless: bool = False,
    ) -> None:
        self.notes = notes or FakeNotes()
        with av.open(str(clip)) as container:
            stream = container.streams.video[0]
            software = _sizeless(stream) if sizeless else stream.codec_context
            accelerated = HardwareDecoder(software, hardware, self.notes, machine)
            frames = [
                (frame.pts, frame.format.name)
                for packet in _packets(container.demux(stream))
                for frame in accelerated.decode(packet)
            ]
            accelerated.close()
            tick = float(1 / (25 * (stream.time_base or 1)))
        self.numbers = [round((pts or 0) / tick) for pts, _ in frames]
        self.formats = [name for _, name in frames]


def _packets(
    demuxed: Iterator["Packet[VideoStream]"],
) -> Iterator["Packet[VideoStream] | None"]:
    yield from (packet for packet in demuxed if packet.size)
    yield None


def _sizeless(stream: VideoStream) -> VideoCodecContext:
    """What a camera gives whose description does not tell the size."""
    context = CodecContext.create("h264", "r")
    assert isinstance(context, VideoCodecContext)
    context.extradata = stream.codec_context.extradata
    assert context.width == 0
    return context


def decoded(clip: Path, machine: FakeMachine, notes: FakeNotes) -> int:
    """How many pictures a decoder gives that broken packets do not stop."""
    connection = open_file(Stream("main", str(clip)))
    stream = connection.stream
    decoder = Decoder(stream, HardwareDecoder(stream.codec_context, Hardware.AUTO, notes, machine))
    count = sum(len(decoder.decode(coded, 0)) for coded in connection.packets())
    decoder.close()
    connection.close()
    return count


def scaled(frame: VideoFrame, tile: Size) -> NDArray[np.int16]:
    """The planes that a tile gets of a frame, one after the other."""
    out = np.zeros(tile.w * tile.h * 3 // 2, np.uint8)
    Scaler(tile, Fit.COVER).write(frame, look_of(frame, 1.0), out)
    return out.astype(np.int16)


def known_to(stream: VideoStream) -> set[DecodedBy]:
    """The devices that this build of libav can use for a stream."""
    configs = stream.codec_context.codec.hardware_configs
    names = {config.device_type.name for config in configs}
    return {device for device in DecodedBy if device.label in names}


def whole(played: Played) -> bool:
    return played.numbers == list(range(PICTURES))


def test_a_device_that_works_decodes_all_and_is_named(large: Path) -> None:
    machine = FakeMachine(CUDA)
    played = Played(large, machine)
    assert whole(played)
    assert played.formats == ["nv12"] * PICTURES
    assert played.notes.told == [CUDA]
    assert played.notes.held == [CUDA, NONE]
    assert played.notes.failures == []


def test_a_device_holds_back_and_gives_out_like_software(reordered: Path) -> None:
    assert whole(Played(reordered, FakeMachine()))
    played = Played(reordered, FakeMachine(CUDA))
    assert whole(played)
    assert played.formats == ["nv12"] * PICTURES


def test_a_device_that_does_not_open_costs_no_picture(large: Path) -> None:
    machine = FakeMachine(CUDA)
    machine.opens = False
    played = Played(large, machine)
    assert whole(played)
    assert played.notes.told == [SOFTWARE]
    assert played.notes.failures == [(CUDA, HardwareFailure.NOT_OPENED)]


@pytest.mark.parametrize("clip", ["large", "reordered"])
def test_a_device_that_decodes_in_software_is_found_out_and_let_go(
    clip: str, request: pytest.FixtureRequest
) -> None:
    machine = FakeMachine(CUDA)
    machine.in_software = True
    played = Played(request.getfixturevalue(clip), machine)
    assert whole(played)
    assert played.notes.told == [SOFTWARE]
    assert played.notes.failures == [(CUDA, HardwareFailure.DECLINED)]
    assert [device.packets for device in machine.opened] == [GOP]


def test_a_device_that_turns_to_software_later_is_found_out_too(large: Path) -> None:
    machine = FakeMachine(CUDA)
    notes = FakeNotes()
    with av.open(str(large)) as container:
        stream = container.streams.video[0]
        accelerated = HardwareDecoder(stream.codec_context, Hardware.AUTO, notes, machine)
        for number, packet in enumerate(container.demux(stream)):
            accelerated.decode(packet if packet.size else None)
            if number == 5:
                machine.opened[0].pix_fmt = "yuv420p"
    assert notes.told == [CUDA, SOFTWARE]
    assert notes.failures == [(CUDA, HardwareFailure.DECLINED)]
    assert [device.packets for device in machine.opened] == [GOP]


def test_a_device_that_fails_at_the_first_keyframe_costs_no_picture(large: Path) -> None:
    machine = FakeMachine(CUDA)
    machine.breaks = lambda _: True
    played = Played(large, machine)
    assert whole(played)
    assert played.notes.told == [SOFTWARE]
    assert played.notes.failures == [(CUDA, HardwareFailure.NO_PICTURES)]


def test_a_device_that_swallows_everything_is_given_up_at_the_next_keyframe(large: Path) -> None:
    machine = FakeMachine(CUDA)
    machine.mute = True
    played = Played(large, machine)
    assert played.numbers == list(range(GOP, PICTURES))
    assert played.notes.failures == [(CUDA, HardwareFailure.NO_PICTURES)]


def test_a_device_that_swallows_everything_is_blamed_if_no_keyframe_comes(tmp_path: Path) -> None:
    machine = FakeMachine(CUDA)
    machine.mute = True
    clip = moving_clip(tmp_path / "clip.mp4", size=HD, seconds=(MOST_HELD + 1) / 25, gop=250)
    notes = FakeNotes()
    assert decoded(clip, machine, notes) == 0
    assert notes.failures == [(CUDA, HardwareFailure.NO_PICTURES)]
    assert decoded(clip, machine, notes) == MOST_HELD + 1


def test_a_connection_that_ends_early_says_nothing_of_the_device(tmp_path: Path) -> None:
    machine = FakeMachine(CUDA)
    machine.mute = True
    clip = moving_clip(tmp_path / "clip.mp4", size=HD, seconds=(MOST_HELD - 1) / 25, gop=250)
    assert decoded(clip, machine, notes := FakeNotes()) == 0
    assert notes.failures == []
    assert notes.held == [CUDA, NONE]


def test_packets_before_a_keyframe_are_not_held_against_a_device(large: Path) -> None:
    machine, notes = FakeMachine(CUDA), FakeNotes()
    machine.breaks = lambda packet: 2 < packet <= 20
    connection = open_file(Stream("main", str(large)))
    stream = connection.stream
    decoder = Decoder(stream, HardwareDecoder(stream.codec_context, Hardware.AUTO, notes, machine))
    for number, coded in enumerate(connection.packets()):
        if number == 2:
            decoder.restart()  # packets were missed, and no keyframe comes for long
        decoder.decode(coded, 0)
    decoder.close()
    connection.close()
    assert decoder.errors == 18
    assert notes.told == [CUDA]
    assert notes.failures == []


def test_after_packets_were_missed_a_device_is_judged_from_the_next_keyframe_on(
    large: Path,
) -> None:
    machine, notes = FakeMachine(CUDA), FakeNotes()
    machine.breaks = lambda packet: packet > GOP
    connection = open_file(Stream("main", str(large)))
    stream = connection.stream
    decoder = Decoder(stream, HardwareDecoder(stream.codec_context, Hardware.AUTO, notes, machine))
    for number, coded in enumerate(connection.packets()):
        if number == GOP:
            decoder.restart()
        decoder.decode(coded, 0)
    decoder.close()
    connection.close()
    assert notes.told == [CUDA, SOFTWARE]
    assert notes.failures == [(CUDA, HardwareFailure.NO_PICTURES)]


def test_software_that_gave_way_to_a_device_can_take_over_again(large: Path) -> None:
    machine = FakeMachine(CUDA)
    machine.breaks = lambda _: True
    played = Played(large, machine, sizeless=True)
    assert whole(played)
    assert played.notes.told == [SOFTWARE]
    assert played.notes.failures == [(CUDA, HardwareFailure.NO_PICTURES)]


def test_a_device_that_fails_later_is_given_up_at_the_next_keyframe(large: Path) -> None:
    machine = FakeMachine(CUDA)
    machine.breaks = lambda packet: packet > 4
    assert decoded(large, machine, notes := FakeNotes()) == 4 + PICTURES - GOP
    assert notes.told == [CUDA, SOFTWARE]
    assert notes.failures == [(CUDA, HardwareFailure.NO_PICTURES)]


def test_a_broken_packet_is_no_fault_of_the_device(large: Path) -> None:
    machine = FakeMachine(CUDA)
    machine.breaks = lambda packet: packet == GOP + 1  # a keyframe
    decoded(large, machine, notes := FakeNotes())
    assert notes.told == [CUDA]
    assert notes.failures == []
    assert notes.held == [CUDA, NONE]


def test_a_stream_whose_worker_died_with_a_device_never_asks_for_one_again(large: Path) -> None:
    machine = FakeMachine(CUDA)
    played = Played(large, machine, FakeNotes(HardwareFailure.CRASHED))
    assert whole(played)
    assert machine.opened == []
    assert (played.notes.told, played.notes.failures) == ([SOFTWARE], [])


def test_turned_off_no_device_is_opened(large: Path) -> None:
    machine = FakeMachine(CUDA)
    played = Played(large, machine, hardware=Hardware.OFF)
    assert whole(played)
    assert machine.opened == []
    assert played.notes.failures == []


def test_a_small_picture_is_not_worth_a_device(tmp_path: Path) -> None:
    machine = FakeMachine(CUDA)
    small = moving_clip(tmp_path / "small.mp4", seconds=0.2)
    assert Played(small, machine, hardware=Hardware.CUDA).notes.told == [SOFTWARE]
    assert machine.opened == []


def test_a_device_that_the_site_names_and_nobody_finds_is_told(large: Path) -> None:
    machine = FakeMachine(CUDA)
    played = Played(large, machine, hardware=Hardware.VAAPI)
    assert whole(played)
    assert machine.opened == []
    assert played.notes.failures == [(DecodedBy.VAAPI, HardwareFailure.NOT_THERE)]


@pytest.mark.parametrize("clip", ["large", "reordered"])
def test_a_size_known_only_from_pictures_brings_the_device_at_the_next_keyframe(
    clip: str, request: pytest.FixtureRequest
) -> None:
    played = Played(request.getfixturevalue(clip), FakeMachine(CUDA), sizeless=True)
    assert whole(played)
    assert played.formats == ["yuv420p"] * GOP + ["nv12"] * (PICTURES - GOP)
    assert played.notes.told == [SOFTWARE, CUDA]


def test_a_machine_tells_its_devices_by_their_files(tmp_path: Path, large: Path) -> None:
    with av.open(str(large)) as container:
        software = container.streams.video[0].codec_context
        assert Machine(tmp_path).offer(software).devices == frozenset()
        (tmp_path / "nvidiactl").touch()  # the driver is there, and no card
        assert Machine(tmp_path).offer(software).devices == frozenset()
        (tmp_path / "nvidia0").touch()
        offer = Machine(tmp_path).offer(software)
        assert (offer.codec, offer.size) == ("h264", HD)
        known = known_to(container.streams.video[0])
        assert offer.devices == {CUDA} & known
        (tmp_path / "dri").mkdir()
        (tmp_path / "dri/renderD128").touch()
        assert Machine(tmp_path).offer(software).devices == known


@NO_GPU
def test_libav_refuses_a_device_that_is_not_there(large: Path) -> None:
    with av.open(str(large)) as container:
        software = container.streams.video[0].codec_context
        with pytest.raises(FFmpegError):
            Machine().open(CUDA, software)


def test_a_decoder_without_its_device_decodes_all_and_is_not_taken_for_one_that_works(
    reordered: Path,
) -> None:
    bare = media("h264-conformance/Cisco_Men_whisper_640x320_CABAC_Bframe_9.264")
    for clip, pictures in ((str(reordered), PICTURES), (bare, 9)):
        with av.open(clip) as container:
            stream = container.streams.video[0]
            if DecodedBy.VAAPI in known_to(stream):
                pytest.skip("this build of libav has VAAPI")
            context = Machine().open(DecodedBy.VAAPI, stream.codec_context)
            packets = _packets(container.demux(stream))
            assert sum(len(context.decode(packet)) for packet in packets) == pictures
            assert not Machine().works(DecodedBy.VAAPI, context)


@pytest.mark.parametrize(
    ("name", "tile"), [("nv12", TILE), ("p010le", TILE), ("nv12", HD), ("nv12", CUT)]
)
def test_what_devices_give_is_scaled_to_the_same_colours(
    name: str, tile: Size, large: Path
) -> None:
    connection = open_file(Stream("main", str(large)))
    decoder = Decoder(connection.stream)
    [picture] = decoder.decode(next(connection.packets()), 0)
    connection.close()
    downloaded = picture.frame.reformat(format=name, threads=1)
    assert downloaded.format.name == name
    difference = scaled(picture.frame, tile) - scaled(downloaded, tile)
    assert np.abs(difference).mean() < 1.0
    luma = tile.w * tile.h
    for plane in (slice(0, luma), slice(luma, luma * 5 // 4), slice(luma * 5 // 4, None)):
        assert abs(difference[plane].mean()) < 0.5
