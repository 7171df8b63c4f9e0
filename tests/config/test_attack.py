"""Site files from an enemy: shipped ones changed at random, and some made to hang a reader.

Each is answered with findings of one line that name the file, and the key or line, or is a site.
"""

import random
import re
import shutil
import time
import unicodedata
from pathlib import Path

import pytest

from tests.support.attack_size import size
from tests.support.folders import ROOT
from wallctl.config.layout_files import read_layouts
from wallctl.config.site_file import check_site
from wallctl.config.site_ownership import read_guarded
from wallctl.config.toml.reader import LARGEST_BYTES, MOST_PARTS
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.state import initial
from wallctl.storage.file_findings import Finding

pytestmark = pytest.mark.attack

STREET = ROOT / "sites" / "street-centre"
CASES = size(150, 20_000)
PLACE = re.compile(r"^\S.*?(:\d+)?: .*found .+, expected .+", re.DOTALL)
VALUES = [
    *("0", "-1", "1e400", "nan", "true", "''", '"a"', "[]", "{}", "[[]]", "1979-05-27", "0xffff"),
    *('"\\u202e"', '"\\n"', '"\u200b"', '"../../etc/passwd"', '"/dev/zero"', '"rtsp://u:p@h/"'),
    *(
        '"test:bars"',
        "99999999999999999999",
        '"左屏"',
        '"%s%n"',
        "[1, 'a', {}]",
        '"' + "长" * 300 + '"',
    ),
]


class Enemy:
    """Changes files, the same way for the same number."""

    def __init__(self, number: int) -> None:
        self._chance = random.Random(number)

    def changed(self, content: bytes) -> bytes:
        for _ in range(self._chance.randint(1, 4)):
            content = self._chance.choice([self._bytes, self._line, self._value, self._cut])(
                content
            )
        return content

    def _at(self, content: bytes) -> int:
        return self._chance.randrange(len(content) + 1)

    def _bytes(self, content: bytes) -> bytes:
        at = self._at(content)
        return content[:at] + self._chance.randbytes(self._chance.randint(1, 4)) + content[at + 1 :]

    def _line(self, content: bytes) -> bytes:
        lines = content.split(b"\n")
        a, b = self._chance.randrange(len(lines)), self._chance.randrange(len(lines))
        lines[a : a + self._chance.randint(0, 1)] = [lines[b]] * self._chance.randint(0, 3)
        return b"\n".join(lines)

    def _value(self, content: bytes) -> bytes:
        lines = content.split(b"\n")
        given = [i for i, line in enumerate(lines) if b"=" in line]
        if given:
            i = self._chance.choice(given)
            key = lines[i].partition(b"=")[0]
            lines[i] = key + b"= " + self._chance.choice(VALUES).encode()
        return b"\n".join(lines)

    def _cut(self, content: bytes) -> bytes:
        a, b = sorted((self._at(content), self._at(content)))
        return content[:a] + content[b:] if b - a < 400 else content


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped site, with a layout of its own."""
    folder = tmp_path_factory.mktemp("enemy") / "site"
    shutil.copytree(STREET, folder)
    (folder / "layouts").mkdir()
    shutil.copy(ROOT / "layouts" / "1+5.toml", folder / "layouts" / "own.toml")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o600)
    return folder


def is_told(finding: Finding, folder: Path) -> bool:
    text = str(finding)
    breaks = {unicodedata.category(character) for character in text} & {"Cc", "Cs", "Zl", "Zp"}
    is_one_line = not breaks and PLACE.match(text) is not None
    is_short = len(text) < 2000
    return is_one_line and is_short and finding.file.startswith(str(folder))


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped layouts, read once."""
    shelf = read_layouts(ROOT / "layouts")

    def read(folder: Path) -> object:
        return shelf if folder == ROOT / "layouts" else read_layouts(folder)

    monkeypatch.setattr("wallctl.config.site_file.read_layouts", read)


@pytest.mark.usefixtures("shipped")
def test_no_changed_file_gets_through_or_breaks_the_reader(street: Path) -> None:
    files = sorted(street.rglob("*.toml"))
    good = {file: file.read_bytes() for file in files}
    sound = 0
    for number in range(CASES):
        file = files[number % len(files)]
        file.write_bytes(Enemy(number).changed(good[file]))
        found = read_guarded(street / "site.toml")
        file.write_bytes(good[file])
        wrong = [one for one in found.findings if not is_told(one, street)]
        assert not wrong, f"case {number}: {wrong[0]}"
        if found.site is not None:
            sound += 1
            resolve(initial(found.site), found.site)
    assert 0 < sound < CASES


NESTED = {
    "lists": "a = " + "[" * 100_000,
    "closed lists": "a = " + "[" * 100_000 + "]" * 100_000,
    "tables": "a = " + "{a = " * 100_000,
    "dotted": ".".join(["a"] * 200_000) + " = 1",
    "quoted": '."a"'.join(["a"] * 100_000) + " = 1",
    "header": "[" + ".".join(["a"] * 200_000) + "]",
    "one word": "a" * (LARGEST_BYTES - 10),
    "dots": "." * (LARGEST_BYTES - 10),
    "spaces": "a" + " " * (LARGEST_BYTES - 10),
    "quotes": '"' * (LARGEST_BYTES - 10),
    "number": "a = " + "9" * 500_000,
    "hex": "a = 0x" + "f" * 500_000,
    "many keys": "\n".join(f"a{i} = 1" for i in range(60_000)),
    "many tables": "\n".join("[[screens]]" for _ in range(20_000)),
}


@pytest.mark.parametrize("name", NESTED)
@pytest.mark.parametrize("where", ["site.toml", "presets/早班.toml"])
def test_what_is_made_to_hang_a_reader_is_answered(street: Path, name: str, where: str) -> None:
    file = street / where
    before = file.read_bytes() if file.exists() else None
    file.write_text(NESTED[name])
    began = time.process_time()
    findings = check_site(street / "site.toml")
    took_s = time.process_time() - began
    if before is None:
        file.unlink()
    else:
        file.write_bytes(before)
    assert any(one.file == str(file) for one in findings)
    assert all(is_told(one, street) for one in findings[:100])
    assert took_s < 60, "it must not take for ever"


def test_a_key_of_many_parts_is_told(street: Path, tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(f"a = 1\n{'.'.join(['b'] * (MOST_PARTS + 2))} = 1\n")
    [one] = check_site(file)
    assert str(one) == f"{file}:2: found a key of more than {MOST_PARTS} parts, expected valid TOML"
    file.write_text(f"a = 1  # {'.' * 500} {'www.' * 10}\n")
    assert "a key of more" not in str(check_site(file)[0])


def test_a_preset_of_two_gigabytes_is_not_read(street: Path) -> None:
    file = street / "presets" / "large.toml"
    with file.open("wb") as large:
        large.truncate(2 << 30)
    file.chmod(0o600)
    try:
        [one] = [one for one in check_site(street / "site.toml") if one.file == str(file)]
    finally:
        file.unlink()
    assert "found more than 1 MiB" in str(one)
