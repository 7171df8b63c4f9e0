"""Broken files: each case folder says in ``expected.txt`` every finding that a person gets."""

import os
import shutil
from pathlib import Path

import pytest

from tests.support.folders import DATA
from wallctl.config.site_file import check_layouts, check_site, load_site
from wallctl.config.toml.reader import LARGEST_BYTES
from wallctl.storage.file_findings import (
    FilesError,
    Finding,
    Level,
    Report,
    key_text,
    one_of,
    quoted,
)

SITES = sorted((DATA / "broken_sites").iterdir())
LAYOUTS = sorted((DATA / "broken_layouts").iterdir())


def copied(case: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Copy a case with the file modes that git does not keep, go there; give what is expected."""
    shutil.copytree(case, folder, dirs_exist_ok=True)
    for path in folder.rglob("*.toml"):
        if path.is_file():
            path.chmod(0o600 if path.name.endswith(".private.toml") else 0o644)
    monkeypatch.chdir(folder)
    return (case / "expected.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("case", SITES, ids=lambda case: case.name)
def test_all_findings_of_a_broken_site(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = copied(case, tmp_path, monkeypatch)
    findings = check_site(Path("site.toml"))
    assert [str(finding) for finding in findings] == expected
    assert expected
    assert "hunter2" not in repr(findings)


@pytest.mark.parametrize("case", SITES, ids=lambda case: case.name)
def test_a_site_is_loaded_unless_an_error_was_found(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = copied(case, tmp_path, monkeypatch)
    if all(" warning: " in line for line in expected):
        assert load_site(Path("site.toml")).name == "test"
    else:
        with pytest.raises(FilesError) as raised:
            load_site(Path("site.toml"))
        assert str(raised.value).splitlines() == expected


@pytest.mark.parametrize("case", LAYOUTS, ids=lambda case: case.name)
def test_all_findings_of_a_broken_layout(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = copied(case, tmp_path, monkeypatch)
    assert [str(finding) for finding in check_layouts(Path())] == expected
    assert expected


def test_there_are_many_cases() -> None:
    assert len(SITES) + len(LAYOUTS) >= 24


def test_no_expectation_shows_a_password() -> None:
    for case in SITES:
        assert "hunter2" not in (case / "expected.txt").read_text(encoding="utf-8")


def only_finding(path: Path) -> Finding:
    (finding,) = check_site(path)
    return finding


def test_a_file_larger_than_a_person_writes(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_bytes(b"#" * (LARGEST_BYTES + 1))
    assert only_finding(site).found == "more than 1 MiB"


def test_a_number_too_long_for_python(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text("schema = " + "9" * 5000)
    assert only_finding(site).found == "a number with thousands of digits"


def test_lists_too_deep_for_python(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text("schema = " + "[" * 5000 + "]" * 5000)
    assert only_finding(site).found == "lists nested without end"


def test_a_name_too_long_for_the_file_system(tmp_path: Path) -> None:
    assert check_site(tmp_path / ("x" * 300))
    site = tmp_path / "site.toml"
    site.write_text(f'schema = 1\nname = "n"\nlayouts = ["{"x" * 300}"]\n')
    assert any(finding.key == "layouts[1]" for finding in check_site(site))


def test_no_such_folder_of_layouts(tmp_path: Path) -> None:
    assert [finding.found for finding in check_layouts(tmp_path / "none")] == ["no such folder"]


def test_the_marks_of_windows_editors_do_no_harm(tmp_path: Path) -> None:
    layout = 'schema = 1\r\ntitle = "四宫格"\r\ncolumns = 2\r\nrows = 0\r\n'
    (tmp_path / "x.toml").write_bytes(b"\xef\xbb\xbf" + layout.encode())
    (finding,) = check_layouts(tmp_path)
    assert (finding.line, finding.key) == (4, "rows")


def test_a_finding_is_one_sentence() -> None:
    finding = Finding(
        "sites/x/site.toml", 14, "sources[3].number", '"7a"', "a whole number from 1 to 999"
    )
    assert str(finding) == (
        'sites/x/site.toml:14: sources[3].number: found "7a", expected a whole number from 1 to 999'
    )
    report = Report("site.toml")
    report.warning((), "rain", "sun")
    assert [str(one) for one in report.findings] == ["site.toml: warning: found rain, expected sun"]
    assert report.sound()


def test_an_error_makes_all_around_it_unsound() -> None:
    report = Report("site.toml")
    report.error(("sources", 2, "name"), "x", "y")
    assert not report.sound()
    assert not report.sound("sources", 2)
    assert report.sound("sources", 2, "number")
    assert report.sound("sources", 1)


def test_nothing_is_said_of_what_lies_below_an_unusable_value() -> None:
    report = Report("site.toml")
    report.unusable(("sources", 2), "x", "y")
    assert not report.sound("sources", 2, "number")
    assert report.sound("sources", 1, "number")


def test_a_report_never_keeps_a_login() -> None:
    report = Report("site.toml")
    report.error((), "rtsp://admin:hunter2@192.0.2.1/x", "no login")
    assert report.findings[0].found == "rtsp://192.0.2.1/x"
    assert report.findings[0].level is Level.ERROR


def test_keys_count_from_one() -> None:
    assert key_text(("sources", 2, "number")) == "sources[3].number"
    assert key_text(("hotkeys", "Ctrl+Q")) == 'hotkeys."Ctrl+Q"'
    assert key_text(()) == ""


def test_names_are_offered_when_none_is_near() -> None:
    assert one_of("a layout", "3x33", ["3x3"]) == 'a layout (did you mean "3x3"?)'
    assert one_of("a layout", "q", ["3x3", "4x4"]) == "a layout (there are 3x3, 4x4)"
    assert one_of("a preset", "q", []) == "a preset (there is none)"
    assert one_of("a source", "7", ["1", "6", "6"]) == "a source (there are 1, 6)", "each once"


def test_long_texts_are_cut() -> None:
    assert quoted("a" * 100) == '"' + "a" * 60 + '..."'
    assert quoted("a\nb") == '"a\\nb"'


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "site.toml")
    [finding] = check_site(tmp_path / "site.toml")
    assert finding.found == "what is no file"
