"""A site's files change while the wall runs: when they are looked at, and when they are read."""

from tests.support import site_reload_harness
from tests.support.fakes import MS
from tests.support.site_reload_harness import WATCHER, Bureau, quiet
from wallctl.controller.file_poll import Heed
from wallctl.controller.site_watcher import SLOW_NS
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.wall.commands import command as c
from wallctl.node.child_kinds import CHILD_KINDS, WATCHING, Seen

SILENT_NS = CHILD_KINDS[WATCHING].silent_ns or 0

bureau = site_reload_harness.bureau


def test_files_that_stay_as_they_are_are_read_once(bureau: Bureau) -> None:
    quiet(bureau)
    for _ in range(10):
        bureau.pass_time()
    assert len(bureau.readers()) == 1
    assert bureau.reload.adopted == b""
    assert bureau.furnished() == []


def test_a_changed_file_is_read_when_it_stands_still(bureau: Bureau) -> None:
    quiet(bureau)
    for half in ("schema = 1", "schema = 1\nname", bureau.text):
        bureau.file.write_text(half)
        bureau.pass_time()
        assert len(bureau.readers()) == 1
    bureau.pass_time(100)
    assert len(bureau.readers()) == 1
    bureau.pass_time()
    assert len(bureau.readers()) == 2
    bureau.read()
    assert bureau.requests.findings == ()


def test_what_changes_while_it_is_read_is_read_again(bureau: Bureau) -> None:
    quiet(bureau)
    bureau.write("192.0.2.1", "192.0.2.91")
    bureau.pass_time()
    bureau.pass_time()
    bureau.read()
    bureau.write("192.0.2.2", "192.0.2.92")
    bureau.pass_time()
    bureau.pass_time()
    assert len(bureau.readers()) == 3


def test_who_asks_while_files_are_read_has_them_read_again(bureau: Bureau) -> None:
    bureau.ask(c.Reload())
    bureau.readers()
    bureau.ask(c.Reload())
    bureau.write("192.0.2.1/", "192.0.2.91/")
    bureau.read()
    assert len(bureau.readers()) == 2
    bureau.read()
    names = [reply[0] for reply in (bureau.reply(), bureau.reply()) if reply is not None]
    assert names == ["1", "2"]


def test_a_hang_up_has_them_read_at_once_and_again_if_they_are_being_read(bureau: Bureau) -> None:
    before = len(bureau.readers())
    bureau.write("192.0.2.1/", "192.0.2.9/")
    bureau.reload.begin(bureau.office.clock.now_ns)
    assert len(bureau.readers()) == before + 1
    bureau.reload.begin(bureau.office.clock.now_ns)
    assert len(bureau.readers()) == before + 1
    bureau.read()
    assert len(bureau.readers()) == before + 2
    bureau.read()
    assert len(bureau.readers()) == before + 2
    assert bureau.office.setup.site.sources[0].streams[0].url == "rtsp://192.0.2.9/main"


def test_a_reader_that_dies_or_hangs_is_answered_for(bureau: Bureau) -> None:
    bureau.ask(c.Reload())
    bureau.end(bureau.readers()[-1])
    assert bureau.failure().code == "busy"
    bureau.ask(c.Reload())
    hangs = bureau.readers()[-1]
    bureau.pass_time(SLOW_NS // MS + 1)
    assert bureau.failure().code == "busy"
    bureau.office.turn()
    assert bureau.office.root.retired == [hangs]
    assert bureau.reread()["taken"]


def test_a_folder_that_does_not_answer_is_said_until_it_does(bureau: Bureau) -> None:
    quiet(bureau)
    bureau.office.turn(SILENT_NS // MS + 1)
    now_ns = bureau.office.clock.now_ns
    bureau.reload.refresh(now_ns)
    bureau.notices.refresh(now_ns)
    bureau.office.turn()
    assert [one.text for one in bureau.furnished()[-1].notices] == [Text.SITE_FOLDER_SILENT]
    assert str(bureau.file) in bureau.notices.told()[0]
    bureau.pass_time()
    assert bureau.notices.told() == []


def test_a_look_at_other_places_does_not_count(bureau: Bureau) -> None:
    quiet(bureau)
    bureau.office.root.told(WATCHER)
    for _ in range(3):
        bureau.reload.seen(Seen("others", "x"), bureau.office.clock.now_ns)
    assert len(bureau.readers()) == 1
    told = bureau.office.root.told(WATCHER)
    assert {type(one) for one in told} == {Heed}
