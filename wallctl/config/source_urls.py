"""Addresses of pictures: which kinds exist, and how a login is kept out of them.

It opens nothing. ``site_from_urls`` makes a site of addresses alone, for ``wallctl show``.
"""

import ipaddress
import itertools
import os
import re
import urllib.parse
from collections.abc import Container, Sequence
from pathlib import Path

from wallctl.config.command_line_login import memory_file, memory_login
from wallctl.config.default_home_pictures import spread, square_for
from wallctl.config.layout_files import shipped_layouts
from wallctl.config.login_hosts import called
from wallctl.config.logins import read_login, stamp_of
from wallctl.config.schema.site_schema import DEFAULT_KEYS
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.base.redaction import looks_misspelt, may_hold_login, redacted, redacted_address
from wallctl.model.site.credential import Credential, Login
from wallctl.model.site.site import TEST_PICTURES, Screen, Site, Source, Stream
from wallctl.model.site.source_kind import NETWORK_SCHEMES, PATTERN, scheme_of
from wallctl.storage.file_findings import FilesError, Report, one_of, quoted
from wallctl.storage.path_checks import is_file

__all__ = [
    "address_fault",
    "opened_from",
    "redacted",
    "redacted_address",
    "sealed",
    "site_from_urls",
    "split_login",
]

COMMAND_LINE = "command line"
"""What stands in findings and on screen where there is no file."""

