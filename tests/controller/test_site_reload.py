"""A site's files change while the wall runs: they are taken if they are sound."""

from pathlib import Path

import msgspec
import pytest

from tests.support import site_reload_harness
from tests.support.controller_harness import LEFT, RIGHT
from tests.support.requests_harness import Counter
from tests.support.site_reload_harness import SIZES, Bureau, quiet
from wallctl.controller.crash_handover import WallMemory, adopted
from wallctl.controller.site_reader import read_again
from wallctl.model.wall.commands import command as c
from wallctl.node.node_side import Adopted
from wallctl.shm.arena import needed_bytes

bureau = site_reload_harness.bureau


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
