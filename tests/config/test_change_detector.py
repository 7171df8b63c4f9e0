"""When the files of a site are read again: never while somebody writes, always when he has."""

import itertools
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.config.change_detector import Marks, Watch, fingerprint, look
from wallctl.config.file_names import MOST_FILES
from wallctl.config.preset_files import read_presets


def reads(looks: list[int]) -> list[int]:
    """At which versions a watch has the files read, if there was one look at each of these."""
    watch, done = Watch(), []
    for version in looks:
        due = watch.is_due(str(version))
        watch = watch.looked(str(version))
        if due:
            watch = Watch(str(version), str(version))
            done.append(version)
    return done


@pytest.mark.parametrize(
    ("looks", "read"),
    [
        ([1], []),
        ([1, 1, 1, 1], [1]),
        ([1, 1, 2, 3, 4, 4, 4], [1, 4]),
        ([1, 1, 2, 1, 1], [1]),
        ([1, 1, 2, 2, 1, 1], [1, 2, 1]),
    ],
)
def test_it_is_read_when_it_has_stood_still_for_a_look(looks: list[int], read: list[int]) -> None:
    assert reads(looks) == read


@given(st.lists(st.integers(0, 3), max_size=30))
def test_what_stays_is_read_and_nothing_twice_in_a_row(looks: list[int]) -> None:
    done = reads([*looks, 9, 9])
    assert done[-1] == 9
    assert all(a != b for a, b in itertools.pairwise(done))
    assert reads([*looks, 9, 9, 9]) == done


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "site.toml").write_text("a = 1\n")
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "早班.toml").write_text("a = 1\n")
    return tmp_path


def seen(folder: Path) -> Marks:
    return look([str(folder / name) for name in ("site.toml", "presets", "cameras.login.toml")])


def test_every_way_to_change_a_file_is_seen(folder: Path) -> None:
    found = [seen(folder)]
    file, preset = folder / "site.toml", folder / "presets" / "早班.toml"
    file.write_text("a = 12\n")
    found.append(seen(folder))
    beside = folder / "site.toml~"
    beside.write_text("a = 12\n")
    os.utime(beside, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    beside.replace(file)  # as editors do
    found.append(seen(folder))
    preset.chmod(0o600)
    found.append(seen(folder))
    (folder / "presets" / "夜班.toml").write_text("")
    found.append(seen(folder))
    preset.unlink()
    found.append(seen(folder))
    (folder / "cameras.login.toml").write_text("")
    found.append(seen(folder))
    assert all(a != b for a, b in itertools.pairwise(found))


def test_what_lies_beside_them_is_not_seen(folder: Path) -> None:
    before = seen(folder)
    (folder / "presets" / ".早班.toml.swp").write_text("an editor's own")
    (folder / "notes.txt").write_text("")
    assert seen(folder) == before


def test_what_is_not_there_is_no_fault(tmp_path: Path) -> None:
    assert set(seen(tmp_path).values()) == {None}


def test_a_fingerprint_is_another_one_when_a_file_is(folder: Path) -> None:
    places = [str(folder / name) for name in ("site.toml", "presets")]
    first = fingerprint(places)
    assert fingerprint(places) == first
    (folder / "presets" / "夜班.toml").write_text("")
    second = fingerprint(places)
    assert second != first
    folder.chmod(0o775)  # who may write there counts
    assert fingerprint(places) not in (first, second)


def test_a_folder_of_many_files_is_not_looked_through(folder: Path) -> None:
    for number in range(MOST_FILES + 1):
        (folder / "presets" / f"{number}.toml").touch()
    assert len(seen(folder)) < 40
    [one] = [file.report for file in read_presets(folder / "presets")]
    assert "found more than 1000 TOML files" in str(one.findings[0])
