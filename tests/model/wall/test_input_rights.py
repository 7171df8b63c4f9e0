"""What inputs may raise: what the site says, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.sites import site
from wallctl.model.site.alarm import Alarm, AlarmPlace, Rights
from wallctl.model.site.alarm_input import HttpInput, Input, LineInput, Maker, MqttInput, Push
from wallctl.model.wall.access.alarm_input_rights import granted
from wallctl.model.wall.commands.command import CommandError, EndAlarm, RaiseAlarm

ALARMS = tuple(Alarm(name, "摄像机1", (AlarmPlace("left"),)) for name in ("gate", "sos", "fire"))
SITE = replace(site(8, 1), alarms=ALARMS)
GATE = Rights(frozenset({"gate", "摄像机7"}))
PUSH = Push(Maker.DAHUA, ("192.0.2.1",), {"1": "sos", "2": "3"})
HTTP = HttpInput(8088, pushes=(PUSH,), may=GATE)
MQTT = MqttInput("192.0.2.9", 1883, "alarms", may=GATE)
LINE = LineInput("/dev/ttyS0", {"1": "sos"}, 9600)


def refusal(given: Input, name: str, by_table: bool = False) -> str:
    """The code of why an input may not raise and end an alarm; empty if it may."""
    for command in (RaiseAlarm(name), EndAlarm(name)):
        try:
            granted(given, command, by_table, SITE)
        except CommandError as error:
            return error.code
    return ""


def may(given: Input, name: str, by_table: bool = False) -> bool:
    return not refusal(given, name, by_table)


@pytest.mark.parametrize("given", [HTTP, MQTT])
def test_callers_may_raise_what_the_site_names(given: Input) -> None:
    assert all(may(given, name) for name in ("gate", "ＧＡＴＥ", "摄像机7", "7"))
    assert not any(may(given, name) for name in ("sos", "fire", "摄像机1", "1", "3"))


def test_contacts_and_channels_raise_what_their_table_names() -> None:
    assert may(HTTP, "sos", by_table=True)
    assert may(HTTP, "3", by_table=True)
    assert not may(HTTP, "gate", by_table=True)
    assert may(LINE, "sos", by_table=True)
    assert not may(LINE, "sos")
    assert not may(LINE, "gate", by_table=True)
    assert not may(MQTT, "gate", by_table=True)


def test_an_input_without_rights_raises_nothing() -> None:
    assert not any(may(HttpInput(8088), one.name) for one in SITE.alarms)


@given(st.text(max_size=20))
def test_no_spelling_of_a_name_gives_more(name: str) -> None:
    assert refusal(replace(HTTP, may=Rights()), name) in ("not_allowed", "unknown_alarm")


def test_a_text_is_told_only_where_the_site_allows_it() -> None:
    said = RaiseAlarm("gate", "everybody out")
    assert granted(HTTP, said, False, SITE) == RaiseAlarm("gate")
    assert granted(LINE, RaiseAlarm("sos", "x"), True, SITE) == RaiseAlarm("sos")
    free = replace(MQTT, may=replace(GATE, text=True))
    assert granted(free, said, False, SITE) == said


def test_inputs_have_names() -> None:
    assert [one.label for one in (HTTP, MQTT, LINE)] == ["http", "mqtt", "/dev/ttyS0"]
