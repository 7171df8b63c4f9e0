import datetime
import string

import msgspec
import pytest

from tests.sites import site
from wallctl.model.catalogue import (
    HINT_OF_STATE,
    OF_REASON,
    OF_STATE,
    WORDS,
    Text,
    say,
    wall_clock,
)
from wallctl.model.health import SHOWS_PICTURE, Reason, TileState
from wallctl.model.help import help_entries

EVERY_COMMAND = (
    *("layout 1+5", "preset 路口", "home", "show 3", "show 3 left/1", "clear 2", "swap 1 2"),
    *("enlarge", "enlarge 2", "restore", "page next", "page previous", "select 3", "move left"),
    *(
        "back",
        "blank",
        "unblank @left",
        "help",
        "release",
        "lock",
        "lock 3",
        "unlock",
        "unlock 3",
        "quit",
    ),
)


def fields(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def test_every_text_has_words_in_both_languages_with_the_same_fields() -> None:
    assert WORDS.keys() == set(Text)
    for zh, en in WORDS.values():
        assert zh
        assert en
        assert fields(zh) == fields(en)
        assert any("\u4e00" <= character <= "\u9fff" for character in zh)
        assert en.isascii()


def test_every_state_and_reason_can_be_said() -> None:
    assert OF_STATE.keys() == set(TileState)
    assert OF_REASON.keys() == set(Reason) - {Reason.NONE}
    assert HINT_OF_STATE.keys() == set(TileState) - SHOWS_PICTURE


def test_the_words_of_the_design() -> None:
    assert say(Text.OFFLINE)[0] == "信号中断"
    assert say(Text.EMPTY)[0] == "空窗口"
    assert say(Text.HELP_LAYOUTS)[0] == "布局"
    assert say(Text.HELP_PRESETS)[0] == "预案"


def test_fields_are_filled_in() -> None:
    assert say(Text.SWITCHING, name="早高峰") == ("切换到 早高峰", "Switching to 早高峰")


def test_wall_clock() -> None:
    assert wall_clock(datetime.datetime(2026, 11, 22, 14, 5, 9)) == "2026-11-22 周日 14:05:09"


def test_help_names_the_sites_layouts_and_presets() -> None:
    lines = {entry.key: entry.zh for entry in help_entries(site()) if entry.key}
    assert lines["5"] == "一大五小"
    assert lines["F2"] == "路口"
    assert lines["Ctrl+Shift+Q"] == "按住 2 秒退出"
    headings = [entry.zh for entry in help_entries(site()) if not entry.key]
    assert headings == ["布局", "操作", "预案"]


def test_the_sites_own_key_takes_the_place_of_a_built_in_one() -> None:
    own = msgspec.structs.replace(site(), hotkeys={"1": "preset 路口"})
    lines = [entry for entry in help_entries(own) if entry.key == "1"]
    assert [entry.zh for entry in lines] == ["路口"]
    assert help_entries(own)[-1].key == "1"


@pytest.mark.parametrize("text", EVERY_COMMAND)
def test_a_key_of_the_site_says_what_it_does_in_words(text: str) -> None:
    own = msgspec.structs.replace(site(), hotkeys={"F12": text})
    [entry] = [entry for entry in help_entries(own) if entry.key == "F12"]
    assert any("\u4e00" <= character <= "\u9fff" for character in entry.zh), entry
    assert entry.en
    assert text not in (entry.zh, entry.en)


def test_what_keys_of_the_site_say() -> None:
    keys = {"A": "layout 1+5 @left", "B": "show 7 left/2", "C": "page next", "D": "layout gone"}
    own = msgspec.structs.replace(site(), hotkeys=keys)
    lines = {entry.key: (entry.zh, entry.en) for entry in help_entries(own)}
    assert lines["A"] == ("一大五小（left）", "1 large + 5 (left)")
    assert lines["B"] == ("在窗口 left/2 显示 摄像机7", "Show 摄像机7 in tile left/2")
    assert lines["C"] == ("下一页", "Next page")
    assert lines["D"] == ("gone", "gone")
