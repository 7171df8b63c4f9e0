"""Keys at the wall: a word on every screen at once, and the same commands as from programs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.catalogues import ZH
from tests.support.controller_harness import LEFT, RIGHT
from tests.support.requests_harness import Counter
from wallctl.controller.operator_input import SAID_NS
from wallctl.controller.snapshot_requests import MOST_AT_ONCE
from wallctl.display.messages import Commit, Countdown, Prepare, Ready, Say
from wallctl.model.base.language import Language
from wallctl.model.operator.key_dialogue import ENTRY_NS
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.key_presses import HOLD_NS
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.wall.commands.command import RaiseAlarm, SetLanguage
from wallctl.model.wall.state.blanking import Target
from wallctl.node.child_kinds import Saved, Taken


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
    assert counter.requests.state.screens["left"].layout == "3x3"
    left, right = (counter.office.root.told(name) for name in (LEFT, RIGHT))
    until_ns = counter.office.clock.now_ns + SAID_NS
    assert Say("已切换：9画面", Language.CHINESE, until_ns) in left
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
    assert counter.requests.state.revision == 0


def test_an_alarm_is_acknowledged_by_its_key(counter: Counter) -> None:
    press(counter, "A")
    counter.ask(RaiseAlarm("摄像机3"))
    assert counter.requests.state.alarms
    press(counter, "A")
    assert not counter.requests.state.alarms
    said = [one.words for one in counter.office.root.told(LEFT) if isinstance(one, Say)]
    keep = ZH.say(Text.KEEP_KEY, key="K")
    assert said == [ZH.say(Text.NO_ALARM), f"已确认：3 摄像机3 · {keep}"]
    press(counter, "K")
    assert counter.requests.state.screens["left"].enlarged is not None


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
    assert [(one.words, one.language) for one in said] == [
        ("Key F9 is not used: F1 shows the keys", Language.ENGLISH)
    ]


def said(counter: Counter, name: str = LEFT) -> list[Say]:
    return [order for order in counter.office.root.told(name) if isinstance(order, Say)]


def test_a_number_goes_into_the_selected_tile_and_is_said_there_as_it_is_typed(
    counter: Counter,
) -> None:
    now_ns = counter.office.clock.now_ns
    for key in ("Star", "4"):
        press(counter, key)
    typed = ZH.say(Text.NUMBER, digits=""), ZH.say(Text.NUMBER_OF, digits="4", name="摄像机4")
    assert [(one.words, one.until_ns) for one in said(counter)] == [
        (ZH.say(Text.SECONDS_LEFT, words=words, seconds=15), now_ns + ENTRY_NS) for words in typed
    ]
    assert said(counter, RIGHT) == []
    press(counter, "Enter")
    assert counter.requests.state.screens["left"].at(0) == "摄像机4"


def test_a_number_is_forgotten_after_a_while(counter: Counter) -> None:
    press(counter, "Star")
    press(counter, "4")
    now_ns = counter.office.clock.now_ns
    counter.keyboard.due(now_ns + ENTRY_NS // 3)
    words = ZH.say(Text.NUMBER_OF, digits="4", name="摄像机4")
    assert said(counter)[-1].words == ZH.say(Text.SECONDS_LEFT, words=words, seconds=10)
    counter.keyboard.due(now_ns + ENTRY_NS)
    assert said(counter)[-1].words == ZH.say(Text.NUMBER_LAPSED)
    press(counter, "3")
    assert counter.requests.state.screens["left"].layout == "3x3"


def test_all_is_hidden_once_that_was_confirmed(counter: Counter) -> None:
    press(counter, "B")
    asked = ZH.say(Text.CONFIRM_BLANK_ONE, key="B", name="1 摄像机1")
    assert [one.words for one in said(counter, RIGHT)] == [asked]
    assert not counter.requests.state.blanked
    press(counter, "B")
    assert [one.target for one in counter.requests.state.blanked] == [
        Target("left"),
        Target("right"),
    ]


def test_a_snapshot_is_saved_by_a_child_and_words_follow_what_it_saw(counter: Counter) -> None:
    press(counter, "S")
    counter.turn()
    assert said(counter) == []
    spawned = [name for name in counter.office.root.spawned if name.startswith("snapshot")]
    assert len(spawned) == 1
    node, now_ns = counter.office.node, counter.office.clock.now_ns
    node.hear(spawned[0], Taken(), [], now_ns)
    node.hear(spawned[0], Saved(str(Path.home() / "x.png")), [], now_ns)
    counter.turn()
    for _ in range(2):
        press(counter, "S")
        counter.turn()
    spawned = [name for name in counter.office.root.spawned if name.startswith("snapshot")]
    node.hear(spawned[1], Saved("/y.png", "No space left on device"), [], now_ns)
    node.died(spawned[2])
    counter.turn()
    assert [one.words for one in said(counter)] == [
        ZH.say(Text.SNAPSHOT_COMING),
        ZH.say(Text.SNAPSHOT_SAVED, file="~/x.png"),
        ZH.say(Text.SNAPSHOT_FAILED, why="No space left on device"),
        ZH.say(Text.SNAPSHOT_FAILED, why="?"),
    ]


def test_more_snapshots_than_can_be_made_at_once_are_refused(counter: Counter) -> None:
    for _ in range(MOST_AT_ONCE + 1):
        press(counter, "S")
    words = ZH.say(Text.NOT_POSSIBLE, name=ZH.say(Text.DO_SNAPSHOT))
    assert [one.words for one in said(counter)] == [words]


def test_quitting_is_held_for_and_is_seen_growing(counter: Counter) -> None:
    now_ns = counter.office.clock.now_ns
    press(counter, "Ctrl+Shift+Q")
    for share in (0.25, 0.25, 0.5):
        counter.keyboard.due(now_ns + round(share * HOLD_NS))
    grown = [o.progress for o in counter.office.root.told(RIGHT) if isinstance(o, Countdown)]
    assert grown == [0.25, 0.5]
    assert not counter.requests.state.ending
    counter.keyboard.due(now_ns + HOLD_NS)
    assert counter.requests.state.ending


def test_quitting_let_go_too_early_is_taken_back(counter: Counter) -> None:
    now_ns = counter.office.clock.now_ns
    press(counter, "Ctrl+Shift+Q")
    counter.keyboard.due(now_ns + HOLD_NS // 2)
    press(counter, "Ctrl+Shift+Q", pressed=False)
    counter.keyboard.due(now_ns + HOLD_NS)
    assert not counter.requests.state.ending
    told = [order for order in counter.office.root.told(LEFT) if isinstance(order, Countdown)]
    assert told[-1] == Countdown(0.0)
