"""A site's files read by a child that ends: while the wall runs since it takes its time, and
before it starts since logins must stay in no process that lasts.

It judges whether the wall can go on with what they say, and changes nothing.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec

from wallctl.config.change_detector import fingerprint
from wallctl.config.logins import stamp_key
from wallctl.config.site_file import SiteRead
from wallctl.config.site_ownership import read_guarded
from wallctl.model.site.site import Site
from wallctl.model.site.site_diff import find_restart_reasons, max_streams
from wallctl.shm.arena import needed_bytes
from wallctl.storage.file_findings import FilesError, Finding, Level, Report, in_order
from wallctl.supervisor.forked_call import apart

MOST_TOLD = 200
"""Findings that the wall holds and tells; ``wallctl check`` tells all of them."""
TRIES = 5
"""Files that change each time they are read are left for later."""
RESTART = "what the wall was started with: restart it for this"


class Wanted(msgspec.Struct, frozen=True):
    """What the child is to look at; it finds the other files by reading these."""

    places: tuple[str, ...]


class Reading(msgspec.Struct, frozen=True):
    """What was found. ``site`` is ``None`` if the wall can't go on with it."""

    mark: str
    """The files as they were before and after reading, as a fingerprint."""
    places: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    site: Site | None = None
    whole: bool = True
    """Whether they stood still meanwhile; if not, nothing else counts."""


class _Loaded(msgspec.Struct, frozen=True):
    site: Site | None
    findings: tuple[Finding, ...] = ()


def load_apart(load: Callable[[], Site]) -> Site:
    """The site that ``load`` reads, and nothing of the logins that it has seen.

    Raises ``FilesError``, ``ApartError`` and ``OSError``.
    """
    stamp_key()  # the children that read again are to stamp as this one does
    loaded = msgspec.msgpack.decode(apart(lambda: _loaded(load)), type=_Loaded)
    if loaded.site is None:
        raise FilesError(loaded.findings)
    return loaded.site


def _loaded(load: Callable[[], Site]) -> bytes:
    try:
        return msgspec.msgpack.encode(_Loaded(load()))
    except FilesError as error:
        return msgspec.msgpack.encode(_Loaded(None, error.findings))


def read_again(
    file: Path, places: tuple[str, ...], group: int | None, started: Site, arena_bytes: int
) -> Reading:
    """Read the files, and find what they can't change in a wall that was ``started`` so.

    ``places`` are the files as far as they are known.
    """
    for _ in range(TRIES):
        before = fingerprint(places)
        found = read_guarded(file, group)
        places = found.places
        if fingerprint(places) == before:
            return _judged(file, found, before, started, arena_bytes)
    return Reading(fingerprint(places), places, whole=False)


def _judged(file: Path, found: SiteRead, mark: str, started: Site, arena_bytes: int) -> Reading:
    if found.site is None:
        return Reading(mark, found.places, _first(found.findings))
    report = Report(file)
    report.lines = found.lines
    for key, what in find_restart_reasons(started, found.site):
        report.error(key, what, RESTART)
    most = max_streams(found.site)
    if needed_bytes([screen.size for screen in started.screens], most) > arena_bytes:
        report.error(("sources",), f"sources of {most} streams", f"memory for so many, {RESTART}")
    site = None if report.findings else found.site
    findings = in_order((*report.findings, *found.findings))
    return Reading(mark, found.places, _first(findings), site)


def _first(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The worst first, if there are more than the wall can tell."""
    worst = sorted(findings, key=lambda one: one.level is not Level.ERROR)
    return findings if len(findings) <= MOST_TOLD else in_order(worst[:MOST_TOLD])
