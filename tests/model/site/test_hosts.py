"""Machines as files name them: a login goes to exactly these."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.site.hosts import can_name, covers

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
HOSTS = ("192.0.2.0/24", "gate.example", "2001:db8::/32", "198.51.100.7", "摄像机.example")


@pytest.mark.parametrize(
    "host",
    [
        *("192.0.2.0", "192.0.2.255", "198.51.100.7", "::ffff:192.0.2.9", "2001:db8::1"),
        *("[2001:db8::1]", "gate.example", "GATE.Example", "gate.example.", "摄像机.example"),
    ],
)
def test_these_are_covered(host: str) -> None:
    assert covers(HOSTS, host)


@pytest.mark.parametrize(
    "host",
    [
        *("", ".", "192.0.3.0", "198.51.100.8", "192.0.2.9.", "192.0.2", "2001:db9::1", "::"),
        *("gate", "a.gate.example", "gate.example.evil", "gate.examples", "192.0.2.9.example"),
        *(
            "3221225993",
            "0xc0.0.2.9",
            "0300.0.2.9",
            "192.0.521",
            "192.0.2.9/24",
            "%",
            "gate.example%1",
        ),
    ],
)
def test_these_are_not(host: str) -> None:
    assert not covers(HOSTS, host)


@given(st.ip_addresses(), st.ip_addresses())
def test_an_address_covers_itself_alone(one: Address, other: Address) -> None:
    assert covers([str(one)], str(one))
    assert covers([str(one)], str(other)) is (plain(one) == plain(other))


def plain(address: Address) -> Address:
    """IPv4 within IPv6 is IPv4."""
    return getattr(address, "ipv4_mapped", None) or address


@given(st.lists(st.text(max_size=20), max_size=4), st.text(max_size=20))
def test_any_texts_are_judged(hosts: list[str], host: str) -> None:
    assert covers([*hosts, host], host) is bool(host.strip("."))
    for one in hosts:
        can_name(one)


def test_nothing_covers_nothing() -> None:
    assert not covers([], "gate.example")
    for nobody in ("", ".", ".."):
        assert not covers(["", ".", ".."], nobody)


@pytest.mark.parametrize(
    ("text", "can"),
    [
        *(("192.0.2.7", True), ("192.0.2.7/24", True), ("gate", True), ("a-b.example.", True)),
        *(("2001:db8::1", True), ("[2001:db8::1]", True), ("10.0.0.0/1", True)),
        *(("", False), ("*", False), ("*.example", False), ("a b", False), ("a/b", False)),
        *(("0.0.0.0/0", False), ("::/0", False), ("10.0.0.300", False), ("1.2", False)),
        *(
            ("http://h", False),
            ("h:554", False),
            ("u@h", False),
            ("a..b", False),
            ("a" * 64, False),
        ),
    ],
)
def test_what_can_name_machines(text: str, can: bool) -> None:
    assert can_name(text) is can
