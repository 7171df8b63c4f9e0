"""Keys: each does what the help sheet says, and only a long hold ends the wall."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.catalogues import ZH
from tests.support.reducing import claim, passed, step
from tests.support.sites import alarmed, site, toured
from wallctl.model.operator.feedback import ERROR_NS, Feedback
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.key_names import normal_key_name
from wallctl.model.operator.key_presses import HOLD_NS, KeyboardState, pass_time, press_key
from wallctl.model.operator.key_table import bind_built_in
from wallctl.model.operator.keymap import KeyMap, pictures_moved, revision
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.state.state import WallState, initial
from wallctl.model.wall.state.zoom import NOTCH

SITE = site(sources=14, screens=2)
DESK = KeyboardState(KeyMap.of(SITE))
STATE = initial(SITE)
MS = 1_000_000
QUIT_KEY = "Ctrl+Shift+Q"


def down(key: str, *, repeat: bool = False) -> KeyEvent:
    return KeyEvent("left", key, pressed=True, at_ns=0, repeat=repeat)


def up(key: str) -> KeyEvent:
    return KeyEvent("left", key, pressed=False, at_ns=0)


def test_a_press_with_two_names_does_what_it_says_or_what_the_site_wants() -> None:
    """Shift and the key of 8 say ``*`` on many keyboards, and some sites bind ``Shift+8``."""
    star = KeyEvent("left", "Star", pressed=True, at_ns=0, also="Shift+8")
    desk, command, _ = press_key(DESK, star, STATE, ZH, 0)
    assert command is None
    assert desk.dialogue is not None
    own = KeyboardState(KeyMap.of(msgspec.structs.replace(SITE, hotkeys={"Shift+8": "layout 1x1"})))
    assert press_key(own, star, STATE, ZH, 0)[1] == c.SetLayout("1x1")
    unknown = KeyEvent("left", "Slash", pressed=True, at_ns=0, also="7")
    assert KeyMap.of(SITE).choose_name(unknown) == "Slash"
    named = KeyEvent("left", "Slash", pressed=True, at_ns=0, also="5")
    assert press_key(DESK, named, STATE, ZH, 0)[1] == c.SetLayout("1+5")


def command_of(
    key: str, state: WallState = STATE, desk: KeyboardState = DESK
) -> c.Change | c.Snapshot | None:
    return press_key(desk, down(key), state, ZH, 0)[1]


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("1", c.SetLayout("1x1")),
        ("5", c.SetLayout("1+5")),
        ("6", None),
        ("0", c.GoHome()),
        ("F2", c.ShowPreset("路口")),
        ("F3", None),
        ("Tab", c.Move(c.Direction.NEXT)),
        ("Shift+Tab", c.Move(c.Direction.PREVIOUS)),
        ("Left", c.Move(c.Direction.LEFT)),
        ("Right", c.Move(c.Direction.RIGHT)),
        ("Up", c.Move(c.Direction.UP)),
        ("Down", c.Move(c.Direction.DOWN)),
        ("PgUp", c.Page("previous")),
        ("PgDn", c.Page("next")),
        ("Enter", c.Enlarge()),
        ("Esc", c.Back()),
        ("F1", c.Help()),
        ("I", c.Info()),
        ("L", c.Lock()),
        ("S", c.Snapshot()),
    ],
)
def test_built_in_keys(key: str, command: c.Change | c.Snapshot | None) -> None:
    assert command_of(key) == command


def test_built_in_keys_are_named_as_presenters_name_them() -> None:
    assert [key for key in DESK.map.bindings if normal_key_name(key) != key] == []


def test_a_preset_keeps_the_key_of_its_file_when_others_come_and_go() -> None:
    none = bind_built_in((), {"a": "", "b": "", "c": ""})
    assert [none[key] for key in ("F2", "F3", "F4")] == [c.ShowPreset(name) for name in "abc"]
    given = {"a": "", "b": "F2", "c": "", "d": "Ctrl+1"}
    keys = bind_built_in((), given)
    assert [keys[key] for key in ("F2", "F3", "F4")] == [c.ShowPreset(name) for name in "bac"]
    assert keys["Ctrl+1"] == c.ShowPreset("d")
    fewer = bind_built_in((), {"b": "F2", "d": "Ctrl+1"})
    assert (fewer["F2"], fewer["Ctrl+1"]) == (keys["F2"], keys["Ctrl+1"])
    assert "F3" not in fewer


def test_a_mark_tells_whether_the_printed_card_is_old() -> None:
    again = KeyMap.of(SITE)
    assert revision(again.bindings) == revision(DESK.map.bindings)
    moved = KeyMap.of(msgspec.structs.replace(SITE, presets=SITE.presets[1:]))
    assert revision(moved.bindings) != revision(again.bindings)
    assert pictures_moved(again, again) == ()
    assert "F2" in pictures_moved(again, moved)
    more = KeyMap.of(msgspec.structs.replace(SITE, hotkeys={**SITE.hotkeys, "P": "home"}))
    assert pictures_moved(again, more) == (), "a key that is new moves none"


def test_space_begins_the_first_tour_where_none_runs() -> None:
    of = toured()
    desk = KeyboardState(KeyMap.of(of))
    assert command_of("Space", initial(of), desk) == c.SteerTour(c.TourTo.ON, of.tours[0].name)
    assert command_of("Space", STATE) == c.SteerTour(c.TourTo.RESUME), "a site without tours"


def test_enter_restores_what_is_enlarged() -> None:
    large = step(STATE, c.Enlarge(), SITE)
    assert command_of("Enter", large) == c.Restore("left")
    assert command_of("Enter", step(large, c.Restore("left"), SITE)) == c.Enlarge()


def test_space_pauses_the_tour_and_lets_it_go_on() -> None:
    of = toured()
    desk = KeyboardState(KeyMap.of(of))
    pause, go_on = c.SteerTour(c.TourTo.PAUSE), c.SteerTour(c.TourTo.RESUME)
    state = step(initial(of), c.SteerTour(None, "左轮"), of)
    assert command_of("Space", state, desk) == pause
    paused = step(state, pause, of)
    assert command_of("Space", paused, desk) == go_on
    taken = passed(step(state, c.SetLayout("1x1"), of), 1, of)
    assert command_of("Space", taken, desk) == go_on


def test_escape_closes_the_help_before_it_goes_back() -> None:
    helped = step(STATE, c.Help(True), SITE)
    assert command_of("Esc", helped) == c.Help(False)


def test_escape_ends_what_is_told_on_the_selected_screen_for_some_time() -> None:
    told = step(STATE, c.Identify(), SITE, claim(Role.REMOTE))
    end = command_of("Esc", told)
    assert end == c.Identify("left", 0)
    assert command_of("Esc", step(told, c.Identify("left", 0), SITE)) == c.Back()
    assert command_of("Esc", step(STATE, c.Info(), SITE)) == c.Back()


def test_escape_undoes_nothing_below_an_alarm_and_says_what_is_wanted_first() -> None:
    of = alarmed()
    desk = KeyboardState(KeyMap.of(of))
    changed = step(initial(of), c.SetLayout("2x2"), of)
    rung = step(changed, c.RaiseAlarm("火警"), of, claim(Role.REMOTE))
    told = press_key(desk, down("Esc"), rung, ZH, 0)
    assert told == (desk, None, Feedback("按 A 确认", for_ns=ERROR_NS))
    assert command_of("Esc", step(rung, c.Help(True), of), desk) == c.Help(False)
    elsewhere = step(rung, c.Select(c.TileRef(1, "right")), of)
    assert command_of("Esc", elsewhere, desk) == c.Back()
    assert command_of("Esc", step(rung, c.Acknowledge(), of), desk) == c.Back()
    keyless = KeyboardState(KeyMap.of(msgspec.structs.replace(of, hotkeys={"A": "info"})))
    assert command_of("Esc", rung, keyless) == c.Back()


def test_arrows_look_around_in_a_zoomed_picture_that_fills_the_screen() -> None:
    seen = step(STATE, c.SetZoom(2), SITE)
    assert command_of("Right", seen) == c.Move(c.Direction.RIGHT), "beside it are others"
    large = step(seen, c.Enlarge(), SITE)
    right = command_of("Right", large)
    assert right == c.SetZoom(2, None, 0.625, 0.5)
    assert command_of("Down", large) == c.SetZoom(2, None, 0.5, 0.625)
    assert isinstance(right, c.SetZoom)
    edge = step(step(large, right, SITE), c.SetZoom(2, None, 0.75, 0.5), SITE)
    assert command_of("Right", edge) == c.Move(c.Direction.RIGHT), "there is no more of it"
    assert command_of("Tab", large) == c.Move(c.Direction.NEXT)


def test_plus_and_minus_zoom_the_selected_tile_and_escape_shows_all_of_it() -> None:
    closer = command_of("Plus")
    assert closer == c.SetZoom(NOTCH)
    assert isinstance(closer, c.SetZoom)
    near = step(STATE, closer, SITE)
    assert command_of("Esc", near) == c.SetZoom(1)
    assert command_of("Minus", near) == c.SetZoom(1)
    assert command_of("Minus") == c.SetZoom(1)
    assert command_of("Esc", step(near, c.Select(c.TileRef(2)), SITE)) == c.Back()
    assert command_of("Esc", step(near, c.Help(True), SITE)) == c.Help(False)


def test_the_sites_own_keys_come_first() -> None:
    own = msgspec.structs.replace(SITE, hotkeys={"1": "show 7 3", "Ctrl+B": "blank"})
    desk = KeyboardState(KeyMap.of(own))
    assert command_of("1", desk=desk) == c.Show("7", c.TileRef(3))
    assert command_of("Ctrl+B", desk=desk) == c.Blank()
    assert command_of("2", desk=desk) == c.SetLayout("2x2")


def test_a_key_that_only_asks_is_refused() -> None:
    with pytest.raises(c.CommandError, match="status"):
        KeyMap.of(msgspec.structs.replace(SITE, hotkeys={"S": "status"}))


def test_presets_end_at_f12_and_layouts_at_9() -> None:
    presets = tuple(msgspec.structs.replace(SITE.presets[0], name=f"p{i}") for i in range(20))
    many = msgspec.structs.replace(SITE, presets=presets, layout_keys=SITE.layout_keys * 3)
    bound = KeyMap.of(many).bindings
    assert "F12" in bound
    assert "F13" not in bound
    assert "10" not in bound


def test_an_unused_key_says_so() -> None:
    desk, command, unused = press_key(DESK, down("F9"), STATE, ZH, 0)
    assert (desk, command) == (DESK, None)
    assert unused is not None
    assert "F9" in unused.words


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab", "Left", "PgDn", "PgUp"])
def test_moving_and_paging_go_on_while_a_key_repeats(key: str) -> None:
    assert press_key(DESK, down(key, repeat=True), STATE, ZH, 0)[1] == command_of(key)


@pytest.mark.parametrize("key", ["1", "0", "F2", "Enter", "Esc", "F1", "F9", QUIT_KEY])
def test_other_keys_do_nothing_while_they_repeat(key: str) -> None:
    assert press_key(DESK, down(key, repeat=True), STATE, ZH, 0) == (DESK, None, None)


def test_a_release_does_nothing() -> None:
    assert press_key(DESK, up("1"), STATE, ZH, 0) == (DESK, None, None)


def test_quitting_takes_a_hold_of_two_seconds_and_happens_once() -> None:
    desk, command, words = press_key(DESK, down(QUIT_KEY), STATE, ZH, 5)
    assert (command, words) == (None, None)  # the countdown tells
    assert pass_time(desk, 5 + HOLD_NS // 4)[1:] == (None, 0.25)
    desk, command, _ = press_key(desk, down(QUIT_KEY, repeat=True), STATE, ZH, 5 + HOLD_NS // 2)
    assert command is None
    desk, command, progress = pass_time(desk, 5 + HOLD_NS)
    assert (command, progress) == (c.Quit(), 1.0)
    desk, command, _ = press_key(desk, down(QUIT_KEY, repeat=True), STATE, ZH, 6 + HOLD_NS)
    assert pass_time(desk, 10 * HOLD_NS)[1:] == (None, 0.0)


@pytest.mark.parametrize(
    "other", [up(QUIT_KEY), up("Ctrl+Q"), down("1"), down("Tab"), down("F9"), down("Shift+Q")]
)
def test_a_release_or_another_key_cancels_the_hold(other: KeyEvent) -> None:
    desk, _, _ = press_key(DESK, down(QUIT_KEY), STATE, ZH, 0)
    desk, command, _ = press_key(desk, other, STATE, ZH, HOLD_NS // 2)
    assert command == (command_of(other.key) if other.pressed else None)
    assert pass_time(desk, 2 * HOLD_NS)[1:] == (None, 0.0)


def test_a_site_may_put_quitting_on_another_key_but_it_is_held_all_the_same() -> None:
    desk = KeyboardState(KeyMap.of(msgspec.structs.replace(SITE, hotkeys={"F12": "quit"})))
    held, command, _ = press_key(desk, down("F12"), STATE, ZH, 0)
    assert command is None
    assert pass_time(held, HOLD_NS)[1] == c.Quit()


EVENTS = st.builds(
    KeyEvent,
    st.just("left"),
    st.sampled_from([*DESK.map.bindings, "F9", "X"]),
    st.booleans(),
    st.just(0),
    st.booleans(),
)


@given(st.lists(st.tuples(EVENTS, st.integers(0, 900 * MS)), max_size=40))
def test_no_typing_quits_without_the_hold(typed: list[tuple[KeyEvent, int]]) -> None:
    desk, now_ns, since_ns = DESK, 0, None
    for event, pause_ns in typed:
        now_ns += pause_ns
        desk, command, progress = pass_time(desk, now_ns)
        assert 0 <= progress <= 1
        if command is not None:
            assert since_ns is not None
            assert now_ns - since_ns >= HOLD_NS
        desk, done, _ = press_key(desk, event, STATE, ZH, now_ns)
        assert not isinstance(done, c.Quit)
        if event.key == QUIT_KEY and event.pressed and not event.repeat:
            since_ns = now_ns
