"""``plan --probe``: what cameras really send, and how little it costs them to be asked."""

import json
import threading
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from tests.support.certificates import fingerprint
from tests.support.credentials import ACCOUNT
from tests.support.requires import skipped_if
from tests.support.scripted_camera import Habits, scripted
from tests.support.servers import RtspCameras, gstreamer_missing
from tests.support.servers.clips import moving_clip
from tests.support.sites import site, source
from wallctl.cli import main
from wallctl.cli import probe_cameras as asking
from wallctl.cli.probe_cameras import Survey, survey
from wallctl.media.sources.failure_reason import SourceError
from wallctl.media.sources.stream_probe import find_rate_hz, probe_format
from wallctl.model.base.geometry import Size
from wallctl.model.planning.cost_model import Codec
from wallctl.model.planning.plan import Format
from wallctl.model.site.site import Site, Source, Stream
from wallctl.model.streams.health import Reason

served = [
    pytest.mark.e2e,
    pytest.mark.timeout(100),
    skipped_if(gstreamer_missing()),
]
TOLD = Format(Size(704, 576), 12.5, Codec.HEVC)
SITE = """
schema = 1
name = "test"

[credentials]
cameras = "cameras.login.toml"

[[screens]]
name = "left"
width = 1920
height = 1080

[[home]]
screen = "left"
layout = "1x1"
sources = [1]

[[sources]]
name = "gate"
number = 1
main = "{main}"
sub = "{sub}"
credential = "cameras"
"""


class Cameras:
    """Answers as a test says, and counts who is called and how many at once."""

    def __init__(self, **reasons: Reason) -> None:
        self.reasons = reasons
        self.calls: Counter[str] = Counter()
        self.open: Counter[str] = Counter()
        self.most_open = 0
        self._lock = threading.Lock()

    def __call__(self, stream: Stream) -> Format:
        machine = stream.url.split("/")[2]
        with self._lock:
            self.calls[stream.url] += 1
            self.open[machine] += 1
            self.most_open = max(self.most_open, self.open[machine])
        try:
            if stream.name in self.reasons:
                raise SourceError(self.reasons[stream.name])
            return TOLD
        finally:
            with self._lock:
                self.open[machine] -= 1


def behind_one_machine(count: int) -> Site:
    """Cameras of a recorder, all with one login."""

    def channel(number: int) -> Source:
        url = f"rtsp://192.0.2.1/{number}"
        streams = (
            Stream("main", f"{url}1", credential=ACCOUNT),
            Stream("sub", f"{url}2", credential=ACCOUNT),
        )
        return replace(source(number), streams=streams)

    return replace(site(count), sources=tuple(channel(n) for n in range(1, count + 1)))


def test_every_stream_is_called_once_and_one_at_a_time_of_each_camera() -> None:
    cameras = Cameras()
    found = survey(site(20), cameras)
    assert found == Survey(dict.fromkeys([*found.formats], TOLD), {})
    assert len(found.formats) == 40
    assert set(cameras.calls.values()) == {1}
    assert cameras.most_open == 1


def test_who_does_not_answer_is_named_in_the_order_of_the_site() -> None:
    found = survey(site(3), Cameras(main=Reason.NO_SUCH_STREAM))
    assert [*found.faults.items()] == [
        ((f"摄像机{n}", "main"), Reason.NO_SUCH_STREAM) for n in (1, 2, 3)
    ]
    assert [*found.formats] == [(f"摄像机{n}", "sub") for n in (1, 2, 3)]


@pytest.mark.parametrize("reason", [Reason.BAD_CREDENTIALS, Reason.UNREACHABLE])
def test_a_refused_login_and_a_dead_machine_are_called_once_in_all(reason: Reason) -> None:
    cameras = Cameras(main=reason, sub=reason)
    found = survey(behind_one_machine(8), cameras)
    assert sum(cameras.calls.values()) == 1
    assert set(found.faults.values()) == {reason}
    assert len(found.faults) == 16


def test_a_camera_that_hangs_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PATIENCE_S", 0.05)
    released = threading.Event()

    def ask(stream: Stream) -> Format:
        if "192.0.2.1/" in stream.url:
            released.wait()
        return TOLD

    found = survey(site(2), ask)
    released.set()
    assert found.faults == dict.fromkeys(
        [("摄像机1", "main"), ("摄像机1", "sub")], Reason.TIMED_OUT
    )
    assert set(found.formats) == {("摄像机2", "main"), ("摄像机2", "sub")}


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_stream_tells_codec_size_and_rate(codec: str, tmp_path: Path) -> None:
    clip = moving_clip(tmp_path / "clip.mp4", codec=codec, size=Size(704, 576), fps=15)
    found = probe_format(Stream("main", str(clip)))
    assert (found.size, found.codec, found.assumed) == (Size(704, 576), Codec(codec), False)
    assert found.rate_hz == pytest.approx(15, abs=0.1)


