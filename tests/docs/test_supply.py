"""What is installed is what was locked, to the byte, by every way that the project names."""

import itertools
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.support.folders import ROOT

MANUALS = ("docs/operations/install.zh.md", "docs/operations/install.en.md")
LOCKS = ("wall.txt", "dev.txt")


def locked(name: str) -> dict[str, str]:
    """Each package of a lock with its line: version, and hashes behind it."""
    text = (ROOT / "requirements" / name).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {re.split(r"[=\s\[]", line, maxsplit=1)[0]: line for line in lines}


@pytest.mark.parametrize("name", LOCKS)
def test_each_package_has_one_version_and_its_hashes(name: str) -> None:
    for line in locked(name).values():
        assert re.match(r"[\w.-]+(\[[\w,]+\])?==[\w.]+", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line
        assert "://" not in line, "a package from elsewhere"


@pytest.mark.parametrize("name", LOCKS)
def test_all_that_the_wall_needs_is_locked(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = itertools.chain(project["dependencies"], *extras)
    names = {re.split(r"[<>=\[]", one, maxsplit=1)[0] for one in wanted}
    assert names <= locked(name).keys()


@pytest.mark.parametrize("file", ["tools/install.sh", *MANUALS])
def test_nothing_is_installed_without_its_hash(file: str) -> None:
    """Except pip itself, the tool that builds, and the wall's own folder."""
    exempt = re.compile(r"--no-deps|'pip>=|download hatchling")
    for line in (ROOT / file).read_text("utf-8").splitlines():
        if re.search(r"pip3? (install|download)\b", line) and not exempt.search(line):
            assert "--require-hashes" in line, line


def unit_of(manual: str) -> str:
    """The unit that starts the wall with the machine."""
    blocks: list[str] = re.findall(
        r"```ini\n(.*?)```", (ROOT / manual).read_text("utf-8"), re.DOTALL
    )
    return next(block for block in blocks if "xinit" in block)


each_unit = pytest.mark.parametrize("unit", [unit_of(one) for one in MANUALS], ids=MANUALS)


@each_unit
def test_the_unit_of_the_manual_is_one(unit: str, tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not installed")
    file = tmp_path / "wall.service"
    file.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", unit))
    said = subprocess.run([tool, "verify", file], capture_output=True, text=True, check=False)
    assert "wall.service" not in said.stderr, said.stderr


@each_unit
def test_the_unit_lets_decoders_lock_themselves_in(unit: str) -> None:
    [calls] = re.findall(r"^SystemCallFilter=(.*)$", unit, re.MULTILINE)
    assert {"seccomp", "landlock_restrict_self"} <= set(calls.split())


@each_unit
@pytest.mark.parametrize("line", ["NoNewPrivileges=yes", "LimitCORE=0", "OOMPolicy=continue"])
def test_the_unit_keeps_what_the_manual_and_the_threat_model_promise(line: str, unit: str) -> None:
    assert line in unit.splitlines()


def test_the_wheel_is_whole(tmp_path: Path) -> None:
    """All modules, the words and the layouts are in it, where the program looks for them."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*build, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "there")
    sources = (path for path in (ROOT / "wallctl").rglob("*") if path.suffix in {".py", ".po"})
    packed = tmp_path / "there"
    assert [path for path in sources if not (packed / path.relative_to(ROOT)).exists()] == []
    code = (
        "from wallctl.config.layout_files import *; print(layout_folder(), len(shipped_layouts()))"
    )
    folder = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(packed)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    count = len(list((ROOT / "layouts").glob("*.toml")))
    assert folder == [str(packed / "wallctl/config/layouts"), str(count)]
