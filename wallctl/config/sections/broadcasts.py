"""Broadcasts of a site: names, screens, and where they go, checked; model values made."""

import urllib.parse
from pathlib import Path

from wallctl.config.references import check_once
from wallctl.config.schema.site_schema import RawBroadcast, RawSite
from wallctl.config.sections.sources import check_credential, has_login
from wallctl.config.source_urls import address_fault, opened_from
from wallctl.model.base.geometry import Rect
from wallctl.model.site.broadcast import bounds, choose_kbps, choose_size
from wallctl.model.site.broadcast_kind import SCHEMES, UNKNOWN, broadcast_kind, list_addresses
from wallctl.model.site.credential import Credential
from wallctl.model.site.site import Broadcast
from wallctl.model.site.source_kind import scheme_of
from wallctl.storage.broadcast_folder import folder_fault
from wallctl.storage.file_findings import Key, Report, one_of, quoted


def check_broadcasts(raw: RawSite, report: Report) -> None:
    """Names, screens, addresses and references to credentials of all broadcasts."""
    places = range(len(raw.broadcasts))
    for field in ("name", "url"):
        values = [getattr(one, field) for one in raw.broadcasts]
        check_once(report, [("broadcasts", i, field) for i in places], values)
    screens = tuple(screen.name for screen in raw.screens)
    for i, one in enumerate(raw.broadcasts):
        key = ("broadcasts", i, "screen")
        if one.screen is not None and one.screen not in screens and report.sound(*key):
            report.error(key, quoted(one.screen), one_of("a screen", one.screen, screens))
        check_credential(one.credential, ("broadcasts", i, "credential"), raw, report)
        _check_destination(one.url, ("broadcasts", i, "url"), report)


def _check_destination(url: str, key: Key, report: Report) -> None:
    if not report.sound(*key) or has_login(url, key, report):
        return
    kind, scheme, fault = broadcast_kind(url), scheme_of(url), address_fault(url)
    if fault is not None:
        report.error(key, *fault)
    elif scheme is not None and scheme not in SCHEMES:
        report.error(key, f"an address of the kind {scheme}:", list_addresses())
    elif kind is UNKNOWN:
        report.error(key, quoted(url), list_addresses())
    elif kind.needs_port and not _is_whole(url):
        report.error(key, quoted(url), kind.address)
    elif kind.writes_files:
        of_folder = folder_fault(Path(opened_from(url, Path(report.file).parent)))
        if of_folder is not None:
            report.warning(key, *of_folder)


def _is_whole(url: str) -> bool:
    """Whether an address has both a host and a port; what can't be read was refused before."""
    parts = urllib.parse.urlsplit(url)
    return bool(parts.hostname) and parts.port is not None


def broadcast(
    raw: RawBroadcast, site: RawSite, folder: Path, logins: dict[str, Credential]
) -> Broadcast:
    """The model value of a broadcast that was found sound."""
    shown = [one for one in site.screens if raw.screen in (None, one.name)]
    kind = broadcast_kind(raw.url)
    whole = bounds([Rect(one.x, one.y, one.width, one.height) for one in shown])
    size = choose_size(whole.size, raw.width, raw.height)
    return Broadcast(
        name=raw.name,
        url=opened_from(raw.url, folder),
        size=size,
        rate_hz=raw.fps,
        kbps=raw.kbps or choose_kbps(size, raw.fps),
        screen=raw.screen,
        credential=logins.get(raw.credential or "") if kind.takes_login else None,
        transport=raw.transport,
        on=raw.on,
    )
