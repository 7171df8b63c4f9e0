"""The state on disk: kept at once and again, and what is wrong with it is said on the screens."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tests.support.controller_harness import LEFT, Office, small_site
from tests.support.fakes import MS
from tests.support.reducing import claim, step
from wallctl.api.endpoint import ControlError
from wallctl.config.change_detector import fingerprint
from wallctl.controller.file_poll import named
from wallctl.controller.notices import Notices
from wallctl.controller.state_file_watch import ODD_LOOKS
from wallctl.controller.state_store import (
    BUSY_NS,
    RETRY_NS,
    SAID_NS,
    SLOW_NS,
    STATE_LOOKS,
    Order,
    StateStore,
    first_state,
    store,
)
from wallctl.display.messages import Furnish
from wallctl.model.base.os_access_error import Obstacle
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.operator.notice import Notice
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.blanking import Blanked, Target
from wallctl.model.wall.state.screen_state import Selection
from wallctl.model.wall.state.state import WallState, initial, lasting
from wallctl.node.child_kinds import Seen, Stored
from wallctl.storage.state_file import Fate, Kept, KeptFor, copy_of, read_kept
from wallctl.storage.state_location import StatePlace

SITE = small_site()
HOME = initial(SITE)
HIDDEN = step(HOME, c.Blank(source="1"), SITE, claim())
SAVING = "saving:state"


class Keeper:
    """The part of a controller that keeps the state, on invented time and a real folder."""

    def __init__(self, folder: Path, begins: Kept = Kept(Fate.NONE), taken_from: str = "") -> None:  # noqa: B008
        self.file = folder / "kept" / "state.json"
        self.office = Office(SITE)
        place = StatePlace(self.file, KeptFor("街道中心"), begins, taken_from)
        self.office.setup.options = replace(self.office.setup.options, state=place)
        self.notices = Notices(self.office.wall_setup, self.office.screens)
        self.keeping = StateStore(self.office.setup, self.office.crew, self.notices)
        self.office.open()

    def look(self, state: WallState, ms: int = 1, *, busy: bool = False) -> Order | None:
        """A turn of the controller; what a child is given to keep."""
        self.office.turn(ms)
        self._look_at_files()
        now_ns = self.office.clock.now_ns
        self.keeping.look(state, now_ns, busy=busy)
        self.notices.refresh(now_ns)
        self.office.turn()
        spawned = self.office.root.spawned.pop(SAVING, None)
        return None if spawned is None else msgspec.msgpack.decode(spawned.args, type=Order)

    def _look_at_files(self) -> None:
        """The child that looks does so, as often as it takes."""
        places = (str(self.file), str(copy_of(self.file)))
        seen = Seen(named(places), fingerprint(places))
        for _ in range(ODD_LOOKS if STATE_LOOKS in self.office.root.children else 0):
            self.office.root.says(STATE_LOOKS, seen)
            self.keeping.seen(seen)
        self.office.turn(0)

    def ends(self, told: Stored | None) -> None:
        """The child has said what came of it, if it could, and is gone."""
        if told is not None:
            self.keeping.hear(told)
        self.office.root.bury(SAVING, code=0)
        self.office.turn()
        self.keeping.died()

    def keeps(self, state: WallState, ms: int = 1) -> bool:
        """Whether a child was given something to keep; it does."""
        order = self.look(state, ms)
        if order is not None:
            self.ends(store(order))
        return order is not None

    def said(self) -> list[Notice]:
        """What a screen was told last to say."""
        told = [one for one in self.office.root.told(LEFT) if isinstance(one, Furnish)]
        return list(told[-1].notices) if told else []


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    keeper = Keeper(tmp_path)
    yield keeper
    keeper.office.close()


def test_a_state_is_kept_at_the_start_and_whenever_it_changes(keeper: Keeper) -> None:
    assert keeper.keeps(HOME)
    kept = read_kept(keeper.file)
    assert (kept.state, kept.of) == (lasting(HOME), KeptFor(SITE.name))
    assert not keeper.keeps(HOME)
    assert not keeper.keeps(replace(HOME, help_shown=True)), "that is not kept"
    assert keeper.keeps(HIDDEN)
    assert read_kept(keeper.file).state == lasting(HIDDEN)
    assert keeper.keeping.is_done
    assert keeper.said() == []


def test_what_changes_while_a_child_writes_is_kept_after_it(keeper: Keeper) -> None:
    order = keeper.look(HOME)
    assert order is not None
    assert keeper.look(HIDDEN) is None
    assert not keeper.keeping.is_done
    keeper.ends(store(order))
    assert not keeper.keeping.is_done, "the wall must not end now"
    assert keeper.keeps(HIDDEN)
    assert keeper.keeping.is_done


def test_what_can_not_be_kept_is_said_and_tried_again(keeper: Keeper) -> None:
    keeper.file.parent.write_text("")
    assert keeper.keeps(HOME)
    assert keeper.look(HOME) is None
    [notice] = keeper.said()
    assert (notice.text, notice.obstacle) == (Text.STATE_NOT_KEPT, Obstacle.MISSING)
    assert str(keeper.file) in keeper.notices.told()[0]
    assert keeper.keeping.is_done, "a wall may end all the same"
    assert keeper.keeps(HIDDEN), "a change is tried at once"
    assert not keeper.keeps(HIDDEN)
    keeper.file.parent.unlink()
    assert keeper.keeps(HIDDEN, RETRY_NS // MS)
    keeper.look(HIDDEN)
    assert (keeper.said(), keeper.notices.told()) == ([], [])
    assert read_kept(keeper.file).state == lasting(HIDDEN)


def test_a_child_that_dies_without_a_word_has_kept_nothing(keeper: Keeper) -> None:
    assert keeper.look(HOME) is not None
    keeper.ends(None)
    keeper.look(HOME)
    assert [one.text for one in keeper.said()] == [Text.STATE_NOT_KEPT]
    assert keeper.keeps(HOME, RETRY_NS // MS)


def test_what_a_child_writes_now_was_changed_by_nobody_else(
    keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    assert keeper.keeps(HOME)
    order = keeper.look(HIDDEN)
    assert order is not None
    told = store(order)
    assert keeper.look(HIDDEN) is None
    keeper.ends(told)
    assert not keeper.keeps(HIDDEN)
    assert caplog.text == ""


@pytest.mark.parametrize("swept", ["file", "copy", "folder", "emptied"])
def test_what_is_swept_away_is_kept_again(keeper: Keeper, swept: str) -> None:
    keeper.keeps(HIDDEN)
    match swept:
        case "file":
            keeper.file.unlink()
        case "copy":
            copy_of(keeper.file).unlink()
        case "folder":
            shutil.rmtree(keeper.file.parent)
        case _:
            keeper.file.write_bytes(b"")
    assert keeper.keeps(HIDDEN, RETRY_NS // MS)
    assert read_kept(keeper.file).fate is Fate.WHOLE
    assert copy_of(keeper.file).exists()


@pytest.mark.parametrize(
    ("fate", "text"),
    [
        (Fate.NONE, Text.STATE_NONE),
        (Fate.REPAIRED, Text.STATE_REPAIRED),
        (Fate.HIDDEN_ONLY, Text.STATE_HIDDEN_ONLY),
        (Fate.UNUSABLE, Text.STATE_UNUSABLE),
        (Fate.WHOLE, None),
    ],
)
def test_what_a_wall_begins_with_is_said_for_a_minute_and_told_for_longer(
    fate: Fate, text: Text | None, tmp_path: Path
) -> None:
    keeper = Keeper(tmp_path, Kept(fate, HOME if fate is Fate.WHOLE else None, why="worn out"))
    keeper.keeping.begin(keeper.office.clock.now_ns)
    keeper.keeps(HOME)
    assert [one.text for one in keeper.said()] == ([text] if text else [])
    keeper.look(HOME, SAID_NS // MS + 1)
    assert keeper.said() == []
    is_told = text not in (None, Text.STATE_NONE)  # now there is a state
    assert len(keeper.notices.told()) == is_told
    keeper.office.close()


def test_a_look_from_before_the_state_was_kept_does_not_count(keeper: Keeper) -> None:
    places = (str(keeper.file), str(copy_of(keeper.file)))
    before = Seen(named(places), fingerprint(places))
    assert keeper.keeps(HOME)
    keeper.keeping.seen(before)
    keeper.keeping.seen(Seen("of other places", ""))
    assert not keeper.keeps(HOME)


def test_a_disk_that_does_not_answer_is_said_until_it_does(keeper: Keeper) -> None:
    order = keeper.look(HOME)
    assert order is not None
    assert keeper.look(HOME, SLOW_NS // MS + 1) is None, "one child at a time"
    assert keeper.said() == [Notice(Text.STATE_NOT_KEPT, obstacle=Obstacle.SILENT)]
    keeper.ends(store(order))
    keeper.look(HOME)
    assert keeper.said() == []


def test_that_it_is_the_state_of_another_wall_is_said(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, Kept(Fate.WHOLE, HOME), "/srv/a/site.toml")
    keeper.keeping.begin(keeper.office.clock.now_ns)
    keeper.look(HOME)
    assert keeper.said() == [Notice(Text.STATE_OF_ANOTHER, "/srv/a/site.toml")]
    keeper.office.close()


def test_a_wall_begins_as_closed_as_what_is_known_of_it(tmp_path: Path) -> None:
    def begun(begins: Kept) -> WallState:
        keeper = Keeper(tmp_path, begins)
        keeper.office.close()
        return first_state(keeper.office.setup)

    assert begun(Kept(Fate.NONE)) == HOME
    assert begun(Kept(Fate.WHOLE, HIDDEN)).blanked == HIDDEN.blanked
    bare = WallState({}, Selection("", 0), blanked=HIDDEN.blanked)
    partly = begun(Kept(Fate.HIDDEN_ONLY, bare))
    assert (partly.blanked, partly.base) == (HIDDEN.blanked, HOME.base)
    unknown = begun(Kept(Fate.UNUSABLE))
    assert all(one.blanked and one.reason for one in resolve(unknown, SITE))


def test_what_is_hidden_and_not_in_the_site_is_said_until_it_is_lifted(keeper: Keeper) -> None:
    gone = replace(HOME, blanked=(Blanked(Target(source="后门"), Role.OFFICER),))
    keeper.look(gone)
    assert keeper.said() == [Notice(Text.HIDDEN_IS_GONE, "后门")]
    keeper.look(HOME)
    assert keeper.said() == []


def test_that_nobody_can_call_is_said_and_logged_once(
    keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        keeper.notices.calls(ControlError("the folder /run/x can't be made", Obstacle.FORBIDDEN))
    keeper.look(HOME)
    assert keeper.said() == [Notice(Text.NO_COMMANDS, obstacle=Obstacle.FORBIDDEN)]
    assert keeper.notices.told()[0].endswith("the folder /run/x can't be made")
    assert len(caplog.messages) == 1
    keeper.notices.calls(None)
    keeper.look(HOME)
    assert keeper.notices.told() == []
    assert len(caplog.messages) == 2


def test_the_disk_waits_for_the_screens_but_not_for_long(keeper: Keeper) -> None:
    assert keeper.look(HOME, busy=True) is None
    order = keeper.look(HOME)
    assert order is not None
    keeper.ends(store(order))
    assert keeper.look(HIDDEN, busy=True) is None
    half_ms = BUSY_NS // 2_000_000
    assert keeper.look(HIDDEN, half_ms, busy=True) is None
    late = keeper.look(HIDDEN, half_ms + 1, busy=True)
    assert late is not None
    assert late.state.blanked


def test_a_wall_without_files_keeps_nothing(tmp_path: Path) -> None:
    office = Office(SITE)
    notices = Notices(office.wall_setup, office.screens)
    keeping = StateStore(office.setup, office.crew, notices)
    keeping.begin(0)
    keeping.look(HOME, 0)
    office.turn()
    assert keeping.is_done
    assert SAVING not in office.root.spawned
    assert first_state(office.setup) == HOME
    office.close()
