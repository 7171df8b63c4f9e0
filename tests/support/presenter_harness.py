"""A presenter's loop on invented time, and what it has sent."""

import contextlib
import functools
import select
import typing
from collections.abc import Callable, Iterator

import msgspec
import pytest

from tests.support.catalogues import CATALOGUES
from tests.support.composer_harness import WALL
from tests.support.fakes import MS, FakeClock, FakeDisplay, FakeStream, Studio
from wallctl.display.messages import Finish, FromPresenter, PresenterSpec, TileOrder, ToPresenter
from wallctl.display.presenter import Presenter
from wallctl.model.base.geometry import Rect
from wallctl.model.base.language import Language
from wallctl.model.operator.help_content import HelpEntry, HelpGroup, HelpPage
from wallctl.supervisor.channel import Channel, pair

TICK = 20 * MS
"""How far apart the passes of a loop without a display are, in ns."""
REAL_POLL = select.poll


def page(*entries: HelpEntry) -> HelpPage:
    return HelpPage(actions=(HelpGroup("", entries),))


SHEETS: dict[Language, HelpPage] = {
    Language.CHINESE: page(HelpEntry("1", "一")),
    Language.ENGLISH: page(HelpEntry("1", "one")),
}


class Timeline(FakeClock):
    """A clock that moves with each look, and does what is due before it tells the time."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(look_ns=MS)
        self._clock = clock
        self._due: list[tuple[int, Callable[[], object]]] = []

    def at(self, ms: int, do: Callable[..., object], *arguments: object) -> None:
        self._due.append((self.now_ns + ms * MS, functools.partial(do, *arguments)))

    def stall(self, ns: int) -> None:
        self.now_ns += ns

    def __call__(self) -> int:
        now_ns = super().__call__()
        self._clock.now_ns = now_ns
        ripe = [do for due_ns, do in self._due if due_ns <= now_ns]
        self._due = [(due_ns, do) for due_ns, do in self._due if due_ns > now_ns]
        for do in ripe:
            do()
        return self.now_ns


class Loop:
    """A presenter on invented time, and the controller's end of its channel."""

    def __init__(self, display: FakeDisplay | None = None, *, draws_plain: bool = False) -> None:
        self.studio = Studio(WALL)
        self.time = Timeline(self.studio.clock)
        ours, theirs = pair()
        self.controller: Channel[FromPresenter] = Channel(ours, FromPresenter)
        channel: Channel[ToPresenter] = Channel(theirs, ToPresenter)
        spec = PresenterSpec(
            "left",
            WALL,
            self.studio.canvas_place,
            None,
            "",
            help=SHEETS,
        )
        self.presenter = Presenter(
            spec, self.studio.arena, channel, display, CATALOGUES, draws_plain=draws_plain
        )
        self.heard: list[FromPresenter] = []
        self._ends = (ours, theirs)

    def send(self, *orders: msgspec.Struct) -> None:
        for order in orders:
            assert self.controller.send(order)

    def run(self, ms: int) -> list[FromPresenter]:
        """Let so much time pass, then finish; what the presenter has sent."""
        self.time.at(ms, lambda: self.send(Finish()))
        self.presenter.run(self.time)
        return list(self.controller.drain())

    def order(self, number: int, rect: Rect, *streams: FakeStream) -> TileOrder:
        feeds = tuple(stream.feed for stream in streams)
        return TileOrder(number, rect, f"摄像机{number}", number, feeds=feeds)

    @property
    def canvas(self) -> typing.Any:
        return self.studio.mapped().pixels.copy()

    def close(self) -> None:
        for end in self._ends:
            end.close()


def of(kind: type[msgspec.Struct], heard: list[FromPresenter]) -> list[typing.Any]:
    return [message for message in heard if isinstance(message, kind)]


class Glance:
    """A poll that only looks, as time is invented here."""

    def __init__(self) -> None:
        self._poll = REAL_POLL()

    def register(self, what: typing.Any, events: int) -> None:
        self._poll.register(what, events)

    def poll(self, timeout_ms: float) -> list[tuple[int, int]]:
        assert timeout_ms <= TICK / MS
        return self._poll.poll(0)


Opened = Callable[[FakeDisplay], Loop]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Makes loops with a display, and closes them at the end."""
    monkeypatch.setattr(select, "poll", Glance)
    with contextlib.ExitStack() as cleanup:

        def make(display: FakeDisplay) -> Loop:
            loop = Loop(display)
            cleanup.callback(loop.close)
            cleanup.callback(display.close)
            return loop

        yield make


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loop]:
    """One without a display."""
    monkeypatch.setattr(select, "poll", Glance)
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture
def plain_loop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loop]:
    """The same, of a presenter after many that died."""
    monkeypatch.setattr(select, "poll", Glance)
    loop = Loop(draws_plain=True)
    yield loop
    loop.close()
