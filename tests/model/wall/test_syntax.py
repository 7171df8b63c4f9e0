"""Words and commands: each says the other, and what is not a command is refused helpfully."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.random_commands import commands
from wallctl.model.base.language import Language
from wallctl.model.base.suggestions import near, offered
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.syntax import parse, parse_words, tile_from_text, to_text, usage

SAID = {
    "keep": c.KeepAlarm(),
    "keep 3": c.KeepAlarm(3),
    "alarms": c.ListAlarms(),
    "alarms on": c.ListAlarms(True),
    "mark 3": c.MarkAlarm(3),
    "identify": c.Identify(),
    "identify @left": c.Identify("left"),
    "identify 30": c.Identify(seconds=30),
    "identify @left 30": c.Identify("left", 30),
    "layout 3x3": c.SetLayout("3x3"),
    "layout 3x3 @left": c.SetLayout("3x3", "left"),
    "preset 早班": c.ShowPreset("早班"),
    "preset '早班 一'": c.ShowPreset("早班 一"),
    "home": c.GoHome(),
    "show 7 3": c.Show("7", c.TileRef(3)),
    "show 文化广场 left/3": c.Show("文化广场", c.TileRef(3, "left")),
    "show 7": c.Show("7"),
    "clear 3": c.Clear(c.TileRef(3)),
    "swap 1 left/2": c.Swap(c.TileRef(1), c.TileRef(2, "left")),
    "enlarge": c.Enlarge(),
    "enlarge 3": c.Enlarge(c.TileRef(3)),
    "restore @left": c.Restore("left"),
    "page next @left": c.Page("next", "left"),
    "select 3": c.Select(c.TileRef(3)),
    "move left": c.Move(c.Direction.LEFT),
    "back": c.Back(),
    "reload": c.Reload(),
    "blank": c.Blank(),
    "blank @left reason '换班 交接'": c.Blank("left", reason="换班 交接"),
    "blank tile left/3": c.Blank(tile=c.TileRef(3, "left")),
    "blank source 7 reason 检修": c.Blank(source="7", reason="检修"),
    "blank source reason": c.Blank(source="reason"),
    "unblank @left": c.Unblank("left"),
    "unblank tile 3": c.Unblank(tile=c.TileRef(3)),
    "unblank source 文化广场": c.Unblank(source="文化广场"),
    "help": c.Help(),
    "help on": c.Help(True),
    "help off": c.Help(False),
    "info": c.Info(),
    "info on": c.Info(True),
    "health": c.Health(),
    "health off": c.Health(False),
    "release": c.Release(),
    "release 12": c.Release(12),
    "lock": c.Lock(),
    "lock left/3": c.Lock(c.TileRef(3, "left")),
    "unlock": c.Unlock(),
    "unlock 3": c.Unlock(c.TileRef(3)),
    "group 河道": c.ShowGroup("河道"),
    "group 河道 @left": c.ShowGroup("河道", "left"),
    "tour 夜巡": c.SteerTour(None, "夜巡"),
    "tour on 夜巡": c.SteerTour(c.TourTo.ON, "夜巡"),
    "tour on pause": c.SteerTour(c.TourTo.ON, "pause"),
    "tour next": c.SteerTour(c.TourTo.NEXT),
    "alarm 大门": c.RaiseAlarm("大门"),
    "alarm 7 '有人 摔倒'": c.RaiseAlarm("7", "有人 摔倒"),
    "over 大门": c.EndAlarm("大门"),
    "acknowledge": c.Acknowledge(),
    "acknowledge 4": c.Acknowledge(alarm=4),
    "acknowledge all": c.Acknowledge(all=True),
    "language en": c.SetLanguage(Language.ENGLISH),
    "language zh-CN": c.SetLanguage(Language.CHINESE),
    "broadcast 门户": c.SetBroadcast("门户"),
    "broadcast 门户 on": c.SetBroadcast("门户", True),
    "broadcast 门户 off": c.SetBroadcast("门户", False),
    "zoom 1": c.SetZoom(1),
    "zoom 2.5 tile left/3 x 0.4 y 0.6": c.SetZoom(2.5, c.TileRef(3, "left"), 0.4, 0.6),
    "quit": c.Quit(),
    "status": c.Status(),
    "list": c.List(),
    "hello": c.Hello(),
    "snapshot": c.Snapshot(),
    "snapshot @left clean": c.Snapshot("left", clean=True),
    "snapshot clean": c.Snapshot(clean=True),
    "snapshot stamped jpeg left/3": c.Snapshot(stamped=True, jpeg=True, tile=c.TileRef(3, "left")),
    "snapshot 3": c.Snapshot(tile=c.TileRef(3)),
}


@pytest.mark.parametrize(("text", "command"), SAID.items())
def test_words_say_the_command_and_the_command_says_the_words(
    text: str, command: c.Command
) -> None:
    assert parse(text) == command
    assert to_text(command) == text


def test_every_verb_is_tried_above() -> None:
    assert {text.split()[0] for text in SAID} == set(c.VERBS)


@given(commands)
def test_every_command_comes_back_from_its_words(command: c.Command) -> None:
    assert parse(to_text(command)) == command


def refusal(say: Callable[[], c.Command]) -> c.CommandError | None:
    try:
        say()
    except c.CommandError as error:
        return error
    return None


@given(st.text(max_size=60))
def test_any_text_is_a_command_or_refused(text: str) -> None:
    error = refusal(lambda: parse(text))
    if error is None:
        assert parse(to_text(parse(text))) == parse(text)
    else:
        assert error.code == "bad_command"
        assert error.message.isprintable()


@given(st.lists(st.sampled_from([*c.VERBS, "3", "left/2", "@left", "next", "on", "clean", ""])))
def test_any_words_are_a_command_or_refused(words: list[str]) -> None:
    error = refusal(lambda: parse_words(words))
    assert error is None or error.code == "bad_command"


@pytest.mark.parametrize(
    ("text", "part", "known"),
    [
        ("", "no command", "layout"),
        ("laoyut 3x3", "'laoyut'", "layout"),
        ("layout", "needs NAME: layout NAME [@SCREEN]", None),
        ("layout 3x3 left", "no use for 'left'", None),
        ("layout 3x3 @", "no screen", None),
        ("clear 0", "'0' names no tile", None),
        ("clear x", "'x' names no tile", None),
        ("clear /3", "'/3' names no tile", None),
        ("clear 99999", "names no tile", None),
        ("clear ٣", "names no tile", None),
        ("page nxt", "'nxt' is none of next|previous", "next"),
        ("page", "needs next|previous: page next|previous [@SCREEN]", None),
        ("help maybe", "none of on|off", "on"),
        ("preset ''", "empty", None),
        ("preset '早", "never closed", None),
        ("quit now", "no use for 'now'", None),
        ("blank tile", "nothing follows tile: blank [@SCREEN] [tile TILE]", None),
        ("zoom x", "'x' is no number", None),
        ("zoom nan", "'nan' is no number", None),
        ("blank 3", "no use for '3'", None),
        ("blank source ''", "empty", None),
    ],
)
def test_what_is_no_command_is_refused_in_one_sentence(
    text: str, part: str, known: str | None
) -> None:
    with pytest.raises(c.CommandError) as caught:
        parse(text)
    assert caught.value.code == "bad_command"
    assert part in caught.value.message
    assert "\n" not in caught.value.message
    assert known is None or known in caught.value.known


def test_the_wide_space_of_a_chinese_keyboard_parts_words() -> None:
    assert parse("preset　早班") == c.ShowPreset("早班")


def test_verbs_may_be_written_in_capitals() -> None:
    assert parse("Layout 3x3") == c.SetLayout("3x3")


def test_a_long_word_is_cut_in_the_message() -> None:
    with pytest.raises(c.CommandError) as caught:
        parse("x" * 100_000)
    assert len(caught.value.message) < 120


def test_a_screen_may_have_a_slash_in_its_name() -> None:
    assert tile_from_text("hall/left/3") == c.TileRef(3, "hall/left")


def test_usage_tells_every_word() -> None:
    assert usage("show") == "show SOURCE [TILE]"
    assert usage("swap") == "swap TILE_A TILE_B"
    assert usage("snapshot") == "snapshot [@SCREEN] [clean] [stamped] [jpeg] [TILE]"


def test_near_orders_prefix_then_holding_then_close() -> None:
    known = ["文化广场", "广场东", "layout", "Layout2", "list", "outlay"]
    assert near("广场", known) == ("广场东", "文化广场")
    assert near("LAY", known) == ("layout", "Layout2", "outlay")
    assert near("laoyut", known)[0] == "layout"
    assert near("文化广场东门", known)[0] == "文化广场"
    assert near("", known) == ()
    assert near("zzz", known) == ()


@given(st.text(), st.lists(st.text()), st.integers(0, 7))
def test_near_gives_known_names_once(word: str, known: list[str], limit: int) -> None:
    found = near(word, known, limit)
    assert set(found) <= set(known)
    assert len(found) == len(set(found)) <= limit


def test_the_names_that_are_not_listed_are_counted() -> None:
    assert offered("x", "ab") == ("; there are a, b", ("a", "b"))
    end, names = offered("x", (str(number) for number in range(11)))
    assert end == "; there are 0, 1, 2, 3, 4, 5, 6, 7 and 3 more"
    assert len(names) == 11
