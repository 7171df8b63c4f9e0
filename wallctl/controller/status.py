"""What queries are answered with, and the report at the end. Plain values, ready for JSON."""

import msgspec

from wallctl.controller.alarm_inputs import InputStatus
from wallctl.controller.alarm_status import AlarmStatus, alarms
from wallctl.controller.broadcast_status import BroadcastStatus
from wallctl.controller.doorkeeper_process import DoorStatus
from wallctl.controller.failing_processes import DyingStatus
from wallctl.controller.scene_changes import SceneChangeRecord, Unready
from wallctl.controller.tile_status import TileStatus
from wallctl.display.messages import Figures
from wallctl.model.operator.monitor_state import Monitor
from wallctl.model.planning.shedding_ladder import Load
from wallctl.model.site.site import Site
from wallctl.model.site.site_diff import ChangeCount
from wallctl.model.wall.commands.syntax import tile_to_text, to_text
from wallctl.model.wall.scene.status_icons import time_of_day
from wallctl.model.wall.state.blanking import screen_blanked
from wallctl.model.wall.state.lookup import tile_of, visible
from wallctl.model.wall.state.schedule import begins
from wallctl.model.wall.state.screen_state import leader
from wallctl.model.wall.state.state import WallState, spoken
from wallctl.model.wall.state.tours import is_hidden, left_ns
from wallctl.node.messages import Costs


class ScreenStatus(msgspec.Struct, frozen=True):
    """One screen as status tells it."""

    screen: str
    layout: str
    first: int
    """Index in the screen's list of the source in tile 1, from 0."""
    enlarged: bool
    blanked: bool
    sources: list[str | None]
    """The screen's list, shown or not."""
    under: str | None
    """The screen whose wide layout, with its list, covers this one."""
    monitor: str
    monitor_why: str
    """What is wrong with it, in one sentence; empty if nothing is."""
    output: str
    """Where the screen hangs now; empty if nowhere."""
    ticks: int
    missed_ticks: int
    """Those, beside ``ticks``, that its presenter could not have in time."""


class LeaseStatus(msgspec.Struct, frozen=True):
    """A lease that shows something now, or waits below a higher one."""

    lease: int
    holder: str
    name: str
    screens: list[str]
    """Those that it shows something on."""
    left_s: float | None
    """Until it ends by itself."""


class TourStatus(msgspec.Struct, frozen=True):
    """A tour that runs."""

    tour: str
    page: int
    """From 1."""
    pages: int
    paused: bool
    hidden: bool
    """Whether people have taken over some screen that it showed something on."""
    lease: int
    left_s: float
    """How long its page is still shown, if it is seen and not paused."""


class ScheduleStatus(msgspec.Struct, frozen=True):
    """The entry of the schedule that holds now."""

    command: str
    """In words, what its begin did."""
    begins: str
    """As 08:30; ``ends`` may be on the day after."""
    ends: str


class BlankStatus(msgspec.Struct, frozen=True):
    """What shows nothing of any camera."""

    what: str
    """``screen``, ``place`` (of a screen's list) or ``source``."""
    name: str
    """Of the screen or the source; a place is told as left/3, counted from 1."""
    by: str
    reason: str


class WallStatus(msgspec.Struct, frozen=True):
    """The answer to ``status``, and the snapshot of the ``state`` events."""

    site: str
    revision: int
    uptime_s: float
    language: str
    selected: str
    load: Load
    leases: list[LeaseStatus]
    """The highest last."""
    tours: list[TourStatus]
    scheduled: ScheduleStatus | None
    alarms: list[AlarmStatus]
    """Those that are shown before the others, each by priority and age."""
    locked: list[str]
    """``wall``, or places in the lists of screens, from 1, as left/3."""
    blanked: list[BlankStatus]
    screens: list[ScreenStatus]
    tiles: list[TileStatus] = []
    broadcasts: list[BroadcastStatus] = []
    inputs: list[InputStatus] = []
    """Where alarms come from, besides commands."""
    doorkeeper: DoorStatus | None = None
    """How the process fares that takes callers."""
    sound: str | None = None
    """The program that plays the sounds of alarms; ``none``: there is none."""
    findings: list[str] = []
    """What is wrong with the site's files, or to be looked at, as ``wallctl check`` says it."""
    troubles: list[str] = []
    """What is wrong around the wall: its state is not kept, or nobody can call it."""
    dying: list[DyingStatus] = []
    """The processes that die over and over."""


class FilesStatus(msgspec.Struct, frozen=True):
    """The answer to ``reload``, and the event ``files``."""

    taken: bool
    """Whether the wall goes by the files as they are; if not, by an earlier state of them."""
    changed: dict[str, ChangeCount]
    """How many things of each kind are other than before; empty where nothing is."""
    findings: list[str]


