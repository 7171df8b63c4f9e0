import datetime

import msgspec
import pytest

from tests.support.catalogues import EN, ZH
from tests.support.reducing import step
from tests.support.sites import LAYOUTS, site, toured
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.base.language import Language
from wallctl.model.operator.help_content import (
    HelpEntry,
    HelpPage,
    Sketch,
    SketchTile,
    help_page,
    sketch,
)
from wallctl.model.operator.message_catalogue import (
    HINT_TEXTS,
    REASON_TEXTS,
    STATE_TEXTS,
    WHY_TEXTS,
    Text,
    format_wall_clock,
)
from wallctl.model.planning.stream_choice import Why
from wallctl.model.site.layout import grid, tile_rects
from wallctl.model.site.site import Preset
from wallctl.model.streams.health import SHOWS_PICTURE, Reason, TileState
from wallctl.model.wall.commands.command import SetLanguage, SetLayout, ShowGroup, ShowPreset
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.state import initial, restored, spoken

EVERY_COMMAND = (
    *("layout 1+5", "preset 路口", "home", "show 3", "show 3 left/1", "clear 2", "swap 1 2"),
    *("enlarge", "enlarge 2", "restore", "page next", "page previous", "select 3", "move left"),
    *(
        "back",
        "blank",
        "unblank @left",
        "help",
        "info",
        "release",
        "lock",
        "lock 3",
        "unlock",
        "unlock 3",
        "language en",
        "language zh-CN",
        "tour pause",
        "quit",
    ),
)


def test_every_state_and_reason_can_be_said() -> None:
    assert STATE_TEXTS.keys() == set(TileState)
    assert REASON_TEXTS.keys() == set(Reason) - {Reason.NONE}
    assert WHY_TEXTS.keys() == set(Why)
    assert HINT_TEXTS.keys() == set(TileState) - SHOWS_PICTURE


def test_the_words_of_the_design() -> None:
    assert ZH.say(Text.OFFLINE) == "信号中断"
    assert ZH.say(Text.EMPTY) == "空窗口"
    assert ZH.say(Text.HELP_LAYOUTS) == "布局"
    assert ZH.say(Text.HELP_PRESETS) == "预案"


def test_fields_are_filled_in() -> None:
    assert ZH.say(Text.SWITCHING, name="早高峰") == "已切换：早高峰"
    assert EN.say(Text.SWITCHING, name="早高峰") == "Switching to 早高峰"
    with pytest.raises(KeyError):
        ZH.say(Text.SWITCHING)


def test_wall_clock() -> None:
    when = datetime.datetime(2026, 11, 22, 14, 5, 9)
    assert format_wall_clock(when, ZH) == "2026-11-22 周日 14:05:09"
    assert format_wall_clock(when, EN) == "2026-11-22 Sun 14:05:09"
    week = [when + datetime.timedelta(days) for days in range(7)]
    assert len({format_wall_clock(day, EN).split()[1] for day in week}) == 7


def lines_of(page: HelpPage) -> dict[str, HelpEntry]:
    groups = (*page.pictures, *page.actions)
    return {entry.key: entry for group in groups for entry in group.entries}


def test_help_names_the_sites_layouts_and_presets() -> None:
    lines = lines_of(help_page(site(), ZH))
    assert lines["5"].words == "一大五小"
    assert lines["F2"].words == "路口"
    assert lines["Ctrl+Shift+Q"].words == "按住 2 秒退出"
    for words, expected in (
        (ZH, ["布局", "预案", "窗口", "画面", "安全", "鼠标"]),
        (EN, ["Layouts", "Presets", "Tile", "Wall", "Safety", "Mouse"]),
    ):
        page = help_page(site(), words)
        assert [group.heading for group in (*page.pictures, *page.actions)] == expected


def test_a_key_that_the_site_uses_otherwise_is_told_once() -> None:
    lines = lines_of(help_page(site(), EN))
    assert (lines["B B"].words, lines["B Enter"].words) == (
        "Hide / show all",
        "Hide / show the camera",
    )
    own = msgspec.structs.replace(site(), hotkeys={"B": "info", "H": "blank-or-unblank"})
    lines = lines_of(help_page(own, EN))
    assert not {"B B", "B Enter"} & lines.keys()
    assert (lines["B"].words, lines["H"].words) == ("Stream details", "Hide / show")


