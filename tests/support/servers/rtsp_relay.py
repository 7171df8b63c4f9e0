"""A media server: it takes one stream that is published to it, and hands it on to whoever asks.

Run it with the system's Python, which has GStreamer.

    /usr/bin/python3 -m tests.support.servers.rtsp_relay
    # publish to rtsp://127.0.0.1:PORT/in, play /out

It prints ``ready PORT`` when it listens.
"""

from tests.support.servers.rtsp_server import BOTH, Gst, GstRtspServer, arguments, caps, listen, run


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


def main() -> None:
    options = arguments(__doc__.splitlines()[0]).parse_args()
    Gst.init(None)
    relay = Relay()
    port = listen({"/in": relay.taking(), "/out": relay.giving()}, options.port, options.auth)
    run(port, end_with_stdin=options.end_with_stdin)


if __name__ == "__main__":
    main()
