"""Taking logins out of any text before a person or a log sees it. Knows no file and no site."""

import re

_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*://"
_WORDS = re.compile(rf"({_SCHEME})([^\s\"'<>]*)|(?:(?!{_SCHEME})[^\s\"'<>])+")
"""Addresses, and all else that stands between spaces and quotation marks."""
_MISSPELT = re.compile(r".*[:：].*@", re.DOTALL)
"""What may be a login although no ``scheme://`` stands before it."""
_PUNCTUATION = re.compile(r"[:,;.)\]]*\Z")
_HOST_AND_PORT = re.compile(
    r"(?:[^:@/?#]*|\[[0-9A-Fa-f:.]*\])(?::(?:[0-9]{1,5}|PORT|\*))?(?=[/?#]|\Z)"
)
_LOGIN_LIKE = re.compile(
    r"""[^:@/?\#]*:[0-9]+           # a host and its port, or a user and the first of a password
    (?: [/?\#] (?:.*[/?\#])? @      # and what ends a password and never a path
      | \#.* @                      # and a fragment, which no camera's address has
      | [/?].* @(?=                 # and behind an @ what could be the real host
            \[[0-9A-Fa-f:.]+\]
          | localhost\b
          | [\w-]+(?:\.[\w-]+)+(?:[:/?\#]|\Z)
          | [\w-]+:[0-9]+(?:[/?\#]|\Z)
        )
    )""",
    re.VERBOSE,
)
_SECRET_WORD = re.compile(
    r"""((?:\b(?:usr|user(?:name)?|loginuse)          # a word as a whole
       | [\w.-]* (?: pass(?:word|wd|phrase)? | pas | pwd | auth\w* | key | token | secret
                   | sign(?:ature)? | sig | hmac | md5 | hash | ticket | session(?:_?id)? | jwt
                   | credentials? | login )                          # or how one ends: txSecret
       ) \d*)
    =[^\s&;"'<>/]*""",
    re.IGNORECASE | re.VERBOSE,
)
_RANDOM = re.compile(
    r"([?&;][\w.-]+)=(?=[A-Za-z+_-]*[0-9])(?=[0-9+_-]*[A-Za-z])[A-Za-z0-9+_%-]{24,}=*(?=[&;#\s\"'<>]|\Z)"
)
"""What can't be a word: a key by whatever name."""


def may_hold_login(rest: str) -> bool:
    """Whether an address, without its scheme and ``//``, may begin with a login all the same.

    ``admin:12345#@10.0.0.7/1`` reads as host ``admin`` and port 12345; the password holds a bare
    ``#``.
    """
    return _LOGIN_LIKE.match(rest) is not None


def looks_misspelt(address: str) -> bool:
    """Whether an address that is none may hold a login: ``rtsp：//user:password@host``."""
    return "://" not in address and _MISSPELT.match(address) is not None


def redacted(text: str) -> str:
    """Any text, without the logins of the addresses in it."""
    return _without_secrets(_WORDS.sub(_clean_word, text))


def redacted_address(address: str) -> str:
    """A text that is one address as a whole, spaces and all, without its login."""
    scheme, mark, rest = address.partition("://")
    clean = _without_login(scheme + mark, rest) if mark else _without_misspelt(address)
    return _without_secrets(clean)


def _without_secrets(text: str) -> str:
    return _RANDOM.sub(r"\1=***", _SECRET_WORD.sub(r"\1=***", text))


def _clean_word(match: re.Match[str]) -> str:
    if match[1] is None:
        return _without_misspelt(match[0])
    end = _PUNCTUATION.search(match[2])
    assert end is not None
    return _without_login(match[1], match[2][: end.start()]) + end[0]


def _without_misspelt(word: str) -> str:
    return _MISSPELT.sub("***@", word)


def _without_login(scheme: str, rest: str) -> str:
    """One address without its login.

    A password may hold a bare ``/`` or ``@``, so all up to the last ``@`` goes, unless a plain
    host stands at the front: then the ``@`` belongs to the path. What is neither is hidden.
    """
    if _HOST_AND_PORT.match(rest) and not may_hold_login(rest):
        return f"{scheme}{rest}"
    return scheme + (rest.rpartition("@")[2] if "@" in rest else "***")
