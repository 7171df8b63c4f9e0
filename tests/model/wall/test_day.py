"""Days at the desk: keys, commands from afar, alarms, ends, streams that come and go, and clocks
that are set, all mixed.

Whatever is done, each screen shows a picture, the highest rank is seen, nothing that ended is left,
what is locked stays, and each tile tells honestly what it is.
"""

import datetime
import multiprocessing
import random
from concurrent.futures import ProcessPoolExecutor

from msgspec.structs import replace

from tests.support.attack_size import size
from tests.support.catalogues import ZH
from tests.support.reducing import claim, ended, passed, step
from tests.support.sites import alarmed
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.key_presses import KeyboardState, pass_time, press_key
from wallctl.model.operator.keymap import KeyMap
from wallctl.model.site.site import ScheduleEntry
from wallctl.model.streams.failover import Standby, backups, health_of
from wallctl.model.streams.failover import after as backed
from wallctl.model.streams.health import (
    SHOWS_PICTURE,
    Facts,
    Phase,
    Reason,
    TileState,
    is_dead,
    offline_after_ns,
    stale_after_ns,
    tile_state,
)
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.scene.scene import Scene, Tile
from wallctl.model.wall.state.lease import highest
from wallctl.model.wall.state.schedule import due as scheduled_for
from wallctl.model.wall.state.state import Locks, WallState, initial

DAYS, DEEDS = size(2_000, 10_000), 24
TOGETHER = 250
SECOND = 1_000_000_000
NIGHT = ScheduleEntry(frozenset(range(7)), 22 * 60, 6 * 60, preset="路口")
ROUND = ScheduleEntry(frozenset(range(5)), 9 * 60, 10 * 60, tour="左轮")
BACKUPS = {"摄像机3": "摄像机4", "摄像机5": "摄像机3", "摄像机7": "摄像机8"}
ALARMED = alarmed()
SITE = replace(
    ALARMED,
    schedule=(NIGHT, ROUND),
    sources=tuple(replace(one, backup=BACKUPS.get(one.name)) for one in ALARMED.sources),
)
KEYS = KeyMap.of(SITE)
SCREENS = [None, *(screen.name for screen in SITE.screens)]
NAMES = [source.name for source in SITE.sources]
ENDING = (c.Back, c.Release, c.SteerTour, c.Restore, c.Acknowledge)
"""After these a screen that the officer holds may show something else."""
PRESSED = [key for key in KEYS.bindings if not isinstance(KEYS.bindings[key], c.Quit)]


def tile(dice: random.Random) -> c.TileRef:
    return c.TileRef(dice.randint(1, 17), dice.choice(SCREENS))


def change(dice: random.Random) -> c.Change:
    """What a program far away may ask for."""
    screen, name, to = dice.choice(SCREENS), dice.choice(NAMES), dice.choice([*c.TourTo, None])
    asked: list[c.Change] = [
        c.SetLayout(dice.choice(list(SITE.layouts)), screen),
        c.ShowPreset("路口"),
        c.ShowGroup("河道", screen),
        c.Show(name, dice.choice([None, tile(dice)])),
        c.Clear(tile(dice)),
        c.Swap(tile(dice), tile(dice)),
        c.Enlarge(tile(dice)),
        c.Page(dice.choice(("next", "previous")), screen),
        c.Back(),
        c.Blank(screen),
        c.Blank(tile=tile(dice), reason="检修"),
        c.Blank(source=name),
        c.Unblank(screen),
        c.Unblank(source=name),
        c.Lock(dice.choice([None, tile(dice)])),
        c.Unlock(),
        c.Release(),
        c.SteerTour(to, dice.choice([None, "左轮", "全墙"])),
        c.RaiseAlarm(dice.choice(["大门", "火警", "后门", "围墙", "院子", name])),
        c.Acknowledge(all=dice.random() < 0.2),
        c.EndAlarm(dice.choice(["大门", "火警", "后门", name])),
    ]
    return dice.choice(asked)


