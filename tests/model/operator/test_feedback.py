"""What keys say: whatever may take cameras to show, or shows nothing, is told in two languages."""

import pytest

from tests.support.catalogues import EN, ZH
from tests.support.reducing import done, passed, step
from tests.support.sites import site, toured
from wallctl.model.base.language import Language
from wallctl.model.operator.feedback import Feedback, describe_refusal, describe_result
from wallctl.model.operator.message_catalogue import Catalogue
from wallctl.model.site.site import ScheduleEntry, Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.state.state import WallState, initial

SITE = site(sources=14, screens=2)
STATE = initial(SITE)
SCREEN = STATE.selected.screen


def after(*changes: c.Change) -> WallState:
    state = STATE
    for change in changes:
        state = step(state, change, SITE)
    return state


def said(change: c.Change, before: WallState = STATE, words: Catalogue = ZH) -> Feedback | None:
    return told(change, before, SITE, words)


def told(change: c.Change, before: WallState, of: Site, words: Catalogue) -> Feedback | None:
    outcome = done(before, change, of)
    return describe_result(change, outcome.events, outcome.state, of, words)


def words(change: c.Change, before: WallState = STATE) -> tuple[str, str]:
    zh, en = said(change, before, ZH), said(change, before, EN)
    assert zh is not None
    assert en is not None
    assert zh.screen == en.screen
    return zh.words, en.words


def test_a_switch_names_what_is_coming() -> None:
    first = STATE.screens[SCREEN].at(0)
    assert words(c.SetLayout("3x3")) == ("已切换：9画面", "Switching to 3x3 grid")
    assert words(c.SetLayout("1+5"))[0] == "已切换：一大五小"
    assert words(c.Show("7"))[0] == "已切换：摄像机7"
    assert words(c.ShowPreset("路口")) == ("已切换：路口", "Switching to 路口")
    assert words(c.Enlarge()) == (f"放大 {first}", f"{first} enlarged")
    assert words(c.Restore(), after(c.SetLayout("2x2"), c.Enlarge()))[0] == "已切换：4画面"
    assert words(c.GoHome())[1] == "Home picture"


def test_going_back_says_what_is_undone() -> None:
    assert words(c.Back(), after(c.SetLayout("3x3"))) == ("已撤销：9画面", "Undone: 3x3 grid")
    twice = after(c.SetLayout("3x3"), c.Show("7"))
    assert words(c.Back(), twice)[1] == "Undone: Show 摄像机7 in the selected tile"
    assert words(c.Back(), step(twice, c.Back(), SITE))[1] == "Undone: 3x3 grid"


def test_what_is_undone_below_an_alarm_is_said_to_be_unseen() -> None:
    alarmed = after(c.SetLayout("3x3"), c.RaiseAlarm("7"))
    assert words(c.Back(), alarmed) == (
        "已撤销（现在看不到）：9画面",
        "Undone, but covered now: 3x3 grid",
    )


def test_another_language_is_named_in_itself() -> None:
    assert words(c.SetLanguage(Language.ENGLISH)) == (
        "界面语言：English（英文）",
        "Language: English",
    )
    assert words(c.SetLanguage(Language.CHINESE)) == ("界面语言：中文", "Language: 中文 (Chinese)")


def test_words_are_said_where_something_changes() -> None:
    for change, screen in (
        (c.SetLayout("3x3"), "left"),
        (c.SetLayout("3x3", "right"), "right"),
        (c.Show("7", c.TileRef(2, "right")), "right"),
        (c.Page("next", "right"), "right"),
        (c.Enlarge(c.TileRef(2)), "left"),
        (c.ShowPreset("路口"), None),
        (c.GoHome(), None),
    ):
        feedback = said(change)
        assert feedback is not None
        assert feedback.screen == screen, change


def test_what_is_hidden_without_being_seen_is_told_and_so_is_what_comes_back() -> None:
    assert words(c.Blank(source="7")) == ("遮蔽监控点 摄像机7", "Hide 摄像机7 everywhere")
    assert words(c.Unblank(source="7"), after(c.Blank(source="7")))[1] == "Show 摄像机7 again"
    assert words(c.Unblank(tile=c.TileRef(2)), after(c.Blank(tile=c.TileRef(2)))) == (
        "恢复窗口 2",
        "Show tile 2 again",
    )
    assert words(c.Unblank("left"), after(c.Blank()))[1] == "Show the picture again (left)"


