"""What the signs of alarms tell: the key that acknowledges, and what is left under the help."""

import pytest
from msgspec.structs import replace

from tests.support.reducing import step
from tests.support.sites import DOOR, FENCE, GATE, YARD, alarmed
from wallctl.model.operator.keymap import KeyMap, acknowledge_key
from wallctl.model.site.alarm import Alarm
from wallctl.model.site.site import Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.state import WallState, initial

SITE = alarmed()


def raised(*alarms: Alarm, site: Site = SITE, after: tuple[c.Change, ...] = ()) -> WallState:
    state = initial(site)
    for change in (*after, *(c.RaiseAlarm(alarm.name) for alarm in alarms)):
        state = step(state, change, site)
    return state


@pytest.mark.parametrize(
    ("hotkeys", "key"),
    [
        ({}, "A"),
        ({"K": "acknowledge"}, "K"),
        ({"A": "acknowledge all"}, ""),
        ({"A": "layout 2x2", "Ctrl+A": "acknowledge"}, "Ctrl+A"),
        ({"K": "acknowledge all"}, "A"),
    ],
)
def test_a_sign_names_the_key_that_acknowledges_it(hotkeys: dict[str, str], key: str) -> None:
    site = replace(SITE, hotkeys=hotkeys)
    assert KeyMap.of(site).bindings.get(key) == (c.Acknowledge() if key else None)
    for state in (raised(GATE, site=site), raised(GATE, site=site, after=(c.Lock(),))):
        scene = resolve(state, site, acknowledge_key=acknowledge_key(site))
        assert [sign.key for sign in scene[0].alarms] == [key]


def test_over_the_help_sheet_the_first_alarm_of_its_screen_is_told() -> None:
    state = raised(DOOR, FENCE, YARD, after=(c.Select(c.TileRef(1, "right")),))
    plain = resolve(state, SITE)[1].alarms
    assert [(one.name, one.more, one.over_help) for one in plain] == [
        ("后门", 1, False),
        ("围墙", 1, False),
    ]
    left, right = resolve(step(state, c.Help(True), SITE), SITE)
    assert right.help_shown
    (sign,) = right.alarms
    assert (sign.name, sign.more, sign.is_shown, sign.over_help) == ("后门", 2, True, True)
    assert sign.rect.size == right.size
    assert not left.alarms


def test_an_alarm_that_waits_is_told_over_the_help_sheet_too() -> None:
    (sign,) = resolve(raised(GATE, after=(c.Lock(), c.Help(True))), SITE)[0].alarms
    assert (sign.name, sign.is_shown, sign.over_help) == ("大门", False, True)
    assert (sign.source, sign.spoken) == ("摄像机3", 3)
