"""How a source's cameras prove who they are, and where they may lead."""

from pathlib import Path

from wallctl.config.login_hosts import check_hosts
from wallctl.config.schema.site_schema import RawSource
from wallctl.model.site.camera_identity import Trust
from wallctl.model.site.source_kind import WEB, scheme_of
from wallctl.storage.file_findings import Key, Report, quoted
from wallctl.storage.path_checks import beginning, is_file, opened

_PRIVATE_SCHEMES = frozenset({"rtsps", "https"})
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
_MOST_BYTES = 1 << 20
"""The authorities that a system believes take 200 KiB."""


def check_trust(source: RawSource, key: Key, addresses: list[str], report: Report) -> None:
    """``ca``, ``fingerprint``, ``tls`` and ``hosts`` of a source with these ``addresses``."""
    schemes = {scheme_of(one) for one in addresses}
    said = [name for name in ("ca", "fingerprint") if getattr(source, name) is not None]
    said += ["tls"] if source.tls == "insecure" else []
    if len(said) > 1:
        report.error((*key, said[-1]), f"{said[-1]} beside {said[0]}", "one of them")
    for name in said:
        if schemes.isdisjoint(_PRIVATE_SCHEMES):
            expected = "one, since no other line is encrypted"
            report.warning((*key, name), "no address with rtsps:// or https://", expected)
    if source.ca is not None:
        _check_authority(source.ca, (*key, "ca"), report)
    if source.tls == "insecure" and not schemes.isdisjoint(_PRIVATE_SCHEMES):
        expected = "fingerprint or ca: anybody on the way could be the camera"
        report.warning((*key, "tls"), '"insecure"', expected)
    check_hosts(source.hosts, (*key, "hosts"), report)
    if source.hosts and schemes.isdisjoint(WEB.schemes):
        expected = "one: no other kind leads elsewhere"
        report.warning((*key, "hosts"), "no address with http:// or https://", expected)


def _check_authority(file: str, key: Key, report: Report) -> None:
    path = Path(report.file).parent / file
    if not report.sound(*key):
        return
    if not is_file(path):
        report.error(key, f"no file {quoted(file)}", "a file with certificates (PEM)")
    elif _CERTIFICATE not in _begin(path):
        report.error(key, f"no certificate in {quoted(file)}", "a file with certificates (PEM)")


def _begin(path: Path) -> bytes:
    try:
        with opened(path) as fd:
            return beginning(fd, _MOST_BYTES)
    except OSError:
        return b""


def trust_of(source: RawSource, folder: Path) -> Trust:
    """The model value; files are named by their whole paths."""
    ca = None if source.ca is None else str(folder.absolute() / source.ca)
    fingerprint = (source.fingerprint or "").replace(":", "").lower()
    return Trust(ca, fingerprint, source.tls == "insecure")
