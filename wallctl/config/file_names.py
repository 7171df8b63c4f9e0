"""Files that are named by people: which of a folder they meant, and what each is called.

Editors, Macs and Windows leave files of their own in the folder. Zip files from other systems
bring names that are decomposed, or not UTF-8.
"""

import errno
import itertools
import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import msgspec

from wallctl.config.references import name_fault
from wallctl.model.base.unicode_rules import invisible_in, reading, spelled
from wallctl.storage.file_findings import Finding, Report, decoded, quoted

MOST_FILES = 1000
"""TOML files of a folder that are read."""
MOST_ENTRIES = 10_000
"""Files of all kinds that are looked through for them."""
_TOO_MANY = f"more than {MOST_FILES} TOML files, or {MOST_ENTRIES} files of all kinds"
_LEFT_BEHIND = (".", "~$", "#")
"""Beginnings of names that no person gave: hidden files, Office, Emacs."""


class TooManyError(OSError):
    """A folder holds more files than anybody wrote."""


class NamedFile(msgspec.Struct, frozen=True):
    """A file that a person wrote; ``name`` is how commands and other files call what is in it."""

    path: Path
    name: str


def toml_files(folder: Path) -> tuple[Path, ...]:
    """The TOML files of a folder that people meant, by name.

    OSError if it can't be read, or holds more than people write: ``TooManyError``.
    """
    found: list[Path] = []
    with os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if _is_meant(path := folder / entry.name):
                found.append(path)
            if len(found) > MOST_FILES or number > MOST_ENTRIES:
                raise TooManyError(errno.E2BIG, _TOO_MANY, str(folder))
    return tuple(sorted(found, key=lambda path: (called(path), path)))


def named_files(folder: Path) -> tuple[NamedFile, ...]:
    """The same, with their names. OSError if it can't be read."""
    return tuple(NamedFile(path, called(path)) for path in toml_files(folder))


def file_called(folder: Path, name: str) -> Path | None:
    """The file of a folder that has a name; ``None`` if there is none, or no folder."""
    try:
        return next((one.path for one in named_files(folder) if one.name == name), None)
    except OSError:
        return None


def called(path: Path) -> str:
    """The name that a file gives: as a person reads it, whatever system wrote it."""
    return spelled(decoded(os.fsencode(path.stem)))


def _is_meant(path: Path) -> bool:
    return path.suffix.lower() == ".toml" and not path.name.startswith(_LEFT_BEHIND)


def misnamed_files(folder: Path) -> list[Finding]:
    """A warning for each text file of a folder: Windows hides the ``.txt`` that its editor has put
    behind the name, and nobody reads such a file. None if the folder can't be read."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in itertools.islice(entries, MOST_ENTRIES)]
    except OSError:
        return []
    found: list[Finding] = []
    for name in sorted(names):
        path = folder / name
        if path.suffix.lower() == ".txt" and not name.startswith(_LEFT_BEHIND):
            report = Report(path)
            wanted = f"{called(path).removesuffix('.toml')}.toml"
            report.warning((), "a text file, which is not read", f"the name {quoted(wanted)}")
            found += report.findings
    return found


def is_utf8(path: Path) -> bool:
    """Whether all of a path can be written as text."""
    try:
        os.fsencode(path).decode()
    except UnicodeDecodeError:
        return False
    return True


def check_file_name(file: NamedFile, before: Iterable[NamedFile], report: Report) -> None:
    """Report what is wrong with a file's name, alone and beside the names ``before``."""
    if not is_utf8(Path(file.path.name)):
        expected = f"a name in UTF-8, as {quoted(f'{file.name}.toml')}"
        report.at_line(None, "a file name that is not UTF-8", expected)
        return
    fault = name_fault(file.name)
    if fault:
        report.at_line(None, fault, "a file name that a command can say")
    if hidden := invisible_in(unicodedata.normalize("NFC", file.path.stem)):
        found = f"a file name with the invisible {', '.join(hidden)}"
        report.warning((), found, f"the name {quoted(file.name)}, which is used")
    for other in before:
        if other.name == file.name:
            expected = "one file of a name (there is one that another system spells otherwise)"
            report.at_line(None, f"the name {quoted(file.name)} again", expected)
        elif reading(other.name) == reading(file.name):
            found = f"the name {quoted(file.name)}, which reads as {quoted(other.name)}"
            report.warning((), found, "names that people can tell apart")
