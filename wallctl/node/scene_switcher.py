"""The screens' side of a change: orders to presenters, and the switch on its way.

At most one switch is being prepared; a newer one takes its place and its deadline, so however
fast commands come, the wall changes at least each 100 ms. Committed switches are never overtaken.
"""

from collections.abc import Iterator, Mapping

import msgspec

from wallctl.display.drawing.caution import Pages, suspects
from wallctl.display.messages import (
    Commit,
    Feed,
    Figures,
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
from wallctl.model.base.geometry import Size
from wallctl.model.operator.help_content import help_page
from wallctl.model.operator.monitor_state import Monitor, MonitorState
from wallctl.model.operator.notice import Notice
from wallctl.model.planning.stream_reason import why
from wallctl.model.site.site import StreamKey
from wallctl.model.wall.scene.scene import Scene, ScreenScene, Tile
from wallctl.node.child_kinds import PRESENTER
from wallctl.node.child_processes import Crew
from wallctl.node.scene_change import LEAD_NS, WAIT_NS, Done, Switch, Unready
from wallctl.node.setup import Setup
from wallctl.node.stream_manager import Chain, Decoding


class Stage:
    """What each presenter was told last, and which switches are under way."""

    def __init__(self, setup: Setup, crew: Crew, decoding: Decoding, version: int) -> None:
        self._setup = setup
        self._crew = crew
        self._decoding = decoding
        self.version = version
        self._orders: dict[str, Prepare] = {}
        """The newest order of each screen, shown or still to be."""
        self._shown: dict[str, Prepare] = {}
        """The newest order of each screen that was committed."""
        self._chains: dict[int, set[Chain]] = {}
        """Taps of each version that some presenter may still show."""
        self.coming: Switch | None = None
        self.committed: list[Switch] = []
        self.figures: dict[str, Figures] = {}
        self._furnish: Furnish | None = None
        """What presenters were told last beside scenes; ``None`` while they know it from birth."""
        self._suspects: dict[str, frozenset[str]] = {}
        """The texts that the presenters of a screen that keep dying had in common."""
        self._pages: Pages = {}
        """The help that presenters were told last."""
        self._proven: dict[str, tuple[Prepare, Pages]] = {}
        """The newest scene that each screen has shown whole, and the help of that time. Their texts
        are looked for when a presenter dies, not while a receipt waits."""

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

    def _help(self) -> Pages:
        words = self._setup.catalogues
        return {language: help_page(self._setup.site, words[language]) for language in words}

    def furnish(self, notices: tuple[Notice, ...]) -> None:
        """Tell the presenters what lies over the scenes: the help, and what is wrong."""
        self._pages = self._help()
        self._furnish = Furnish(dict(self._pages), notices, self._setup.site.timezone)
        for screen in self._setup.site.screens:
            self._crew.send(presenter(screen.name), self._furnish)

    def change(self, scene: Scene, command: str, now_ns: int) -> tuple[Switch, Switch | None]:
        """Begin to bring a scene to the screens; returns the switch and the one it overtook."""
        self.version += 1
        chains = self._decoding.chains(scene, now_ns)
        self._chains[self.version] = set(chains.values())
        self._demand(now_ns)
        overtaken, self.coming = self.coming, None
        before = {name: order.tiles for name, order in self._orders.items()}
        screens = {s.screen for s in scene if self._order(s, chains)}
        switch = Switch(self.version, command, now_ns, screens)
        switch.moved = {s for s in screens if before.get(s) != self._orders[s].tiles}
        if overtaken is not None:
            switch.screens |= overtaken.screens
            switch.moved |= overtaken.moved
            switch.deadline_ns = min(switch.deadline_ns, overtaken.deadline_ns)
        self._send(switch)
        self.coming = switch
        return switch, overtaken

    def would_differ(self, scene: Scene, now_ns: int) -> bool:
        """Whether the screens show something else than the scene as it would be ordered now."""
        chains = self._decoding.chains(scene, now_ns)
        if set(chains.values()) != self._chains.get(self.version):
            return True  # a stream has told its size, and another would be chosen now
        return any(self._differs(screen, chains) for screen in scene)

    def _order(self, screen: ScreenScene, chains: dict[tuple[str, int], Chain]) -> bool:
        """Note a screen's new order; whether it is another than before."""
        differs = self._differs(screen, chains)
        if differs:
            self._orders[screen.screen] = self._prepare(screen, chains)
        return differs

    def _differs(self, screen: ScreenScene, chains: dict[tuple[str, int], Chain]) -> bool:
        old = self._orders.get(screen.screen)
        new = self._prepare(screen, chains)
        return old is None or msgspec.structs.replace(old, version=new.version) != new

    def _prepare(self, screen: ScreenScene, chains: dict[tuple[str, int], Chain]) -> Prepare:
        selected = [tile.number for tile in screen.tiles if tile.selected]
        known = self._decoding.known_sizes()
        return Prepare(
            version=self.version,
            tiles=()
            if screen.blanked
            else tuple(
                self._tile(t, chains.get((screen.screen, t.number), ()), known)
                for t in screen.tiles
            ),
            selected=selected[0] if selected else None,
            blanked=screen.blanked,
            reason=screen.reason,
            help_shown=screen.help_shown,
            readouts=screen.readouts,
            clock=screen.clock,
            marks=screen.marks,
            locked=screen.locked,
            language=screen.language,
            alarms=screen.alarms,
            identity=screen.identity,
        )

    def _tile(self, tile: Tile, chain: Chain, known: Mapping[StreamKey, Size]) -> TileOrder:
        feeds = tuple(
            Feed(tap.stream, ring, self._setup.blocks[tap.source, tap.stream])
            for tap in chain
            if (ring := self._decoding.taps.rings.get(tap)) is not None
        )
        order = TileOrder(
            number=tile.number,
            rect=tile.rect,
            source=tile.source,
            spoken=tile.spoken,
            feeds=feeds,
            z=tile.z,
            is_labelled=tile.is_labelled,
            joined=tile.joined,
            stands_for=tile.stands_for,
            masked=tile.masked,
            reason=tile.reason,
            zoom=tile.zoom.factor,
        )
        source = self._setup.site.source(tile.source) if tile.source and chain else None
        if source is None:
            return order
        reason = why(source, chain[0].stream, tile.served, known, self._decoding.limits())
        return msgspec.structs.replace(order, why=reason)

    def _send(self, switch: Switch) -> None:
        for name in switch.screens:
            order = msgspec.structs.replace(self._orders[name], version=switch.version)
            self._orders[name] = order
            self._crew.send(presenter(name), order)

    def tiles(self, screen: str) -> tuple[TileOrder, ...]:
        """What a screen shows."""
        order = self._shown.get(screen)
        return order.tiles if order is not None else ()

    def died(self, screen: str, keeps_dying: bool) -> None:
        """A presenter is gone; of one that keeps dying what it was given is suspected, above all
        what had never been shown before."""
        order, before = self._orders.get(screen), self._suspects.pop(screen, None)
        if keeps_dying and order is not None:
            now = suspects(order, self._pages)
            proven = self._proven.get(screen)
            known = frozenset() if proven is None else suspects(*proven)
            likely = now - known if before is None else now & before
            self._suspects[screen] = likely or now

    def _prove(self, screen: str, version: int) -> None:
        """A screen has shown a version; if it has drawn all texts of it, these do no harm."""
        order, figures = self._orders.get(screen), self.figures.get(screen)
        if order is None or order.version != version or figures is None or figures.is_plain:
            return
        self._proven[screen] = order, self._pages

    def born(self, screen: str, now_ns: int) -> None:
        """A presenter runs (again): it is told what its screen shows."""
        if screen in self._suspects:
            self._crew.send(presenter(screen), Suspect(self._suspects[screen]))
        if self._furnish is not None:
            self._crew.send(presenter(screen), self._furnish)
        order = self._orders.get(screen)
        if order is None:
            return
        self._crew.send(presenter(screen), order)
        if self.coming is None or order.version != self.coming.version:
            self._crew.send(presenter(screen), Commit(order.version, now_ns + WAIT_NS))

    def hear(self, screen: str, message: Ready | Presented | Settled | Figures) -> None:
        """Note what a presenter reports."""
        if isinstance(message, Figures):
            self.figures[screen] = message
            return
        if isinstance(message, Ready):
            if self.coming is not None and self.coming.version == message.version:
                self.coming.ready(screen)
            return
        if isinstance(message, Presented):
            self._prove(screen, message.version)
        self._note(screen, message)

    def _note(self, screen: str, message: Presented | Settled) -> None:
        """A screen shows a version, or all that comes of it has come."""
        unready = tuple(Unready(screen, p.tile, p.state) for p in message.pending)
        done = Done(message.at_ns, unready)
        for switch in self.committed:
            if isinstance(message, Settled):
                if self._stands(switch, screen, message.version):
                    switch.settled(screen, done)
            elif switch.version == message.version:
                switch.presented(screen, done)

    def say(self, words: Say) -> None:
        """Have every screen say it."""
        for screen in self._setup.site.screens:
            self._crew.send(presenter(screen.name), words)

    def lost(self, screen: str, why: str) -> bool:
        """A presenter has no window; whether it ever had one, and waits for it to come back."""
        figures = self.figures.get(screen)
        if figures is None:
            return False
        absent = Monitor(MonitorState.ABSENT, why=why)
        self.figures[screen] = msgspec.structs.replace(figures, monitor=absent)
        return True

    def advance(self, now_ns: int) -> Iterator[Switch]:
        """Commit what is due; yields the switches that every screen has presented by now."""
        coming = self.coming
        if coming is not None and coming.may_commit(now_ns):
            coming.commit_ns = now_ns + LEAD_NS
            for name in coming.screens:
                self._crew.send(presenter(name), Commit(coming.version, coming.commit_ns))
                self._shown[name] = self._orders[name]
            self.committed.append(coming)
            self.coming = None
        for switch in self.committed:
            if not switch.answered and switch.is_presented(now_ns):
                switch.answered = True
                self._forget_before(switch.version, now_ns)
                yield switch

    @property
    def is_busy(self) -> bool:
        """Whether a change is on its way to a screen that does not show it yet."""
        return self.coming is not None or any(not one.answered for one in self.committed)

    def settled(self) -> Iterator[Switch]:
        """The switches with nothing coming any more, or that a later one has made void."""
        for switch in list(self.committed):
            if switch.answered and (switch.is_settled() or self._is_void(switch)):
                self.committed.remove(switch)
                yield switch

    def unsettled(self) -> Iterator[Switch]:
        """At the end of the wall: the switches that were shown and had no time to settle."""
        yield from (switch for switch in self.committed if switch.answered)

    def _is_void(self, switch: Switch) -> bool:
        """Whether a later command has moved the tiles that a switch was waiting for."""
        return any(
            later.answered and later.command and later.moved & switch.screens
            for later in self.committed
            if later.version > switch.version
        )

    def _stands(self, switch: Switch, screen: str, version: int) -> bool:
        """Whether what a screen showed at a version is still what a switch brought there."""
        return (
            screen in switch.screens
            and switch.version <= version
            and not any(
                later.command and screen in later.moved
                for later in self.committed
                if switch.version < later.version <= version
            )
        )

    def next_due_ns(self) -> int | None:
        """When ``advance`` has something to do although nobody says anything."""
        return self.coming.deadline_ns if self.coming is not None else None

    def _forget_before(self, version: int, now_ns: int) -> None:
        """No presenter shows an earlier version any more."""
        for old in [v for v in self._chains if v < version]:
            del self._chains[old]
        self._demand(now_ns)

    def _demand(self, now_ns: int) -> None:
        chains: set[Chain] = set()
        for of_version in self._chains.values():
            chains |= of_version
        self._decoding.demand(chains, now_ns)


def presenter(screen: str) -> str:
    """The name of a screen's presenter in the crew."""
    return f"{PRESENTER}:{screen}"
