"""Keys at the wall: a word on every screen at once, and the same commands as from programs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import LEFT, RIGHT, Counter
from tests.words import ZH
from wallctl.app.keyboard import SAID_NS
from wallctl.control.keys import HOLD_NS
from wallctl.model.catalogue import Text
from wallctl.model.command import RaiseAlarm, SetLanguage
from wallctl.model.keys import KeyEvent
from wallctl.model.language import Language
from wallctl.present.orders import Commit, Countdown, Prepare, Ready, Say


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    counter = Counter(tmp_path)
    counter.all_present(1)
    for name in (LEFT, RIGHT):
        counter.office.root.told(name)
    yield counter
    counter.close()


def press(counter: Counter, key: str, pressed: bool = True) -> None:
    now_ns = counter.office.clock.now_ns
    counter.keyboard.press(KeyEvent("left", key, pressed, now_ns), now_ns)


def test_a_layout_key_changes_a_screen_and_says_so_there(counter: Counter) -> None:
    press(counter, "3")
    assert counter.desk.state.screens["left"].layout == "3x3"
    left, right = (counter.office.root.told(name) for name in (LEFT, RIGHT))
    until_ns = counter.office.clock.now_ns + SAID_NS
    assert Say("切换到 9画面", Language.CHINESE, until_ns) in left
    assert {type(order) for order in left} == {Prepare, Say}
    assert right == []


def test_a_key_that_does_nothing_says_why(counter: Counter) -> None:
    press(counter, "Esc")
    press(counter, "F9")
    said = counter.office.root.told(LEFT)
    assert [order.words for order in said if isinstance(order, Say)] == [
        ZH.say(Text.NOTHING_TO_UNDO),
        ZH.say(Text.KEY_UNUSED, key="F9"),
    ]
    assert counter.desk.state.revision == 0


def test_an_alarm_is_acknowledged_by_its_key(counter: Counter) -> None:
    press(counter, "A")
    counter.ask(RaiseAlarm("摄像机3"))
    assert counter.desk.state.alarms
    press(counter, "A")
    assert not counter.desk.state.alarms
    said = [one.words for one in counter.office.root.told(LEFT) if isinstance(one, Say)]
    assert said == [ZH.say(Text.NO_ALARM), ZH.say(Text.HELP_ACKNOWLEDGE)]


def test_another_language_comes_to_all_screens_at_one_time(counter: Counter) -> None:
    counter.ask(SetLanguage(Language.ENGLISH))
    for name in (LEFT, RIGHT):
        counter.office.root.says(name, Ready(2))
    counter.turn()
    left, right = (counter.office.root.told(name) for name in (LEFT, RIGHT))
    for told in (left, right):
        assert [one.language for one in told if isinstance(one, Prepare)] == [Language.ENGLISH]
    assert [one for one in left if isinstance(one, Commit)] == [
        one for one in right if isinstance(one, Commit)
    ]
    assert any(isinstance(one, Commit) for one in left)
    press(counter, "F9")
    said = [one for one in counter.office.root.told(LEFT) if isinstance(one, Say)]
    assert [(one.words, one.language) for one in said] == [("Key F9 is not used", Language.ENGLISH)]


def test_quitting_is_held_for_and_is_seen_growing(counter: Counter) -> None:
    now_ns = counter.office.clock.now_ns
    press(counter, "Ctrl+Shift+Q")
    for share in (0.25, 0.25, 0.5):
        counter.keyboard.due(now_ns + round(share * HOLD_NS))
    grown = [o.progress for o in counter.office.root.told(RIGHT) if isinstance(o, Countdown)]
    assert grown == [0.25, 0.5]
    assert not counter.desk.state.ending
    counter.keyboard.due(now_ns + HOLD_NS)
    assert counter.desk.state.ending


def test_quitting_let_go_too_early_is_taken_back(counter: Counter) -> None:
    now_ns = counter.office.clock.now_ns
    press(counter, "Ctrl+Shift+Q")
    counter.keyboard.due(now_ns + HOLD_NS // 2)
    press(counter, "Ctrl+Shift+Q", pressed=False)
    counter.keyboard.due(now_ns + HOLD_NS)
    assert not counter.desk.state.ending
    told = [order for order in counter.office.root.told(LEFT) if isinstance(order, Countdown)]
    assert told[-1] == Countdown(0.0)
