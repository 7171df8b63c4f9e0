"""A real decoder worker: taps while it runs, hidden streams, kept packets, its end."""

import multiprocessing
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.support.credentials import login_file
from tests.support.media_files import media
from tests.support.servers.clips import moving_clip
from tests.support.worker_harness import TILE, Bench, picture, until
from wallctl.decoder import worker
from wallctl.model.base.geometry import Fit, Size
from wallctl.model.site.credential import Login
from wallctl.model.site.decoder_preference import DecodedBy, HardwareFailure
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Phase, Reason, TileState, tile_state
from wallctl.shm.ring import Flag, latest
from wallctl.shm.stream_status import Word
from wallctl.supervisor.child_setup import NOT_NOW

CLIP = "cctv/intel-car-detection.mp4"  # 768x432, 12.5 a second, a keyframe every 4.6 s


def live(bench: Bench) -> None:
    until(lambda: bench.word(Word.PHASE), lambda phase: phase == Phase.LIVE)


def test_a_tap_shows_the_clip_at_its_pace() -> None:
    with Bench(media(CLIP)) as bench:
        ring = bench.show()
        first = picture(ring)
        assert first.header.size == TILE
        assert first.header.arrival_ns <= first.header.decoded_ns
        later = until(lambda: latest(ring), lambda g: g and g.header.frame >= 13)
        assert later is not None
        took_ns = later.header.decoded_ns - first.header.decoded_ns
        assert 0.8e9 < took_ns < 1.5e9
        seen = bench.facts()
        assert (seen.width_px, seen.height_px) == (768, 432)
        assert seen.facts.phase is Phase.LIVE
        assert seen.facts.interval_ns == pytest.approx(80e6, rel=0.2)
        assert tile_state(seen.facts, time.monotonic_ns()) is TileState.LIVE
        assert bench.word(Word.PID) == bench.pid


def test_a_hidden_stream_proves_itself_once_and_then_decodes_nothing() -> None:
    with Bench(media(CLIP)) as bench:
        live(bench)
        packets = bench.word(Word.PACKETS)
        decoded = bench.word(Word.DECODED)
        until(lambda: bench.word(Word.PACKETS), lambda n: n > packets + 10)
        assert bench.word(Word.DECODED) == decoded
        assert time.monotonic_ns() - bench.word(Word.PICTURE_NS) < 500_000_000


def test_a_tap_after_three_hidden_seconds_is_filled_at_once() -> None:
    with Bench(media(CLIP)) as bench:
        live(bench)
        until(lambda: bench.word(Word.PACKETS), lambda n: n >= 38)
        tap, ring = bench.tap()
        began = time.monotonic()
        serial = bench.demand(tap)
        first = picture(ring)
        assert time.monotonic() - began < 0.1
        assert bench.word(Word.TAKEN) == serial
        newest = until(lambda: latest(ring), lambda g: g and not g.header.flags & Flag.CATCHING_UP)
        assert newest is not None
        assert newest.header.frame >= 38
        assert newest.header.frame > first.header.frame
        # Nothing in between was shown: no fast motion.
        assert newest.number <= first.number + 2
        until(lambda: bench.word(Word.CATCHING_UP), lambda behind: not behind)


def test_taps_change_while_running_and_the_new_one_is_filled_from_the_last_picture() -> None:
    with Bench(media("srs/bbb.flv")) as bench:
        small, small_ring = bench.tap()
        bench.demand(small)
        picture(small_ring)
        large, large_ring = bench.tap(Size(640, 480), Fit.COVER)
        serial = bench.demand(small, large)
        assert picture(large_ring, timeout_s=0.2).header.size == Size(640, 480)
        assert bench.word(Word.TAKEN) == serial
        number = picture(small_ring).number
        assert picture(small_ring, after=number).number > number
        serial = bench.demand(large)
        until(lambda: bench.word(Word.TAKEN), lambda taken: taken == serial)
        ended = latest(small_ring)
        number = picture(large_ring).number
        picture(large_ring, after=number + 3)
        still = latest(small_ring)
        assert ended is not None
        assert still is not None
        assert still.number == ended.number


