"""The control thread of a worker: takes demands, keeps the heartbeat, and ends the process.

It never waits for the camera, and hangs up on one that says nothing any more. What it can't fill
from the last picture or the kept packets, the reader will.
"""

import os
import select
import socket
import traceback

from wallctl.decoder.decode_scheduler import DecodeScheduler
from wallctl.decoder.messages import Demand
from wallctl.decoder.status_writer import Status
from wallctl.decoder.watchdog import Watchdog, WedgedError
from wallctl.decoder.worker_clocks import Clock
from wallctl.model.streams.health import Reason
from wallctl.supervisor.channel import Channel
from wallctl.supervisor.child_setup import NOT_NOW

BEAT_MS = 250
"""Pause between two beats: half of what the supervisor allows."""


class ControlThread:
    """Serves one channel."""

    def __init__(
        self,
        end: socket.socket,
        scheduler: DecodeScheduler,
        status: Status,
        watchdog: Watchdog,
        clock: Clock,
    ) -> None:
        self._channel: Channel[Demand] = Channel(end, Demand)
        self._scheduler = scheduler
        self._status = status
        self._watchdog = watchdog
        self._now_ns = clock.monotonic_ns

    def run(self) -> None:
        """Serve until the controller is gone; then, or on any error, the process ends.

        ``os._exit``: the main thread may sit in libav for seconds and can't be asked.
        """
        code = 1
        try:
            self._serve()
        except EOFError:
            code = 0
        except MemoryError:
            self._status.failed(Reason.TOO_LARGE)
            code = NOT_NOW
        except WedgedError:
            code = NOT_NOW  # nothing to tell: root starts the next one
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(code)

    def _serve(self) -> None:
        poller = select.poll()
        poller.register(self._channel.fileno(), select.POLLIN)
        behind = False
        while True:
            if poller.poll(0 if behind else BEAT_MS):
                self._take()
            self._status.beat()
            self._watchdog.look(self._now_ns())
            behind = self._scheduler.catch_up()

    def _take(self) -> None:
        """Obey the newest demand that waits. Each is whole, so older ones are of no use."""
        newest = None
        for demand in self._channel.drain():
            newest = demand
        if newest is not None:
            self._scheduler.demand(newest)
