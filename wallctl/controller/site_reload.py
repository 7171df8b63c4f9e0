"""Another site for a wall that runs: the one way by which a site's files, read again, take effect.

Only what is other moves: state and scene are made again, and go to the screens as any change does.
Where the files can't be used all stays as it was, and the wall says so.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from wallctl.api.doorkeeper_messages import Ticket
from wallctl.controller.crash_handover import Adopted
from wallctl.controller.notices import Concern, Notices
from wallctl.controller.operator_input import OperatorInput
from wallctl.controller.requests import Requests
from wallctl.controller.screens import Screens
from wallctl.controller.site_reader import Reading
from wallctl.controller.site_watcher import SiteWatcher
from wallctl.controller.status import FilesStatus
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.operator.notice import Notice
from wallctl.model.site.site import Site
from wallctl.model.site.site_diff import count_changes
from wallctl.node.child_kinds import ReadAgain, Seen
from wallctl.node.messages import SceneOrder, SiteOrder
from wallctl.node.setup import Setup
from wallctl.shm.stream_status import BLOCKS
from wallctl.storage.file_findings import Finding, Level, Report

log = logging.getLogger(__name__)


class SiteReload:
    """``adopted`` is what the next controller needs to know of it: an ``Adopted``, written."""

    def __init__(
        self,
        setup: Setup,
        files: SiteWatcher,
        screens: Screens,
        requests: Requests,
        keyboard: OperatorInput,
        notices: Notices,
    ) -> None:
        self._setup = setup
        self._files = files
        self._screens = screens
        self._requests = requests
        self._keyboard = keyboard
        self._notices = notices
        self.adopted = b""
        self._offers = 0
        self._offer: _Offer | None = None
        """What was read, while the node has not said whether it takes the site."""
        self._has_missed = False
        """Whether files were read meanwhile, which is to be done again."""

    def go_on(self, adopted: bytes, findings: tuple[Finding, ...]) -> None:
        """Be where the controller before was."""
        self.adopted = adopted
        self._requests.findings = findings
        self._tell_fault(findings)
        self._notices.furnish()

    def refresh(self, now_ns: int) -> None:
        """Have somebody look whether files have changed."""
        self._requests.not_read(self._files.refresh(now_ns))
        silent = self._files.is_silent(now_ns)
        notice = Notice(Text.SITE_FOLDER_SILENT) if silent else None
        self._notices.put(Concern.FOLDER, notice, str(self._setup.options.file))

    def seen(self, seen: Seen, now_ns: int) -> None:
        """A child has looked at the files."""
        self._files.seen(seen, now_ns)

    def begin(self, now_ns: int) -> None:
        """Read the files now: a hang-up asks for it."""
        log.info("a hang-up: the site's files are read again")
        self._files.read_now(now_ns)

    def died(self, name: str, now_ns: int) -> None:
        """A child that read files is gone."""
        self._requests.not_read(self._files.died(name, now_ns))

    def hear(self, name: str, message: ReadAgain, fd: int, now_ns: int) -> None:
        """A child has read the files."""
        heard = self._files.hear(name, message, fd)
        if heard is None:
            return
        reading, tickets = heard
        if self._offer is not None:
            self._has_missed = True
            self._requests.not_read(tickets)
        elif not reading.whole:
            self._requests.not_read(tickets)
        elif reading.site in (None, self._setup.site):
            self._take(reading.site, reading.findings, tickets, now_ns)
        else:
            self._offers += 1
            self._offer = _Offer(self._offers, reading, tickets)
            self._ask()

    def repeat(self) -> None:
        """A node may not have heard of the wall's site, nor of the one that was read: tell it."""
        self._screens.order(SceneOrder(site=SiteOrder(0, self._setup.site)))
        self._ask()

    def _ask(self) -> None:
        """Ask the node to go by the site that was read."""
        if self._offer is not None and self._offer.reading.site is not None:
            self._screens.order(SceneOrder(site=SiteOrder(self._offers, self._offer.reading.site)))

    def answered(self, number: int, taken: bool, now_ns: int) -> None:
        """The node goes by the site that it was offered, or can't."""
        offer = self._offer
        if offer is None or offer.number != number or offer.reading.site is None:
            return
        self._offer, site, findings = None, offer.reading.site, offer.reading.findings
        if taken:
            self._take(site, findings, offer.tickets, now_ns)
        else:
            findings = (*findings, _no_blocks(self._setup.options.file, site))
            self._take(None, findings, offer.tickets, now_ns)
        if self._has_missed:
            self._has_missed = False
            self._files.read_now(now_ns)

    def _take(
        self,
        site: Site | None,
        findings: tuple[Finding, ...],
        tickets: Sequence[Ticket],
        now_ns: int,
    ) -> None:
        """Go by what was read; ``site`` is ``None`` where it can't be used."""
        setup = self._setup
        before, setup.site = setup.site, site or setup.site
        changed = count_changes(before, setup.site)
        told = FilesStatus(site is not None, changed, [str(one) for one in findings])
        moves = setup.site != before
        if moves or findings != self._requests.findings:
            was_fine = _are_fine(self._requests.findings)
            self._adopt(findings, now_ns, moves=moves)
            _log(told)
            if _are_fine(findings) and not was_fine:
                log.info("the site's files are fine again")
        elif not tickets:
            return
        self._requests.files_read(told, tickets)

    def _adopt(self, findings: tuple[Finding, ...], now_ns: int, *, moves: bool) -> None:
        """Go by the setup's site, and what is said of its files. What the next controller needs
        comes first: it is kept as soon as the state is other."""
        setup = self._setup
        self.adopted = msgspec.msgpack.encode(Adopted(setup.site, findings))
        self._requests.findings = findings
        if moves:
            self._keyboard.adopt(now_ns)
            self._requests.refit(now_ns)
        self._tell_fault(findings)
        self._notices.furnish()

    def _tell_fault(self, findings: tuple[Finding, ...]) -> None:
        fault = first_error(findings, self._setup.options.file)
        notice = None if fault is None else Notice(Text.SITE_FILE_FAULT, fault)
        self._notices.put(Concern.FILES, notice)


class _Offer(NamedTuple):
    number: int
    reading: Reading
    tickets: Sequence[Ticket]


def first_error(findings: tuple[Finding, ...], file: Path | None) -> str | None:
    """Where the first mistake is that keeps the files from being used, as short as it can be said:
    ``presets/夜班.toml:3``."""
    error = next((one for one in findings if one.level is Level.ERROR), None)
    if error is None or file is None:
        return None
    path = Path(error.file)
    inside = path.relative_to(file.parent) if path.is_relative_to(file.parent) else path
    if inside == Path():
        return f"{path.absolute().name}/"
    return str(inside) if error.line is None else f"{inside}:{error.line}"


def _are_fine(findings: tuple[Finding, ...]) -> bool:
    return all(one.level is not Level.ERROR for one in findings)


def _no_blocks(file: Path | None, site: Site) -> Finding:
    report = Report(file or "")
    streams = sum(len(one.streams) for one in site.sources)
    found = f"{streams} streams while those of the files before are still held"
    report.error(("sources",), found, f"at most {BLOCKS} in all: save again, or restart the wall")
    return report.findings[0]


def _log(told: FilesStatus) -> None:
    for finding in told.findings:
        log.warning("%s", finding)
    if not told.taken:
        log.warning("the site's files can't be used as they are: the wall goes on as it was")
