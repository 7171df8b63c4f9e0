"""``start(options)``: build the process tree of a wall and run it until it ends."""

import contextlib
import functools
import gc
import logging
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from wallctl.alarm_inputs.listen_status import Voice
from wallctl.alarm_inputs.messages import Answered, Wishes
from wallctl.api.doorkeeper import Doorkeeper
from wallctl.api.doorkeeper_messages import ToDoorkeeper
from wallctl.api.endpoint import ControlError
from wallctl.controller.file_poll import Heed, watch
from wallctl.controller.joined_sides import run_node, run_wall, run_whole
from wallctl.controller.site_reader import Wanted, read_again
from wallctl.controller.state_store import Order, store
from wallctl.decoder import worker
from wallctl.decoder.messages import WorkerSpec
from wallctl.display.capture.broadcast import Broadcaster, BroadcastSpec
from wallctl.display.capture.snapshot import SnapshotSpec, pictured, written
from wallctl.display.display_error import DisplayError
from wallctl.display.messages import Finish, NoWindow, PresenterSpec, ToPresenter
from wallctl.display.presenter import Display, Presenter
from wallctl.display.x11.absent_window import AbsentDisplay, DisplayBackError
from wallctl.model.base.redaction import redacted
from wallctl.model.site.alarm_input import Input
from wallctl.model.site.site_diff import max_streams
from wallctl.node.alarm_sounds import play
from wallctl.node.child_kinds import (
    BROADCAST,
    CHILD_KINDS,
    DOORKEEPER,
    ERRAND,
    INPUT,
    PRESENTER,
    READING,
    SAVING,
    SNAPSHOT,
    SOUND,
    WATCHING,
    WORKER,
    Picture,
    ReadAgain,
    Saved,
    Taken,
)
from wallctl.node.setup import NodeSetup, Options, Side, reserved_bytes, set_up
from wallctl.shm.arena import HEAP_OFFSET, Arena, needed_bytes
from wallctl.shm.stream_status import WORDS, block_offset, clear
from wallctl.storage.atomic_write import write_whole
from wallctl.storage.local_time import local_time
from wallctl.supervisor.available_memory import available_bytes
from wallctl.supervisor.channel import Channel
from wallctl.supervisor.child_setup import Birth, Kind, NotNowError, keep_only
from wallctl.supervisor.messages import Ended, FromRoot
from wallctl.supervisor.open_file_limit import raise_limit
from wallctl.supervisor.privileges import renounce
from wallctl.supervisor.resource_limits import bound
from wallctl.supervisor.root import CONTROLLER, Kinds, Root, Term
from wallctl.supervisor.signals import has_terminal

INPUT_BYTES, INPUT_FILES = 1 << 28, 256
"""What strangers may make an input take: its library for MQTT keeps what a broker sends."""
STACK_BYTES = 1 << 20
"""Of a caller's thread in an input; the usual 8 MiB count as taken."""
USUAL_STREAMS = 2
"""A wall whose site file may change has memory for a large and a small stream of each source, were
there only one at first."""
DOORKEEPER_BYTES, DOORKEEPER_FILES = 256 << 20, 4096
"""What callers can make it take, before it ends and the next one begins."""

log = logging.getLogger(__name__)


def start(options: Options) -> int:
    """Run a wall; returns the exit code. Raises ArenaError if the memory can't be
    had, FilesError if the words can't."""
    raise_limit()  # before anybody is forked
    renounce()
    setup = set_up(options, time.monotonic_ns())
    sizes = [screen.size for screen in options.site.screens]
    streams = max(max_streams(options.site), 1 if options.file is None else USUAL_STREAMS)
    size = max(needed_bytes(sizes, streams), _least(setup))
    arena = Arena.create(size, available_bytes())
    for index in setup.blocks.values():
        clear(arena.words(block_offset(index), WORDS))
    worker.prepare(stream for one in options.site.sources for stream in one.streams)
    root = Root(_kinds(setup, arena), b"", _term(setup))
    code = root.run()
    if root.fault:
        sys.stderr.write(f"Error: {redacted(root.fault)}\n")
    return code


def _term(setup: NodeSetup) -> Term:
    """A wall with a terminal ends with it; a service reads its files again, if it has any."""
    options = setup.options
    end_ns = None if options.seconds is None else setup.began_ns + int(options.seconds * 1e9)
    return Term(end_ns, rereads=options.file is not None and not has_terminal())


def _least(setup: NodeSetup) -> int:
    return HEAP_OFFSET + reserved_bytes(setup)


def _kinds(setup: NodeSetup, arena: Arena) -> Kinds:
    """What children of each kind do; each runs in a process forked from root."""
    runs: dict[str, Callable[[Birth], None]] = {
        WORKER: functools.partial(_work, arena),
        PRESENTER: functools.partial(_present, setup, arena),
        SNAPSHOT: functools.partial(_snapshot, setup, arena),
        BROADCAST: functools.partial(_broadcast, arena),
        DOORKEEPER: functools.partial(_keep_door, arena),
        INPUT: functools.partial(_hear_alarms, setup),
        SOUND: _play,
        SAVING: _save,
        READING: functools.partial(_read, setup, arena),
        WATCHING: _watch,
        ERRAND: functools.partial(_run_errand, setup),
    }
    kinds = {name: Kind(runs[name], of.rights, of.nice) for name, of in CHILD_KINDS.items()}
    return {CONTROLLER: Kind(functools.partial(_control, setup, arena)), **kinds}


