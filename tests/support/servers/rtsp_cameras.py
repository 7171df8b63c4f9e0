"""Looping RTSP cameras made of clips. Run it with the system's Python, which has GStreamer.

    /usr/bin/python3 -m tests.support.servers.rtsp_cameras a.mp4 b.mp4
    # rtsp://127.0.0.1:PORT/cam01, ..

It prints ``ready PORT`` when it listens. Cameras run whether anyone looks or not, as cameras do:
a client joins wherever the loop is, and waits for the next keyframe.
"""

import heapq
import pathlib
import threading
import time

from tests.support.servers.rtsp_server import (
    BOTH,
    GLib,
    Gst,
    GstRtspServer,
    arguments,
    caps,
    listen,
    run,
)

SECOND_NS = 1_000_000_000
TOO_LATE_NS = SECOND_NS // 2
PULL_NS = SECOND_NS // 10
H264_SLICES = range(1, 6)
HEVC_SLICES = range(32)


class Clip:
    """A clip's access units in memory, as byte stream, with parameter sets at each keyframe."""

    def __init__(self, path: str, codec: str) -> None:
        self.codec = codec
        self.units: list[bytes] = []
        self.interval_ns = SECOND_NS // 25
        self.gop = 1
        self._read(path)
        self.parameters = parameter_sets(self.units[0], codec)

    def _read(self, path: str) -> None:
        demux = "qtdemux ! " if path.endswith(".mp4") else ""
        pipeline = Gst.parse_launch(
            f"filesrc name=file ! {demux}{parser(self.codec)} ! {caps(self.codec)} ! "
            "appsink name=out sync=false max-buffers=0"
        )
        pipeline.get_by_name("file").set_property("location", path)
        out = pipeline.get_by_name("out")
        pipeline.set_state(Gst.State.PLAYING)
        bus = pipeline.get_bus()
        sample = next_sample(out, bus)
        if sample is None:
            raise SystemExit(f"{path} has no {self.codec} video that GStreamer can read")
        self._take_rate(sample.get_caps().get_structure(0))
        keys = []
        while sample is not None:
            buffer = sample.get_buffer()
            if not buffer.has_flags(Gst.BufferFlags.DELTA_UNIT):
                keys.append(len(self.units))
            self.units.append(buffer.extract_dup(0, buffer.get_size()))
            sample = next_sample(out, bus)
        pipeline.set_state(Gst.State.NULL)
        self.gop = keys[1] - keys[0] if len(keys) > 1 else len(self.units)

    def _take_rate(self, structure: Gst.Structure) -> None:
        known, numerator, denominator = structure.get_fraction("framerate")
        if known and numerator:
            self.interval_ns = SECOND_NS * denominator // numerator


def next_sample(out: Gst.Element, bus: Gst.Bus) -> "Gst.Sample | None":
    """The next access unit; ``None`` at the clip's end or when it cannot be read."""
    while not out.get_property("eos") and bus.pop_filtered(Gst.MessageType.ERROR) is None:
        sample = out.try_pull_sample(PULL_NS)
        if sample is not None:
            return sample
    return None


def parser(codec: str) -> str:
    return f"{'h265parse' if codec == 'hevc' else 'h264parse'} config-interval=-1"


def parameter_sets(unit: bytes, codec: str) -> bytes:
    """What stands before the first slice of a keyframe: it lets a client know the stream early."""
    at = 0
    while (at := unit.find(b"\0\0\1", at)) >= 0:
        kind = unit[at + 3] >> 1 & 63 if codec == "hevc" else unit[at + 3] & 31
        if kind in (HEVC_SLICES if codec == "hevc" else H264_SLICES):
            return unit[:at].rstrip(b"\0")
        at += 3
    return b""


class Camera:
    """One camera: which picture is due when, and the media that hands it to clients, if any."""

    def __init__(self, clip: Clip, number: int, count: int, start_ns: int) -> None:
        self._clip = clip
        share = number / count
        self._index = round(share * clip.gop) + number * clip.gop
        self.due_ns = start_ns + round(share * clip.interval_ns)
        self._source = None
        self._introduced = False

    def factory(self) -> GstRtspServer.RTSPMediaFactory:
        codec = self._clip.codec
        pay = "rtph265pay" if codec == "hevc" else "rtph264pay"
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(
            f"( appsrc name=src is-live=true format=time caps={caps(codec)} ! "
            f"{pay} name=pay0 pt=96 config-interval=-1 )"
        )
        factory.set_shared(True)
        factory.set_latency(0)
        factory.set_protocols(BOTH)
        factory.connect("media-configure", self._configure)
        return factory

    def _configure(
        self, _factory: GstRtspServer.RTSPMediaFactory, media: GstRtspServer.RTSPMedia
    ) -> None:
        media.connect("prepared", lambda prepared: GLib.idle_add(hold, prepared))
        self._introduced = False
        self._source = media.get_element().get_by_name("src")

    def tick(self, now_ns: int) -> None:
        """Give out the picture that is due; a process that was stopped goes on from now."""
        if now_ns - self.due_ns > TOO_LATE_NS:
            self.due_ns = now_ns
        unit = self._clip.units[self._index % len(self._clip.units)]
        source = self._source
        if source is not None and source.current_state == Gst.State.PLAYING:
            self._push(source, unit)
        self._index += 1
        self.due_ns += self._clip.interval_ns

    def _push(self, source: Gst.Element, unit: bytes) -> None:
        """GStreamer's clock is the monotonic one, so a due time is a time stamp, without drift."""
        stamp = self.due_ns - source.get_base_time()
        if stamp < 0:
            return
        if not self._introduced:
            unit, self._introduced = self._clip.parameters + unit, True
        buffer = Gst.Buffer.new_wrapped(unit)
        buffer.pts = stamp
        source.push_buffer(buffer)


def hold(media: GstRtspServer.RTSPMedia) -> bool:
    """Keep a media running when its last client leaves: cameras do, and a return gets no 503."""
    media.prepare(None)
    return False


def run_cameras(cameras: list[Camera]) -> None:
    """Tick each camera when it is due, for ever."""
    queue = [(camera.due_ns, number) for number, camera in enumerate(cameras)]
    heapq.heapify(queue)
    while True:
        due_ns, number = queue[0]
        wait_ns = due_ns - time.monotonic_ns()
        if wait_ns > 0:
            time.sleep(wait_ns / SECOND_NS)
        cameras[number].tick(time.monotonic_ns())
        heapq.heapreplace(queue, (cameras[number].due_ns, number))


def main() -> None:
    words = arguments(__doc__.splitlines()[0])
    words.add_argument("clips", nargs="+")
    words.add_argument("--codec", choices=("h264", "hevc"), default="h264")
    words.add_argument("--cams", type=int, help="how many cameras; clips are used in turn")
    options = words.parse_args()
    Gst.init(None)
    clips = {path: Clip(str(pathlib.Path(path)), options.codec) for path in set(options.clips)}
    count = options.cams or len(options.clips)
    start_ns = time.monotonic_ns()
    cameras = [
        Camera(clips[options.clips[n % len(options.clips)]], n, count, start_ns)
        for n in range(count)
    ]
    factories = {f"/cam{number:02d}": camera.factory() for number, camera in enumerate(cameras, 1)}
    port = listen(factories, options.port, options.auth)
    threading.Thread(target=run_cameras, args=(cameras,), daemon=True).start()
    run(port, end_with_stdin=options.end_with_stdin)


if __name__ == "__main__":
    main()
