"""What people are told of processes that die over and over, and of what is not drawn."""

from msgspec.structs import replace

from tests.support.controller_harness import LEFT, Office
from tests.support.fakes import SECOND
from wallctl.controller.failing_processes import dying_status, tell_dying
from wallctl.controller.notices import Notices
from wallctl.display.messages import Figures, Furnish, Presented, Suspect
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.operator.notice import Notice
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.state import initial
from wallctl.node.messages import Dying, NumberedScene
from wallctl.supervisor.messages import Died
from wallctl.supervisor.restart_policy import FORGIVEN_NS

CAMERA = Dying("worker", "cam/main", 0, 4, "ended by SIGSEGV", 5.0)
INPUT = Dying("input", "http", 0, 3, "OSError: no port", 2.0)
FIGURES = Figures(50.0, 1, 0, 1, 0, 1, ())


def said(*dying: Dying, **figures: Figures) -> tuple[list[Notice], list[str]]:
    """What the screens show, and what status tells."""
    office = Office()
    try:
        office.open()
        notices = Notices(office.wall_setup, office.screens)
        office.root.told(LEFT)
        tell_dying(notices, dying, figures)
        notices.refresh(0)
        orders = [one for one in office.root.told(LEFT) if isinstance(one, Furnish)]
        return list(orders[-1].notices) if orders else [], notices.told()
    finally:
        office.close()


def test_nothing_is_said_where_nothing_dies() -> None:
    assert said(left=FIGURES) == ([], [])


def test_the_weightiest_is_said_on_the_wall_and_all_to_those_who_ask() -> None:
    shown, told = said(CAMERA, INPUT)
    assert shown == [Notice(Text.INPUT_DIES, "http")]
    assert "worker cam/main has died 4 times, at last because of: ended by SIGSEGV" in told[0]
    assert "OSError: no port" in told[0]


def test_several_of_a_kind_are_counted() -> None:
    shown, _ = said(CAMERA, replace(CAMERA, name="b"), replace(CAMERA, name="c"))
    assert shown == [Notice(Text.SOURCE_DIES, "cam/main +2")]


def test_a_screen_without_texts_and_one_with_a_part_left_out() -> None:
    plain, lacking = replace(FIGURES, is_plain=True), replace(FIGURES, left_out=("label ..",))
    shown, told = said(left=plain, right=lacking)
    assert shown == [Notice(Text.SCREEN_DIES, "left"), Notice(Text.LEFT_OUT, "right")]
    assert told[1].endswith("right: label ..")


def test_status_tells_since_when_and_why() -> None:
    (one,) = dying_status([INPUT])
    assert (one.process, one.name, one.why, one.deaths) == ("input", "http", "OSError: no port", 3)
    assert one.since == "1970-01-01T00:00:00+00:00"


def test_a_child_keeps_dying_until_it_has_lived_for_a_while() -> None:
    office = Office()
    office.open()
    why = "RuntimeError: rtsp://wall:secret@cam/ is broken"
    pid = office.crew.members[LEFT].pid
    for _ in range(2):
        office.root.say(Died(LEFT, pid, 70, 0.0, 0.5, why, keeps_dying=True))
        office.turn()
    (dying,) = office.crew.dying(office.clock.now_ns)
    assert (dying.kind, dying.name, dying.deaths) == ("presenter", "left", 2)
    assert "secret" not in dying.why
    assert office.crew.is_dying(LEFT)
    office.root.bury(LEFT)
    office.root.bear(LEFT)
    office.turn()
    assert office.crew.dying(office.clock.now_ns)
    assert office.crew.dying(office.clock.now_ns + FORGIVEN_NS + SECOND) == []
    office.close()


def test_the_next_presenter_hears_which_texts_had_never_been_shown() -> None:
    office = Office()
    office.open()
    presenters = office.presenters
    scene = resolve(initial(office.setup.site), office.setup.site)
    for number, reason in ((1, "old"), (2, "new")):
        reasoned = (replace(scene[0], reason=reason), *scene[1:])
        presenters.prepare(NumberedScene(number, reasoned, frozenset()), 0)
        if reason == "old":
            presenters.hear("left", replace(FIGURES, version=number), 0)
            presenters.hear("left", Presented(number, 0, ()), 0)
    office.root.told(LEFT)
    presenters.died("left", keeps_dying=True)
    presenters.born("left", 0)
    assert office.root.told(LEFT)[0] == Suspect(frozenset({"new"}))
    presenters.died("left", keeps_dying=False)
    presenters.born("left", 0)
    assert not any(isinstance(one, Suspect) for one in office.root.told(LEFT))
    office.close()