def test_what_is_no_video_says_why(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as none:
        probe_format(Stream("main", str(tmp_path / "none.mp4")))
    assert none.value.reason is Reason.FILE_MISSING
    text = tmp_path / "text.mp4"
    text.write_text("no video")
    with pytest.raises(SourceError) as broken:
        probe_format(Stream("main", str(text)))
    assert broken.value.reason in (Reason.BROKEN_DATA, Reason.NO_KNOWN_FORMAT)


def probed(folder: Path, login: str, main_url: str, sub_url: str, *options: str) -> str:
    user, _, password = login.partition(":")
    account = folder / "cameras.login.toml"
    account.write_text(f'user = "{user}"\npassword = "{password}"\nhosts = ["127.0.0.1"]\n')
    account.chmod(0o600)
    file = folder / "site.toml"
    file.write_text(SITE.format(main=main_url, sub=sub_url))
    result = CliRunner().invoke(main, ["plan", "--probe", str(file), *options])
    assert result.exit_code == 0, result.output
    assert password not in result.output
    return result.stdout


def test_a_machine_that_is_not_there_is_told_in_a_line(tmp_path: Path) -> None:
    nobody = "rtsp://127.0.0.1:9"
    lines = probed(tmp_path, "operator:s3cr3t", f"{nobody}/1", f"{nobody}/2")
    assert "gate main: port closed" in lines
    assert "gate sub: port closed" in lines
    assert "* assumed, for the camera did not tell" in lines


class TestWithCameras:
    """Against real RTSP."""

    pytestmark = served

    def test_the_plan_is_of_what_the_camera_sends(self, tmp_path: Path) -> None:
        clips = [
            moving_clip(tmp_path / "main.mp4", size=Size(1280, 720), fps=12),
            moving_clip(tmp_path / "sub.mp4", size=Size(352, 288), fps=12),
        ]
        with RtspCameras(clips, auth="operator:s3cr3t") as camera:
            words = (tmp_path, "operator:s3cr3t", camera.url(1), camera.url(2), "1x1", "--json")
            told = json.loads(probed(*words))
            refused = probed(tmp_path, "operator:wr0ng-s3cr3t", camera.url(1), camera.url(2))
        [tile] = told["pictures"][0]["tiles"]
        assert told["faults"] == []
        assert (tile["stream"], tile["assumed"]) == ("main", False)
        assert (tile["width_px"], tile["height_px"]) == (1280, 720)
        assert tile["rate_hz"] == pytest.approx(12, abs=0.3)
        assert "gate main: login refused" in refused


@pytest.mark.parametrize(
    ("step_ms", "rate_hz"), [(40, 25), (47, 21.3), (0, 25), (0.44, 25), (400, 25), (-40, 25)]
)
def test_a_rate_is_told_by_stamps_unless_they_count_another_clock(
    step_ms: float, rate_hz: float
) -> None:
    burst_ns, live_ns = [1_000_000 * i for i in range(10)], [40_000_000 * i for i in range(60)]
    came_ns = [*burst_ns, *(burst_ns[-1] + ns for ns in live_ns[1:])]
    stamps_ns = [round(i * step_ms * 1_000_000) for i in range(len(came_ns))]
    found = find_rate_hz(stamps_ns, came_ns)
    assert found == pytest.approx(rate_hz, rel=0.02)
    assert find_rate_hz(stamps_ns, []) == (pytest.approx(1000 / abs(step_ms)) if step_ms else None)


def test_a_certificate_that_is_not_trusted_is_told_to_be_compared(tmp_path: Path) -> None:
    with scripted(Habits(scheme="digest", certificate="own")) as camera:
        told = probed(tmp_path, "admin:s3cr3t-word", camera.url, camera.url)
        found = json.loads(probed(tmp_path, "admin:s3cr3t-word", camera.url, camera.url, "--json"))
        assert camera.requests == []
    assert "certificate not trusted" in told
    assert f'  fingerprint = "{fingerprint("own")}"' in told
    assert {one["fingerprint"] for one in found["faults"]} == {fingerprint("own")}
