"""The reading half of a worker: connects, reads packets, and tries again for ever."""

import contextlib
import itertools
import typing
from collections.abc import Callable, Iterable, Iterator

from wallctl.decoder.decode_scheduler import DecodeScheduler
from wallctl.decoder.reader_ports import Ports
from wallctl.decoder.recording_probe import Held, probe
from wallctl.decoder.status_writer import Status
from wallctl.decoder.watchdog import Watchdog
from wallctl.media.sources.datagrams import SILENCE_US
from wallctl.media.sources.demuxer import (
    PLAIN_MJPEG,
    Coded,
    Connection,
    Delivery,
    is_one_picture,
    is_worth_a_look,
)
from wallctl.media.sources.failure_reason import SourceError, reason_of
from wallctl.media.sources.kinds import call_of
from wallctl.media.sources.still import read_still
from wallctl.media.sources.test_pattern import INTERVAL_NS, Pattern
from wallctl.model.site.site import Stream
from wallctl.model.site.source_kind import PATTERN, STILL, pattern_name, source_kind
from wallctl.model.streams.codec import Coding, coding_named
from wallctl.model.streams.health import SECOND_NS, Phase, Reason
from wallctl.model.streams.live_or_recording import Ahead, Lead, is_whole
from wallctl.model.streams.playback_clock import Pace
from wallctl.model.streams.repeated_pictures import Repeats
from wallctl.model.streams.retry import STEADY_NS, Ended, Retry, after, pause_ns
from wallctl.shm.ring import Flag
from wallctl.supervisor.child_setup import NotNowError

SILENCE_NS = SILENCE_US * 1000 * 9 // 10
"""Least wait for a packet that libav's time-out has ended, for sources without a connection."""

LISTEN_NS = SECOND_NS
"""Longest pause before a source without a connection is tried again: no camera is called."""
LOOP_NS = SECOND_NS
"""How long after the last time a recording on a web server may be fetched again."""

_LONG_S = 3600.0


