"""The screens of this machine: what each presenter is told, and what it says.

The wall's side numbers scenes. A scene is prepared on the screens concerned, and shown once its
commit comes; a newer one replaces what is not committed.
"""

from collections.abc import Callable, Mapping

import msgspec
from msgspec.structs import asdict, replace

from wallctl.display.drawing.redraw_retry import Pages
from wallctl.display.messages import (
    Commit,
    Countdown,
    Feed,
    Figures,
    Finish,
    Furnish,
    Prepare,
    Presented,
    PresenterSpec,
    Ready,
    Say,
    Settled,
    Suspect,
    TileOrder,
)
from wallctl.display.window_placement import WindowPlace
from wallctl.model.operator.help_content import help_page
from wallctl.model.operator.monitor_state import Monitor, MonitorState
from wallctl.model.operator.notice import Notice
from wallctl.model.planning.stream_choice import Choice
from wallctl.model.wall.scene.scene import Scene, ScreenScene, Tile
from wallctl.node.child_kinds import PRESENTER
from wallctl.node.child_processes import ChildProcesses
from wallctl.node.messages import NodeReport, NumberedScene, ScreenSaid
from wallctl.node.ring_allocation import RingAllocation
from wallctl.node.scenes_under_way import ScenesUnderWay
from wallctl.node.setup import NodeSetup
from wallctl.node.stream_manager import StreamManager
from wallctl.node.suspect_texts import SuspectTexts
from wallctl.node.tap_routing import Chain

REJOIN_NS = 80_000_000
"""How long a presenter that starts again may take to get its scene ready."""
FromScreen = Ready | Presented | Settled | Figures
Tell = Callable[[NodeReport], object]
"""Takes what the wall's side is to hear; times are those of this process."""
Choices = Mapping[tuple[str, int], Choice]
"""For each tile with a source, by screen and number, what can fill it."""


