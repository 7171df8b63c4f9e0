"""A decoder worker: one process, one stream, two threads.

The main thread reads the camera; the control thread takes demands. ``decode_scheduler``
holds what they share.
"""

import functools
import gc
import socket
import threading
from collections.abc import Iterable

import msgspec

from wallctl.config.logins import LoginError, with_own_login
from wallctl.decoder import confinement
from wallctl.decoder.confinement import confine, devices_for
from wallctl.decoder.control_thread import ControlThread
from wallctl.decoder.decode_scheduler import DecodeScheduler
from wallctl.decoder.hw_failures import HardwareNotes
from wallctl.decoder.messages import Demand, WorkerSpec
from wallctl.decoder.reader import Reader
from wallctl.decoder.reader_dependencies import Dependencies
from wallctl.decoder.status_writer import Status
from wallctl.decoder.tap_outputs import Taps
from wallctl.decoder.watchdog import Watchdog
from wallctl.decoder.worker_clocks import Clock
from wallctl.media.decode.hw_devices import decoder
from wallctl.media.network.libav_sockets import TcpConnections
from wallctl.media.sources.demuxer import silence
from wallctl.media.sources.kinds import load_for
from wallctl.model.site.decoder_preference import Hardware
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Reason
from wallctl.shm.arena import Arena
from wallctl.shm.stream_status import BLOCK_BYTES, BLOCKS_OFFSET, WORDS
from wallctl.supervisor.child_setup import NotNowError
from wallctl.supervisor.open_file_limit import close_secrets
from wallctl.supervisor.resource_limits import bound_memory

DECODER_BYTES = 768 << 20
"""Most memory of a decoder: a picture of 8K has 53 MB, and H.265 refers to six of them at most. A
stream that claims more costs the machine nothing (docs/adr/0031)."""


def prepare(streams: Iterable[Stream]) -> None:
    """Work out what is the same for all workers, in the process that they are forked from: they
    share that memory. Each saves 150 kB of its own, and a millisecond."""
    for message in (WorkerSpec, Demand):
        msgspec.msgpack.Decoder(message)  # msgspec keeps with a type what it found out of it
    confinement.prepare()
    load_for(streams)


def run(spec: WorkerSpec, arena: Arena, channel_socket: socket.socket) -> None:
    """Serve a stream until the channel's other end is closed; the process ends then.

    Call it in a freshly forked child that has no other thread.
    """
    gc.freeze()  # what was there before the fork is shared: never walked, so never copied
    silence()
    clock = Clock()
    words = arena.words(BLOCKS_OFFSET + spec.block * BLOCK_BYTES, WORDS)
    status = Status(words, clock)
    stream = add_login(spec.stream, status)
    close_secrets()
    lacks, renew = bound_decoder(spec.hardware), confine(stream, spec.hardware)
    name = f"{spec.source}/{stream.name}"
    notes = HardwareNotes(words, status, name)
    make = functools.partial(decoder, hardware=spec.hardware, notes=notes)
    ports = Dependencies(make, clock, name, out_of_memory=lacks, renew=renew)
    scheduler = DecodeScheduler(Taps(arena), status, clock)
    watchdog = Watchdog(stream.url, TcpConnections(), status)
    control = ControlThread(channel_socket, scheduler, status, watchdog, clock)
    threading.Thread(target=control.run, name="control", daemon=True).start()
    Reader(stream, scheduler, status, watchdog, ports).run()


def bound_decoder(hardware: Hardware) -> Reason:
    """Bound this process's memory to what a decoder needs; the reason for people if that is not
    enough.

    Without a bound where a device may decode: its driver maps far more than it uses.
    """
    if devices_for(hardware):
        return Reason.NO_RESOURCES
    bound_memory(DECODER_BYTES)
    return Reason.TOO_LARGE


def add_login(stream: Stream, status: Status) -> Stream:
    """The stream with its login, which no other process reads. Raises ``NotNowError``."""
    try:
        return with_own_login(stream)
    except LoginError:
        status.failed(Reason.LOGIN_UNREADABLE)
        raise NotNowError from None
