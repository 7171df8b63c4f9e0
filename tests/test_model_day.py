"""Days at the desk: keys, commands from afar, alarms, ends and clocks that are set, all mixed.

Whatever is done, each screen shows a picture, the mightiest is seen, nothing that ended is left,
and each tile tells honestly what it is.
"""

import datetime
import multiprocessing
import random
from concurrent.futures import ProcessPoolExecutor

from msgspec.structs import replace

from tests.changes import NO_WAY_BACK
from tests.sites import alarmed
from tests.words import ZH
from wallctl.control.keys import KeyDesk, KeyMap, due, press
from wallctl.model import command as c
from wallctl.model.claims import ended
from wallctl.model.keys import KeyEvent
from wallctl.model.lease import Claim, Holder, highest
from wallctl.model.scene import resolve
from wallctl.model.schedule import due as scheduled_for
from wallctl.model.site import ScheduleEntry
from wallctl.model.state import WallState, initial
from wallctl.model.step import passed, step

DAYS, DEEDS = 10_000, 24
TOGETHER = 250
SECOND = 1_000_000_000
NIGHT = ScheduleEntry(frozenset(range(7)), 22 * 60, 6 * 60, preset="路口")
ROUND = ScheduleEntry(frozenset(range(5)), 9 * 60, 10 * 60, tour="左轮")
SITE = replace(alarmed(), schedule=(NIGHT, ROUND))
KEYS = KeyMap.of(SITE)
SCREENS = [None, *(screen.name for screen in SITE.screens)]
NAMES = [source.name for source in SITE.sources]
PRESSED = [key for key in KEYS.bound if not isinstance(KEYS.bound[key], c.Quit)]


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
    ]
    return dice.choice(asked)


class Day:
    """One sequence: the wall, the keys, and two clocks, of which one may be set."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.state = initial(SITE)
        self.desk = KeyDesk(KEYS)
        self.now_ns = 0
        self.wall_clock = datetime.datetime(2026, 11, 25, 8)

    def deed(self) -> None:
        """Something happens."""
        before = self.state
        dice = self.dice.random()
        if dice < 0.4:
            self.key(self.dice.choice(PRESSED))
        elif dice < 0.75:
            holder = self.dice.choice([Holder.OFFICER, Holder.REMOTE, Holder.REMOTE])
            for_ns = self.dice.choice([None, None, self.dice.randint(1, 60) * SECOND])
            self.ask(change(self.dice), holder, for_ns)
        elif dice < 0.95:
            self.wait(self.dice.choice([0.1, 1, 4, 20, 90, 1000]))
            assert self.state.base == before.base, "time touches no base"
        else:
            self.wall_clock += datetime.timedelta(hours=self.dice.randint(-30, 30))
        check(self.state)

    def key(self, name: str) -> None:
        event = KeyEvent("left", name, pressed=True, at_ns=self.now_ns)
        self.desk, does, _ = press(self.desk, event, self.state, ZH, self.now_ns)
        if does is not None and not isinstance(does, c.Snapshot):
            self.ask(does, Holder.OFFICER, None)

    def ask(self, asked: c.Change, holder: Holder, for_ns: int | None) -> None:
        before = self.state
        try:
            self.state = step(before, asked, SITE, Claim(holder, self.now_ns, for_ns))
        except c.CommandError:
            assert self.state is before
            return
        if holder is Holder.REMOTE and not isinstance(asked, (*NO_WAY_BACK, c.Acknowledge)):
            check_kept(before, self.state)

    def wait(self, seconds: float) -> None:
        self.now_ns += round(seconds * SECOND)
        self.wall_clock += datetime.timedelta(seconds=seconds)
        self.desk, quits, _ = due(self.desk, self.now_ns)
        assert quits is None
        dead = self.dice.sample(NAMES, 3)
        entry = scheduled_for(SITE.schedule, self.wall_clock)
        self.state = passed(self.state, self.now_ns, SITE, dead, entry)

    def end(self) -> None:
        """All that anybody had claimed ends; the base is what is seen."""
        if self.state.alarms:
            self.ask(c.Acknowledge(all=True), Holder.OFFICER, None)
        self.state = passed(self.state, self.now_ns + 10**6 * SECOND, SITE)
        self.state = ended(self.state, {one.lease for one in self.state.tours})
        assert self.state.leases == ()
        assert self.state.screens == self.state.base


def check(state: WallState) -> None:
    """What holds after anything."""
    for name in state.base:
        there = [one for one in state.leases if one.concerns(name)]
        assert there or state.screens[name] == state.base[name]
    scene = resolve(state, SITE)
    assert sum(one.selected for screen in scene for one in screen.tiles) == 1
    assert [one.screen for one in scene] == [one.name for one in SITE.screens]
    for screen in scene:
        assert screen.tiles, "no screen is ever empty"
        for one in screen.tiles:
            assert one.source is None or one.source in NAMES
            if one.source in {blank.target.source for blank in state.blanked} - {None}:
                assert one.masked, "what is hidden says so"


def check_kept(before: WallState, after: WallState) -> None:
    """A remote takes nothing from a screen that the officer holds."""
    for name in before.base:
        held = highest(before.leases, name)
        if held is not None and held.holder is Holder.OFFICER:
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


def test_ten_thousand_days_at_the_desk() -> None:
    """On all cores: it is the longest of the tests without servers."""
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as cores:
        assert len(list(cores.map(live, range(DAYS), chunksize=TOGETHER))) == DAYS