class Presenters:
    """What presenters were told last."""

    def __init__(
        self,
        setup: NodeSetup,
        crew: ChildProcesses,
        streams: StreamManager,
        tell: Tell,
        number: int = 0,
    ) -> None:
        """``number`` is that of the newest scene that this node knows."""
        self._setup = setup
        self._crew = crew
        self._streams = streams
        self._tell = tell
        self.number = number
        self.scene: Scene = ()
        """The newest, shown or still to be."""
        self._orders = ScreenOrders(setup, streams.taps)
        self._under_way = ScenesUnderWay()
        self._coming: frozenset[str] | None = None
        """The screens of a scene that is prepared; ``None`` while none is."""
        self.figures: dict[str, Figures] = {}
        self._furnish: Furnish | None = None
        """What presenters were told last beside scenes; ``None`` while they know it from birth."""
        self._suspects = SuspectTexts()
        self._pages: Pages = {}
        """The help that presenters were told last."""

    def start(self) -> None:
        """Have a presenter for each screen."""
        self._pages = self._help()
        for screen in self._setup.site.screens:
            window = WindowPlace.of(screen, self._setup.site, self._setup.options.blitter)
            spec = PresenterSpec(
                screen=screen.name,
                size=screen.size,
                canvas=self._setup.canvases[screen.name],
                window=None if self._setup.options.headless else window,
                title=f"{self._setup.site.name} · {screen.name}",
                font=self._setup.site.font,
                help=dict(self._pages),
                timezone=self._setup.site.timezone,
            )
            self._crew.start(presenter(screen.name), PRESENTER, msgspec.msgpack.encode(spec))

    def prepare(self, numbered: NumberedScene, now_ns: int) -> None:
        """Have a scene prepared on the screens that it names, and on those where it differs."""
        if numbered.number <= self.number:
            return  # it was ordered before: a newer one is known
        self.number, self.scene = numbered.number, numbered.scene
        choices = self._streams.choices(self.scene, now_ns)
        self._under_way.prepare(self.number, _chains(choices))
        self._demand(now_ns)
        differing = self._orders.find_differing(self.scene, choices)
        self._orders.note(differing)
        named = numbered.screens & self._orders.screens
        self._coming = frozenset(differing.keys() | named | (self._coming or set()))
        for name in self._coming:
            self._crew.send(presenter(name), self._orders.number(name, self.number))

    def commit(self, number: int, at_ns: int, now_ns: int) -> None:
        """Have all screens show a scene at one time."""
        if self._coming is None or number != self.number:
            return
        for name in self._coming:
            self._crew.send(presenter(name), Commit(number, at_ns))
            self._orders.commit(name)
        self._under_way.commit(number, self._coming, at_ns)
        self._coming = None
        self.refresh(now_ns)

    def refresh(self, now_ns: int) -> None:
        """Let go of what only scenes needed that no screen shows any more."""
        if self._under_way.let_go(now_ns):
            self._demand(now_ns)

    def find_differing(self, now_ns: int) -> frozenset[str] | None:
        """The screens that would be told otherwise if the scene were ordered again now: a stream
        has told its size. ``None`` if none would, or a scene is on its way to them."""
        if self._coming is not None:
            return None
        choices = self._streams.choices(self.scene, now_ns)
        found = frozenset(self._orders.find_differing(self.scene, choices))
        served = _chains(choices) != self._under_way.chains_of(self.number)
        return found if found or served else None

    def furnish(self, notices: tuple[Notice, ...]) -> None:
        """Tell the presenters what lies over the scenes: the help, and what is wrong."""
        self._pages = self._help()
        self._furnish = Furnish(dict(self._pages), notices, self._setup.site.timezone)
        self._tell_all(self._furnish)

    def say(self, words: Say, screen: str | None = None) -> None:
        """Have one screen say it, or every one."""
        self._tell_all(words, screen)

    def count_down(self, progress: float) -> None:
        """Have every screen show how long a key is held."""
        self._tell_all(Countdown(progress))

    def finish(self) -> None:
        """Have all presenters tell their last figures and end."""
        self._tell_all(Finish())

    def tiles(self, screen: str) -> tuple[TileOrder, ...]:
        """What a screen shows."""
        order = self._orders.committed(screen)
        return order.tiles if order is not None else ()

    def born(self, screen: str, now_ns: int) -> None:
        """A presenter runs (again): it is told what its screen shows."""
        suspected = self._suspects.of(screen)
        if suspected is not None:
            self._crew.send(presenter(screen), Suspect(suspected))
        if self._furnish is not None:
            self._crew.send(presenter(screen), self._furnish)
        order = self._orders.newest(screen)
        if order is None:
            return
        self._crew.send(presenter(screen), order)
        if self._coming is None or order.version != self.number:
            self._crew.send(presenter(screen), Commit(order.version, now_ns + REJOIN_NS))

    def died(self, screen: str, keeps_dying: bool) -> None:
        """A presenter is gone; of one that keeps dying what it was given is suspected, above all
        what had never been shown before."""
        order = self._orders.newest(screen)
        if keeps_dying and order is not None:
            self._suspects.suspect(screen, order, self._pages)
        else:
            self._suspects.acquit(screen)

    def lost(self, screen: str, why: str) -> bool:
        """A presenter has no window; whether it ever had one, and waits for it to come back."""
        figures = self.figures.get(screen)
        if figures is None:
            return False
        self._note_figures(screen, replace(figures, monitor=Monitor(MonitorState.ABSENT, why=why)))
        return True

    def hear(self, screen: str, message: FromScreen, now_ns: int) -> None:
        """Note what a presenter reports, and pass on what the wall's side is to know."""
        match message:
            case Figures():
                self._note_figures(screen, message)
            case Ready():
                self._tell(NodeReport(ready=((screen, message.version),)))
            case Presented():
                self._prove(screen, message.version)
                self._tell(NodeReport(presented=(_said(screen, message),)))
                self._under_way.note_shown(screen, message.version)
                self.refresh(now_ns)
            case Settled():
                self._tell(NodeReport(settled=(_said(screen, message),)))

    def _note_figures(self, screen: str, figures: Figures) -> None:
        self.figures[screen] = figures
        self._tell(NodeReport(figures={screen: figures}))

    def _prove(self, screen: str, version: int) -> None:
        """A screen has shown a version; if it has drawn all texts of it, these do no harm."""
        order, figures = self._orders.newest(screen), self.figures.get(screen)
        if order is None or order.version != version or figures is None or figures.is_plain:
            return
        self._suspects.prove(screen, order, self._pages)

    def _help(self) -> Pages:
        words = self._setup.catalogues
        return {language: help_page(self._setup.site, words[language]) for language in words}

    def _tell_all(self, message: msgspec.Struct, screen: str | None = None) -> None:
        for one in self._setup.site.screens:
            if screen in (None, one.name):
                self._crew.send(presenter(one.name), message)

    def _demand(self, now_ns: int) -> None:
        self._streams.demand(self._under_way.chains(), now_ns)


