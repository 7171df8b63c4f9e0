"""Whole workers and cameras with habits: what comes of each call, and of the next one."""

import pytest

from tests.support.scripted_camera import PASSWORD, USER, Habits, scripted
from tests.support.worker_harness import Bench, picture, until
from wallctl.model.site.credential import Login
from wallctl.model.streams.health import Phase, Reason
from wallctl.model.streams.transport import Carrier
from wallctl.shm.stream_status import Word

LOGIN = Login(USER, PASSWORD, ("127.0.0.1",), basic=True)


@pytest.mark.parametrize(
    "habits",
    [
        Habits(scheme="digest", algorithm="SHA-256", qop="auth"),
        Habits(scheme="digest", nonce_for_one=True),
        Habits(refuse_transport={"TCP": 406}),
        Habits(tracks=2, refuse_tracks=(1,)),
    ],
    ids=str,
)
def test_a_camera_with_habits_is_shown(habits: Habits) -> None:
    with scripted(habits) as camera, Bench(camera.url, LOGIN) as bench:
        picture(bench.show())
        assert bench.word(Word.ATTEMPTS) == 0
        fell_back = bool(habits.refuse_transport)
        assert (Carrier.FALLBACK in bench.facts().carrier) is fell_back
        assert bench.facts().carrier.transport == ("udp" if fell_back else "tcp")


@pytest.mark.parametrize(
    ("status", "phase", "reason"),
    [
        (401, Phase.REFUSED, Reason.BAD_CREDENTIALS),
        (403, Phase.FAILED, Reason.FORBIDDEN),
        (500, Phase.FAILED, Reason.CAMERA_FAULT),
    ],
)
def test_what_a_camera_says_is_said(status: int, phase: Phase, reason: Reason) -> None:
    habits = Habits(refuse={"DESCRIBE": status})
    if status == 401:
        habits = Habits(scheme="digest", password="another")
    with scripted(habits) as camera, Bench(camera.url, LOGIN) as bench:
        until(lambda: bench.word(Word.PHASE), lambda now: now == phase)
        assert bench.word(Word.REASON) == reason


def test_a_camera_that_forbids_for_a_moment_is_soon_back() -> None:
    with scripted(Habits(refuse={"SETUP": 403})) as camera, Bench(camera.url) as bench:
        until(lambda: bench.word(Word.REASON), lambda now: now == Reason.FORBIDDEN)
        camera.habits.refuse.clear()
        picture(bench.show(), timeout_s=3)


@pytest.mark.e2e
def test_stray_bytes_cost_one_call() -> None:
    with scripted(Habits(junk=b"\0\1\xff")) as camera, Bench(camera.url) as bench:
        picture(bench.show(), timeout_s=20)
        assert camera.calls <= 4