def _control(setup: NodeSetup, arena: Arena, birth: Birth) -> None:
    split = setup.options.split
    try:
        if split is None:
            run_whole(setup, arena, birth)
        elif split.side is Side.WALL:
            run_wall(setup, birth, split.path)
        else:
            run_node(setup, arena, birth, split.path)
    except ControlError as error:
        sys.stderr.write(f"Error: {error}\n")
        Channel[FromRoot](birth.channel, FromRoot).send(Ended(1))
    except EOFError:
        return  # root is gone, and the kernel is about to end this process too


def _work(arena: Arena, birth: Birth) -> None:
    worker.run(msgspec.msgpack.decode(birth.args, type=WorkerSpec), arena, birth.channel)


def _present(setup: NodeSetup, arena: Arena, birth: Birth) -> None:
    spec = msgspec.msgpack.decode(birth.args, type=PresenterSpec)
    channel: Channel[ToPresenter] = Channel(birth.channel, ToPresenter)
    try:
        display: Display | None = _display(spec)
    except DisplayError as error:
        channel.send(NoWindow(str(error)))
        display = AbsentDisplay(str(error), functools.partial(_has_display, spec))
    try:
        Presenter(
            spec, arena, channel, display, setup.catalogues, draws_plain=birth.keeps_dying
        ).run()
    except DisplayBackError as back:
        raise NotNowError from back  # the next one opens the window
    except EOFError:
        return  # root is gone, so nothing is left to be shown to anyone


def _display(spec: PresenterSpec) -> Display | None:
    if spec.window is None:
        return None
    # Only here: the windowing library is half a second of import that headless walls do not need.
    from wallctl.display.x11.window import Window  # noqa: PLC0415

    return Window(spec.window, spec.title)


def _has_display(spec: PresenterSpec) -> bool:
    """Whether a window could be opened now. It is: what is missing may be more than a server."""
    try:
        display = _display(spec)
    except DisplayError:
        return False
    if display is not None:
        display.close()
    return True


def _snapshot(setup: NodeSetup, arena: Arena, birth: Birth) -> None:
    spec = msgspec.msgpack.decode(birth.args, type=SnapshotSpec)
    channel: Channel[FromRoot] = Channel(birth.channel, FromRoot)
    unix_s = int(time.clock_gettime(time.CLOCK_REALTIME))
    image = pictured(spec, arena, setup.catalogues, time.monotonic_ns(), unix_s)
    if spec.folder is None:
        picture = written(image, spec.jpeg)
        channel.send_file(Picture(len(picture)), picture)
    else:
        channel.send(Taken())
        now = local_time(time.clock_gettime(time.CLOCK_REALTIME), spec.timezone)
        name = f"{now:%Y-%m-%d_%H-%M-%S}.{now.microsecond // 1000:03}.{spec.ending}"
        channel.send(_saved(Path(spec.folder) / name, written(image, spec.jpeg)))


def _saved(file: Path, picture: bytes) -> Saved:
    """Put a picture into its file; the folder is made."""
    try:
        write_whole(file, picture)
    except OSError as error:
        log.warning("the snapshot can't be saved in %s: %s", file.parent, error.strerror)
        return Saved(str(file), error.strerror or "?")
    return Saved(str(file))


def _broadcast(arena: Arena, birth: Birth) -> None:
    gc.freeze()  # what was there before the fork is shared: never walked, so never copied
    spec = msgspec.msgpack.decode(birth.args, type=BroadcastSpec)
    Broadcaster(spec, arena, Channel(birth.channel, Finish)).run()


def _keep_door(arena: Arena, birth: Birth) -> None:
    """Take callers; nothing of the wall is in reach of those who break in here."""
    arena.close()
    keep_only(birth.channel)
    bound(DOORKEEPER_BYTES, DOORKEEPER_FILES)
    with contextlib.suppress(EOFError):  # root is gone
        Doorkeeper(Channel(birth.channel, ToDoorkeeper)).run()


def _hear_alarms(setup: NodeSetup, birth: Birth) -> None:
    """An input's own process: nobody but its callers waits for it."""
    # Only here: HTTP and XML are modules that no other process needs.
    from wallctl.alarm_inputs.listener_process import run  # noqa: PLC0415

    bound(INPUT_BYTES, INPUT_FILES)
    threading.stack_size(STACK_BYTES)
    given: Input = msgspec.msgpack.decode(birth.args, type=Input)
    channel: Channel[Answered] = Channel(birth.channel, Answered)
    voice = Voice(channel.send)
    threading.Thread(target=voice.repeat, daemon=True).start()
    run(given, setup.options.endpoint, Wishes(channel).ask, voice.say)


def _play(birth: Birth) -> None:
    play(birth.args.decode())


def _save(birth: Birth) -> None:
    """Keep the state on disk; a process of its own, since a disk may take its time."""
    channel: Channel[FromRoot] = Channel(birth.channel, FromRoot)
    channel.send(store(msgspec.msgpack.decode(birth.args, type=Order)))


def _read(setup: NodeSetup, arena: Arena, birth: Birth) -> None:
    """Read the site's files; a process of its own, since they take longer than a tick."""
    file = setup.options.file
    if file is None:
        return
    channel: Channel[FromRoot] = Channel(birth.channel, FromRoot)
    wanted = msgspec.msgpack.decode(birth.args, type=Wanted)
    options = setup.options
    reading = read_again(file, wanted.places, options.group, options.site, arena.size)
    content = msgspec.msgpack.encode(reading)
    channel.send_file(ReadAgain(len(content)), content)


def _watch(birth: Birth) -> None:
    """Look at files; a process of its own, since a disk or a share may hang."""
    gc.freeze()
    watch(msgspec.msgpack.decode(birth.args, type=Heed), Channel(birth.channel, Heed))


def _run_errand(setup: NodeSetup, birth: Birth) -> None:
    name = birth.name.partition(":")[2]
    setup.options.errands[name](setup.options.endpoint)