class Reader:
    """Keeps one stream coming."""

    def __init__(
        self,
        stream: Stream,
        scheduler: DecodeScheduler,
        status: Status,
        watchdog: Watchdog,
        ports: Ports,
    ) -> None:
        self._stream = stream
        self._scheduler = scheduler
        self._status = status
        self._watchdog = watchdog
        self._ports = ports
        self._now_ns = ports.clock.monotonic_ns
        self._kind = kind = source_kind(stream.url)
        self._caller = call_of(stream, ports.name)
        self._listens = kind.is_live and not kind.has_connection
        """Whether packets come without a connection."""
        self._is_web = kind.is_web
        self._form: str | None = None
        """The format that the source was found to have, where libav can't tell."""
        self._gives_stills = False
        """Whether it was last found to answer with one picture at a time."""
        self._unread = False
        """Whether libav could perhaps not tell what the newest answer is."""
        self._seen: Reason | None = None
        """What a look at such an answer found in the attempt before. Not every attempt looks."""
        self._is_suspect = False
        """Whether a live answer was read as only a recording can be."""
        self._repeats = Repeats()
        self._pace = Pace()
        self._live_ns: int | None = None
        """Since when this attempt gives pictures."""
        self._packets = 0
        """How many this connection gave."""
        self._packet_ns = 0
        """When the newest of them came, or this connection began."""

    def run(self) -> typing.NoReturn:
        """Read until the process ends."""
        retry = Retry()
        if self._status.was_refused:  # a killed worker must not cost another try of the account
            retry = after(retry, Ended(Reason.BAD_CREDENTIALS))
            self._rest(retry)
        while True:
            retry = after(retry, self._attempt())
            self._status.failed(retry.last)
            self._rest(retry)

    def _rest(self, retry: Retry) -> None:
        rest_ns = pause_ns(retry, self._ports.chance())
        self._ports.sleep((min(rest_ns, LISTEN_NS) if self._listens else rest_ns) / SECOND_NS)

    def _attempt(self) -> Ended:
        """One attempt, from dialling to whatever ends it."""
        self._ports.renew()
        self._status.attempt()
        ended = self._run_attempt(self._look if self._gives_stills else self._read)
        before, self._seen = self._seen, None
        if not (self._is_web and self._unread):
            return ended
        if before is not None:
            return Ended(before, ended.live_ns)
        seen = self._run_attempt(self._look)
        seen = ended if seen == Ended(Reason.BROKEN_DATA) else seen
        self._seen = seen.reason
        return seen

    def _run_attempt(self, read: Callable[[], None]) -> Ended:
        self._live_ns = None
        self._packets = 0
        self._unread = False
        began_ns = self._now_ns()
        try:
            read()
            reason = Reason.ENDED
        except NotNowError:
            raise
        # The one broad catch of the worker. av.open raises more than libav's errors, by damage in
        # real files: UnicodeDecodeError, IndexError, EOFError, ValueError ... Whatever it was, the
        # answer is the same: say why, wait, try again. Never logged: the text holds the URL.
        except Exception as error:  # noqa: BLE001
            reason = reason_of(error)
            if isinstance(error, MemoryError):
                reason = self._ports.out_of_memory
            began = self._live_ns is not None
            self._unread = not self._watchdog.gave_up and is_worth_a_look(error, began)
        now_ns = self._now_ns()
        if self._watchdog.gave_up:
            reason = Reason.TIMED_OUT
        reason = self._refine(reason, now_ns - began_ns)
        if self._live_ns is not None:
            live_ns = now_ns - self._live_ns
            if live_ns < STEADY_NS:
                self._caller.brief()
            return Ended(reason, live_ns, self._gives_stills)
        self._form = None
        return Ended(self._caller.fruitless(reason, self._packets))

    def _refine(self, reason: Reason, took_ns: int) -> Reason:
        """Correct the reason by what the error alone does not say."""
        if not self._kind.is_live:
            return Reason.BROKEN_DATA if reason is Reason.ENDED and not self._live_ns else reason
        # Without a connection no server hangs up: there libav says EIO for a silence.
        if self._listens and reason in (Reason.UNREACHABLE, Reason.ENDED):
            return Reason.TIMED_OUT
        # A camera that accepts and then says nothing ends libav's opening as broken data.
        mute = reason is Reason.BROKEN_DATA and took_ns > SILENCE_NS
        if mute and not self._packets:
            return Reason.TIMED_OUT
        # The system's word for a firewall that lets no call out.
        return Reason.UNREACHABLE if reason is Reason.FILE_MISSING else reason

    def _read(self) -> None:
        if self._kind == PATTERN:
            self._play_pattern()
        elif self._kind == STILL:
            self._show_still()
        else:
            self._read_connections()

    def _read_connections(self) -> None:
        began_ns = self._now_ns()
        while (delivery := self._read_once()) is Delivery.RECORDING:
            self._after_the_end(began_ns)
            began_ns = self._now_ns()
        if delivery is Delivery.PICTURE:
            self._refresh()

    def _after_the_end(self, began_ns: int) -> None:
        """A recording is played over and over: opening it again takes less than a picture's time.

        One of a single picture is a still image by another name.
        """
        if not self._scheduler.is_proven:
            raise SourceError(Reason.BROKEN_DATA)
        self._ports.renew()
        if self._packets == 1 and not self._is_web:
            self._scheduler.hold()
            self._wait_for_ever()
        rest_ns = began_ns + LOOP_NS - self._now_ns()
        if self._is_web and rest_ns > 0:
            self._ports.sleep(rest_ns / SECOND_NS)

    def _read_once(self) -> Delivery:
        """One connection. A live one that ends has failed: what its decoder holds is the past."""
        self._packets, self._packet_ns = 0, self._now_ns()
        with self._watch(), contextlib.ExitStack() as ending:
            connection = self._call()
            ending.callback(connection.close)
            packets = connection.packets(self._check_others if self._listens else None)
            delivery, held = connection.delivery, tuple[Held, ...]()
            is_suspect, self._is_suspect = self._is_suspect, False
            if delivery is Delivery.UNPROVEN or (is_suspect and delivery is Delivery.LIVE):
                delivery, held = probe(connection, packets, self._now_ns, self._watchdog.packet)
            if delivery is Delivery.PICTURE:
                return delivery
            if delivery is Delivery.RECORDING:
                self._watchdog.leave()
            elif delivery is Delivery.SEGMENTS:
                self._watchdog.segmented()
                self._pace = Pace(live=True)
            self._status.coding(coding_named(connection.codec))
            decoder = self._ports.decoder(connection)
            ending.callback(decoder.close)
            ending.callback(self._scheduler.detach)
            live = delivery is not Delivery.RECORDING
            self._scheduler.attach(decoder, live=live, held=connection.held)
            if delivery is Delivery.LIVE:
                self._read_live(connection, held, packets)
            else:
                self._play(connection, itertools.chain((one.coded for one in held), packets))
            if delivery is Delivery.RECORDING:
                self._scheduler.finish()
            if self._is_web and is_one_picture(connection, self._packets):
                return Delivery.PICTURE
        return Delivery.RECORDING if self._is_suspect else delivery

    def _call(self) -> Connection:
        connection = self._caller.call(lambda: self._watchdog.answered(self._now_ns()), self._form)
        self._status.carrier(self._caller.carrier)
        return connection

    def _watch(self) -> contextlib.AbstractContextManager[None]:
        if not self._kind.is_live:
            return contextlib.nullcontext()
        return self._watchdog.call(self._now_ns(), taken=self._listens)

    def _read_live(
        self, connection: Connection, held: Iterable[Held], packets: Iterator[Coded]
    ) -> None:
        """Take packets as they come. What a web server sends is a recording all the same if it can
        be read so; then it is to be opened again."""
        self._packet_ns = self._now_ns()
        ahead = Ahead() if self._is_web and connection.has_clock and not held else None
        for coded, read_ns in held:
            self._offer(coded, read_ns)
        if coding_named(connection.codec) is Coding.MJPEG:
            packets = self._skip_repeats(packets)
        heard, now_ns = self._watchdog.packet, self._now_ns
        for coded in packets:
            before_ns, arrival_ns = self._packet_ns, now_ns()
            if self._listens and arrival_ns - before_ns > SILENCE_NS:
                self._check_silence(arrival_ns - before_ns)
            heard(arrival_ns)
            self._offer(coded, arrival_ns)
            if ahead is not None:
                lead = ahead.seen(arrival_ns, coded.stamp_ns, connection.interval_ns)
                if lead is Lead.RECORDING:
                    self._is_suspect = True
                    return
                ahead = ahead if lead is Lead.UNKNOWN else None

    def _skip_repeats(self, packets: Iterator[Coded]) -> Iterator[Coded]:
        """Leave out packets that repeat the same picture, once that has come for long."""
        for coded in packets:
            now_ns = self._now_ns()
            interval_ns = self._status.interval_ns
            since_ns = self._repeats.since_ns(bytes(coded.packet), interval_ns, now_ns)
            if since_ns is None or not self._scheduler.is_proven:
                self._status.goes_on()
                yield coded
                continue
            self._packet_ns = now_ns
            self._watchdog.packet(now_ns)
            self._status.packet(coded.size_bytes)
            self._status.repeats(since_ns)

    def _play(self, connection: Connection, packets: Iterable[Coded]) -> None:
        """Take packets when they are due."""
        before_ns, began_ns = self._pace.media_ns, self._now_ns()
        for coded in packets:
            waited_ns = self._now_ns() - began_ns
            arrival_ns = self._wait_for(coded.stamp_ns, connection.interval_ns, waited_ns)
            self._watchdog.packet(arrival_ns)
            self._offer(coded, arrival_ns)
            began_ns = self._now_ns()
        if self._is_web and not is_whole(self._pace.media_ns - before_ns, connection.duration_ns):
            raise SourceError(Reason.ENDED)

    def _offer(self, coded: Coded, arrival_ns: int) -> None:
        self._packets += 1
        self._packet_ns = arrival_ns
        self._scheduler.offer(coded, arrival_ns)
        if self._live_ns is None and self._scheduler.is_proven:
            self._live_ns = arrival_ns

    def _check_silence(self, waited_ns: int) -> None:
        """Give a silent camera up now.

        libav hides its first time-out: it gives out the packet that its parser held back, and only
        the next read, 3 s later, fails. A camera that is this slow by nature goes on.
        """
        if waited_ns > 3 * self._status.interval_ns:
            raise SourceError(Reason.TIMED_OUT)

    def _check_others(self) -> None:
        """Something else than pictures came, such as sound: give up pictures that ceased.

        They may come on as another stream, which only a new connection finds.
        """
        self._watchdog.look(self._now_ns())
        if self._watchdog.gave_up:
            raise SourceError(Reason.TIMED_OUT)

    def _look(self) -> None:
        """Look at what a web server answers: libav can't say what it is, or was told."""
        from wallctl.media.http.still_picture import Answer, look  # noqa: PLC0415 - see ``web``

        self._gives_stills = False
        with self._watch():
            seen = look(self._stream)
        if seen.answer is Answer.OTHER:
            raise SourceError(seen.fault)
        if seen.answer is Answer.PICTURE:
            self._refresh(seen.data)
        self._form = PLAIN_MJPEG
        self._read_connections()

    def _refresh(self, data: bytes | None = None) -> typing.NoReturn:
        """Fetch a picture again and again; ``data`` is the first one, if it is there."""
        from wallctl.media.http.still_picture import fetch  # noqa: PLC0415 - see ``web``

        self._gives_stills = True
        refresh_ns = int(self._stream.refresh_s * SECOND_NS)
        self._status.interval(refresh_ns)
        self._status.carrier(self._caller.carrier)
        while True:
            began_ns = self._now_ns()
            if data is None:
                with self._watch():
                    data = fetch(self._stream)
            self._show_fetched(data, refresh_ns)
            self._live_ns = self._live_ns or began_ns
            data = None
            self._ports.sleep(max(0, began_ns + refresh_ns - self._now_ns()) / SECOND_NS)

    def _show_fetched(self, data: bytes, refresh_ns: int) -> None:
        from wallctl.media.http.still_picture import decode_picture  # noqa: PLC0415 - see ``web``

        now_ns = self._now_ns()
        self._status.packet(len(data))
        since_ns = self._repeats.since_ns(data, refresh_ns, now_ns)
        if since_ns is not None and self._scheduler.is_proven:
            self._status.repeats(since_ns)
            return
        picture, codec = decode_picture(data, now_ns)
        self._status.coding(coding_named(codec))
        self._scheduler.show(picture, Phase.LIVE, Flag.STILL)

    def _wait_for(self, stamp_ns: int | None, interval_ns: int, waited_ns: int = 0) -> int:
        """Sleep until a packet is due; the time then."""
        now_ns = self._now_ns()
        due_ns = self._pace.due_ns(stamp_ns, interval_ns, now_ns, waited_ns)
        self._status.behind(max(0, now_ns - due_ns))
        if due_ns > now_ns:
            self._ports.sleep((due_ns - now_ns) / SECOND_NS)
            return self._now_ns()
        return now_ns

    def _show_still(self) -> typing.NoReturn:
        self._scheduler.show(read_still(self._stream, self._now_ns()), Phase.STILL, Flag.STILL)
        self._wait_for_ever()

    def _wait_for_ever(self) -> typing.NoReturn:
        while True:  # the control thread fills new taps
            self._ports.sleep(_LONG_S)

    def _play_pattern(self) -> typing.NoReturn:
        pattern = Pattern(pattern_name(self._stream.url))
        while True:
            now_ns = self._wait_for(None, INTERVAL_NS)
            if self._scheduler.rest():
                continue
            number = self._status.decoded + 1
            self._scheduler.show(pattern.picture(number, now_ns), Phase.LIVE)