def test_a_ring_that_became_another_taps_is_left_alone() -> None:
    with Bench("test:bars") as bench:
        tap, ring = bench.tap()
        bench.demand(tap)
        picture(ring)
        ring.words[0] = 99
        ended = ring.words[1]
        decoded = bench.word(Word.DECODED)
        until(lambda: bench.word(Word.DECODED), lambda n: n > decoded + 5)
        assert ring.words[1] <= ended + 1


def test_the_worker_ends_with_its_channel() -> None:
    with Bench("test:grid") as bench:
        live(bench)
        bench.channel.close()
        assert bench.exit_code() == 0


@pytest.fixture
def mute() -> Iterator[str]:
    """A camera that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"rtsp://127.0.0.1:{server.getsockname()[1]}/a"


def test_it_ends_with_its_channel_while_the_camera_says_nothing(mute: str) -> None:
    with Bench(mute) as bench:
        until(lambda: bench.word(Word.ATTEMPTS), lambda n: n == 1)
        beat = bench.word(Word.HEARTBEAT_NS)
        until(lambda: bench.word(Word.HEARTBEAT_NS), lambda now: now > beat, timeout_s=1)
        bench.channel.close()
        assert bench.exit_code(timeout_s=1) == 0


def test_a_mute_camera_has_timed_out(mute: str) -> None:
    with Bench(mute, Login("admin", "secret")) as bench:
        until(lambda: bench.word(Word.PHASE), lambda phase: phase == Phase.FAILED, timeout_s=15)
        assert bench.word(Word.REASON) == Reason.TIMED_OUT
        until(lambda: bench.word(Word.ATTEMPTS), lambda n: n >= 2, timeout_s=2)
        assert bench.word(Word.PHASE) == Phase.FAILED


def test_a_worker_without_the_file_of_its_login_says_so_and_ends(mute: str, tmp_path: Path) -> None:
    account = login_file(tmp_path, Login("admin", "secret"))
    away = Path(account.file).rename(tmp_path / "away")
    with Bench(Stream("main", mute, credential=account)) as bench:
        assert bench.exit_code() == NOT_NOW
        assert bench.word(Word.REASON) == Reason.LOGIN_UNREADABLE
        assert bench.word(Word.PHASE) == Phase.FAILED
        assert bench.word(Word.ATTEMPTS) == 0
        away.rename(account.file)
        bench.start()
        until(lambda: bench.word(Word.ATTEMPTS), lambda tries: tries == 1, timeout_s=3)


def test_a_stream_that_takes_too_much_memory_is_told_and_ends_nobody(tmp_path: Path) -> None:
    clip = moving_clip(tmp_path / "clip.mp4", size=Size(3840, 2160), seconds=0.2)
    # In a process that begins: what other tests have freed could be used beyond the limit.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
        fresh.submit(show_too_large, str(clip)).result()


def show_too_large(clip: str) -> None:
    worker.DECODER_BYTES = 12 << 20
    with Bench(clip) as bench:
        bench.show()
        until(lambda: bench.word(Word.REASON), lambda reason: reason == Reason.TOO_LARGE)
        assert bench.word(Word.PHASE) == Phase.FAILED
        until(lambda: bench.word(Word.ATTEMPTS), lambda tries: tries > 1)
        assert bench.word(Word.PID) == bench.pid


def test_a_killed_worker_is_followed_by_one_that_counts_on() -> None:
    with Bench("test:motion") as bench:
        tap, ring = bench.tap()
        bench.demand(tap)
        frame = until(lambda: picture(ring).header.frame, lambda n: n > 5)
        bench.kill()
        last_ns = bench.word(Word.PICTURE_NS)
        bench.start()
        until(lambda: bench.word(Word.PID), lambda pid: pid == bench.pid)
        assert bench.word(Word.PICTURE_NS) >= last_ns
        number = ring.words[1]
        bench.demand(tap)
        again = picture(ring, after=number)
        assert again.header.frame > frame


@pytest.mark.skipif(Path("/dev/nvidia0").exists(), reason="this machine has a GPU")
def test_a_worker_without_a_device_says_that_it_decodes_in_software(tmp_path: Path) -> None:
    clip = moving_clip(tmp_path / "clip.mp4", size=Size(1280, 720), seconds=0.4)
    with Bench(str(clip)) as bench:
        live(bench)
        assert bench.facts().decoded_by is DecodedBy.SOFTWARE
        assert bench.word(Word.DEVICE) == DecodedBy.NONE
        assert bench.word(Word.HARDWARE_FAILURE) == HardwareFailure.NONE


def test_a_worker_that_died_with_a_device_is_followed_by_one_in_software(tmp_path: Path) -> None:
    clip = moving_clip(tmp_path / "clip.mp4", size=Size(1280, 720), seconds=0.4)
    with Bench(str(clip)) as bench:
        live(bench)
        bench.words[Word.DEVICE] = DecodedBy.CUDA
        bench.kill()
        bench.start()
        until(lambda: bench.word(Word.HARDWARE_FAILURE), lambda why: why == HardwareFailure.CRASHED)
        until(lambda: bench.facts().decoded_by, lambda by: by is DecodedBy.SOFTWARE)
        assert bench.word(Word.DEVICE) == DecodedBy.NONE


def test_killed_at_any_moment_the_newest_picture_stays_and_the_next_worker_goes_on() -> None:
    with Bench("test:grid") as bench:
        tap, ring = bench.tap(Size(640, 360))
        for delay_ms in range(0, 40, 5):
            bench.demand(tap)
            number = ring.words[1]
            picture(ring, after=number)
            deadline = time.monotonic() + delay_ms / 1000
            while time.monotonic() < deadline:
                glimpse = latest(ring)
                assert glimpse is None or glimpse.header.size == Size(640, 360)
            os.kill(bench.pid, signal.SIGKILL)
            glimpse = latest(ring)
            assert glimpse is not None
            assert glimpse.intact()
            bench.kill()
            bench.start()


def test_a_still_image_fills_every_tap_and_stays(tmp_path: object) -> None:
    from PIL import Image

    path = f"{tmp_path}/plan.png"
    Image.new("RGB", (301, 169), (255, 255, 255)).save(path)
    with Bench(path) as bench:
        ring = bench.show()
        shot = picture(ring)
        assert shot.header.flags & Flag.STILL
        luma = shot.pixels[: shot.header.size.w * shot.header.size.h]
        assert np.all(np.abs(luma.astype(int) - 235) <= 1)
        assert bench.word(Word.PHASE) == Phase.STILL
        assert picture(bench.show(Size(640, 360))).header.flags & Flag.STILL


def test_a_file_that_appears_later_is_found(tmp_path: object) -> None:
    from PIL import Image

    path = f"{tmp_path}/late.jpg"
    with Bench(path) as bench:
        until(lambda: bench.word(Word.REASON), lambda reason: reason == Reason.FILE_MISSING)
        Image.new("RGB", (64, 64)).save(path)
        assert bench.exit_code() == NOT_NOW  # this one may not open it: root starts the next
        bench.start()
        until(lambda: bench.word(Word.PHASE), lambda phase: phase == Phase.STILL)
        assert bench.word(Word.REASON) == Reason.NONE


def test_a_recording_that_was_replaced_is_for_the_next_worker(tmp_path: Path) -> None:
    clip = moving_clip(tmp_path / "clip.mp4", size=Size(64, 48), seconds=0.4)
    other = Path(shutil.copy(clip, tmp_path / "other.mp4"))
    with Bench(str(clip)) as bench:
        live(bench)
        other.rename(clip)
        assert bench.exit_code() == NOT_NOW
        assert bench.word(Word.REASON) == Reason.NONE


def test_a_short_recording_plays_on_without_a_gap() -> None:
    with Bench(media("rotate/decord-video_90.mov")) as bench:
        ring = bench.show(Size(180, 320))
        times: dict[int, int] = {}
        while len(times) < 40:
            shot = picture(ring)
            times[shot.header.frame] = shot.header.decoded_ns
        stamps = sorted(times.values())
        waits = np.diff(stamps)
        assert np.median(waits) == pytest.approx(1e9 / 30, rel=0.3)
        assert bench.word(Word.RECONNECTS) == 0
        assert bench.word(Word.PHASE) == Phase.LIVE


def test_a_picture_that_changes_its_size_goes_on() -> None:
    with Bench(media("vali/test_res_change.h264")) as bench:
        ring = bench.show()
        picture(ring)
        until(lambda: bench.word(Word.WIDTH_PX), lambda w: w == 424)
        number = ring.words[1]
        assert picture(ring, after=number + 3).header.size == Size(320, 176)
        assert bench.word(Word.RECONNECTS) == 0
