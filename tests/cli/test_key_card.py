"""``wallctl keycard``: which files it writes, in which language, and what it says if it can't."""

import importlib.util
from pathlib import Path

import pytest

from tests.support import command_line
from tests.support.command_line import sentence, wallctl
from tests.support.folders import ROOT
from wallctl.display.text.fonts import find_font

STREET = str(ROOT / "sites/street-centre")

pytestmark = pytest.mark.skipif(find_font() is None, reason="there is no font with Chinese here")
at_home = command_line.at_home


def test_an_svg_in_the_language_of_the_wall_or_another(tmp_path: Path) -> None:
    file = tmp_path / "card.svg"
    for options, word in (((), "按键卡"), (("--language", "en"), "Key card")):
        result = wallctl("keycard", STREET, str(file), *options)
        assert (result.exit_code, result.output) == (0, f"{file}\n")
        assert word in file.read_text()


def test_a_pdf_with_its_font_in_it(tmp_path: Path) -> None:
    pytest.importorskip("fpdf")
    file = tmp_path / "card.PDF"
    assert wallctl("keycard", STREET, str(file)).exit_code == 0
    assert file.read_bytes().startswith(b"%PDF-")
    assert b"FontFile" in file.read_bytes()
    assert file.stat().st_size < 200_000


def test_without_the_package_for_pdf_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    line = sentence(wallctl("keycard", STREET, str(tmp_path / "card.pdf")))
    assert "pip install fpdf2" in line
    assert ".svg" in line
    assert not (tmp_path / "card.pdf").exists()


def test_another_kind_of_file_is_a_wrong_command_line(tmp_path: Path) -> None:
    result = wallctl("keycard", STREET, str(tmp_path / "card.png"))
    assert result.exit_code == 2
    assert "an .svg or a .pdf file" in result.stderr


def test_a_place_that_takes_no_file_is_told(tmp_path: Path) -> None:
    line = sentence(wallctl("keycard", STREET, str(tmp_path / "nowhere" / "card.svg")))
    assert "can't be written: No such file" in line


def test_a_broken_site_is_told_as_check_tells_it(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("schema = 1\n")
    result = wallctl("keycard", str(tmp_path), str(tmp_path / "card.svg"))
    assert result.exit_code == 1
    assert "site.toml" in result.stderr


def test_writing_that_is_too_small_for_a4_is_said(tmp_path: Path) -> None:
    sources = "".join(
        f'[[sources]]\nname = "人民路与解放街交叉路口{i}"\nnumber = {i}\nmain = "test:bars"\n'
        for i in range(1, 321)
    )
    screen = '[[screens]]\nname = "左屏"\nwidth = 1920\nheight = 1080\n'
    (tmp_path / "site.toml").write_text(f'schema = 1\nname = "大"\n{screen}{sources}')
    result = wallctl("keycard", str(tmp_path), str(tmp_path / "card.svg"))
    assert result.exit_code == 0
    assert "print it on A3" in result.stderr
