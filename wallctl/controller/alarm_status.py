"""What is told of alarms: in the answer to ``status``, and as events. Plain values."""

import msgspec

from wallctl.model.site.alarm import RaisedAlarm
from wallctl.model.site.site import Site
from wallctl.model.wall.state.alarm_queue import AlarmState, alarm_state, in_order
from wallctl.model.wall.state.state import WallState, spoken


class AlarmStatus(msgspec.Struct, frozen=True):
    """An alarm that was raised and is neither acknowledged nor over."""

    alarm: int
    """Its number, for ``acknowledge``."""
    name: str
    source: str
    text: str
    priority: int
    state: str
    """``shown``, ``waiting``, or ``aside``: the officer took its screen."""
    at: str | None
    """The screen or tile where it is shown."""
    age_s: float
    """Since it was raised."""
    left_s: float | None
    """Until it ends by itself, if it does."""


def alarms(state: WallState, site: Site, now_ns: int) -> list[AlarmStatus]:
    """All alarms: those that are shown before the others, each by priority and age."""
    return [_alarm(one, state, site, now_ns) for one in in_order(state)]


def _alarm(one: RaisedAlarm, state: WallState, site: Site, now_ns: int) -> AlarmStatus:
    now = alarm_state(state, one)
    return AlarmStatus(
        alarm=one.number,
        name=one.alarm.name,
        source=one.alarm.source,
        text=one.said or one.alarm.words(spoken(state, site)),
        priority=one.alarm.priority,
        state=now.value,
        at=str(one.place) if now is AlarmState.SHOWN else None,
        age_s=_seconds(now_ns - one.since_ns),
        left_s=None if one.until_ns is None else _seconds(one.until_ns - now_ns),
    )


def alarm_events(before: WallState, after: WallState, now_ns: int) -> list[dict[str, object]]:
    """What became of alarms between two states."""
    old = {one.number: alarm_state(before, one).value for one in before.alarms}
    new = {one.number: alarm_state(after, one).value for one in after.alarms}
    gone = [one for one in before.alarms if one.number not in new]
    ends = {one.number: "over" if _is_over(one, now_ns) else "acknowledged" for one in gone}
    return [
        {"alarm": one.number, "name": one.alarm.name, "source": one.alarm.source, "state": now}
        for one in (*gone, *after.alarms)
        if (now := (new | ends)[one.number]) != old.get(one.number)
    ]


def _is_over(one: RaisedAlarm, now_ns: int) -> bool:
    return one.until_ns is not None and one.until_ns <= now_ns


def _seconds(span_ns: int) -> float:
    return round(max(0, span_ns) / 1e9, 1)
