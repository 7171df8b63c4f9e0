"""What a feed shows of streams with odd stamps, paces or keyframes; on a clock that tests turn."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.fakes import MS, SECOND
from tests.support.scheduler_harness import FRAME_NS, Camera
from tests.support.servers.clips import moving_clip
from wallctl.media.sources.demuxer import Coded
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.base.geometry import Size
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import Phase, Reason, TileState
from wallctl.model.streams.keyframes import KEY_PATIENCE_NS
from wallctl.shm.ring import Flag, Glimpse, latest
from wallctl.shm.stream_status import Word

SMALL = Size(96, 64)
GOP = 25


class Odd(Camera):
    """A camera with a loop of packets, stamped and timed as the test says."""

    def __init__(self, clip: Path) -> None:
        super().__init__(clip)
        self.packets = list(self._packets)
        self._loop = itertools.cycle(self.packets)
        self.stamp_ns = 0
        self.longest_unshown_ns = 0
        """The longest time between two pictures that were seen."""
        self._shown_ns: int | None = None
        self.longest_withheld_ns = 0
        """How long a picture came before it, or a newer one, was seen."""
        self._came_ns: int | None = None
        self.states: list[TileState] = []
        self.shown()

    def one(self, wait_ns: int, advance_ns: int | None) -> None:
        """One more packet; without an advance it has no stamp. The control thread looks first."""
        while wait_ns > SECOND // 4:
            self.now_ns += SECOND // 4
            wait_ns -= SECOND // 4
            self.look()
        self.now_ns += wait_ns
        self.stamp_ns += advance_ns or 0
        stamp_ns = None if advance_ns is None else self.stamp_ns
        coded = msgspec.structs.replace(next(self._loop), stamp_ns=stamp_ns)
        self._came_ns = self.now_ns if self._came_ns is None else self._came_ns
        self.scheduler.offer(coded, self.now_ns)
        self.look()

    def look(self) -> None:
        """What the control thread does, and what a presenter sees."""
        before = latest(self.ring)
        self.scheduler.catch_up()
        self.states.append(self.state())
        shown = latest(self.ring)
        number = shown.number if shown else 0
        if self._came_ns is not None:
            withheld_ns = self.now_ns - self._came_ns
            self.longest_withheld_ns = max(self.longest_withheld_ns, withheld_ns)
        if before is None or number != before.number or self._number != number:
            self._came_ns = None
            if self._shown_ns is not None:
                self.longest_unshown_ns = max(self.longest_unshown_ns, self.now_ns - self._shown_ns)
            self._shown_ns = self.now_ns
        self._number = number

    _number = 0

    def many(self, count: int, wait_ns: int = FRAME_NS, advance_ns: int | None = FRAME_NS) -> None:
        """So many packets, evenly."""
        for _ in range(count):
            self.one(wait_ns, advance_ns)

    def glimpse(self) -> Glimpse:
        """What the tile shows."""
        shown = latest(self.ring)
        assert shown is not None
        return shown


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[Odd]:
    camera = Odd(moving_clip(tmp_path / "clip.mp4", gop=1, size=SMALL, seconds=1))
    yield camera
    camera.close()


@pytest.mark.parametrize("step_ms", [0, 1, 34, 40, 48, 400, -40, None])
@pytest.mark.parametrize("stall_ms", [700, 2500])
def test_after_a_stall_whatever_its_stamps_say_a_tile_is_live_at_once(
    camera: Odd, step_ms: int | None, stall_ms: int
) -> None:
    step_ns = None if step_ms is None else step_ms * MS
    camera.many(200, advance_ns=step_ns)
    camera.longest_unshown_ns = 0
    camera.one(stall_ms * MS, step_ns)
    camera.many(stall_ms // 40, MS // 10, step_ns)
    camera.states.clear()
    camera.many(100, advance_ns=step_ns)
    assert set(camera.states[5:]) == {TileState.LIVE}
    assert camera.longest_unshown_ns < (stall_ms + 300) * MS


@pytest.mark.parametrize("night_ms", [500, 1000, 2500, 5000])
@pytest.mark.parametrize("counts", [False, True], ids=["of the time", "of the count"])
def test_at_night_a_tile_is_marked_twice_at_most(camera: Odd, night_ms: int, counts: bool) -> None:
    camera.many(200)
    camera.states.clear()
    advance_ns = FRAME_NS if counts else night_ms * MS
    camera.many(12, night_ms * MS, advance_ns)
    moves = {TileState.LIVE, TileState.CATCHING_UP}
    marks = [a for a, b in itertools.pairwise(camera.states) if a in moves and b not in moves]
    assert len(marks) <= 2
    learned = camera.states[-len(camera.states) // 2 :]
    assert set(learned) == {TileState.LIVE}
    assert camera.longest_unshown_ns <= night_ms * MS + 700 * MS
    camera.states.clear()
    camera.many(100)
    assert set(camera.states) <= moves
    assert camera.states[-1] is TileState.LIVE


def test_of_a_long_backlog_a_marked_still_a_second_is_shown(camera: Odd) -> None:
    camera.many(200)
    camera.one(20 * SECOND, FRAME_NS)
    before = camera.glimpse().number
    camera.states.clear()
    for _ in range(1000):
        camera.one(25 * MS, FRAME_NS)
        if camera.glimpse().number != before:
            assert camera.glimpse().header.flags & Flag.CATCHING_UP
    assert 20 <= camera.glimpse().number - before <= 26
    assert set(camera.states[60:]) == {TileState.CATCHING_UP}
    camera.many(400, 25 * MS)
    camera.states.clear()
    camera.many(50)
    assert set(camera.states) == {TileState.LIVE}


def test_a_late_picture_that_nothing_follows_is_shown_and_marked(camera: Odd) -> None:
    camera.many(200)
    before = camera.glimpse().number
    camera.one(5 * SECOND, FRAME_NS)
    assert camera.glimpse().number == before
    for _ in range(3):
        camera.now_ns += SECOND // 4
        camera.look()
    assert camera.glimpse().number == before + 1
    assert camera.glimpse().header.flags & Flag.CATCHING_UP
    assert camera.words[Word.CATCHING_UP] == 0


def test_what_a_demuxer_gives_out_when_the_line_ends_is_not_shown(camera: Odd) -> None:
    camera.many(200)
    before = camera.glimpse().number
    camera.one(5 * SECOND, FRAME_NS)
    camera.scheduler.detach()
    for _ in range(8):
        camera.now_ns += SECOND // 4
        camera.look()
    assert camera.glimpse().number == before
    assert camera.state() is TileState.OFFLINE


steps = st.tuples(
    st.integers(1, 30),
    st.sampled_from([0, 1, 10, 40, 60, 400, 900, 1500]),
    st.sampled_from([0, 1, 40, 41, 90, 3600, -40, -2000, 10**9, None]),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=8))
@example([(1, 900, 0), (14, 60, 0)])
@example([(1, 900, 0), (8, 40, 0), (2, 400, 0)])
@example([(1, 1500, 0), (6, 10, 0), (23, 0, 40), (3, 400, 0)])
def test_whatever_comes_a_picture_that_came_is_seen_within_a_second(
    tmp_path: Path, stretches: list[tuple[int, int, int | None]]
) -> None:
    path = tmp_path / "clip.mp4"
    camera = Odd(path if path.exists() else moving_clip(path, gop=1, size=SMALL, seconds=1))
    camera.many(60)
    for count, wait_ms, advance_ms in stretches:
        camera.longest_withheld_ns = 0
        camera.many(count, wait_ms * MS, None if advance_ms is None else advance_ms * MS)
        # what waits for its second is shown when the next packet comes, or somebody looks
        assert camera.longest_withheld_ns <= SECOND + min(wait_ms, 250) * MS
    camera.close()


def test_packets_of_another_codec_are_given_up_when_the_tile_is_offline(
    camera: Odd, tmp_path: Path
) -> None:
    other = Odd(moving_clip(tmp_path / "other.mp4", codec="hevc", gop=GOP, size=SMALL, seconds=1))
    camera.many(200)
    since_ns = camera.now_ns
    keyless = [msgspec.structs.replace(coded, key=False) for coded in other.packets]
    camera._loop = itertools.cycle(keyless)
    with pytest.raises(SourceError) as error:
        camera.many(500)
    assert error.value.reason is Reason.BROKEN_DATA
    assert 3 * SECOND < camera.now_ns - since_ns < 4 * SECOND
    other.close()


def without_sei(coded: Coded) -> Coded:
    """The packet without what tells a decoder where pictures recover."""
    units = re.split(rb"\x00\x00\x00?\x01", bytes(coded.packet))[1:]
    data = b"".join(b"\0\0\0\1" + unit for unit in units if unit[0] & 31 != 6)
    packet: Any = av.Packet(data)
    packet.pts, packet.dts = coded.packet.pts, coded.packet.dts
    return msgspec.structs.replace(coded, packet=packet, key=coded.key and units[-1][0] & 31 == 5)


def byte_stream(path: Path, **options: str) -> list[Coded]:
    """The packets of a clip of 12 s whose only keyframe is its first picture."""
    with av.open(str(path), "w", format="h264") as container:
        chosen = {"tune": "zerolatency", "g": "300", "x264-params": "repeat-headers=1", **options}
        track = container.add_stream("libx264", rate=25, options=chosen)
        track.width, track.height, track.pix_fmt = 320, 192, "yuv420p"
        for number in range(300):
            frame = av.VideoFrame(320, 192, "yuv420p")
            for plane in frame.planes:
                rows = [bytes(i * 3 % 90 + 20 for i in range(plane.line_size))] * plane.height
                rows[:8] = [bytes([number % 90]) * plane.line_size] * 8
                plane.update(b"".join(rows))
            frame.pts = number
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    with av.open(str(path)) as container:
        return [
            without_sei(Coded(packet, packet.is_keyframe, packet.size, None))
            for packet in container.demux(video=0)
            if packet.size
        ]


class Keyless(Odd):
    """A camera that is joined in the middle of a long group of pictures."""

    def __init__(self, clip: Path, packets: list[Coded]) -> None:
        super().__init__(clip)
        self._loop = itertools.cycle(packets[1:])


def test_who_waits_for_a_keyframe_says_so_without_end_and_shows_nothing_else(
    tmp_path: Path,
) -> None:
    packets = byte_stream(tmp_path / "long.264")
    waiting = Keyless(tmp_path / "long.264", packets)
    waiting.many(1500)
    assert set(waiting.states) == {TileState.WAITING_KEY}
    assert latest(waiting.ring) is None
    assert waiting.words[Word.KEY_INTERVAL_NS] == pytest.approx(60 * SECOND, abs=SECOND)
    waiting._loop = itertools.cycle(packets)
    waiting.many(2)
    assert waiting.state() is TileState.LIVE
    assert waiting.words[Word.RECONNECTS] == 0
    waiting.many(len(packets))
    assert waiting.words[Word.KEY_INTERVAL_NS] == len(packets) * FRAME_NS
    waiting.close()


def test_a_stream_that_never_sends_a_keyframe_is_shown_when_it_has_healed(tmp_path: Path) -> None:
    params = "repeat-headers=1:intra-refresh=1:keyint=25"
    packets = byte_stream(tmp_path / "roll.264", **{"x264-params": params, "g": "25"})
    assert not any(coded.key for coded in packets[1:])
    rolling = Keyless(tmp_path / "roll.264", packets)
    rolling.many(KEY_PATIENCE_NS // FRAME_NS - 5)
    assert rolling.state() is TileState.WAITING_KEY
    rolling.many(100)
    assert rolling.state() is TileState.LIVE
    assert not rolling.glimpse().header.flags & Flag.CORRUPT
    rolling.many(100)
    assert rolling.state() is TileState.LIVE
    rolling.close()


def test_a_stream_that_lost_its_keyframe_waits_for_the_next_and_did_not_reconnect(
    tmp_path: Path,
) -> None:
    camera = Odd(moving_clip(tmp_path / "clip.mp4", gop=200, size=SMALL, seconds=8))
    camera.many(20)
    camera.scheduler._lose(camera.now_ns)
    camera.states.clear()
    camera.many(150)
    assert camera.words[Word.PHASE] == Phase.WAITING_KEY
    assert [a for a, _ in itertools.groupby(camera.states)] == [
        TileState.LIVE,
        TileState.STALE,
        TileState.WAITING_KEY,
    ]
    camera.many(40)
    assert camera.state() is TileState.LIVE
    assert camera.words[Word.RECONNECTS] == 0
    camera.close()


@pytest.mark.parametrize("held", [0, 1, 2])
def test_the_time_for_which_a_demuxer_keeps_a_picture_back_is_part_of_its_age(
    tmp_path: Path, held: int
) -> None:
    camera = Odd(moving_clip(tmp_path / "clip.mp4", gop=1, size=SMALL, seconds=1))
    camera.scheduler.attach(camera.decoder(camera._connection.stream), live=True, held=held)
    camera.wanted(Effort.FULL, *camera.demanded)
    camera.many(10, SECOND, SECOND)
    age_ns = camera.now_ns - camera.glimpse().header.arrival_ns
    assert age_ns == held * SECOND
    unix_ns = camera.now_ns - 1000 * SECOND + 1_800_000_000 * SECOND
    assert unix_ns - camera.words[Word.PICTURE_UNIX_NS] == held * SECOND
    assert camera.words[Word.PICTURE_NS] == camera.now_ns
    assert camera.state() is TileState.LIVE
    camera.close()