(_TEST,) = PATTERN.schemes
_SLIP = re.compile(rf"\s*({'|'.join(NETWORK_SCHEMES)})\s*(?!://)[:：]?\s*[/\\／]", re.IGNORECASE)
"""``rtsp：//``, ``rtsp:/``, ``rtsp//``: one key beside the right one."""
_WIDE = re.compile("[。．：／＠，、]")
"""What a Chinese keyboard writes for ``.``, ``:``, ``/``, ``@`` and ``,``."""
_QUAD = re.compile(r"[0-9.]+")
_AUTHORITY = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)(?P<host>[^/?#]*)(?P<rest>.*)", re.DOTALL
)


_SEALED = re.compile(r"<([0-9]+)>")
"""What stands in place of a login: the descriptor of the file that holds it."""


def address_fault(address: str) -> tuple[str, str] | None:
    """What is wrong with an address: what was found and what is expected, without any login."""
    scheme, slip = scheme_of(address), _SLIP.match(address)
    if not _is_text(address):
        return "characters that are not UTF-8", "an address or a path in UTF-8"
    if slip or looks_misspelt(address):
        kind = slip[1].lower() if slip else "rtsp"
        return "a misspelt address", f"{kind}://..., or the path of a file"
    if scheme is None:
        return _path_fault(address)
    if scheme == _TEST:
        known = address.removeprefix("test:") in TEST_PICTURES
        return None if known else (quoted(address), _test_picture(address))
    if scheme not in NETWORK_SCHEMES:
        kinds = ", ".join((*NETWORK_SCHEMES, _TEST))
        return f"an address of the kind {scheme}:", f"one of {kinds}, or the path of a file"
    return _host_fault(scheme, address)


def _path_fault(path: str) -> tuple[str, str] | None:
    if path.startswith(f"{_TEST}："):
        return quoted(path), _test_picture(path)
    return None if path.strip() else ("nothing", "an address or the path of a file")


def _test_picture(address: str) -> str:
    """The test pictures that there are, the one that was perhaps meant first."""
    return one_of("a test picture", address, (f"test:{name}" for name in TEST_PICTURES))


def _is_text(address: str) -> bool:
    """Whether it can be written down; the shell hands on file names that can't."""
    try:
        address.encode()
    except UnicodeEncodeError:
        return False
    return True


def _host_fault(scheme: str, address: str) -> tuple[str, str] | None:
    expected = f"{scheme}://HOST[:PORT]/..."
    if may_hold_login(split_login(address)[0].partition("://")[2]):
        return (
            "an @ behind what looks like a login",
            "# / ? and @ of a login written as %23 %2F %3F and %40, and so an @ of a path",
        )
    bare = split_login(address)[0]
    authority = _AUTHORITY.fullmatch(bare)
    if authority is not None and (wide := _WIDE.search(authority["host"])):
        return f"{quoted(wide[0])} in the host, a full-width character", "the half-width one"
    try:
        parts = urllib.parse.urlsplit(bare)
        host = parts.hostname or ""
        named = bool(host) and (parts.port is None or parts.port > 0)
    except ValueError:
        return (
            "a host or port that can't be",
            f"{expected}, # / ? @ of a login as %23 %2F %3F %40",
        )
    if _QUAD.fullmatch(host) and not _is_ipv4(host):
        return f"{quoted(host)}, which is no IPv4 address", "four numbers from 0 to 255"
    if any(character.isspace() for character in address):
        return "a space inside the address", f"{expected} without spaces"
    return None if named or scheme in ("udp", "rtp") else ("no host", expected)


def _is_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def split_login(url: str) -> tuple[str, Login | None]:
    """An address without the login that stands in it, and that login, percent-decoded."""
    match = _AUTHORITY.fullmatch(url)
    if match is None or "@" not in match["host"]:
        return url, None
    account, _, host = match["host"].rpartition("@")
    user, _, password = account.partition(":")
    login = Login(urllib.parse.unquote(user), urllib.parse.unquote(password), _machine(host))
    return f"{match['scheme']}{host}{match['rest']}", login if account else None


def _machine(host: str) -> tuple[str, ...]:
    """The one that a login in an address is for; none, if the host can't be one."""
    try:
        name = urllib.parse.urlsplit(f"//{host}").hostname
    except ValueError:
        name = None
    return (name,) if name else ()


def sealed(address: str) -> str:
    """An address that was typed, with ``<7>`` in place of the login in it.

    The login then stands in the file of descriptor 7.
    """
    bare, login = split_login(address)
    if login is None or scheme_of(address) not in NETWORK_SCHEMES or _SEALED.fullmatch(login.user):
        return address
    scheme, mark, rest = bare.partition("://")
    return f"{scheme}{mark}<{memory_login(login)}>@{rest}"


def site_from_urls(
    urls: Sequence[str], layout: str | None, screens: Sequence[Size], login: Path | None = None
) -> Site:
    """A site without a file: each address a source, the screens side by side.

    ``login`` is the file with the login of those that have none in their address. Sources are named
    by their address without its login. Raises ``FilesError``.
    """
    report = Report(COMMAND_LINE)
    layouts = shipped_layouts()
    name = layout or square_for(len(urls), len(screens))
    if not urls or not screens:
        report.error((), "nothing to show", "at least one address and one screen")
    for url in urls:
        fault = address_fault(url)
        if fault:
            report.error((redacted_address(url),), *fault)
    if name not in layouts:
        report.error(("--layout",), quoted(name), one_of("a layout", name, layouts))
    if report.findings:
        raise FilesError(report.findings)
    placed, sources = _side_by_side(screens), _sources(urls, login)
    home = spread([one.name for one in sources], [one.name for one in placed], layouts[name])
    return Site(COMMAND_LINE, placed, sources, layouts, DEFAULT_KEYS, home)


def _side_by_side(sizes: Sequence[Size]) -> tuple[Screen, ...]:
    screens, x = [], 0
    for number, size in enumerate(sizes, 1):
        screens.append(Screen(f"screen{number}", Rect(x, 0, size.w, size.h)))
        x += size.w
    return tuple(screens)


def _sources(urls: Sequence[str], login: Path | None) -> tuple[Source, ...]:
    sources: dict[str, Source] = {}
    shared = (
        None
        if login is None
        else _credential(login, called(one for one in urls if split_login(one)[1] is None))
    )
    for number, url in enumerate(urls, 1):
        address, own = split_login(sealed(url))
        name = _unused(redacted_address(address), sources)
        credential = shared if scheme_of(address) in NETWORK_SCHEMES else None
        if own is not None and (place := _SEALED.fullmatch(own.user)):
            credential = _credential(memory_file(int(place[1])), ())
        stream = Stream("main", opened_from(address, Path()), credential=credential)
        sources[name] = Source(name, number, (stream,))
    return tuple(sources.values())


def _credential(file: Path, used: tuple[str, ...]) -> Credential:
    """The login in a file that the command line names, for these machines.

    Raises ``FilesError``.
    """
    report = Report(file)
    if not is_file(file):
        report.at_line(None, "no such file", "a file with user and password")
        raise FilesError(report.findings)
    login = read_login(file, str(file), ("--login",), report, used)
    if login is None or not report.sound():
        raise FilesError(report.findings)
    return Credential(COMMAND_LINE, opened_from(str(file), Path()), stamp_of(login))


def _unused(address: str, taken: Container[str]) -> str:
    """The address, with a number behind it where another source has that name."""
    names = (address if i == 1 else f"{address} ({i})" for i in itertools.count(1))
    return next(name for name in names if name not in taken)


def opened_from(address: str, folder: Path) -> str:
    """An address as it is opened: the path of a file made absolute, all else as it is."""
    return address if scheme_of(address) is not None else os.path.abspath(folder / address)  # noqa: PTH100 - resolve() fails on a link to itself
