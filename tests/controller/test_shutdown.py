"""How a wall ends, and what of it can't be shown."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.support.controller_harness import LEFT, RIGHT, Office
from tests.support.fakes import MS, SECOND
from wallctl.controller.display_loss import FAREWELL_NS, DisplayLoss
from wallctl.controller.final_report import FinalReport
from wallctl.controller.shutdown import FINISH_NS, SAVE_NS, Shutdown
from wallctl.display.messages import Figures, Finish
from wallctl.model.operator.monitor_state import MonitorState
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.state import initial
from wallctl.node.failed_displays import TRIES, FailedDisplays
from wallctl.node.messages import NodeReport

FIGURES = Figures(50.0, 100, 0, 0, 0, 1, ())
WHY = "No X display answers"


class Last:
    """A wall in its last hour."""

    def __init__(self) -> None:
        self.office = Office()
        self.office.open()
        self.state = initial(self.office.setup.site)
        self.reports: list[NodeReport] = []
        self.ending = self.made(None, None)
        self.windowless = FailedDisplays(self.office.presenters, self.reports.append)
        self.lost = DisplayLoss(self.ending, screens=2)

    def made(self, seconds: float | None, report: Path | None) -> Shutdown:
        setup, screens = self.office.wall_setup, self.office.screens
        setup.options = replace(setup.options, seconds=seconds, report=report)
        return Shutdown(setup, screens.facts, FinalReport(()), screens.order)

    def lacks(self, screen: str, why: str = WHY, later_ns: int = 0) -> None:
        """A presenter says why it can't show anything."""
        self.windowless.lacks(screen, why)
        self.hear(later_ns)

    def died(self, screen: str) -> None:
        """A presenter is gone."""
        self.windowless.died(screen)
        self.hear()

    def shows(self, screen: str) -> None:
        """A presenter shows its screen."""
        self.windowless.shows(screen)
        self.reports.append(NodeReport(figures={screen: FIGURES}))
        self.hear()

    def hear(self, later_ns: int = 0) -> None:
        """The wall's side hears all that was reported."""
        for report in [*self.office.take_reports(), *self.reports]:
            self.office.screens.hear(report)
            self.lost.hear(report, self.now_ns + later_ns)
        self.reports.clear()

    @property
    def now_ns(self) -> int:
        return self.office.clock.now_ns

    def figures(self, *, last: bool) -> None:
        """All presenters tell their figures."""
        for name in (LEFT, RIGHT):
            screen = name.partition(":")[2]
            self.office.presenters.hear(screen, replace(FIGURES, last=last), self.now_ns)
        self.hear()

    def end(self) -> bool:
        """A person wants the wall to end; whether it is about to."""
        self.ending.end_soon()
        return self.ending.is_due(self.state, self.now_ns)


@pytest.fixture
def last() -> Iterator[Last]:
    wall = Last()
    yield wall
    wall.office.close()


def test_a_wall_ends_when_it_was_to_or_is_told_to(last: Last) -> None:
    assert not last.ending.is_due(last.state, last.now_ns)
    timed = last.made(5.0, None)
    began_ns = last.office.setup.began_ns
    assert not timed.is_due(last.state, began_ns + 4 * SECOND)
    assert timed.is_due(last.state, began_ns + 5 * SECOND)
    assert last.end()
    assert last.made(None, None).is_due(replace(last.state, ending=True), last.now_ns)
    failed = last.made(None, None)
    failed.fail()
    assert failed.is_due(last.state, last.now_ns)


def test_presenters_are_told_once_and_their_last_figures_are_waited_for(last: Last) -> None:
    assert last.end()
    for name in (LEFT, RIGHT):
        assert [one for one in last.office.root.told(name) if isinstance(one, Finish)]
    assert last.ending.is_due(last.state, last.now_ns)
    assert not [one for one in last.office.root.told(LEFT) if isinstance(one, Finish)]
    last.figures(last=False)
    assert not last.ending.is_done(last.now_ns, saved=True)
    last.figures(last=True)
    assert last.ending.is_done(last.now_ns, saved=True)