class WallFigures(msgspec.Struct, frozen=True):
    """The whole wall in the report."""

    seconds: float
    tick_hz: float
    ticks: int
    missed_ticks: int
    presented_fps: float
    cpu_s: float
    pss_mb: float


class Report(msgspec.Struct, frozen=True):
    """What ``--report`` writes."""

    wall: WallFigures
    tiles: list[TileStatus]
    switches: list[SceneChangeRecord]


def status(
    site: Site,
    state: WallState,
    figures: dict[str, Figures],
    load: Load,
    now_ns: int,
    uptime_s: float,
) -> WallStatus:
    """What the wall shows, or is about to, and how it fares; its tiles are told apart from it."""
    at = visible(state, site)
    return WallStatus(
        site=site.name,
        revision=state.revision,
        uptime_s=round(uptime_s, 1),
        language=spoken(state, site).value,
        selected=tile_to_text(tile_of(state, at)),
        load=load,
        leases=_leases(state, now_ns),
        tours=_tours(site, state, now_ns),
        scheduled=_scheduled(state),
        alarms=alarms(state, site, now_ns),
        locked=_locked(state),
        blanked=[
            BlankStatus(one.target.kind, one.target.name, one.by.label, one.reason)
            for one in state.blanked
        ],
        screens=[
            _screen(name, state, leader(state.screens, name, site), figures.get(name))
            for name in state.screens
        ],
    )


def _screen(name: str, state: WallState, leading: str, figures: Figures | None) -> ScreenStatus:
    now = state.screens[name]
    return ScreenStatus(
        name,
        now.layout,
        now.first,
        now.enlarged is not None,
        screen_blanked(state.blanked, name) is not None,
        list(now.order),
        leading if leading != name else None,
        **monitor(Monitor() if figures is None else figures.monitor),
        ticks=0 if figures is None else figures.ticks,
        missed_ticks=0 if figures is None else figures.missed_ticks,
    )


def monitor(one: Monitor) -> dict[str, str]:
    """A screen's monitor as status and events tell it."""
    return {"monitor": one.state.value, "monitor_why": one.why, "output": one.output}


def _leases(state: WallState, now_ns: int) -> list[LeaseStatus]:
    return [
        LeaseStatus(
            lease=lease.number,
            holder=lease.holder.label,
            name=lease.name,
            screens=[name for name in state.base if lease.concerns(name)],
            left_s=None
            if lease.until_ns is None
            else round(max(0, lease.until_ns - now_ns) / 1e9, 1),
        )
        for lease in sorted(state.leases, key=lambda one: one.rank)
    ]


def _tours(site: Site, state: WallState, now_ns: int) -> list[TourStatus]:
    pages = {one.name: len(one.pages) for one in site.tours}
    return [
        TourStatus(
            tour=one.name,
            page=one.page + 1,
            pages=pages.get(one.name, one.page + 1),
            paused=one.paused,
            hidden=is_hidden(state, one),
            lease=one.lease,
            left_s=round(left_ns(one, now_ns) / 1e9, 1),
        )
        for one in state.tours
    ]


def _scheduled(state: WallState) -> ScheduleStatus | None:
    if state.scheduled is None:
        return None
    entry = state.scheduled.entry
    return ScheduleStatus(
        to_text(begins(entry)), time_of_day(entry.from_min), time_of_day(entry.to_min)
    )


def _locked(state: WallState) -> list[str]:
    tiles = sorted(state.locks.tiles, key=lambda at: (at.screen, at.index))
    return ["wall"] * state.locks.wall + [f"{at.screen}/{at.index + 1}" for at in tiles]


def pending(tiles_: tuple[Unready, ...]) -> tuple[tuple[str, str], ...]:
    """As receipts tell it: [tile, why]."""
    return tuple((f"{u.screen}/{u.tile}" if u.tile else u.screen, u.state.value) for u in tiles_)


def wall_figures(figures: dict[str, Figures], costs: Costs, seconds: float) -> WallFigures:
    """The wall's own counters: passes of all screens, and their mean presented rate."""
    ticks = sum(f.ticks for f in figures.values())
    changed = sum(f.changed_ticks for f in figures.values())
    hz = max((f.tick_hz for f in figures.values()), default=0.0)
    return WallFigures(
        seconds=round(seconds, 2),
        tick_hz=round(hz, 2),
        ticks=ticks,
        missed_ticks=sum(f.missed_ticks for f in figures.values()),
        presented_fps=round(changed / ticks * hz, 2) if ticks else 0.0,
        cpu_s=costs.cpu_s,
        pss_mb=costs.pss_mb,
    )
