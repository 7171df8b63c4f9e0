"""Names: what a file may be called, and whether the names in a file stand for anything.

It knows the names of a site, not the things.
"""

import re
from collections.abc import Iterable

import msgspec

from wallctl.model.base.unicode_rules import reading, unfit_in
from wallctl.model.wall.state.lookup import LONGEST_NUMBER
from wallctl.storage.file_findings import Key, Report, one_of, quoted

_SAYABLE = re.compile(r"[^\s@\"'\\/][^\x00-\x1f\x7f\"'\\/]{0,39}")


class Known(msgspec.Struct, frozen=True):
    """All names of a site, those of faulty things too: a fault is told once, where it is."""

    screens: tuple[str, ...]
    layouts: tuple[str, ...]
    presets: tuple[str, ...]
    sources: dict[str, int]
    """Number by name."""
    groups: dict[str, tuple[str | int, ...]] = {}
    """The sources of each, as the file names them."""
    tours: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    preset_keys: dict[str, str] = {}
    """The own key of each preset; empty for one without."""

    def source(self, ref: str | int) -> str | None:
        """The name of the source that a name or number means."""
        if ref in self.sources:
            return str(ref)
        said = str(ref)
        if not said.isdecimal() or len(said) > LONGEST_NUMBER:
            return None
        return next((name for name, one in self.sources.items() if one == int(said)), None)


def name_fault(name: str) -> str | None:
    """What is wrong with a name that comes from a file's name."""
    if _SAYABLE.fullmatch(name) and not unfit_in(name):
        return None
    return f"the name {quoted(name)}"


def check_named(report: Report, key: Key, what: str, name: str, known: Iterable[str]) -> bool:
    """Whether ``name`` is known; else an error that says which name is near."""
    names = tuple(known)
    if name in names or not report.usable(*key):
        return name in names
    report.error(key, quoted(name), one_of(what, name, names))
    return False


def check_source(report: Report, key: Key, ref: str | int, known: Known) -> str | None:
    """The name of the source that ``ref`` means; else an error that says which name is near."""
    name = known.source(ref)
    if name is None and report.usable(*key):
        shown = quoted(ref) if isinstance(ref, str) else str(ref)
        report.error(key, shown, one_of("a source", str(ref), _said(known, ref)))
    return name


def _said(known: Known, ref: str | int) -> tuple[str, ...]:
    """The numbers for who said a number, else the names."""
    if str(ref).isdecimal():
        return tuple(str(number) for number in sorted(known.sources.values()))
    return tuple(known.sources)


def check_once(report: Report, keys: Iterable[Key], values: Iterable[object]) -> None:
    """An error for each value that stood before, with the place where it did."""
    first: dict[object, Key] = {}
    for key, value in zip(keys, values, strict=True):
        if not report.sound(*key):
            continue
        if value in first:
            shown = quoted(value) if isinstance(value, str) else str(value)
            report.error(key, f"{shown} again", _only_once(report, first[value]))
        first.setdefault(value, key)


def check_names(report: Report, keys: Iterable[Key], names: Iterable[str]) -> None:
    """An error for each name that stood before, a warning for each that reads as one before."""
    keys, names = tuple(keys), tuple(names)
    check_once(report, keys, names)
    first: dict[str, str] = {}
    for key, name in zip(keys, names, strict=True):
        other = first.setdefault(reading(name), name)
        if other != name and report.sound(*key):
            found = f"{quoted(name)}, which reads as {quoted(other)}"
            report.warning(key, found, "names that people can tell apart")


def _only_once(report: Report, key: Key) -> str:
    line = report.line(key)
    return "it only once" if line is None else f"it only once (it is on line {line} already)"
