import datetime

import msgspec
import pytest

from tests.sites import site
from tests.words import EN, ZH
from wallctl.model.catalogue import HINT_OF_STATE, OF_REASON, OF_STATE, Text, wall_clock
from wallctl.model.command import SetLanguage
from wallctl.model.health import SHOWS_PICTURE, Reason, TileState
from wallctl.model.help import help_entries
from wallctl.model.language import Language
from wallctl.model.layout import grid
from wallctl.model.scene import resolve
from wallctl.model.site import Preset
from wallctl.model.state import initial, restored, spoken
from wallctl.model.step import step

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
        "language en",
        "language zh-CN",
        "quit",
    ),
)


def test_every_state_and_reason_can_be_said() -> None:
    assert OF_STATE.keys() == set(TileState)
    assert OF_REASON.keys() == set(Reason) - {Reason.NONE}
    assert HINT_OF_STATE.keys() == set(TileState) - SHOWS_PICTURE


def test_the_words_of_the_design() -> None:
    assert ZH.say(Text.OFFLINE) == "信号中断"
    assert ZH.say(Text.EMPTY) == "空窗口"
    assert ZH.say(Text.HELP_LAYOUTS) == "布局"
    assert ZH.say(Text.HELP_PRESETS) == "预案"


def test_fields_are_filled_in() -> None:
    assert ZH.say(Text.SWITCHING, name="早高峰") == "切换到 早高峰"
    assert EN.say(Text.SWITCHING, name="早高峰") == "Switching to 早高峰"
    with pytest.raises(KeyError):
        ZH.say(Text.SWITCHING)


def test_wall_clock() -> None:
    when = datetime.datetime(2026, 11, 22, 14, 5, 9)
    assert wall_clock(when, ZH) == "2026-11-22 周日 14:05:09"
    assert wall_clock(when, EN) == "2026-11-22 Sun 14:05:09"
    week = [when + datetime.timedelta(days) for days in range(7)]
    assert len({wall_clock(day, EN).split()[1] for day in week}) == 7


def test_help_names_the_sites_layouts_and_presets() -> None:
    lines = {entry.key: entry.words for entry in help_entries(site(), ZH) if entry.key}
    assert lines["5"] == "一大五小"
    assert lines["F2"] == "路口"
    assert lines["Ctrl+Shift+Q"] == "按住 2 秒退出"
    for words, expected in (
        (ZH, ["布局", "操作", "预案"]),
        (EN, ["Layouts", "Actions", "Presets"]),
    ):
        assert [one.words for one in help_entries(site(), words) if not one.key] == expected


def test_the_sites_own_key_takes_the_place_of_a_built_in_one() -> None:
    own = msgspec.structs.replace(site(), hotkeys={"1": "preset 路口"})
    lines = [entry for entry in help_entries(own, ZH) if entry.key == "1"]
    assert [entry.words for entry in lines] == ["路口"]
    assert help_entries(own, ZH)[-1].key == "1"


@pytest.mark.parametrize("text", EVERY_COMMAND)
def test_a_key_of_the_site_says_what_it_does_in_words(text: str) -> None:
    own = msgspec.structs.replace(site(), hotkeys={"F12": text})
    zh, en = (
        next(entry.words for entry in help_entries(own, words) if entry.key == "F12")
        for words in (ZH, EN)
    )
    assert any("\u4e00" <= character <= "\u9fff" for character in zh)
    assert en
    assert text not in (zh, en)


def test_what_keys_of_the_site_say() -> None:
    keys = {"A": "layout 1+5 @left", "B": "show 7 left/2", "C": "page next", "D": "layout gone"}
    own = msgspec.structs.replace(site(), hotkeys=keys)
    zh, en = ({one.key: one.words for one in help_entries(own, words)} for words in (ZH, EN))
    assert (zh["A"], en["A"]) == ("一大五小（left）", "1 large + 5 (left)")
    assert (zh["B"], en["B"]) == ("在窗口 left/2 显示 摄像机7", "Show 摄像机7 in tile left/2")
    assert (zh["C"], en["C"]) == ("下一页", "Next page")
    assert (zh["D"], en["D"]) == ("gone", "gone")


def test_a_title_that_the_site_does_not_give_is_the_name() -> None:
    layout, preset = grid(2, 2), Preset("早班", (), en="Morning")
    assert [layout.title(language) for language in Language] == ["2x2", "2x2"]
    assert [preset.title(language) for language in Language] == ["早班", "Morning"]


def test_the_wall_speaks_as_its_site_says_until_somebody_wants_another_language() -> None:
    english = msgspec.structs.replace(site(), language=Language.ENGLISH)
    state = initial(english)
    assert spoken(state, english) is Language.ENGLISH
    assert spoken(restored(state, site()), site()) is Language.CHINESE
    changed = step(state, SetLanguage(Language.CHINESE), english)
    assert {screen.language for screen in resolve(changed, english)} == {Language.CHINESE}
    assert spoken(restored(changed, english), english) is Language.CHINESE
