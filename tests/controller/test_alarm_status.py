"""What is told of alarms."""

from wallctl.controller.alarm_status import alarm_news
from wallctl.model.wall.events import event as e


def test_the_news_of_an_alarm_are_the_last_that_became_of_it() -> None:
    gate, door = (1, "大门", "摄像机3"), (2, "后门", "摄像机7")
    raised = (e.AlarmRaised(*door, 5, ""), e.AlarmShown(*door, "left"))
    ended = e.AlarmEnded(*gate, e.AlarmEnd.ACKNOWLEDGED)
    assert alarm_news([*raised, ended]) == [
        {"alarm": 1, "name": "大门", "source": "摄像机3", "state": "acknowledged"},
        {"alarm": 2, "name": "后门", "source": "摄像机7", "state": "shown"},
    ]
    assert alarm_news([e.AlarmMoved(*door, "left/1"), e.AlarmRepeated(*door, 2)]) == []
    assert [one["state"] for one in alarm_news([e.AlarmOver(*gate)])] == ["over"]
