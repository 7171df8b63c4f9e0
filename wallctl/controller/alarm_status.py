"""What is told of alarms: in the answer to ``status``, and as events. Plain values."""

from collections.abc import Iterable

import msgspec

from wallctl.model.site.alarm import RaisedAlarm
from wallctl.model.site.site import Site
from wallctl.model.wall.events import event as e
from wallctl.model.wall.state.alarm_queue import AlarmState, alarm_state, in_order
from wallctl.model.wall.state.state import WallState, spoken

_STATES = {
    e.AlarmRaised: AlarmState.WAITING,
    e.AlarmDeferred: AlarmState.WAITING,
    e.AlarmShown: AlarmState.SHOWN,
    e.AlarmSetAside: AlarmState.ASIDE,
    e.AlarmOver: AlarmState.OVER,
}


class AlarmStatus(msgspec.Struct, frozen=True):
    """An alarm that was raised and that nobody has acknowledged."""

    alarm: int
    """Its number, for ``acknowledge``."""
    name: str
    source: str
    text: str
    priority: int
    state: str
    """``shown``, ``waiting``, ``aside`` (the officer took its screen), or ``over``: its time or its
    cause is over."""
    at: str | None
    """The screen or tile where it is shown."""
    age_s: float
    """Since it was raised."""
    left_s: float | None
    """Until it is over by itself, if it is."""
    count: int
    """How often it was raised since somebody acknowledged it last."""


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
        count=one.count,
    )


def alarm_news(events: Iterable[e.Event]) -> list[dict[str, object]]:
    """The last that has become of each alarm: those that are gone first, each in their order."""
    last: dict[int, tuple[bool, dict[str, object]]] = {}
    for one in events:
        if isinstance(one, e.AlarmEnded):
            state = one.why.value
        elif isinstance(one, e.AlarmEvent) and type(one) in _STATES:
            state = _STATES[type(one)].value
        else:
            continue
        news = {"alarm": one.alarm, "name": one.name, "source": one.source, "state": state}
        last[one.alarm] = (not isinstance(one, e.AlarmEnded), news)
    return [
        last[number][1] for number in sorted(last, key=lambda number: (last[number][0], number))
    ]


def _seconds(span_ns: int) -> float:
    return round(max(0, span_ns) / 1e9, 1)
