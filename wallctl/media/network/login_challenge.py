"""What a camera wants of a login, and the answer to it (RFC 7617 Basic, RFC 7616 Digest). Pure.

libav is never asked to: it tells a password to any server that asks for Basic.
"""

import base64
import enum
import hashlib
import re
import secrets
from collections.abc import Iterable

import msgspec

from wallctl.media.network.camera_address import Address
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.site.credential import Login
from wallctl.model.streams.health import Reason

_FIELD = re.compile(
    r"""[\s,;]*([A-Za-z0-9_-]+)\s*=\s*(?:
        "((?:[^"\\]|\\.)*)"
        | (auth(?:-int)?(?:\s*,\s*auth(?:-int)?)+)(?![^\s,;])
        | ([^,;"]*?)(?=\s{0,8}(?:[,;"]|$|\s[A-Za-z0-9_-]{1,32}\s{0,8}=))
    )""",
    re.VERBOSE | re.IGNORECASE,
)
"""A name and its value. Some cameras leave out the quotes around a list of ``qop`` or a realm with
spaces, or the comma between two fields, or write ``;`` for it."""
_SCHEME = re.compile(r"[\s,;]*([A-Za-z][A-Za-z0-9_-]*)(?=[\s,;]|$)(?!\s*=)")

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
"""Characters that begin another header in our answer."""

_STRENGTH = {"SHA-512-256": "sha512_256", "SHA-256": "sha256", "MD5": "md5"}
"""The digests by what ``hashlib`` calls them, the strongest first."""


class Scheme(enum.Enum):
    """How a login is proved."""

    BASIC = "basic"
    DIGEST = "digest"
    OTHER = "other"
    """One that is not known here: NTLM, Negotiate, Bearer …"""


class Challenge(msgspec.Struct, frozen=True):
    """One way in that a camera offers."""

    scheme: Scheme
    fields: dict[str, str]

    @property
    def algorithm(self) -> str:
        """The digest without ``-sess``, in capitals."""
        return self._algorithm.removesuffix("-SESS")

    @property
    def is_session(self) -> bool:
        """Whether the password's hash is bound to the nonce."""
        return self._algorithm.endswith("-SESS")

    @property
    def can_be_met(self) -> bool:
        """Whether it is known how."""
        if self.scheme is Scheme.DIGEST:
            is_known = self.algorithm in _STRENGTH and self.qop in ("", "auth")
            return is_known and bool(self.fields.get("nonce"))
        return self.scheme is Scheme.BASIC

    @property
    def qop(self) -> str:
        """What is protected: ``auth`` where that is offered."""
        offered = re.split(r"[,\s]+", self.fields.get("qop", "").strip().lower())
        return "auth" if "auth" in offered else offered[0]

    @property
    def _algorithm(self) -> str:
        return self.fields.get("algorithm", "").upper().replace("SHA256", "SHA-256") or "MD5"


def challenges(values: Iterable[str]) -> tuple[Challenge, ...]:
    """The challenges of all ``WWW-Authenticate`` headers; one header may hold several."""
    found: list[Challenge] = []
    for folded in values:
        value, at = _CONTROL.sub(" ", folded), 0
        while (scheme := _SCHEME.match(value, at)) is not None:
            at, fields = scheme.end(), dict[str, str]()
            while (field := _FIELD.match(value, at)) is not None:
                at = field.end()
                quoted, bare = field[2], (field[3] or field[4] or "").strip()
                fields[field[1].lower()] = bare if quoted is None else _unescape(quoted)
            found.append(Challenge(_scheme(scheme[1]), fields))
    return tuple(found)


def best(offered: Iterable[Challenge]) -> Challenge | None:
    """The strongest challenge that can be met; ``None`` where none can."""
    order = list(_STRENGTH)
    met = [one for one in offered if one.can_be_met]
    digests = [one for one in met if one.scheme is Scheme.DIGEST]
    digests.sort(key=lambda one: order.index(one.algorithm))
    return next(iter(digests + met), None)


def pass_for(address: Address, wanted: Iterable[str]) -> "Pass":
    """The login of an address for the best of the challenges that ``wanted`` holds.

    ``wanted``: headers ``WWW-Authenticate``. Raises ``SourceError`` where nothing may be said. A
    password goes out as it is (Basic) to machines alone that have proved who they are, or if the
    login's file allows that.
    """
    login, offered = address.login, best(challenges(wanted))
    if login is None:
        raise SourceError(Reason.LOGIN_WITHHELD if address.withheld else Reason.LOGIN_MISSING)
    if offered is None:
        raise SourceError(Reason.LOGIN_UNSUPPORTED)
    if offered.scheme is Scheme.BASIC and not (login.basic or address.is_proven):
        raise SourceError(Reason.LOGIN_IN_CLEAR)
    return Pass(offered, login)


class Pass:
    """A login for one challenge, good for many requests while the camera keeps the nonce."""

    def __init__(self, challenge: Challenge, login: Login) -> None:
        self._challenge = challenge
        self._login = login
        self._count = 0

    def authorization(self, method: str, address: str) -> str:
        """The value of the header ``Authorization`` for one request."""
        if self._challenge.scheme is Scheme.BASIC:
            account = f"{self._login.user}:{self._login.password}".encode()
            return f"Basic {base64.b64encode(account).decode()}"
        self._count += 1
        return self._digest(method, address, f"{self._count:08x}", secrets.token_hex(8))

    def _digest(self, method: str, address: str, count: str, own: str) -> str:
        given, fields = self._challenge, self._challenge.fields
        realm, nonce = fields.get("realm", ""), fields.get("nonce", "")
        secret = self._hash(self._login.user, realm, self._login.password)
        if given.is_session:
            secret = self._hash(secret, nonce, own)
        middle = (nonce, count, own, "auth") if given.qop else (nonce,)
        answer = self._hash(secret, *middle, self._hash(method, address))
        parts = [
            *(f'username="{_escape(self._login.user)}"', f'realm="{_escape(realm)}"'),
            *(f'nonce="{_escape(nonce)}"', f'uri="{address}"', f'response="{answer}"'),
        ]
        if "algorithm" in fields:
            parts.append(f"algorithm={fields['algorithm']}")
        if "opaque" in fields:
            parts.append(f'opaque="{_escape(fields["opaque"])}"')
        if given.qop:
            parts += ["qop=auth", f"nc={count}", f'cnonce="{own}"']
        elif given.is_session:
            parts.append(f'cnonce="{own}"')
        return "Digest " + ", ".join(parts)

    def _hash(self, *parts: str) -> str:
        made = hashlib.new(_STRENGTH[self._challenge.algorithm], usedforsecurity=False)
        made.update(":".join(parts).encode(errors="surrogateescape"))
        return made.hexdigest()


def _scheme(name: str) -> Scheme:
    known = {"basic": Scheme.BASIC, "digest": Scheme.DIGEST}
    return known.get(name.lower(), Scheme.OTHER)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _escape(text: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", text)
