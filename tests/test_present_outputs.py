"""Which output a screen hangs on: by its monitor, else by its name, else by position."""

import re

import pytest

from wallctl.model.edid import Edid
from wallctl.present.display_error import DisplayError
from wallctl.present.outputs import Output, find_output


def output(name: str, x_px: int, edid: Edid | None = None) -> Output:
    return Output(name, x_px, 0, 1920, 1080, 50.0, edid)


LEFT = output("HDMI-1", 0, Edid("DEL", 0xA0B1, "111", "DELL U2412M"))
RIGHT = output("HDMI-2", 1920, Edid("DEL", 0xA0B1, "222", "DELL U2412M"))
THIRD = output("DP-1", 3840, Edid("SAM", 12, "", "SyncMaster"))
MUTE = output("DP-2", 5760)
OUTPUTS = (LEFT, RIGHT, THIRD, MUTE)


@pytest.mark.parametrize(
    ("name", "edid", "found"),
    [
        (None, None, None),
        ("HDMI-2", None, RIGHT),
        ("DP-2", None, MUTE),
        (None, "222", RIGHT),
        (None, "DEL-A0B1-111 DELL U2412M", LEFT),
        (None, "SyncMaster", THIRD),
        ("HDMI-1", "222", RIGHT),
        ("none", "222", RIGHT),
        ("HDMI-2", "DELL U2412M", RIGHT),
        ("DP-2", "a panel that was replaced", MUTE),
    ],
)
def test_the_monitor_comes_before_the_name(
    name: str | None, edid: str | None, found: Output | None
) -> None:
    assert find_output(OUTPUTS, name, edid) is found


@pytest.mark.parametrize(
    ("name", "edid", "said"),
    [
        ("HDMI-3", None, "no output 'HDMI-3' that is switched on: did you mean HDMI-"),
        ("VGA", None, "no output 'VGA' that is switched on: there are: HDMI-1 (DEL-A0B1-111 "),
        (
            None,
            "DEL-A0B1-333",
            "No output of the display has a monitor 'DEL-A0B1-333': did you mean DEL-",
        ),
        (None, "???", "'???': there are: HDMI-1 (DEL-A0B1-111 DELL U2412M), HDMI-2 ("),
        ("VGA", "???", "has a monitor '???': there are: "),
        (None, "DELL U2412M", "Several monitors answer to 'DELL U2412M', HDMI-1 (DEL-A0B1-111 "),
    ],
)
def test_what_is_not_there_is_told_with_what_is(
    name: str | None, edid: str | None, said: str
) -> None:
    with pytest.raises(DisplayError, match=re.escape(said)) as error:
        find_output(OUTPUTS, name, edid)
    assert "HDMI-2 (DEL-A0B1-222 DELL U2412M)" in str(error.value)
