"""What the payloads of devices say of alarms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.alarm_inputs.alarm_signal import AlarmSignal, signal_of

OVER = AlarmSignal(raised=False)


@pytest.mark.parametrize(
    ("payload", "signal"),
    [
        ("", AlarmSignal()),
        ("ON", AlarmSignal()),
        (" off\n", OVER),
        ("0", OVER),
        ("0.0", OVER),
        ("ＯＦＦ", OVER),
        ("Off.", OVER),
        ("已恢复。", OVER),
        ("10", AlarmSignal(True, "10")),
        ("恢复", OVER),
        ("关", OVER),
        ("越界", AlarmSignal(text="越界")),
        ("OFFICE door", AlarmSignal(text="OFFICE door")),
        ('{"state": "cleared"}', OVER),
        ('{"state": "cleared", "text": "门已关"}', AlarmSignal(False, "门已关")),
        ('{"State": "ON", "message": "有人"}', AlarmSignal(text="有人")),
        ('{"alarm": false}', OVER),
        ('{"value": 0}', OVER),
        ('{"value": 21.5}', AlarmSignal()),
        ('{"status": {"deep": 1}, "action": "stop"}', OVER),
        ('[{"text": "a"}, {"text": "b"}]', AlarmSignal(text="a")),
        ('{"text": 5}', AlarmSignal()),
        ("{broken", AlarmSignal()),
        ('"OFF"', OVER),
        ('"有人"', AlarmSignal(text="有人")),
        ('"half', AlarmSignal(text='"half')),
        ("[" * 100_000, AlarmSignal()),
        ("null", OVER),
        ("unavailable", None),
        ('"offline"', None),
        ('{"state": "unavailable"}', None),
        ('{"state": null}', None),
        ('{"state": "unknown", "text": "电池电量低"}', None),
        ('{"state": null, "text": "有人"}', AlarmSignal(text="有人")),
        ('{"smoke": true, "alarm": false}', AlarmSignal()),
        ('{"state": "OFF", "occupancy": true, "brightness": 0}', AlarmSignal()),
        ('{"motion": false, "active": true, "vibration": false}', OVER),
        ('{"state": "ON", "occupancy": false}', OVER),
        ('{"alarm_1": true, "battery_low": false, "tamper": false}', AlarmSignal()),
        ('{"tamper": false}', OVER),
        ('{"contact": "closed"}', OVER),
        ('{"contact": "on"}', AlarmSignal()),
        ('{"occupancy": false, "temp": NaN}', OVER),
        ('{"name": "a\tb", "state": "off"}', OVER),
        ('{"state":"OFF"}\0', OVER),
        ('{"type":"end","before":{"active":true},"after":{"active":false}}', OVER),
        ('{"Time":"x","POWER1":"OFF"}', OVER),
        ('{"StatusSNS":{"Switch1":{"Action":"OFF"}}}', OVER),
        ('{"method":"NotifyStatus","params":{"ts":1,"input:0":{"id":0,"state":false}}}', OVER),
        ('{"topic":"x","message":{"data":{"active":"0"}}}', OVER),
        ('{"old_state":{"state":"on"},"new_state":{"state":"off"}}', OVER),
        ('{"message": {"data": {"IsMotion": "1"}}}', AlarmSignal()),
        ("报警解除", OVER),
        ("No motion", OVER),
        ("connection lost", None),
        ('{"state": {"value": 0}}', OVER),
        ('{"alarm": {"state": {"active": "no"}}}', OVER),
        ('{"status": {"value": 1}}', AlarmSignal()),
        ('{"occupancy": false, "battery": 80}', OVER),
        ('{"tamper": false, "smoke": true}', AlarmSignal()),
        ('{"water_leak": "ON"}', AlarmSignal()),
        ('{"contact": true}', OVER),
        ('{"contact": false}', AlarmSignal()),
        ('{"battery": 80}', AlarmSignal()),
    ],
)
def test_what_a_payload_says(payload: str, signal: AlarmSignal | None) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gbk", "utf-16"):
        assert signal_of(payload.encode(encoding)) == signal


@given(st.binary(max_size=300))
def test_whatever_a_payload_is_it_says_something(payload: bytes) -> None:
    signal = signal_of(payload)
    assert signal is None or signal.text == signal.text.strip()