def test_a_page_is_counted() -> None:
    assert words(c.Page("next"), after(c.SetLayout("1x1"))) == ("第 2 页，共 14 页", "Page 2 of 14")
    second = STATE.screens[SCREEN].at(1)
    assert words(c.Page("next"), after(c.Enlarge()))[0] == f"已切换：{second}"


def test_a_group_is_named_where_it_is_shown() -> None:
    of = toured()
    change = c.ShowGroup("河道", "right")
    zh, en = (told(change, initial(of), of, words) for words in (ZH, EN))
    assert (zh, en) == (
        Feedback("已切换：河道", "right"), Feedback("Switching to River", "right"),
    )  # fmt: skip


def test_a_tour_says_its_page_and_whether_it_goes_on() -> None:
    of = toured()
    pause, off = c.SteerTour(c.TourTo.PAUSE), c.SteerTour(c.TourTo.OFF)
    begin, turn = c.SteerTour(None, "左轮"), c.SteerTour(c.TourTo.NEXT)
    state, said_of = initial(of), []
    for change in (begin, pause, turn, off):
        said_of.append([told(change, state, of, words) for words in (ZH, EN)])
        state = step(state, change, of)
    assert [[one.words for one in both if one is not None] for both in said_of] == [
        ["轮巡 左屏轮巡：第 1 页，共 3 页", "Tour Left tour: page 1 of 3"],
        ["轮巡已暂停：左屏轮巡", "Tour paused: Left tour"],
        ["轮巡 左屏轮巡：第 2 页，共 3 页", "Tour Left tour: page 2 of 3"],
        ["轮巡已停止：左屏轮巡", "Tour ended: Left tour"],
    ]


@pytest.mark.parametrize(
    ("change", "en"),
    [
        (c.Page("next"), "There is no other page"),
        (c.Move(c.Direction.UP), "Nothing changes"),
        (c.Unblank(), "Nothing changes"),
        (c.Help(False), "Nothing changes"),
    ],
)
def test_a_key_that_changes_nothing_says_so(change: c.Change, en: str) -> None:
    assert words(change)[1] == en


def test_words_take_the_place_of_the_question_before_them() -> None:
    assert words(c.Blank()) == ("遮蔽画面", "Hide the picture")
    assert words(c.Blank(source="7"))[1] == "Hide 摄像机7 everywhere"


def test_home_says_what_became_of_the_tour_and_whose_the_picture_is() -> None:
    of = toured()
    touring = step(initial(of), c.SteerTour(None, "左轮"), of)
    home = step(touring, c.GoHome(), of)
    words = told(c.GoHome(), touring, of, EN)
    assert words == Feedback("Home picture · Tour paused: Left tour")
    assert told(c.GoHome(), home, of, EN) == Feedback("Home picture")
    entry = ScheduleEntry(frozenset(range(7)), 0, 24 * 60, tour="左轮")
    aside = step(passed(initial(of), 0, of, due=entry), c.SetLayout("1x1"), of)
    assert told(c.GoHome(), aside, of, EN) == Feedback("Back to the schedule")


@pytest.mark.parametrize(
    "change",
    [c.Move(c.Direction.RIGHT), c.Help(True), c.Info(True), c.Select(c.TileRef(2))],
)
def test_what_is_seen_at_once_needs_no_words(change: c.Change) -> None:
    assert said(change) is None


def test_a_refusal_has_words_in_both_languages() -> None:
    def refused(change: c.Change, state: WallState = STATE) -> tuple[str, str]:
        with pytest.raises(c.CommandError) as error:
            step(state, change, SITE)
        zh, en = (describe_refusal(change, error.value, SITE, words) for words in (ZH, EN))
        return zh.words, en.words

    assert refused(c.Back()) == ("没有可撤销的操作", "Nothing more to undo")
    assert refused(c.ShowPreset("无")) == ("无法执行 无", "Not possible: 无")
    assert refused(c.SteerTour(c.TourTo.PAUSE)) == ("当前没有轮巡", "No tour is running")
    assert refused(c.Restore()) == ("没有放大的窗口", "No tile is enlarged")
    assert refused(c.Select(c.TileRef(17))) == ("没有这个窗口", "There is no such tile")
    empty = after(c.Select(c.TileRef(16)))
    assert refused(c.Enlarge(), empty) == ("空窗口", "Empty tile")