def test_help_tells_the_sources_by_number() -> None:
    told = help_page(site(sources=3), EN).sources
    assert told.heading == "Sources (press *, the number, then Enter)"
    assert [(one.key, one.words) for one in told.entries] == [
        (str(n), f"摄像机{n}") for n in (1, 2, 3)
    ]


def test_layouts_are_sketched_with_the_numbers_of_tiles_and_presets_with_those_of_sources() -> None:
    lines = lines_of(help_page(site(screens=2), EN))
    assert lines["2"].sketch == Sketch(
        Size(1920, 1080),
        (Rect(0, 0, 1920, 1080),),
        tuple(
            SketchTile(rect, number)
            for number, rect in enumerate(tile_rects(LAYOUTS["2x2"], Size(1920, 1080)), start=1)
        ),
    )
    preset, home = lines["F2"].sketch, lines["0"].sketch
    assert preset is not None
    assert [(tile.number, tile.name) for tile in preset.tiles] == [
        (3, "摄像机3"), (0, ""), (1, "摄像机1"), (2, "摄像机2")
    ]  # fmt: skip
    assert home is not None
    assert [rect.w for rect in home.screens] == [1920, 1920]
    assert home.screens[0].right < home.screens[1].x
    assert len(home.tiles) == 16 + 4
    assert all(tile.rect.right <= home.size.w for tile in home.tiles)


def test_a_site_with_tours_and_a_group_on_a_key_is_told_of_them() -> None:
    assert "Space" not in lines_of(help_page(site(), EN))
    of = msgspec.structs.replace(toured(), hotkeys={"F9": "tour 左轮", "F10": "group 河道 @right"})
    lines = lines_of(help_page(of, EN))
    assert [lines[key].words for key in ("Space", "F9", "F10")] == [
        *("Begin / pause tour", "Start / stop tour Left tour", "River (right)"),
    ]
    river = lines["F10"].sketch
    assert river is not None
    assert [tile.number for tile in river.tiles] == [10, 11, 12, 0]
    assert "Groups" in [group.heading for group in help_page(of, EN).pictures]


def test_what_the_site_does_not_have_is_not_sketched() -> None:
    for change in (
        SetLayout("gone"),
        SetLayout("2x2", "gone"),
        ShowPreset("gone"),
        ShowGroup("gone"),
    ):
        assert sketch(change, site()) is None


def test_the_sites_own_key_takes_the_place_of_a_built_in_one() -> None:
    own = msgspec.structs.replace(site(), hotkeys={"1": "preset 路口"})
    layouts, presets = help_page(own, ZH).pictures
    assert [entry.key for entry in layouts.entries] == ["2", "3", "4", "5"]
    assert [(entry.key, entry.words) for entry in presets.entries[-1:]] == [("1", "路口")]
    kept = msgspec.structs.replace(site(), hotkeys={"L": "blank"})
    actions = [entry for group in help_page(kept, ZH).actions for entry in group.entries]
    assert [entry.words for entry in actions if entry.key == "L"] == ["遮蔽画面"]


@pytest.mark.parametrize("text", EVERY_COMMAND)
def test_a_key_of_the_site_says_what_it_does_in_words(text: str) -> None:
    own = msgspec.structs.replace(site(), hotkeys={"F12": text})
    zh, en = (lines_of(help_page(own, words))["F12"].words for words in (ZH, EN))
    assert any("\u4e00" <= character <= "\u9fff" for character in zh)
    assert en
    assert text not in (zh, en)


def test_what_keys_of_the_site_say() -> None:
    keys = {"A": "layout 1+5 @left", "B": "show 7 left/2", "C": "page next", "D": "layout gone"}
    own = msgspec.structs.replace(site(), hotkeys=keys)
    zh, en = (
        {key: one.words for key, one in lines_of(help_page(own, words)).items()}
        for words in (ZH, EN)
    )
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