def stream(dice: random.Random, now_ns: int) -> Facts:
    """What a stream may say of itself."""
    still_ns = round(dice.choice([0, 0.04, 0.9, 1.1, 2.9, 5, 40]) * SECOND)
    return Facts(
        phase=dice.choice(list(Phase)),
        reason=dice.choice(list(Reason)),
        attempts=dice.randint(0, 2),
        picture_ns=None if dice.random() < 0.2 else now_ns - still_ns,
        catching_up=dice.random() < 0.2,
        interval_ns=round(dice.choice([0.04, 0.04, 1, 2]) * SECOND),
        moves=dice.random() < 0.9,
    )


class Day:
    """One sequence: the wall, its streams, the keys, and two clocks, of which one may be set."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.state = initial(SITE)
        self.standby = Standby()
        self.scene = resolve(self.state, SITE)
        self.streams = dict.fromkeys(NAMES, Facts(Phase.CONNECTING, Reason.NONE, 0, None))
        self.requests = KeyboardState(KEYS)
        self.now_ns = 0
        self.wall_clock = datetime.datetime(2026, 11, 25, 8)

    def deed(self) -> None:
        """Something happens."""
        before = self.state
        dice = self.dice.random()
        if dice < 0.4:
            self.key(self.dice.choice(PRESSED))
        elif dice < 0.75:
            holder = self.dice.choice([Role.OFFICER, Role.REMOTE, Role.REMOTE])
            for_ns = self.dice.choice([None, None, self.dice.randint(1, 60) * SECOND])
            self.ask(change(self.dice), holder, for_ns)
        elif dice < 0.95:
            self.wait(self.dice.choice([0.1, 1, 4, 20, 90, 1000]))
            check_base(before, self.state)
        else:
            self.wall_clock += datetime.timedelta(hours=self.dice.randint(-30, 30))
        self.scene = resolve(self.state, SITE, self.standby.standing)
        check(self.state, self.scene)

    def key(self, name: str) -> None:
        event = KeyEvent("left", name, pressed=True, at_ns=self.now_ns)
        self.requests, does, _ = press_key(self.requests, event, self.state, ZH, self.now_ns)
        if does is not None and not isinstance(does, c.Snapshot):
            self.ask(does, Role.OFFICER, None)

    def ask(self, asked: c.Change, holder: Role, for_ns: int | None) -> None:
        before = self.state
        try:
            self.state = step(before, asked, SITE, claim(holder, self.now_ns, for_ns))
        except c.CommandError:
            assert self.state is before
            return
        if holder is Role.REMOTE and not isinstance(asked, ENDING):
            check_kept(before, self.state)
        hides = isinstance(asked, c.Blank | c.Unblank)
        if holder is Role.REMOTE and before.locks != Locks() and not hides:
            scene = resolve(self.state, SITE, self.standby.standing)
            seen, now = locked(before, self.scene), locked(before, scene)
            if isinstance(asked, c.RaiseAlarm):  # it may show a locked place that was on no page
                now = [one for one in now if one in seen]
            assert now == seen

    def wait(self, seconds: float) -> None:
        self.now_ns += round(seconds * SECOND)
        self.wall_clock += datetime.timedelta(seconds=seconds)
        self.requests, quits, _ = pass_time(self.requests, self.now_ns)
        assert quits is None
        states = self.looked_at()
        dead = {name for name, now in states.items() if is_dead([now])}
        entry = scheduled_for(SITE.schedule, self.wall_clock)
        self.state = passed(self.state, self.now_ns, SITE, dead, entry)

    def looked_at(self) -> dict[str, TileState]:
        """Some streams fare otherwise by now; what is held of each of them."""
        for name in self.dice.sample(NAMES, 4):
            self.streams[name] = stream(self.dice, self.now_ns)
        states = {name: tile_state(one, self.now_ns) for name, one in self.streams.items()}
        for name, one in self.streams.items():
            check_honest(one, states[name], self.now_ns)
        names = {*BACKUPS, *BACKUPS.values()}
        health = {name: health_of([states[name]]) for name in names}
        self.standby = backed(self.standby, backups(SITE), health, self.now_ns)
        return states

    def end(self) -> None:
        """All that anybody had claimed ends; the base is what is seen."""
        if self.state.alarms:
            self.ask(c.Acknowledge(all=True), Role.OFFICER, None)
        self.state = passed(self.state, self.now_ns + 10**6 * SECOND, SITE)
        self.state = ended(self.state, {one.lease for one in self.state.tours})
        assert self.state.leases == ()
        assert self.state.screens == self.state.base


def check(state: WallState, scene: Scene) -> None:
    """What holds after anything."""
    for name, shown in state.screens.items():
        there = [one for one in state.leases if one.concerns(name)]
        assert there or shown == state.base[name]
        assert shown.enlarged is None or shown.at(shown.enlarged), "no empty place is large"
    assert sum(screen.selected_tile is not None for screen in scene) == 1
    assert [one.screen for one in scene] == [one.name for one in SITE.screens]
    hidden = {blank.target.source for blank in state.blanked} - {None}
    for screen in scene:
        assert screen.tiles, "no screen is ever empty"
        for one in screen.tiles:
            assert one.source is None or one.source in NAMES
            assert one.masked or not {one.source, one.stands_for} & hidden, "what is hidden says so"
            assert BACKUPS.get(one.stands_for or "") or one.stands_for is None


def check_honest(one: Facts, state: TileState, now_ns: int) -> None:
    """A tile never passes for more alive than its stream is, nor for dead while pictures come."""
    assert (state is TileState.REFUSED) == (one.phase is Phase.REFUSED)
    if state is TileState.REFUSED:
        return
    still_ns = None if one.picture_ns is None else now_ns - one.picture_ns
    ends, repeats = one.phase is Phase.STILL, one.phase is Phase.REPEATING
    lives = still_ns is not None
    lives &= ends or repeats or (still_ns or 0) <= offline_after_ns(one.interval_ns)
    fresh = lives and (ends or (still_ns or 0) <= stale_after_ns(one.interval_ns)) and not repeats
    assert lives == (state in SHOWS_PICTURE)
    assert fresh == (lives and state is not TileState.STALE)
    assert (state is TileState.STILL) == (ends and lives)
    if state is TileState.LIVE:
        assert one.moves
        assert not one.catching_up


def locked(state: WallState, scene: Scene) -> list[tuple[str, Tile]]:
    """What the officer has locked, as it is seen; all of it if he has locked the wall."""
    return [
        (screen.screen, tile)
        for screen in scene
        for tile in screen.tiles
        if state.locks.wall or tile.number in screen.locked
    ]


def check_base(before: WallState, after: WallState) -> None:
    """Time touches no base, but where a lent source was made large that is gone now."""
    for name, one in before.base.items():
        gone = one.enlarged is not None and one.at(one.enlarged) is None
        assert after.base[name] == one or (gone and after.base[name] == replace(one, enlarged=None))


def check_kept(before: WallState, after: WallState) -> None:
    """A remote takes nothing from a screen that the officer holds."""
    for name in before.base:
        held = highest(before.leases, name)
        if held is not None and held.holder is Role.OFFICER:
            assert after.screens[name] == before.screens[name]


def live(seed: int) -> None:
    """One whole day; whatever goes wrong is told with the seed that repeats it."""
    try:
        day = Day(seed)
        for _ in range(DEEDS):
            day.deed()
        day.end()
    except Exception as error:
        raise AssertionError(f"the day of seed {seed}: {error!r}") from error


def test_thousands_of_days_at_the_desk() -> None:
    """On all cores, since it is long; with ``WALLCTL_ATTACK=whole`` there are 10 000 of them."""
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as cores:
        assert len(list(cores.map(live, range(DAYS), chunksize=TOGETHER))) == DAYS
