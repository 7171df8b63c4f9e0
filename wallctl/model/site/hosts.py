"""Machines as a site's files name them: by name, by address, or a network of addresses. Pure."""

import ipaddress
import re
from collections.abc import Iterable

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAME = re.compile(r"(?=.{1,253}\.?\Z)[^\s.:/?#@\[\]*]{1,63}(?:\.[^\s.:/?#@\[\]*]{1,63})*\.?")
_NUMBERS = re.compile(r"[0-9.]+")


def covers(hosts: Iterable[str], host: str) -> bool:
    """Whether ``hosts`` name the machine that an address calls ``host``.

    Names match names, letter by letter except for their case. Addresses and networks match
    addresses. No name is looked up: the one who answers a look-up could then choose the machine.
    """
    address = _address(host)
    if address is None:
        return bool(host.strip(".")) and _same(host) in {_same(one) for one in hosts}
    networks = (_network(one) for one in hosts)
    return any(one is not None and address in one for one in networks)


def can_name(text: str) -> bool:
    """Whether a text names a machine, or a network that is not the whole world."""
    network = _network(text)
    if network is not None:
        return network.prefixlen > 0
    return _NAME.fullmatch(text) is not None and _NUMBERS.fullmatch(text) is None


def _address(text: str) -> _Address | None:
    try:
        address = ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _network(text: str) -> _Network | None:
    address = _address(text)
    try:
        return ipaddress.ip_network(address or text, strict=False)
    except ValueError:
        return None


def _same(name: str) -> str:
    return name.casefold().removesuffix(".")
