"""Logins: which challenges are understood, what is answered, and to whom nothing is said."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.media.network.camera_address import Address
from wallctl.media.network.login_challenge import Pass, Scheme, best, challenges, pass_for
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.site.camera_identity import Trust
from wallctl.model.site.credential import Login
from wallctl.model.streams.health import Reason

LOGIN = Login("Mufasa", "Circle of Life")
RFC = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
    'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
OWN = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


def one(value: str) -> Pass:
    challenge = best(challenges([value]))
    assert challenge is not None
    return Pass(challenge, LOGIN)


@pytest.mark.parametrize(
    ("algorithm", "answer"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616(
    algorithm: str, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda _: OWN)
    said = one(RFC.replace("SHA-256", algorithm)).authorization("GET", "/dir/index.html")
    (given,) = challenges([said])
    assert given.fields["response"] == answer
    assert given.fields["nc"] == "00000001"


def test_each_request_counts() -> None:
    way = one(RFC)
    said = [challenges([way.authorization("OPTIONS", "*")])[0].fields["nc"] for _ in range(2)]
    assert said == ["00000001", "00000002"]


def test_basic_is_the_last_choice() -> None:
    offered = challenges(['Basic realm="a, b"', "NTLM", RFC.replace("SHA-256", "MD5"), RFC])
    assert [way.scheme for way in offered] == [
        *(Scheme.BASIC, Scheme.OTHER, Scheme.DIGEST, Scheme.DIGEST)
    ]
    chosen = best(offered)
    assert chosen is not None
    assert chosen.algorithm == "SHA-256"
    assert best(challenges(["Bearer", "NTLM", 'Digest nonce="1", algorithm=SHA3-512'])) is None
    assert best(challenges(['Digest nonce="1", qop="auth-int"'])) is None


def test_basic_holds_any_sign() -> None:
    said = Pass(challenges(['Basic realm="x"'])[0], Login("管理员", "p:ä")).authorization(
        "GET", "/"
    )
    assert base64.b64decode(said.removeprefix("Basic ")).decode() == "管理员:p:ä"


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ('Digest realm="Login to 4K, x; (C=1)",nonce="a"', {"realm": "Login to 4K, x; (C=1)"}),
        ('digest realm="a \\"b\\" c", nonce=1', {"realm": 'a "b" c', "nonce": "1"}),
        ('Digest  realm = "x" ,  algorithm = MD5 , stale=TRUE', {"stale": "TRUE"}),
        ('Digest realm="",nonce="",opaque=""', {"realm": "", "opaque": ""}),
        ('Digest realm=Login to 4K, nonce="a"', {"realm": "Login to 4K", "nonce": "a"}),
        ('Digest realm=IP Camera nonce="5f=="', {"realm": "IP Camera", "nonce": "5f=="}),
        ('Digest realm="x"; nonce="a"; qop="auth"', {"realm": "x", "nonce": "a", "qop": "auth"}),
        ("Digest qop=auth,auth-int, nonce=a", {"qop": "auth,auth-int", "nonce": "a"}),
        ("Digest qop=auth-int , auth , realm=x,nonce=a==", {"realm": "x", "nonce": "a=="}),
        ("Basic realm=My Camera 2", {"realm": "My Camera 2"}),
        ('Digest nonce="1", qop="auth auth-int", algorithm=SHA256', {"nonce": "1"}),
    ],
)
def test_challenges_as_cameras_write_them(header: str, fields: dict[str, str]) -> None:
    (found,) = challenges([header])
    assert fields.items() <= found.fields.items()


def test_a_digest_whose_name_lacks_its_dash_is_met() -> None:
    (given,) = challenges(['Digest nonce="1", qop="auth auth-int", algorithm=SHA256'])
    assert (given.can_be_met, given.algorithm, given.qop) == (True, "SHA-256", "auth")


def test_several_that_are_not_quoted_are_told_apart() -> None:
    basic, digest = challenges(["Negotiate, Basic realm=My Cam, Digest realm=x, nonce=1"])[1:]
    assert (basic.scheme, basic.fields) == (Scheme.BASIC, {"realm": "My Cam"})
    assert (digest.scheme, digest.fields) == (Scheme.DIGEST, {"realm": "x", "nonce": "1"})


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_header_is_read(values: list[str]) -> None:
    best(challenges(values))


def test_an_answer_is_one_line() -> None:
    said = one('Digest realm="a\r\n X: y", nonce="1\n2"').authorization("GET", "/")
    assert said.isprintable()


BASIC = 'Basic realm="x"'
MD5 = 'Digest realm="x", nonce="1"'
OPEN, PRIVATE = "rtsp://h/1", "rtsps://h/1"
PINNED, BLIND = Trust(fingerprint="00" * 32), Trust(insecure=True)


@pytest.mark.parametrize(
    ("url", "trust", "allowed", "said"),
    [
        *((OPEN, Trust(), False, ""), (OPEN, PINNED, False, ""), (OPEN, Trust(), True, "Basic")),
        *((PRIVATE, Trust(), False, "Basic"), (PRIVATE, PINNED, False, "Basic")),
        *((PRIVATE, BLIND, False, ""), (PRIVATE, BLIND, True, "Basic")),
    ],
)
def test_a_password_goes_in_clear_to_proven_machines_or_if_its_file_allows_it(
    url: str, trust: Trust, allowed: bool, said: str
) -> None:
    address = Address(url, Login("u", "p", ("h",), basic=allowed), trust=trust)
    assert pass_for(address, [BASIC, MD5]).authorization("A", url).startswith("Digest ")
    if said:
        assert pass_for(address, [BASIC]).authorization("A", url).startswith(said)
        return
    with pytest.raises(SourceError) as raised:
        pass_for(address, [BASIC, "NTLM"])
    assert raised.value.reason is Reason.LOGIN_IN_CLEAR


@pytest.mark.parametrize(
    ("address", "wanted", "reason"),
    [
        (Address(OPEN), MD5, Reason.LOGIN_MISSING),
        (Address(OPEN, withheld=True), MD5, Reason.LOGIN_WITHHELD),
        (Address(OPEN, LOGIN), "NTLM", Reason.LOGIN_UNSUPPORTED),
    ],
)
def test_where_nothing_can_be_said(address: Address, wanted: str, reason: Reason) -> None:
    with pytest.raises(SourceError) as raised:
        pass_for(address, [wanted])
    assert raised.value.reason is reason


@pytest.mark.parametrize(
    "value",
    ["Digest", 'Digest realm="cam"', 'Digest realm="cam", nonce=""', "Digest realm=IP Camera"],
)
def test_a_digest_without_a_nonce_can_not_be_met(value: str) -> None:
    """An answer to it is a wrong login, and cameras count these."""
    assert not any(one.can_be_met for one in challenges([value]))
