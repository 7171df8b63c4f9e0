"""Sources of a site: addresses checked, model values made."""

from pathlib import Path

from wallctl.config.references import Known, check_names, check_once, check_source
from wallctl.config.schema.site_schema import RawSite, RawSource
from wallctl.config.sections.aspects import check_aspects, shapes_of
from wallctl.config.sections.camera_identity import check_trust, trust_of
from wallctl.config.sections.framing import turn_of
from wallctl.config.sections.masks import check_mask, mask_of
from wallctl.config.source_urls import address_fault, opened_from, split_login
from wallctl.model.site.credential import Credential
from wallctl.model.site.site import DEFAULT_REFRESH_S, MAX_STREAMS, Source, Stream
from wallctl.model.site.source_kind import NETWORK_SCHEMES, WEB, scheme_of
from wallctl.storage.file_findings import Key, Report, one_of, quoted
from wallctl.storage.path_checks import is_device, is_file, is_text

STREAMS = ("main", "sub", "third")
"""The streams of a source, from the largest picture to the smallest."""


def check_sources(raw: RawSite, report: Report) -> None:
    """Names, numbers, addresses and references to credentials of all sources."""
    places = range(len(raw.sources))
    check_names(report, [("sources", i, "name") for i in places], [s.name for s in raw.sources])
    check_once(report, [("sources", i, "number") for i in places], [s.number for s in raw.sources])
    streams = sum(getattr(one, name) is not None for one in raw.sources for name in STREAMS)
    if streams > MAX_STREAMS:
        report.error(("sources",), f"{streams} streams in all", f"at most {MAX_STREAMS}")
    for i, source in enumerate(raw.sources):
        for stream in STREAMS:
            _check_address(getattr(source, stream), ("sources", i, stream), report)
        for j, mask in enumerate(source.masks):
            check_mask(mask, ("sources", i, "masks", j), report)
        check_aspects(source, STREAMS, ("sources", i, "aspect"), report)
        check_trust(source, ("sources", i), _addresses(source), report)
        _check_refresh(source, ("sources", i, "refresh_s"), report)
        check_credential(source.credential, ("sources", i, "credential"), raw, report)


def check_credential(name: str | None, key: Key, raw: RawSite, report: Report) -> None:
    """An error where a credential is named that the site does not have."""
    if name is not None and name not in raw.credentials and report.sound(*key):
        expected = one_of("a name of [credentials]", name, raw.credentials)
        report.error(key, quoted(name), expected)


def check_backups(raw: RawSite, known: Known, report: Report) -> None:
    """Whether each backup is another source, and none in the end its own."""
    backups: dict[str, str] = {}
    for i, one in enumerate(raw.sources):
        key = ("sources", i, "backup")
        if one.backup is None or not report.sound(*key):
            continue
        name = check_source(report, key, one.backup, known)
        if name == one.name:
            report.error(key, "the source itself", "another source")
        elif name is not None and one.name in _chain(name, backups):
            ring = " → ".join(quoted(link) for link in (one.name, *_chain(name, backups)))
            report.error(key, f"a ring: {ring}", "a source whose backups do not lead back to it")
        elif name is not None:
            backups[one.name] = name


def _chain(name: str, backups: dict[str, str]) -> list[str]:
    """A source, its backup, that one's backup, and so on; there is no ring in them."""
    found = [name]
    while (name := backups.get(name, "")) != "":
        found.append(name)
    return found


def _check_address(address: str | None, key: Key, report: Report) -> None:
    if address is None or not report.sound(*key):
        return
    if has_login(address, key, report):
        return
    fault = address_fault(address)
    if fault:
        report.error(key, *fault)
    elif scheme_of(address) is None:
        _check_video(address, key, report)


def _check_video(path: str, key: Key, report: Report) -> None:
    file = _beside(report, path)
    if is_device(file):
        report.error(key, f"{quoted(path)}, which is no file", "the file of a video or a picture")
    elif not is_file(file):
        report.warning(key, f"no file {quoted(path)}", "a video that is there")
    elif is_text(file):
        report.error(key, f"a text in {quoted(path)}", "the file of a video or a picture")


def _check_refresh(source: RawSource, key: Key, report: Report) -> None:
    """A warning where pictures are to be fetched, and no address can give one at a time."""
    if source.refresh_s is None or not report.sound(*key):
        return
    if not any(scheme_of(one) in WEB.schemes for one in _addresses(source)):
        report.warning(key, "no http:// address", "one that gives a picture each time it is asked")


def _addresses(source: RawSource) -> list[str]:
    found = (getattr(source, name) for name in STREAMS)
    return [one for one in found if one is not None]


def has_login(address: str, key: Key, report: Report) -> bool:
    """Whether a login stands inside an address; then it is an error."""
    held = split_login(address)[1] is not None
    if held:
        report.error(
            key, "a login inside the address", 'credential = "NAME" and a file of [credentials]'
        )
    return held


def _beside(report: Report, path: str) -> Path:
    """A path as the site file means it: from its own folder."""
    return Path(report.file).parent / path


def source(
    raw: RawSource, site: RawSite, folder: Path, logins: dict[str, Credential], known: Known
) -> Source:
    """The model value of a source that was found sound."""
    login, trust = logins.get(raw.credential or ""), trust_of(raw, folder)
    streams = []
    for name in STREAMS:
        address = getattr(raw, name)
        if address is not None:
            own = login if scheme_of(address) in NETWORK_SCHEMES else None
            url, refresh_s = opened_from(address, folder), raw.refresh_s or DEFAULT_REFRESH_S
            found = Stream(name, url, None, raw.transport, refresh_s, own, trust, raw.hosts)
            streams.append(found)
    return Source(
        raw.name,
        raw.number,
        tuple(streams),
        raw.fit,
        raw.hidden or site.defaults.hidden,
        raw.connections or site.defaults.connections,
        upright=turn_of(raw),
        masks=tuple(mask_of(mask) for mask in raw.masks),
        backup=None if raw.backup is None else known.source(raw.backup),
        shapes=shapes_of(raw, [stream.name for stream in streams]),
    )
