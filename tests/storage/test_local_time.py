"""One clock for everything that people read: the site's time zone, else the machine's."""

import datetime
import os
import zoneinfo
from pathlib import Path

import pytest

from wallctl.storage.local_time import MachineZone, local_time

ZONES = next(
    (Path(folder) for folder in zoneinfo.TZPATH if (Path(folder) / "Asia/Shanghai").is_file()), None
)
NOON_UTC_S = datetime.datetime(2026, 11, 29, 12, tzinfo=datetime.UTC).timestamp()


@pytest.fixture
def localtime(tmp_path: Path) -> Path:
    if ZONES is None:
        pytest.skip("this machine has no files of time zones")
    return tmp_path / "localtime"


def link(localtime: Path, name: str) -> None:
    """As timedatectl does: a new link in the place of the old one."""
    assert ZONES is not None
    beside = localtime.with_name("new")
    beside.symlink_to(ZONES / name)
    beside.replace(localtime)


def clock(zone: MachineZone) -> str:
    return f"{datetime.datetime.fromtimestamp(NOON_UTC_S, zone.now()):%H:%M}"


def test_the_machines_zone_is_followed_when_it_is_set(localtime: Path) -> None:
    zone = MachineZone(localtime, {})
    assert clock(zone) == "12:00"
    for name, told in [
        ("Asia/Shanghai", "20:00"), ("Europe/Berlin", "13:00"), ("Asia/Kathmandu", "17:45"),
        ("Etc/UTC", "12:00"), ("Asia/Urumqi", "18:00"),
    ]:  # fmt: skip
        link(localtime, name)
        assert clock(zone) == told
        assert zone.now() is zone.now()


def test_a_file_that_is_copied_counts_as_a_link_does(localtime: Path) -> None:
    assert ZONES is not None
    zone = MachineZone(localtime, {})
    for name, told in (("Asia/Shanghai", "20:00"), ("Asia/Tokyo", "21:00")):
        localtime.write_bytes((ZONES / name).read_bytes())
        os.utime(localtime, ns=(0, len(told) + int(told[:2])))
        assert clock(zone) == told


@pytest.mark.parametrize("content", [b"", b"TZif", b"\xff" * 200, None])
def test_a_zone_that_is_broken_or_gone_counts_as_it_was(
    localtime: Path, content: bytes | None
) -> None:
    zone = MachineZone(localtime, {})
    link(localtime, "Asia/Shanghai")
    assert clock(zone) == "20:00"
    localtime.unlink()
    if content is not None:
        localtime.write_bytes(content)
    assert clock(zone) == "20:00"
    assert clock(MachineZone(localtime, {})) == "12:00"


def test_a_variable_goes_before_the_machine(localtime: Path) -> None:
    link(localtime, "Asia/Shanghai")
    assert clock(MachineZone(Path("/nowhere"), {"TZ": f":{localtime}"})) == "20:00"
    assert clock(MachineZone(Path("/nowhere"), {"TZ": str(localtime)})) == "20:00"
    assert MachineZone(localtime, {"TZ": "Europe/Berlin"}).now() is None


@pytest.mark.parametrize(
    ("zone", "utc", "told"),
    [
        ("Asia/Shanghai", "2026-11-29T15:59:59", "2026-11-29 23:59:59 +0800"),
        ("Asia/Shanghai", "2026-11-29T16:00:00", "2026-11-30 00:00:00 +0800"),
        ("Europe/Berlin", "2026-03-29T00:59:59", "2026-03-29 01:59:59 +0100"),
        ("Europe/Berlin", "2026-03-29T01:00:00", "2026-03-29 03:00:00 +0200"),
        ("Europe/Berlin", "2026-10-25T00:30:00", "2026-10-25 02:30:00 +0200"),
        ("Europe/Berlin", "2026-10-25T01:30:00", "2026-10-25 02:30:00 +0100"),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00", "2026-04-05 01:30:00 +1030"),
        ("America/New_York", "1970-01-01T00:00:00", "1969-12-31 19:00:00 -0500"),
    ],
)
def test_days_and_summer_time_are_those_of_the_site(zone: str, utc: str, told: str) -> None:
    unix_s = datetime.datetime.fromisoformat(f"{utc}+00:00").timestamp()
    assert f"{local_time(unix_s, zone):%Y-%m-%d %H:%M:%S %z}" == told