class ScreenOrders:
    """The newest order of each screen, and the newest one that was committed."""

    def __init__(self, setup: NodeSetup, taps: RingAllocation) -> None:
        self._setup = setup
        self._taps = taps
        self._newest: dict[str, Prepare] = {}
        self._committed: dict[str, Prepare] = {}

    @property
    def screens(self) -> frozenset[str]:
        """The screens that were ordered anything."""
        return frozenset(self._newest)

    def newest(self, screen: str) -> Prepare | None:
        """The newest order of a screen, shown or still to be."""
        return self._newest.get(screen)

    def committed(self, screen: str) -> Prepare | None:
        """The newest order of a screen that was committed."""
        return self._committed.get(screen)

    def find_differing(self, scene: Scene, choices: Choices) -> dict[str, Prepare]:
        """The orders of a scene that are others than the newest ones, apart from their number."""
        orders = (self._make(screen, choices) for screen in scene)
        return {order.screen: order for order in orders if order != self._newest.get(order.screen)}

    def note(self, orders: Mapping[str, Prepare]) -> None:
        """These are the newest now."""
        self._newest |= orders

    def number(self, screen: str, number: int) -> Prepare:
        """The newest order of a screen, as that of the scene with this number."""
        order = self._newest[screen] = replace(self._newest[screen], version=number)
        return order

    def commit(self, screen: str) -> None:
        """A screen is to show its newest order."""
        self._committed[screen] = self._newest[screen]

    def _make(self, screen: ScreenScene, choices: Choices) -> Prepare:
        """A screen's order, with the number of the one before it."""
        old = self._newest.get(screen.screen)
        tiles = () if screen.blanked else screen.tiles
        places = ((one, choices.get((screen.screen, one.number))) for one in tiles)
        return Prepare(
            **{
                **asdict(screen),
                "version": 0 if old is None else old.version,
                "tiles": tuple(self._tile(tile, choice) for tile, choice in places),
            }
        )

    def _tile(self, tile: Tile, choice: Choice | None) -> TileOrder:
        if choice is None:
            return TileOrder(**asdict(tile))
        feeds = tuple(
            Feed(tap.stream, ring, self._setup.blocks[tap.source, tap.stream])
            for tap in choice.taps
            if (ring := self._taps.rings.get(tap)) is not None
        )
        return TileOrder(**asdict(tile), feeds=feeds, why=choice.why)


def _chains(choices: Choices) -> set[Chain]:
    return {choice.taps for choice in choices.values()}


def _said(screen: str, message: Presented | Settled) -> ScreenSaid:
    return ScreenSaid(screen, message.version, message.at_ns, message.pending)


def presenter(screen: str) -> str:
    """The name of a screen's presenter among the child processes."""
    return f"{PRESENTER}:{screen}"
