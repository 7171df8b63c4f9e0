"""Taking logins out of any text before a person or a log sees it. Knows no file and no site."""

import re

_URL_IN_TEXT = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)([^\s\"'<>]*)")
_HOST_AND_PORT = re.compile(
    r"[^:@/?#]*(?::[0-9]{1,5})?(?=[/?#]|\Z)|\[[0-9A-Fa-f:.]*\](?::[0-9]{1,5})?"
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
    r"\b(user(?:name)?|pass(?:word|wd)?|pwd|token|secret)=[^\s&;\"'<>/]*", re.IGNORECASE
)


def may_hold_login(rest: str) -> bool:
    """Whether an address, without its scheme and ``//``, may begin with a login all the same.

    ``admin:12345#@10.0.0.7/1`` reads as host ``admin`` and port 12345; the password holds a bare
    ``#``.
    """
    return _LOGIN_LIKE.match(rest) is not None


def redacted(text: str) -> str:
    """Any text, without the logins of the addresses in it."""
    return _SECRET_WORD.sub(r"\1=***", _URL_IN_TEXT.sub(_without_login, text))


def _without_login(match: re.Match[str]) -> str:
    """One address without its login.

    A password may hold a bare ``/`` or ``@``, so all up to the last ``@`` goes, unless a plain
    host stands at the front: then the ``@`` belongs to the path. What is neither is hidden.
    """
    scheme, rest = match.groups()
    if _HOST_AND_PORT.match(rest) and not may_hold_login(rest):
        return f"{scheme}{rest}"
    return scheme + (rest.rpartition("@")[2] if "@" in rest else "***")
