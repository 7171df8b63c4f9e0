"""Clips of a real street: a recording of a roadside camera, encoded as cameras encode.

25 pictures a second, x264's ``veryfast``, a keyframe each 2 s, no B frames, a constant bit rate.
Each picture of the recording is one of the clip's, so that the cars drive at twice their speed and
no picture repeats the one before. No two clips are equal: each take begins at another moment, and
where more are wanted than there are takes, a clip is a take begun at another of its keyframes.
"""

import functools
import itertools
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import cast

import av
import msgspec
from av.video.frame import PictureType
from av.video.reformatter import Interpolation
from av.video.stream import VideoStream

from wallctl.demo.clips import RATE_HZ, SIZES

KEYFRAME_EVERY = 50
KEYFRAMES = 5
"""Of a take."""
TAKES = 26
BITS_PER_S = {
    ("h264", "main"): 4_000_000,
    ("h264", "sub"): 700_000,
    ("hevc", "main"): 2_000_000,
    ("hevc", "sub"): 350_000,
}
"""What cameras are commonly set to; H.265 is bought to halve it."""
GOP = f"keyint={KEYFRAME_EVERY}:min-keyint={KEYFRAME_EVERY}:scenecut=0:bframes=0"
ENCODERS = {
    "h264": ("libx264", {"preset": "veryfast", "x264-params": GOP}),
    "hevc": (
        "libx265",
        {"preset": "superfast", "x265-params": f"{GOP}:log-level=none:pools=none"},
    ),
}


class Kind(msgspec.Struct, frozen=True):
    """What a clip is: the recording, its size (``main`` or ``sub``) and its codec."""

    recording: Path
    size: str
    codec: str

    def path(self, folder: Path, number: int) -> Path:
        """Where clip ``number``, from 0, lies."""
        return folder / f"camera-{number:03d}-{self.size}-{self.codec}.mp4"


def camera_clips(kind: Kind, folder: Path, count: int) -> list[Path]:
    """``count`` clips, made where missing, as many at a time as there are processors."""
    takes = range(min(count, TAKES))
    missing = [number for number in takes if not kind.path(folder, number).exists()]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        list(pool.map(functools.partial(film, kind, folder), missing))
    return [_clip(kind, folder, number) for number in range(count)]


def film(kind: Kind, folder: Path, number: int) -> None:
    """Encode one take; it appears under its name only when it is whole."""
    path, size = kind.path(folder, number), SIZES[kind.size]
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    encoder, options = ENCODERS[kind.codec]
    with av.open(str(unfinished), "w", format="mp4") as target:
        track = cast(VideoStream, target.add_stream(encoder, rate=RATE_HZ, options=options))
        track.width, track.height, track.pix_fmt = size.w, size.h, "yuv420p"
        track.codec_context.thread_count = 1
        track.bit_rate = BITS_PER_S[kind.codec, kind.size]
        for at, picture in enumerate(_pictures(kind.recording, number)):
            frame = picture.reformat(size.w, size.h, "yuv420p", interpolation=Interpolation.LANCZOS)
            frame.pts, frame.time_base = at, Fraction(1, RATE_HZ)
            frame.pict_type = PictureType.NONE
            target.mux(track.encode(frame))
        target.mux(track.encode(None))
    unfinished.replace(path)


def _pictures(recording: Path, number: int) -> Iterator[av.VideoFrame]:
    """The pictures of a take, round and round the recording from its own beginning."""
    with av.open(str(recording)) as source:
        shown = list(source.decode(source.streams.video[0]))
    first = number * len(shown) // TAKES
    return itertools.islice(itertools.cycle(shown), first, first + KEYFRAMES * KEYFRAME_EVERY)


def _clip(kind: Kind, folder: Path, number: int) -> Path:
    """A take, or what begins at another keyframe of one."""
    path, (turn, take) = kind.path(folder, number), divmod(number, TAKES)
    if turn and not path.exists():
        turned(kind.path(folder, take), path, turn, KEYFRAMES * KEYFRAME_EVERY)
    return path


def turned(clip: Path, path: Path, keyframe: int, pictures: int) -> None:
    """Write the same coded pictures, round and round from a keyframe (from 0) on.

    Needs a clip without B frames, since pictures are stamped again in the order of their packets.
    """
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    with av.open(str(clip)) as source, av.open(str(unfinished), "w", format="mp4") as target:
        first = source.streams.video[0]
        track = target.add_stream_from_template(first)
        packets = [packet for packet in source.demux(first) if packet.size]
        keys = [at for at, packet in enumerate(packets) if packet.is_keyframe]
        begin = keys[keyframe % len(keys)]
        for at in range(pictures):
            packet = av.Packet(bytes(packets[(begin + at) % len(packets)]))
            packet.is_keyframe = packets[(begin + at) % len(packets)].is_keyframe
            packet.stream, packet.time_base = track, Fraction(1, RATE_HZ)
            packet.pts, packet.dts, packet.duration = at, at, 1
            target.mux(packet)
    unfinished.replace(path)
