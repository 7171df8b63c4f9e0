"""What a worker makes of a web server's answer: stills, JPEGs in a row, or a recording."""

import io
import itertools
import socket
import time
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from tests.support.servers.clips import moving_clip
from tests.support.servers.web_camera import (
    Answer,
    WebCamera,
    chunked,
    head,
    picture,
    unmeasured,
    whole,
)
from tests.support.worker_harness import Bench, until
from tests.support.worker_harness import picture as shown
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Phase, Reason, TileState, tile_state
from wallctl.shm.ring import Flag, Glimpse, latest
from wallctl.shm.stream_status import Word

KIND = "x-mixed-replace"
"""What multipart answers of cameras are called."""
FAST = 0.25
"""Seconds between two fetches, for tests."""


def bench(url: str, refresh_s: float = FAST) -> Bench:
    return Bench(Stream("main", url, refresh_s=refresh_s))


def state(worker: Bench) -> TileState:
    return tile_state(worker.facts().facts, time.monotonic_ns())


def changing(answer: Callable[..., Answer], *fields: str) -> Answer:
    """A new picture for each request."""
    count = iter(range(1000))

    def send(peer: socket.socket) -> None:
        answer(picture(grey=60 + next(count) % 120), *fields)(peer)

    return send


def between(lead: bytes, trail: bytes = b"") -> Callable[..., Answer]:
    """Of an answer, what stands around its picture."""
    return lambda body, *fields: unmeasured(lead + body + trail, *fields)


PART = b"--b\r\nContent-Type: image/jpeg\r\n\r\n", b"\r\n--b--\r\n"
IN_PARTS = "Content-Type: multipart/x-mixed-replace; boundary=b"
ANSWERS = {
    "behind an empty line": changing(between(b"\r\n"), "Content-Type: application/octet-stream"),
    "in one part": changing(between(*PART), IN_PARTS),
    "whole": changing(whole, "Content-Type: image/jpeg"),
    "without a length": changing(unmeasured, "Content-Type: image/jpeg"),
    "without a type": changing(unmeasured),
    "in chunks": changing(chunked, "Content-Type: application/octet-stream"),
    "shorter than its length": changing(unmeasured, "Content-Length: 999999"),
    "much behind it": changing(between(b"", b"x" * 9000), "Content-Type: image/jpeg"),
}


@pytest.mark.parametrize("path", ["snap.cgi", "snapshot.jpg"])
@pytest.mark.parametrize("name", ANSWERS)
def test_a_still_is_fetched_again(name: str, path: str) -> None:
    with WebCamera(ANSWERS[name]) as camera, bench(camera.url(path)) as worker:
        ring = worker.show()
        later = until(lambda: latest(ring), lambda g: g and g.header.frame >= 3)
        assert later is not None
        assert later.header.flags & Flag.STILL


def test_a_still_grows_old_with_its_camera() -> None:
    with WebCamera(ANSWERS["without a length"]) as camera, bench(camera.url()) as worker:
        ring = worker.show()
        later = until(lambda: latest(ring), lambda g: g and g.header.frame >= 3)
        assert later is not None
        assert later.header.flags & Flag.STILL
        assert worker.facts().facts.phase is Phase.LIVE
        assert state(worker) is TileState.LIVE
        camera.stop()
        until(lambda: state(worker), lambda now: now is TileState.STALE, timeout_s=3)
        until(lambda: worker.word(Word.REASON), lambda why: why == Reason.PORT_CLOSED)


def test_it_is_fetched_no_more_often_than_the_site_says() -> None:
    began = time.monotonic()
    with WebCamera(ANSWERS["whole"]) as camera, bench(camera.url(), 0.5) as worker:
        shown(worker.show())
        until(lambda: len(camera.asked), lambda count: count >= 6)
        assert time.monotonic() - began > 1.8  # the first picture may take two calls


def test_a_camera_that_is_down_for_a_moment_is_back_with_the_next_picture() -> None:
    busy = head("Content-Length: 0", status="503 Service Unavailable")
    with WebCamera(ANSWERS["without a length"]) as camera, bench(camera.url()) as worker:
        shown(worker.show())
        answer, camera.answer = camera.answer, lambda peer: peer.sendall(busy)
        until(lambda: worker.word(Word.PHASE), lambda phase: phase == Phase.FAILED)
        assert worker.word(Word.REASON) == Reason.BUSY
        camera.answer = answer
        until(lambda: state(worker), lambda now: now is TileState.LIVE, timeout_s=4)


def test_a_camera_that_is_busy_at_each_second_call_is_not_called_ever_more_seldom() -> None:
    busy = head("Content-Length: 0", status="503 Service Unavailable")
    good, count = ANSWERS["whole"], itertools.count()

    def answer(peer: socket.socket) -> None:
        if next(count) % 2:
            peer.sendall(busy)
        else:
            good(peer)

    with WebCamera(answer) as camera, bench(camera.url()) as worker:
        ring = worker.show()
        later = until(lambda: latest(ring), lambda g: g and g.header.frame >= 8, timeout_s=9)
        assert later is not None


