"""A site's files change while the wall runs: read when they should be, taken if they are sound."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.controller_harness import LEFT, RIGHT
from tests.support.fakes import MS
from tests.support.requests_harness import Counter
from tests.support.still_site_files import write_site
from wallctl.api.protocol import Answer
from wallctl.config.change_detector import fingerprint
from wallctl.config.site_file import load_site
from wallctl.controller.file_poll import SILENT_NS, Heed, named
from wallctl.controller.handover import WallMemory, adopted
from wallctl.controller.notices import Notices
from wallctl.controller.site_reader import Reading, Wanted, read_again
from wallctl.controller.site_reload import SiteReload
from wallctl.controller.site_watcher import SLOW_NS
from wallctl.display.messages import Furnish
from wallctl.model.base.geometry import Size
from wallctl.model.operator.catalogue import Text
from wallctl.model.wall.commands import command as c
from wallctl.node.child_kinds import READING, ReadAgain, Seen
from wallctl.node.node_side import Adopted
from wallctl.shm.arena import needed_bytes

WATCHER = "watching:site"
LOOK_NS = 1_000_000_000
SIZES = (Size(384, 216), Size(384, 216))
CAMERAS = {f"摄像机{n}": f"rtsp://192.0.2.{n}/main" for n in range(1, 5)}


class Bureau(Counter):
    """A counter whose site is in files; it reads them itself, where a wall has a child do it."""

    def __init__(self, folder: Path) -> None:
        (folder / "site").mkdir()
        self.file = write_site(folder / "site", CAMERAS, screens=SIZES)
        for file in (self.file, *self.file.parent.glob("presets/*")):
            file.write_text(file.read_text().replace('"s1"', '"left"').replace('"s2"', '"right"'))
        self.text = self.file.read_text()
        super().__init__(folder, load_site(self.file), self.file)
        office = self.office
        self.notices = Notices(office.wall_setup, office.screens)
        self.reload = SiteReload(
            self.setup,
            self.files,
            office.screens,
            self.requests,
            self.keyboard,
            self.notices,
        )
        self.heed: Heed | None = None
        self.all_present(1)

    def write(self, old: str, new: str) -> None:
        """Somebody changes the site file."""
        text = self.file.read_text()
        assert old in text
        self.file.write_text(text.replace(old, new))

    def readers(self) -> list[str]:
        """The children that read, in the order of their begin."""
        self.office.turn()
        return [name for name in self.office.root.spawned if name.startswith(READING)]

    def pass_time(self, ms: int = LOOK_NS // MS) -> None:
        self.office.turn(ms)
        if WATCHER in self.office.root.children and ms >= LOOK_NS // MS:
            self.look()
        self.reload.refresh(self.office.clock.now_ns)

    def look(self) -> None:
        """The child that looks does so once."""
        told = [one for one in self.office.root.told(WATCHER) if isinstance(one, Heed)]
        args = self.office.root.spawned[WATCHER].args
        self.heed = told[-1] if told else self.heed or msgspec.msgpack.decode(args, type=Heed)
        seen = Seen(named(self.heed.places), fingerprint(self.heed.places))
        self.office.root.says(WATCHER, seen)
        self.office.turn(0)
        self.reload.seen(seen, self.office.clock.now_ns)

    def read(self) -> Reading:
        """The newest child does its work and ends."""
        name = self.readers()[-1]
        args = self.office.root.spawned[name].args
        wanted = msgspec.msgpack.decode(args, type=Wanted)
        setup = self.office.setup
        started, size = setup.options.site, self.office.arena.size
        found = read_again(self.file, wanted.places, setup.options.group, started, size)
        content = msgspec.msgpack.encode(found)
        fd = os.memfd_create("reading")
        os.write(fd, content)
        now_ns = self.office.clock.now_ns
        self.reload.hear(name, ReadAgain(len(content)), fd, now_ns)
        self.turn(0)
        for number, taken in self.site_answers:
            self.reload.answered(number, taken, self.office.clock.now_ns)
        self.site_answers.clear()
        self.end(name)
        return found

    def end(self, name: str) -> None:
        """A child is gone."""
        self.office.root.bury(name, code=0)
        self.office.turn()
        self.reload.died(name, self.office.clock.now_ns)
        self.office.turn()

    def reread(self) -> dict[str, Any]:
        """What the command ``reload`` is answered with."""
        name = self.ask(c.Reload())
        self.read()
        replied = self.reply()
        assert replied is not None
        assert replied[0] == name
        assert isinstance(replied[1], Answer)
        answer: dict[str, Any] = msgspec.to_builtins(replied[1].result)
        return answer

    def faults(self, name: str = LEFT) -> list[str | None]:
        """What a presenter was told since the last look of where the files have a mistake."""
        told = [one.notices for one in self.furnished(name)]
        assert {one.text for some in told for one in some} <= {Text.SITE_FILE_FAULT}
        return [some[0].place if some else None for some in told]

    def furnished(self, name: str = LEFT) -> list[Furnish]:
        """What a presenter was told beside scenes since the last look."""
        return [one for one in self.office.root.told(name) if isinstance(one, Furnish)]


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    bureau = Bureau(tmp_path)
    yield bureau
    bureau.close()


def quiet(bureau: Bureau) -> None:
    """The files are read once at the start, to find what has changed since the wall began."""
    bureau.pass_time(1)
    bureau.office.turn()
    bureau.pass_time()
    assert bureau.readers() == []
    bureau.pass_time()
    bureau.read()
    assert len(bureau.readers()) == 1


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


@pytest.mark.parametrize("what", ["site.toml", "presets", "."])
def test_a_file_that_others_may_write_is_not_taken(
    bureau: Bureau, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    quiet(bureau)
    bureau.write("192.0.2.1/", "192.0.2.91/")
    given = bureau.file.parent / what
    mode = given.stat().st_mode & 0o777
    given.chmod(mode | 0o022)
    answer = bureau.reread()
    assert not answer["taken"]
    assert [one for one in answer["findings"] if f"chmod go-w {given}" in one]
    assert "192.0.2.1/" in bureau.office.setup.site.sources[0].streams[0].url
    assert bureau.faults() == [{".": "site/"}.get(what, what)]
    given.chmod(mode)
    assert bureau.reread()["taken"]
    assert "192.0.2.91/" in bureau.office.setup.site.sources[0].streams[0].url
    assert bureau.faults()[-1] is None
    assert "the site's files are fine again" in caplog.messages
    bureau.reread()
    assert caplog.text.count("fine again") == 1


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


def test_a_sound_file_takes_the_place_of_the_old_one(bureau: Bureau) -> None:
    before = bureau.requests.state
    bureau.write("192.0.2.1/", "192.0.2.91/")
    bureau.write('keys = ["1x1", ', "keys = [")
    (bureau.file.parent / "presets" / "c.toml").write_text(
        'schema = 1\n[[screens]]\nscreen = "left"\nlayout = "1x1"\ntiles = [1]\n'
    )
    told = bureau.reread()
    one = {"added": 0, "changed": 0, "removed": 0}
    assert told == {
        "taken": True,
        "changed": {
            "sources": one | {"changed": 1},
            "presets": one | {"added": 1},
            "keys": one | {"changed": 3, "removed": 1},
        },
        "findings": [],
    }
    assert bureau.event("files")["changed"] == told["changed"]
    assert bureau.requests.state.revision == before.revision + 1
    assert bureau.requests.state.base == before.base
    assert bureau.keyboard.map.bindings["1"] == c.SetLayout("2x2")
    assert [p["name"] for p in bureau.result(c.List())["presets"]] == ["a", "b", "c"]
    for page in bureau.furnished()[-1].help.values():
        assert "F4" in {entry.key for group in page.pictures for entry in group.entries}


def test_a_file_with_a_mistake_changes_nothing_and_is_told_of(bureau: Bureau) -> None:
    before, site = bureau.requests.state, bureau.office.setup.site
    bureau.write('"3x3"', '"3x9"')
    told = bureau.reread()
    [finding] = told["findings"]
    assert f"{bureau.file}:3: keys[3]" in finding
    assert (told["taken"], told["changed"]) == (False, {})
    assert bureau.result(c.Status())["findings"] == told["findings"]
    assert bureau.event("files")["findings"] == told["findings"]
    for name in (LEFT, RIGHT):
        assert bureau.faults(name) == ["site.toml:3"]
    assert (bureau.requests.state, bureau.office.setup.site) == (before, site)
    bureau.file.write_text(bureau.text)
    assert bureau.reread() == {"taken": True, "changed": {}, "findings": []}
    assert bureau.faults() == [None]
    assert bureau.event("files")["taken"]


def test_presenters_are_told_of_another_time_zone(bureau: Bureau) -> None:
    bureau.file.write_text('timezone = "Asia/Urumqi"\n' + bureau.text)
    assert bureau.reread()["taken"]
    assert bureau.furnished(RIGHT)[-1].timezone == "Asia/Urumqi"


def test_a_mistake_in_a_preset_is_where_it_is(bureau: Bureau) -> None:
    (bureau.file.parent / "presets" / "a.toml").write_text("schema = 1\nscreens = 3\n")
    assert not bureau.reread()["taken"]
    assert bureau.faults() == ["presets/a.toml:2"]


@pytest.mark.parametrize("gone", ["file", "folder"])
def test_a_site_that_vanishes_is_told_until_it_is_back(bureau: Bureau, gone: str) -> None:
    quiet(bureau)
    before = bureau.office.setup.site
    what = bureau.file if gone == "file" else bureau.file.parent
    away = what.with_name("away")
    for moved, faults in ((True, ["site.toml"]), (False, [None])):
        if moved:
            what.rename(away)
        else:
            away.rename(what)
        bureau.pass_time()
        bureau.pass_time()
        bureau.read()
        assert bureau.faults() == faults
        assert bureau.office.setup.site == before


def test_what_is_only_to_be_looked_at_is_taken(bureau: Bureau) -> None:
    bureau.write("[defaults]", '[credentials]\ncameras = "none.login.toml"\n[defaults]')
    told = bureau.reread()
    assert told["taken"]
    assert "warning: credentials.cameras" in told["findings"][0]
    assert bureau.faults() == [None]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("height = 216", "height = 108", ":7: screens[1]: found another size, place or output"),
        ('name = "left"', 'name = "links"', "screens[1].name: found another name or another order"),
        ("clock = false", 'clock = false\nfont = "site.toml"', "defaults.font: found another font"),
        ("[defaults]", '[decoding]\nhardware = "off"\n[defaults]', "decoding.hardware: found"),
    ],
)
def test_what_needs_a_new_start_says_so(bureau: Bureau, old: str, new: str, found: str) -> None:
    for file in bureau.file.parent.glob("presets/*"):
        file.unlink()
    bureau.file.write_text(bureau.text.partition("[[home]]")[0].replace(old, new, 1))
    told = bureau.reread()
    assert not told["taken"]
    [finding] = told["findings"]
    assert found in finding
    assert finding.endswith("expected what the wall was started with: restart it for this")


def test_more_streams_than_there_is_memory_for_need_a_new_start(bureau: Bureau) -> None:
    more = "\n".join(f'{name} = "rtsp://192.0.2.1/{name}"' for name in ("sub", "third"))
    started = bureau.office.setup.site
    bureau.write('main = "rtsp://192.0.2.1/main"', f'main = "rtsp://192.0.2.1/main"\n{more}')
    found = read_again(bureau.file, (), None, started, needed_bytes(SIZES, 2))
    assert found.site is None
    assert "sources: found sources of 3 streams, expected memory for" in str(found.findings[0])
    assert read_again(bureau.file, (), None, started, needed_bytes(SIZES, 3)).site is not None


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


def test_a_command_on_its_way_is_answered_when_it_is_seen(bureau: Bureau) -> None:
    asked = bureau.ask(c.SetLayout("1x1"))
    bureau.write('"3x3"', '"4x4"')
    bureau.ask(c.Reload())
    bureau.read()
    assert bureau.requests.state.screens["left"].layout == "1x1"
    bureau.reply()
    bureau.all_present(bureau.office.changes.number)
    assert bureau.done()[0] == asked
    bureau.ask(c.Back())
    bureau.all_present(bureau.office.changes.number)
    bureau.done()
    assert bureau.requests.state.screens["left"].layout == "2x2"


def test_the_next_controller_has_the_site_and_what_is_wrong_with_its_files(bureau: Bureau) -> None:
    bureau.write("192.0.2.1/", "192.0.2.91/")
    bureau.reread()
    bureau.write('"3x3"', '"3x9"')
    bureau.reread()
    office = bureau.office
    left = adopted(WallMemory(bureau.requests.state, 1, adopted=bureau.reload.adopted))
    assert left is not None
    assert left.site == office.setup.site == bureau.setup.site
    assert left.findings == bureau.requests.findings
    assert adopted(WallMemory(bureau.requests.state, 1)) is None
    kept = msgspec.msgpack.decode(office.node.memory().adopted, type=Adopted)
    assert (kept.site, kept.blocks) == (office.setup.site, office.setup.blocks)


def test_a_wall_without_files_says_so(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.ask(c.Reload())
    assert counter.failure().code == "no_files"
    counter.close()


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
