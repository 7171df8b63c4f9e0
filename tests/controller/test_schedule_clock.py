"""The timetable asks a clock that people may set, and is right within a second."""

import datetime
from pathlib import Path

from msgspec.structs import replace

from tests.support.sites import toured
from wallctl.controller.schedule_clock import LOOK_NS, ScheduleClock, utc_now
from wallctl.model.site.site import ScheduleEntry
from wallctl.node.setup import Options, set_up

NIGHT = ScheduleEntry(frozenset(range(7)), 22 * 60, 6 * 60, tour="左轮")
DAY = ScheduleEntry(frozenset(range(7)), 6 * 60, 22 * 60, preset="路口")


class WallClock:
    """A clock that is set by the test."""

    def __init__(self) -> None:
        self.set("2026-11-25 21:59:59")
        self.looks = 0

    def set(self, text: str) -> None:
        """To a time of Shanghai, given in UTC as the machine's clock does."""
        zone = datetime.timezone(datetime.timedelta(hours=8))
        local = datetime.datetime.fromisoformat(text).replace(tzinfo=zone)
        self.now = local.astimezone(datetime.UTC)

    def __call__(self) -> datetime.datetime:
        self.looks += 1
        return self.now


def timetable(clock: WallClock) -> ScheduleClock:
    site = replace(toured(), timezone="Asia/Shanghai", schedule=(NIGHT, DAY))
    return ScheduleClock(set_up(Options(site, "ipc://nowhere"), 0), clock)


def test_the_entry_of_the_sites_own_time_is_due() -> None:
    clock = WallClock()
    table = timetable(clock)
    assert table.due(0) is DAY
    clock.set("2026-11-25 22:00:00")
    assert table.due(LOOK_NS) is NIGHT


def test_a_clock_that_is_set_is_right_within_a_second() -> None:
    clock = WallClock()
    table = timetable(clock)
    table.due(0)
    for second, (told, found) in enumerate(
        (("2030-01-01 03:00:00", NIGHT), ("2026-11-25 07:00:00", DAY), ("2026-11-25 23:00", NIGHT)),
        start=1,
    ):
        clock.set(told)
        assert table.due(second * LOOK_NS) is found


def test_the_clock_is_asked_once_a_second() -> None:
    clock = WallClock()
    table = timetable(clock)
    for tenth in range(30):
        table.due(tenth * LOOK_NS // 10)
    assert clock.looks == 3


def test_another_site_has_another_schedule(tmp_path: Path) -> None:
    clock = WallClock()
    setup = set_up(Options(toured(), f"ipc://{tmp_path}/none.sock"), 0)
    table = ScheduleClock(setup, clock)
    assert table.due(0) is None
    every = replace(DAY, from_min=0, to_min=1440)
    setup.site = replace(setup.site, schedule=(every,))
    assert table.due(LOOK_NS) is every, "without a time zone in the machine's own"


def test_hours_are_left_out_and_doubled_as_the_clock_at_the_site_does() -> None:
    clock = WallClock()
    night = ScheduleEntry(frozenset(range(7)), 2 * 60, 3 * 60, preset="路口")
    site = replace(toured(), timezone="Europe/Berlin", schedule=(night,))
    table = ScheduleClock(set_up(Options(site, "ipc://nowhere"), 0), clock)
    for second, (utc, found) in enumerate(
        [
            ("2026-03-29T00:59:59", None), ("2026-03-29T01:00:00", None),
            ("2026-10-25T00:00:00", night), ("2026-10-25T01:59:59", night),
            ("2026-10-25T02:00:00", None),
        ]
    ):  # fmt: skip
        clock.now = datetime.datetime.fromisoformat(f"{utc}+00:00")
        assert table.due(second * LOOK_NS) is found, utc


def test_the_machines_clock_is_aware() -> None:
    assert utc_now().utcoffset() == datetime.timedelta(0)
