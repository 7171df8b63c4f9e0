"""The reading half of a worker: connects, reads packets, and tries again for ever."""

import contextlib
import itertools
import typing
from collections.abc import Callable, Iterable, Iterator

from wallctl.decoder.decode_scheduler import DecodeScheduler
from wallctl.decoder.http_images import HttpImages
from wallctl.decoder.live_or_recording_probe import Held, probe
from wallctl.decoder.playback import Playback
from wallctl.decoder.read_attempt import Attempt
from wallctl.decoder.reader_dependencies import Dependencies
from wallctl.decoder.status_writer import Status
from wallctl.decoder.watchdog import Watchdog
from wallctl.media.sources.demuxer import (
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
from wallctl.model.streams.repeated_pictures import Repeats
from wallctl.model.streams.retry import STEADY_NS, Ended, Retry, after, pause_ns
from wallctl.shm.ring import Flag
from wallctl.supervisor.child_setup import NotNowError

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
        ports: Dependencies,
    ) -> None:
        self._stream = stream
        self._scheduler = scheduler
        self._status = status
        self._watchdog = watchdog
        self._ports = ports
        self._now_ns = ports.clock.monotonic_ns
        self._kind = source_kind(stream.url)
        self._caller = call_of(stream, ports.name)
        self._repeats = repeats = Repeats()
        self._answers = HttpImages(stream, scheduler, status, watchdog, ports, repeats)
        self._playback = Playback(status, ports)
        self._attempt = Attempt(scheduler, self._now_ns())
        self._seen: Reason | None = None
        """What a look at an answer found in the attempt before. Not every attempt looks."""
        self._is_suspect = False
        """Whether a live answer was read as only a recording can be."""

    def run(self) -> typing.NoReturn:
        """Read until the process ends."""
        retry = Retry()
        if self._status.was_refused:  # a killed worker must not cost another try of the account
            retry = after(retry, Ended(Reason.BAD_CREDENTIALS))
            self._rest(retry)
        while True:
            retry = after(retry, self._try())
            self._status.failed(retry.last)
            self._rest(retry)

    def _rest(self, retry: Retry) -> None:
        rest_ns = pause_ns(retry, self._ports.chance())
        self._ports.sleep((min(rest_ns, LISTEN_NS) if self._kind.listens else rest_ns) / SECOND_NS)

    def _try(self) -> Ended:
        """One attempt, or two where an answer has to be looked at."""
        self._ports.renew()
        self._status.attempt()
        ended = self._run_attempt(self._look if self._answers.are_stills else self._read)
        before, self._seen = self._seen, None
        if not (self._kind.is_web and self._attempt.is_unread):
            return ended
        if before is not None:
            return Ended(before, ended.live_ns)
        seen = self._run_attempt(self._look)
        seen = ended if seen == Ended(Reason.BROKEN_DATA) else seen
        self._seen = seen.reason
        return seen

    def _run_attempt(self, read: Callable[[], None]) -> Ended:
        """One attempt, from dialling to whatever ends it."""
        self._attempt = attempt = Attempt(self._scheduler, self._now_ns())
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
            began = attempt.live_ns is not None
            fell_silent = self._watchdog.gave_up and began
            attempt.is_unread = not fell_silent and is_worth_a_look(error, began)
        now_ns = self._now_ns()
        if self._watchdog.gave_up:
            reason = Reason.TIMED_OUT
        reason = attempt.refined(reason, self._kind, now_ns)
        if attempt.live_ns is not None:
            live_ns = now_ns - attempt.live_ns
            if live_ns < STEADY_NS:
                self._caller.brief()
            return Ended(reason, live_ns, self._answers.are_stills)
        self._answers.form = None
        return Ended(self._caller.fruitless(reason, attempt.packets))

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
        if self._attempt.packets == 1 and not self._kind.is_web:
            self._scheduler.hold()
            self._wait_for_ever()
        rest_ns = began_ns + LOOP_NS - self._now_ns()
        if self._kind.is_web and rest_ns > 0:
            self._ports.sleep(rest_ns / SECOND_NS)

    def _read_once(self) -> Delivery:
        """One connection. A live one that ends has failed: what its decoder holds is the past."""
        self._attempt.connect(self._now_ns())
        with self._watch(), contextlib.ExitStack() as ending:
            connection = self._call()
            ending.callback(connection.close)
            packets = connection.packets(self._check_others if self._kind.listens else None)
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
                self._playback.begin_live()
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
            if self._kind.is_web and is_one_picture(connection, self._attempt.packets):
                return Delivery.PICTURE
        return Delivery.RECORDING if self._is_suspect else delivery

    def _call(self) -> Connection:
        connection = self._caller.call(
            lambda: self._watchdog.answered(self._now_ns()), self._answers.form
        )
        self._status.carrier(self._caller.carrier)
        return connection

    def _watch(self) -> contextlib.AbstractContextManager[None]:
        if not self._kind.is_live:
            return contextlib.nullcontext()
        return self._watchdog.call(self._now_ns(), listens=self._kind.listens)

    def _read_live(
        self, connection: Connection, held: Iterable[Held], packets: Iterator[Coded]
    ) -> None:
        """Take packets as they come. What a web server sends is a recording all the same if it can
        be read so; then it is to be opened again."""
        attempt, silence_ns = self._attempt, self._caller.silence_ns * 9 // 10
        attempt.heard_ns = self._now_ns()
        ahead = Ahead() if self._kind.is_web and connection.has_clock and not held else None
        for coded, read_ns in held:
            attempt.offer(coded, read_ns)
        if coding_named(connection.codec) is Coding.MJPEG:
            packets = self._skip_repeats(packets)
        heard, now_ns = self._watchdog.packet, self._now_ns
        for coded in packets:
            before_ns, arrival_ns = attempt.heard_ns, now_ns()
            if silence_ns and arrival_ns - before_ns > silence_ns:
                self._check_silence(arrival_ns - before_ns)
            heard(arrival_ns)
            attempt.offer(coded, arrival_ns)
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
            self._attempt.heard_ns = now_ns
            self._watchdog.packet(now_ns)
            self._status.packet(coded.size_bytes)
            self._status.repeats(since_ns)

    def _play(self, connection: Connection, packets: Iterable[Coded]) -> None:
        """Take packets when they are due."""
        attempt, playback = self._attempt, self._playback
        before_ns, began_ns = playback.media_ns, self._now_ns()
        for coded in packets:
            waited_ns = self._now_ns() - began_ns
            arrival_ns = playback.wait_for(coded.stamp_ns, connection.interval_ns, waited_ns)
            self._watchdog.packet(arrival_ns)
            attempt.offer(coded, arrival_ns)
            began_ns = self._now_ns()
        if self._kind.is_web and not is_whole(
            playback.media_ns - before_ns, connection.duration_ns
        ):
            raise SourceError(Reason.ENDED)

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
        self._attempt.heard_ns = now_ns = self._now_ns()
        self._watchdog.look(now_ns)
        if self._watchdog.gave_up:
            raise SourceError(Reason.TIMED_OUT)

    def _look(self) -> None:
        """Look at what a web server answers: libav can't say what it is, or was told."""
        data = self._answers.look()
        if data is not None:
            self._refresh(data)
        self._read_connections()

    def _refresh(self, data: bytes | None = None) -> typing.NoReturn:
        self._status.carrier(self._caller.carrier)
        self._answers.refresh(self._attempt, data)

    def _show_still(self) -> typing.NoReturn:
        self._scheduler.show(read_still(self._stream, self._now_ns()), Phase.STILL, Flag.STILL)
        self._wait_for_ever()

    def _wait_for_ever(self) -> typing.NoReturn:
        while True:  # the control thread fills new taps
            self._ports.sleep(_LONG_S)

    def _play_pattern(self) -> typing.NoReturn:
        pattern = Pattern(pattern_name(self._stream.url))
        while True:
            now_ns = self._playback.wait_for(None, INTERVAL_NS)
            if self._scheduler.rest():
                continue
            number = self._status.decoded + 1
            self._scheduler.show(pattern.picture(number, now_ns), Phase.LIVE)
