"""What a web server answers where libav can't tell: one picture, fetched again and again, or
pictures in a row."""

import typing

from wallctl.decoder.decode_scheduler import DecodeScheduler
from wallctl.decoder.read_attempt import Attempt
from wallctl.decoder.reader_dependencies import Dependencies
from wallctl.decoder.status_writer import Status
from wallctl.decoder.watchdog import Watchdog
from wallctl.media.sources.demuxer import PLAIN_MJPEG
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.site.site import Stream
from wallctl.model.streams.codec import coding_named
from wallctl.model.streams.health import SECOND_NS, Phase
from wallctl.model.streams.repeated_pictures import Repeats
from wallctl.shm.ring import Flag


class HttpImages:
    """Remembers from one attempt to the next what a look at an answer found."""

    def __init__(
        self,
        stream: Stream,
        scheduler: DecodeScheduler,
        status: Status,
        watchdog: Watchdog,
        ports: Dependencies,
        repeats: Repeats,
    ) -> None:
        self._stream = stream
        self._scheduler = scheduler
        self._status = status
        self._watchdog = watchdog
        self._sleep = ports.sleep
        self._now_ns = ports.clock.monotonic_ns
        self._repeats = repeats
        self.form: str | None = None
        """libav's name of the format that was found."""
        self.are_stills = False
        """Whether they were last found to be one picture at a time."""

    def look(self) -> bytes | None:
        """Look at what the server answers: the picture, or ``None`` for pictures in a row.

        Raises SourceError for anything else, and what fetching raises.
        """
        from wallctl.media.http.content_sniffer import Answer, look  # noqa: PLC0415 - see ``web``

        self.are_stills = False
        with self._watchdog.call(self._now_ns()):
            seen = look(self._stream)
        if seen.answer is Answer.OTHER:
            raise SourceError(seen.fault)
        if seen.answer is Answer.PICTURE:
            return seen.data
        self.form = PLAIN_MJPEG
        return None

    def refresh(self, attempt: Attempt, data: bytes | None = None) -> typing.NoReturn:
        """Fetch a picture again and again; ``data`` is the first one, if it is there."""
        from wallctl.media.http.content_sniffer import fetch  # noqa: PLC0415 - see ``web``

        self.are_stills = True
        refresh_ns = int(self._stream.refresh_s * SECOND_NS)
        self._status.interval(refresh_ns)
        while True:
            began_ns = self._now_ns()
            if data is None:
                with self._watchdog.call(self._now_ns()):
                    data = fetch(self._stream)
            self._show(data, refresh_ns)
            attempt.live_ns = attempt.live_ns or began_ns
            data = None
            self._sleep(max(0, began_ns + refresh_ns - self._now_ns()) / SECOND_NS)

    def _show(self, data: bytes, refresh_ns: int) -> None:
        from wallctl.media.http.content_sniffer import decode_picture  # noqa: PLC0415 - see ``web``

        now_ns = self._now_ns()
        self._status.packet(len(data))
        since_ns = self._repeats.since_ns(data, refresh_ns, now_ns)
        if since_ns is not None and self._scheduler.is_proven:
            self._status.repeats(since_ns)
            return
        picture, codec = decode_picture(data, now_ns)
        self._status.coding(coding_named(codec))
        self._scheduler.show(picture, Phase.LIVE, Flag.STILL)
