"""What a log tells of an input that does not listen."""

import pytest

from tests.support.fakes import FakeClock
from wallctl.alarm_inputs import listener_process


def test_each_outage_of_an_input_is_logged_once_and_that_it_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = FakeClock()
    outages = listener_process.Outages(clock)
    outages.over()
    assert caplog.messages == [], "it just began"

    def logged(listens_ns: int) -> list[str]:
        """Of an outage of two tries, after so long."""
        clock.now_ns += listens_ns
        caplog.clear()
        outages.begin("the broker is lost")
        outages.begin("the broker is lost")
        outages.over()
        return caplog.messages

    both = [
        "alarms: the broker is lost; it is tried again",
        "alarms: it is over: the broker is lost",
    ]
    assert logged(1) == both
    assert logged(listener_process.CALM_NS - 1) == [], "it comes and goes"
    assert logged(listener_process.CALM_NS) == both
