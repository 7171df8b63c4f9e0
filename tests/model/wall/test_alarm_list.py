"""The list of alarms, and what screens tell of them."""

from msgspec.structs import replace

from tests.support.raised_alarms import HOME, SITE, at, officer, raised, refusal
from tests.support.sites import DOOR, FENCE, FIRE, GATE
from wallctl.model.base.language import Language
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.scene.alarm_banner import picture_rect
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.scene.status_icons import Mark, WallMark
from wallctl.model.wall.state.alarm_list import (
    MOST_LISTED,
    alarm_beside,
    listed,
    marked,
    raised_of,
)
from wallctl.model.wall.state.alarm_queue import (
    MOST_ACKNOWLEDGED,
    in_order,
)
from wallctl.model.wall.state.screen_state import shown


def test_those_that_are_over_are_acknowledged_after_the_others_the_oldest_first() -> None:
    state = at(raised(DOOR, FENCE), 60)
    state = raised(GATE, state=state, at_s=61)
    assert [one.alarm.name for one in in_order(state)] == ["大门", "后门", "围墙"]
    for left in (["后门", "围墙"], ["围墙"], []):
        state = officer(state, c.Acknowledge(), 62)
        assert [one.alarm.name for one in in_order(state)] == left
    assert [one.alarm.alarm.name for one in state.acknowledged] == ["大门", "后门", "围墙"]


def test_a_screen_frames_the_alarm_that_it_shows_and_tells_of_one_that_waits() -> None:
    left, right = resolve(raised(FIRE, state=raised(GATE)), SITE)
    (sign,) = left.alarms
    assert (sign.name, sign.more, sign.is_shown, sign.spoken) == ("火警", 1, True, 5)
    assert picture_rect(sign.rect) == left.tiles[0].rect
    assert not right.alarms
    locked = raised(GATE, DOOR, FENCE, state=officer(HOME, c.Lock()))
    left, right = resolve(locked, SITE)
    assert [(one.name, one.more, one.is_shown) for one in left.alarms] == [("大门", 2, False)]
    assert [one.name for one in right.alarms] == ["后门"]
    assert left.alarms[0].words == "有人"
    assert left.marks == right.marks == (WallMark(Mark.LOCKED), WallMark(Mark.ALARM, "3"))
    assert resolve(raised(GATE), SITE)[0].marks == ()
    left, right = resolve(replace(locked, language=Language.ENGLISH), SITE)
    assert left.alarms[0].words == "somebody there"


def test_the_sign_of_a_backup_tells_for_which_camera_it_stands() -> None:
    left = resolve(raised(GATE), SITE, {"摄像机3": "摄像机4"})[0]
    (sign,) = left.alarms
    assert (sign.source, sign.spoken, sign.stands_for) == ("摄像机4", 4, "摄像机3")


def test_the_camera_of_an_alarm_is_kept_where_it_was_shown() -> None:
    for state in (raised(GATE), officer(raised(GATE), c.Acknowledge(), 5)):
        kept = officer(state, c.KeepAlarm(), 6)
        assert shown(kept.screens["left"], SITE) == ("摄像机3",)
        assert (kept.alarms, kept.leases) == ((), ())
        assert [one.alarm.number for one in kept.acknowledged] == [1]
        assert at(kept, 1000) is kept
    assert officer(kept, c.Back(), 7).screens == HOME.screens
    in_tile = officer(raised(DOOR), c.KeepAlarm(1))
    assert shown(in_tile.screens["right"], SITE)[0] == "摄像机7"
    assert refusal(Role.OFFICER, HOME, c.KeepAlarm()) == "no_alarm"
    assert refusal(Role.OFFICER, kept, c.KeepAlarm(7)) == "no_alarm"


def test_the_list_of_alarms_is_walked_from_those_that_nobody_has_acknowledged() -> None:
    state = officer(raised(DOOR, FENCE, GATE), c.Acknowledge(alarm=1), 3)
    assert [raised_of(one).number for one in listed(state)] == [2, 3, 1]
    state = officer(state, c.ListAlarms(), 4)
    assert (state.alarm_list, marked(state)) == (0, 0)
    assert [alarm_beside(state, by) for by in (-1, 1, 9)] == [2, 3, 1]
    state = officer(state, c.MarkAlarm(3), 5)
    assert (marked(state), alarm_beside(state, 1)) == (1, 1)
    gone = officer(state, c.Acknowledge(alarm=2), 6)
    assert (marked(gone), [raised_of(one).number for one in listed(gone)]) == (0, [3, 2, 1])
    assert officer(state, c.Help(True)).alarm_list is None
    assert not officer(officer(HOME, c.Help(True)), c.ListAlarms()).help_shown
    assert alarm_beside(officer(HOME, c.ListAlarms(True)), 1) is None
    assert refusal(Role.OFFICER, state, c.MarkAlarm(9)) == "no_alarm"


def test_the_latest_are_known_of_those_that_were_acknowledged() -> None:
    state = HOME
    for second in range(60):
        state = officer(raised(GATE, state=state, at_s=2 * second), c.Acknowledge(), 2 * second + 1)
    assert len(state.acknowledged) == MOST_ACKNOWLEDGED
    assert state.acknowledged[-1].alarm.number == 60
    assert len(listed(raised(DOOR, state=state, at_s=200))) == MOST_LISTED
