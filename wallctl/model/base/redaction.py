"""Taking secrets out of any text before a person or a log sees it. Knows no file and no site.

Of an address the scheme, the host and the path stay (``url_redaction.py``), of any other text what
names no secret.
"""

import re

from wallctl.model.base.url_redaction import HIDDEN, SECRET_WORD, shown_path

LONGEST_WORD = 2048
"""No address is longer. The patterns below look at each part of a word several times."""
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
_SCHEME = r"[^\W\d_][\w+.-]{0,31}://"
_SPACED_LOGIN = r"(?:[^\s/@:\"'<>]+:(?![0-9]{1,5}(?:\s|\Z))[^/@\n]{0,256}@)?"
"""A login whose password holds spaces or quotation marks, up to its ``@``."""
_WORDS = re.compile(rf"({_SCHEME})({_SPACED_LOGIN}[^\s\"'<>]*)|(?:(?!{_SCHEME})[^\s\"'<>])+")
"""Addresses, and all else that stands between spaces and quotation marks."""
_LOCAL_SCHEMES = ("ipc://", "file://", "inproc://")
"""Their paths are files of this machine, and are shown as they are."""
_AT = "[@＠﹫]"
"""Also as an input method for Chinese writes it."""
_MISSPELT = re.compile(rf".*[:：].*{_AT}", re.DOTALL)
"""What may be a login although no ``scheme://`` stands before it."""
_MAY_BE_MISSPELT = re.compile(rf".*(?:[:：]|%3A).*(?:{_AT}|%40)", re.DOTALL | re.IGNORECASE)
_PUNCTUATION = re.compile(r"[:,;.)\]]*\Z")
_HOST_AND_PORT = re.compile(
    r"(?:[^:@/?#;&=%：＠﹫\s]*|\[[0-9A-Fa-f:.]*(?:%[\w.-]+)?\])(?::(?:[0-9]{1,5}|PORT|\*))?"
    r"(?=[/?#]|\Z)"
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
_QUERY = re.compile(r"\?[^/?#@=]*=")
_NAMED_SECRET = re.compile(rf"(\b{SECRET_WORD})=[^\s&;\"'<>/]*", re.IGNORECASE)


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
    """Any text, without the secrets of the addresses in it, and without words of any length."""
    return _WORDS.sub(_clean_word, _LONG_WORD.sub(HIDDEN, text))


def redacted_address(address: str) -> str:
    """A text that is one address as a whole, spaces and all, without its secrets."""
    scheme, mark, rest = address.partition("://")
    return _shown(scheme + mark, rest) if mark else _without_scheme(address)


def _clean_word(match: re.Match[str]) -> str:
    if match[1] is None:
        return _without_scheme(match[0])
    end = _PUNCTUATION.search(match[2])
    assert end is not None
    return _shown(match[1], match[2][: end.start()]) + end[0]


def _without_scheme(word: str) -> str:
    """A word that is no address, or a misspelt one."""
    if _MAY_BE_MISSPELT.match(word):
        rest = _behind_login(word)
        return f"{HIDDEN}@" + ("" if rest is None else _with_path(rest))
    return _without_values(word)


def _without_values(text: str) -> str:
    """A text without the values of its query, and of words that name secrets."""
    query = _QUERY.search(text)
    path = text if query is None else text[: query.start()]
    return _NAMED_SECRET.sub(rf"\1={HIDDEN}", path) + shown_path(text[len(path) :])


def _shown(scheme: str, rest: str) -> str:
    """One address without its secrets.

    A password may hold a bare ``/`` or ``@``, so all up to the last ``@`` goes, unless a plain
    host stands at the front: then the ``@`` belongs to the path. What is neither is hidden.
    """
    if not _HOST_AND_PORT.match(rest) or may_hold_login(rest):
        behind = _behind_login(rest)
        if behind is None:
            return scheme + HIDDEN
        rest = behind
    return scheme + (_without_values if scheme.lower() in _LOCAL_SCHEMES else _with_path)(rest)


def _behind_login(rest: str) -> str | None:
    """What follows a login; ``None`` if nobody can tell where it ends."""
    query = _QUERY.search(rest)
    before = rest if query is None else rest[: query.start()]
    *login, behind = re.split(_AT, before)
    if not login or not _HOST_AND_PORT.match(behind):
        return None
    return behind + rest[len(before) :]


def _with_path(rest: str) -> str:
    """Host, port, and the path as it may be shown."""
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    return host + shown_path(rest[len(host) :])