@pytest.mark.parametrize(
    ("body", "why"),
    [(b"<html><body>Please log in</body></html>", Reason.NO_KNOWN_FORMAT), (b"", Reason.ENDED)],
)
def test_a_page_is_no_damaged_picture(body: bytes, why: Reason) -> None:
    with WebCamera(whole(body)) as camera, bench(camera.url()) as worker:
        worker.show()
        until(lambda: worker.word(Word.PHASE), lambda phase: phase == Phase.FAILED)
        assert worker.word(Word.REASON) == why
        asked = len(camera.asked)

        def other() -> bool:
            return worker.word(Word.REASON) not in (why, Reason.NONE)

        until(lambda: other() or len(camera.asked) > asked + 3)
        assert not other(), "the same each time"
        camera.answer = ANSWERS["whole"]
        until(lambda: state(worker), lambda now: now is TileState.LIVE)
        camera.answer = whole(body)
        until(lambda: worker.word(Word.PHASE), lambda phase: phase == Phase.FAILED)
        assert worker.word(Word.REASON) == why


def parts(lead: bytes, *, between: bytes, length: bool = True, kind: str = KIND) -> Answer:
    """Multipart JPEGs at 20 a second, begun and parted in some way."""

    def answer(peer: socket.socket) -> None:
        peer.sendall(head(f"Content-Type: multipart/{kind};boundary=frame") + lead)
        for number in range(10_000):
            jpeg = picture(grey=60 + number % 120)
            size = f"Content-Length: {len(jpeg)}\r\n" if length else ""
            field = f"Content-Type: image/jpeg\r\n{size}\r\n".encode()
            peer.sendall(field + jpeg + between)
            time.sleep(0.05)  # a camera's pace

    return answer


MULTIPART = {
    "as they should be": parts(b"--frame\r\n", between=b"\r\n--frame\r\n"),
    "no first delimiter": parts(b"", between=b"\r\n--frame\r\n"),
    "a preamble": parts(b"This is MIME.\r\n\r\n--frame\r\n", between=b"\r\n--frame\r\n"),
    "no delimiters at all": parts(b"", between=b""),
    "mixed": parts(b"A preamble.\n", between=b"\n--frame\nX: 1\n\n", kind="mixed"),
    "text between": parts(
        b"--frame\r\n",
        between=b"\r\n--frame\r\nContent-Type: text/plain\r\n\r\nok\r\n--frame\r\n",
        length=False,
    ),
}


def heartbeats(peer: socket.socket) -> None:
    """A picture each 6 s, and a text each second between them."""
    peer.sendall(head(f"Content-Type: multipart/{KIND}; boundary=frame"))
    for second in range(100):
        jpeg, text = picture(grey=60 + second), b"Content-Type: text/plain\r\n\r\nalive"
        part = b"Content-Type: image/jpeg\r\n\r\n" + jpeg if second % 6 == 0 else text
        peer.sendall(b"--frame\r\n" + part + b"\r\n")
        time.sleep(1)


def test_seldom_pictures_between_signs_of_life_are_shown() -> None:
    with WebCamera(heartbeats) as camera, bench(camera.url()) as worker:
        ring = worker.show()
        later = until(lambda: latest(ring), lambda g: g and g.header.frame >= 2, timeout_s=60)
        assert later is not None
        assert not later.header.flags & Flag.STILL


@pytest.mark.parametrize("name", MULTIPART)
def test_jpegs_with_anything_between_them_are_shown(name: str) -> None:
    with WebCamera(MULTIPART[name]) as camera, bench(camera.url()) as worker:
        ring = worker.show()
        later = until(lambda: latest(ring), lambda g: g and g.header.frame >= 10, timeout_s=9)
        assert later is not None
        assert not later.header.flags & Flag.STILL
        assert len(camera.asked) <= 4


def wrapped(clip: Path, form: str) -> bytes:
    """A clip in another container; that of FLV tells a duration."""
    file = io.BytesIO()
    with av.open(str(clip)) as source, av.open(file, "w", format=form) as out:
        track = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = track
                out.mux(packet)
    return file.getvalue()


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    clip = moving_clip(tmp_path_factory.mktemp("web") / "clip.mp4", seconds=20, gop=12)
    return {form: wrapped(clip, form) for form in ("flv", "mpegts")}


@pytest.mark.parametrize(("answer", "form", "calls"), [(whole, "flv", 1), (chunked, "mpegts", 2)])
def test_a_recording_is_played_at_its_pace(
    answer: Callable[..., Answer], form: str, calls: int, clips: dict[str, bytes]
) -> None:
    film = WebCamera(answer(clips[form]))
    with film as camera, bench(camera.url("clip")) as worker:
        ring = worker.show()
        # What tells no length is known to be a recording after it was read, and opened again.
        until(lambda: len(camera.asked), lambda count: count == calls)
        first = shown(ring, after=ring.words[1])
        later = until(lambda: latest(ring), lambda g: g and frames(first, g) >= 25, timeout_s=6)
        assert later is not None
        assert 0.8e9 < later.header.decoded_ns - first.header.decoded_ns < 1.6e9
        assert later.header.pts_ns < 5e9


def frames(first: Glimpse, later: Glimpse) -> int:
    return later.header.frame - first.header.frame


def test_a_live_stream_that_tells_a_duration_and_hangs_up_is_not_called_again_at_once(
    clips: dict[str, bytes],
) -> None:
    busy = WebCamera(lambda peer: peer.sendall(head() + clips["flv"][:60_000]))
    with busy as camera, bench(camera.url("live.flv")) as worker:
        until(lambda: worker.word(Word.REASON), lambda why: why == Reason.ENDED)
        until(lambda: len(camera.asked), lambda count: count >= 3)
        assert time.monotonic_ns() - worker.born_ns > 0.7e9
