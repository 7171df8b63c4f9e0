"""A media server: it takes one stream that is published to it, and hands it on to whoever asks.

Run it with the system's Python, which has GStreamer.

    /usr/bin/python3 rtsp_relay.py --port 0     # publish to rtsp://127.0.0.1:PORT/in, play /out

It prints ``ready PORT`` when it listens.
"""

import argparse
import pathlib
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstApp", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import (  # noqa: E402
    GLib,
    Gst,
    GstApp,  # noqa: F401 - gives appsrc and appsink their methods
    GstRtsp,
    GstRtspServer,
)

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))
from tests.servers.rtsp_cameras import caps, digest, viewers_only  # noqa: E402

BOTH = GstRtsp.RTSPLowerTrans.UDP | GstRtsp.RTSPLowerTrans.TCP


class Relay:
    """What comes in by RECORD goes out by PLAY, access unit by access unit."""

    def __init__(self) -> None:
        self._source = None

    def taking(self) -> GstRtspServer.RTSPMediaFactory:
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(
            "( rtph264depay name=depay0 ! h264parse config-interval=-1 ! "
            f"{caps('h264')} ! appsink name=out sync=false emit-signals=true )"
        )
        factory.set_transport_mode(GstRtspServer.RTSPTransportMode.RECORD)
        factory.set_latency(0)
        factory.set_protocols(BOTH)
        factory.connect("media-configure", self._take)
        return factory

    def giving(self) -> GstRtspServer.RTSPMediaFactory:
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(
            f"( appsrc name=src is-live=true do-timestamp=true format=time caps={caps('h264')} ! "
            "rtph264pay name=pay0 pt=96 config-interval=-1 )"
        )
        factory.set_shared(True)
        factory.set_latency(0)
        factory.set_protocols(BOTH)
        factory.connect("media-configure", self._give)
        return factory

    def _take(
        self, _factory: GstRtspServer.RTSPMediaFactory, media: GstRtspServer.RTSPMedia
    ) -> None:
        media.get_element().get_by_name("out").connect("new-sample", self._pass_on)

    def _give(
        self, _factory: GstRtspServer.RTSPMediaFactory, media: GstRtspServer.RTSPMedia
    ) -> None:
        self._source = media.get_element().get_by_name("src")

    def _pass_on(self, out: Gst.Element) -> Gst.FlowReturn:
        buffer = out.pull_sample().get_buffer()
        source = self._source
        if source is not None:
            source.push_buffer(Gst.Buffer.new_wrapped(buffer.extract_dup(0, buffer.get_size())))
        return Gst.FlowReturn.OK


def serve(port: int, account: str | None) -> int:
    """Listen on the loopback; the port that was bound."""
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(port))
    pool = GstRtspServer.RTSPThreadPool()
    pool.set_max_threads(8)
    server.set_thread_pool(pool)
    relay = Relay()
    if account:
        server.set_auth(digest(account))
    for path, factory in (("/in", relay.taking()), ("/out", relay.giving())):
        if account:
            factory.set_permissions(viewers_only())
        server.get_mount_points().add_factory(path, factory)
    if server.attach(None) == 0:
        raise SystemExit(f"port {port} is taken; choose another, or 0 for any")
    return int(server.get_bound_port())


def end_with_stdin(loop: GLib.MainLoop) -> None:
    sys.stdin.buffer.read()
    loop.quit()


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--port", type=int, default=0)
    words.add_argument("--auth", metavar="USER:PASSWORD", help="ask for Digest authentication")
    words.add_argument("--end-with-stdin", action="store_true", help="end when stdin is closed")
    options = words.parse_args()
    Gst.init(None)
    port = serve(options.port, options.auth)
    loop = GLib.MainLoop()
    if options.end_with_stdin:
        threading.Thread(target=end_with_stdin, args=(loop,), daemon=True).start()
    print(f"ready {port}", flush=True)
    loop.run()


if __name__ == "__main__":
    main()
