"""Who may call the HTTP input: from which addresses, with which login, and no web page. Pure."""

import base64
import hmac
import ipaddress
import urllib.parse
from collections.abc import Collection, Iterable, Mapping

from wallctl.model.site.alarm_input import HttpInput, Maker, Push
from wallctl.model.site.credential import Login

_PAGE_HEADERS = frozenset({"origin", "referer"})
"""What browsers send for a web page, and devices do not."""


def is_named(address: str, networks: Iterable[str]) -> bool:
    """Whether an address is one of the addresses, or lies in one of the networks."""
    caller = ipaddress.ip_address(address)
    return any(caller in ipaddress.ip_network(one, strict=False) for one in networks)


def may_call(given: HttpInput, address: str) -> bool:
    """Whether alarms may be raised by their names from an address."""
    return ipaddress.ip_address(address).is_loopback or is_named(address, given.callers)


def push_of(given: HttpInput, maker: Maker, address: str) -> Push | None:
    """What the site says of the maker's devices at an address."""
    mine = (one for one in given.pushes if one.maker is maker)
    return next((one for one in mine if is_named(address, one.callers)), None)


def is_web_page(headers: Mapping[str, str]) -> bool:
    """Whether a browser calls because a web page told it to.

    What a person types into the address bar has ``Sec-Fetch-Site: none``. A page of another name
    for this machine (DNS rebinding) sends ``same-origin``, and is refused, too.
    """
    told = {name.casefold(): value for name, value in headers.items()}
    site = told.get("sec-fetch-site", "none").strip().casefold()
    return site != "none" or not _PAGE_HEADERS.isdisjoint(told)


def is_host(told: str, hosts: Collection[str]) -> bool:
    """Whether a call means this machine: by an address, by a name without a dot, or by one that
    the site gives it. This keeps a web page out whose owner lets a name of theirs mean this
    machine (DNS rebinding)."""
    name = urllib.parse.urlsplit(f"//{told}").hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return "." not in name or name.casefold() in {host.casefold() for host in hosts}
    return True


def knows_login(login: Login | None, authorization: str) -> bool:
    """Whether a caller gave the login, if one is needed (RFC 7617)."""
    if login is None:
        return True
    wanted = base64.b64encode(f"{login.user}:{login.password}".encode())
    scheme, _, given = authorization.partition(" ")
    return scheme.lower() == "basic" and hmac.compare_digest(given.strip().encode(), wanted)
