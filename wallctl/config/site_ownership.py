"""A site that nobody else can change: its files read, and who else could write them told.

Who may write the site's files rules the wall, and has its cameras called where he likes. So a file
that others may write is a mistake in the site, as any other is.
"""

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from wallctl.config.file_names import toml_files
from wallctl.config.site_file import SiteRead, read_site
from wallctl.model.site.site import Site
from wallctl.storage.file_findings import FilesError, Finding, Report
from wallctl.storage.ownership import Exposure, Judge
from wallctl.storage.path_checks import is_folder

MOST_TOLD = 20
"""Exposed files that are named; of more, only how many."""


def load_guarded(path: Path, group: int | None = None) -> Site:
    """The site of a file. Raises ``FilesError`` with all findings if there is any error."""
    found = read_guarded(path, group)
    if found.site is None:
        raise FilesError(found.findings)
    return found.site


def read_guarded(path: Path, group: int | None = None) -> SiteRead:
    """The site of a file, and all that can be said of its files; no site if others can change it.

    ``group`` is the group whose members may.
    """
    found = read_site(path)
    exposures = exposed(path, found.places, group)
    if not exposures:
        return found
    return replace(found, site=None, findings=(*exposures, *found.findings))


def exposed(file: Path, places: Iterable[str], group: int | None = None) -> tuple[Finding, ...]:
    """A finding for each file and folder of a site that others can change; ``places`` are those
    that the site is made of."""
    judge = Judge(group)
    found: dict[Path, Exposure] = {}
    for path in _all(file, places):
        for exposure in judge.exposures(path, holds_files=is_folder(path)):
            found.setdefault(exposure.path, exposure)
    listed = [*found.values()]
    report = Report(file)
    for one in listed[:MOST_TOLD]:
        _report(one, report)
    if len(listed) > MOST_TOLD:
        told = f"{len(listed) - MOST_TOLD} more files that others can change"
        report.at_line(
            None, told, f"all of the site closed to others (chmod -R go-w {file.parent})"
        )
    return tuple(report.findings)


def _all(file: Path, places: Iterable[str]) -> Iterable[Path]:
    """The site's folder, its files, and what lies in its folders."""
    yield file.parent
    for place in map(Path, places):
        yield place
        if is_folder(place):
            try:
                yield from toml_files(place)
            except OSError:
                continue


def _report(one: Exposure, report: Report) -> None:
    own = Report(one.path)
    expected = "what only the wall's user and root can change"
    if one.remedy:
        expected += f": {one.remedy}"
    if one.group:
        expected += f", or let that group change the site: --shared-group {one.group}"
    own.at_line(None, one.found, expected)
    report.findings += own.findings