def test_a_presenter_that_says_nothing_does_not_hold_the_end_up(last: Last) -> None:
    assert last.end()
    assert not last.ending.is_done(last.now_ns + FINISH_NS, saved=True)
    assert last.ending.is_done(last.now_ns + FINISH_NS + MS, saved=True)


def test_a_slow_disk_is_waited_for_longer_since_it_keeps_what_is_hidden(last: Last) -> None:
    assert last.end()
    last.figures(last=True)
    for waited_ns in (FINISH_NS + MS, SAVE_NS):
        assert not last.ending.is_done(last.now_ns + waited_ns, saved=False)
    assert last.ending.is_done(last.now_ns + SAVE_NS + MS, saved=False)


def test_the_report_is_written_or_the_code_says_that_it_is_not(last: Last, tmp_path: Path) -> None:
    last.figures(last=True)
    site = last.office.setup.site
    scene = resolve(initial(site), site)
    good, bad = (last.made(None, tmp_path / name) for name in ("report.json", "no/report.json"))
    last.made(None, tmp_path / "report.json")
    good.report(scene, [])
    assert json.loads((tmp_path / "report.json").read_text())
    last.made(None, tmp_path / "no/report.json")
    bad.report(scene, [])
    assert (good.code, bad.code) == (0, 1)


def test_a_screen_that_never_had_a_window_ends_the_wall_with_its_reason(
    last: Last, caplog: pytest.LogCaptureFixture
) -> None:
    last.lacks("left")
    assert last.ending.code == 1
    assert f"screen left: {WHY}" in caplog.messages


def test_one_that_had_a_window_waits_for_it(last: Last, caplog: pytest.LogCaptureFixture) -> None:
    last.figures(last=False)
    for _ in range(20):
        last.lacks("left")
        last.died("left")
    assert last.ending.code == 0
    assert last.office.screens.facts.figures["left"].monitor.state is MonitorState.ABSENT
    assert "Error" not in caplog.text


@pytest.mark.parametrize("shown", [True, False])
def test_a_presenter_that_fails_as_it_begins_is_no_loop_in_silence(
    last: Last, caplog: pytest.LogCaptureFixture, shown: bool
) -> None:
    if shown:
        last.figures(last=False)
    for _ in range(TRIES - 1):
        last.died("left")
    assert last.ending.code == 0
    last.shows("left")  # it came up after all
    for _ in range(TRIES - 1):
        last.died("left")
    assert last.ending.code == 0
    last.died("left")
    assert last.ending.code == (0 if shown else 1)
    assert ("fails again and again" in caplog.text) is not shown


def test_a_display_that_goes_right_after_a_hang_up_ends_the_wall(last: Last) -> None:
    last.figures(last=False)
    last.lacks("left")
    last.lacks("right")
    assert not last.ending.is_due(last.state, last.now_ns)  # it may come back
    last.shows("left")
    last.shows("right")
    last.lost.hung_up(last.now_ns)
    last.lacks("left", later_ns=SECOND)
    assert not last.ending.is_due(last.state, last.now_ns)  # one screen is there
    last.lacks("right", later_ns=SECOND)
    assert last.ending.is_due(last.state, last.now_ns)
    assert last.ending.code == 0


def test_a_display_that_goes_long_after_a_hang_up_is_waited_for(last: Last) -> None:
    last.figures(last=False)
    last.lost.hung_up(last.now_ns)
    for screen in ("left", "right"):
        last.lacks(screen, later_ns=FAREWELL_NS)
    assert not last.ending.is_due(last.state, last.now_ns)


def test_the_next_controller_ends_no_wall_whose_display_is_gone(last: Last) -> None:
    """It has not seen what the screens have shown."""
    last.lost = DisplayLoss(last.ending, screens=2, is_first=False)
    for screen in ("left", "right"):
        last.lacks(screen, "no display")
    assert last.ending.code == 0
    assert not last.ending.is_due(last.state, last.now_ns)
