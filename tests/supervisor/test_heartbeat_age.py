"""When another process has been silent for too long."""

from wallctl.supervisor.heartbeat_age import HeartbeatAge

MOST, LOOK = 50, 20


def silent(heartbeat: HeartbeatAge, from_ns: int, to_ns: int) -> list[int]:
    """When it is found too long, by a look each 10 ns."""
    return [now_ns for now_ns in range(from_ns, to_ns, 10) if heartbeat.is_too_old(now_ns)]


def test_it_is_too_old_until_the_other_one_says_something() -> None:
    heartbeat = HeartbeatAge(MOST, LOOK, 100)
    assert silent(heartbeat, 100, 180) == [160, 170]
    heartbeat.restart(175)
    assert silent(heartbeat, 180, 250) == [230, 240]


def test_nothing_is_held_against_anybody_while_who_looks_stood_still() -> None:
    heartbeat = HeartbeatAge(MOST, LOOK, 100)
    assert silent(heartbeat, 100, 150) == []
    assert silent(heartbeat, 1000, 1070) == [1060]


def test_one_look_that_comes_a_little_late_excuses_nobody() -> None:
    heartbeat = HeartbeatAge(MOST, LOOK, 100)
    assert [heartbeat.is_too_old(now_ns) for now_ns in (120, 140, 160)] == [False, False, True]
