"""As many descriptors as are allowed; and a word where that is too few, or memory is."""

import resource

import pytest

from tests.support.controller_harness import small_site
from wallctl.cli import machine_warnings as told
from wallctl.cli.machine_warnings import limits, memory_bytes
from wallctl.supervisor.open_file_limit import ENOUGH, needed, raise_limit

SITE = small_site()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """What would be set; the process itself keeps what it has."""
    found: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _what, pair: found.append(pair))
    return found


@pytest.mark.parametrize(
    ("soft", "hard", "wanted", "set_to"),
    [
        (1024, 524_288, ENOUGH, [(ENOUGH, 524_288)]),
        (1024, 4096, 4096, [(4096, 4096)]),
        (1024, 1024, 1024, []),
        (256, resource.RLIM_INFINITY, ENOUGH, [(ENOUGH, resource.RLIM_INFINITY)]),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, ENOUGH, []),
        (1 << 20, 1 << 20, 1 << 20, []),
    ],
)
def test_the_soft_limit_goes_up_as_far_as_is_of_use(
    monkeypatch: pytest.MonkeyPatch,
    asked: list[tuple[int, int]],
    soft: int,
    hard: int,
    wanted: int,
    set_to: list[tuple[int, int]],
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (soft, hard))
    assert raise_limit() == wanted
    assert asked == set_to


def test_where_it_may_not_be_raised_it_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_what: int, _pair: tuple[int, int]) -> None:
        raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(resource, "getrlimit", lambda _what: (100, 200))
    monkeypatch.setattr(resource, "setrlimit", refuse)
    assert raise_limit() == 100


def test_a_wall_with_room_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "raise_limit", lambda: ENOUGH)
    for has in (None, memory_bytes(SITE)):
        monkeypatch.setattr(told, "available_bytes", lambda has=has: has)
        assert list(limits(SITE)) == []


def test_what_will_be_short_is_told_before_the_wall_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "raise_limit", lambda: needed(len(SITE.sources)) - 1)
    monkeypatch.setattr(told, "available_bytes", lambda: 100 << 20)
    memory, files = limits(SITE)
    assert "100 MB can be had" in memory
    monkeypatch.setattr(told, "available_bytes", lambda: 1 << 20)
    assert list(limits(SITE, starts=True)) == [files]  # it refuses to start, and says that
    assert "LimitNOFILE=" in files
