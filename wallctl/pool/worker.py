"""A decoder worker: one process, one stream, two threads.

The main thread reads the camera; the control thread takes demands. See ``feed`` for what they
share.
"""

import functools
import gc
import socket
import threading
import time
from collections.abc import Callable

from wallctl.files.logins import LoginError, close_logins, with_own_login
from wallctl.frames.arena import Arena
from wallctl.frames.stream_block import BLOCK_BYTES, BLOCKS_OFFSET, WORDS
from wallctl.media.connect import silence
from wallctl.media.hardware import decoder
from wallctl.media.line import Line
from wallctl.model.health import Reason
from wallctl.model.site import Stream
from wallctl.pool.clock import Clock
from wallctl.pool.control import Control
from wallctl.pool.feed import Feed
from wallctl.pool.hardware_notes import HardwareNotes
from wallctl.pool.orders import WorkerSpec
from wallctl.pool.reader import Ports, Reader
from wallctl.pool.status import Status
from wallctl.pool.taps import Taps
from wallctl.pool.watchdog import Watchdog

LOGIN_RETRY_S = 1.0


def run(spec: WorkerSpec, arena: Arena, channel_socket: socket.socket) -> None:
    """Serve a stream until the channel's other end is closed; the process ends then.

    Call it in a freshly forked child that has no other thread.
    """
    gc.freeze()  # what was there before the fork is shared: never walked, so never copied
    silence()
    clock = Clock()
    words = arena.words(BLOCKS_OFFSET + spec.block * BLOCK_BYTES, WORDS)
    status = Status(words, clock)
    stream = logged_in(spec.stream, status)
    close_logins()
    name = f"{spec.source}/{stream.name}"
    notes = HardwareNotes(words, status, name)
    ports = Ports(functools.partial(decoder, hardware=spec.hardware, notes=notes), clock, name)
    feed = Feed(Taps(arena), status, clock)
    watchdog = Watchdog(stream.url, Line(), status)
    control = Control(channel_socket, feed, status, watchdog, clock)
    threading.Thread(target=control.run, name="control", daemon=True).start()
    Reader(stream, feed, status, watchdog, ports).run()


def logged_in(
    stream: Stream, status: Status, pause: Callable[[float], object] = time.sleep
) -> Stream:
    """The stream with its login, which no other process reads. Wait while it can't be read."""
    while True:
        try:
            return with_own_login(stream)
        except LoginError:
            status.failed(Reason.LOGIN_UNREADABLE)
            status.beat()
            pause(LOGIN_RETRY_S)
