"""What of an address may be shown behind its host: a readable path, and short numbers of the query.

A list of the words that name secrets can't be complete (``_sid``, ``wsSecret``, ``t``). So a query
shows only what can be no secret. A path is shown, because it tells one camera from another; parts
of it that no person would say aloud are cut. Knows no scheme and no host.
"""

import re
from urllib.parse import unquote

HIDDEN = "***"
_KEPT_CHARACTERS = 4
"""As many of a long random part are shown, to tell it from others."""
_LONG_CHARACTERS = 16
_LONGEST_WORD = 32
_MOST_PARTS = 64

SECRET_WORD = (
    r"(?:(?:usr|user(?:name)?|loginuse|pin|code|otp|t)"  # a word as a whole
    r"|[\w.-]*(?:pass(?:word|wd|phrase)?|pas|pwd|auth\w*|key|token|secret|sign(?:ature)?|sig|hmac"
    r"|md5|hash|ticket|session(?:_?id)?|sid|jwt|credentials?|login))"  # or how one ends: txSecret
    r"\d*"
)
_SECRET = re.compile(SECRET_WORD, re.IGNORECASE)
_SHORT_NUMBER = re.compile(r"([A-Za-z_-]{1,16}[0-9]?)=([0-9]{1,3})")
"""``channel=1``, ``subtype=0``."""
_VALUE = re.compile(r"([A-Za-z][\w-]*?)=(.*?)(?=[&;,_][A-Za-z][A-Za-z-]*=|\Z)", re.DOTALL)
"""``password=x`` of ``user=a_password=x_channel=1_stream=0.sdp``."""
_NUMBER_OF_PATH = re.compile(r"[0-9]{1,3}(?:\.[A-Za-z0-9]{1,4})?")
_ACCOUNT = re.compile(
    r"admin\d*|administrator|root|user\d*|operator|viewer|guest|service|supervisor|default"
    r"|[68]{6}",
    re.IGNORECASE,
)
"""What cameras call their accounts: ``/admin/PASSWORD/ch1``."""
_OF_STREAM = re.compile(
    r"av|avi|axis|cam|camera|ch|chan|channel|channels|cif|fps|flv|h|hd|high|hls|id|jpeg"
    r"|jpg|k|level|live|low|m|main|max|med|media|min|mjpeg|mjpg|mkv|mov|mp|mpeg|mpg|number"
    r"|p|preview|profile|pull|rtp|rtsp|s|sd|sdp|ssp|str|stream|streaming|streams|sub|test"
    r"|third|track|trackid|ts|tv|ultra|unicast|v|video|wall|x",
    re.IGNORECASE,
)
"""How cameras call their streams."""
_PLAYLIST = re.compile(r"\.m3u8?\Z", re.IGNORECASE)
"""An ending of names that looks like no word."""
_RUN = re.compile(r"[A-Za-z]+|[0-9]+")
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_IDENTIFIER = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_RISE = re.compile(r"[a-z][A-Z]")


def shown_path(tail: str) -> str:
    """All behind the host, without what may be a secret."""
    path, mark, query = re.split(r"[?#]", tail, maxsplit=1)[0], "", ""
    if tail[len(path) : len(path) + 1] == "?":
        query = _shown_query(tail[len(path) + 1 :].partition("#")[0])
        mark = "?" if query else ""
    return _shown_parts(path) + mark + query


def _shown_query(query: str) -> str:
    pairs = (pair.partition("=") for pair in re.split(r"[&;?]", query))
    return "&".join(f"{name}={value}" for name, _, value in pairs if _is_harmless(name, value))


def _is_harmless(name: str, value: str) -> bool:
    """Whether a value may be shown: a short number by a name that promises no secret."""
    found = _SHORT_NUMBER.fullmatch(f"{name}={value}")
    return found is not None and _SECRET.fullmatch(name) is None


def _shown_parts(path: str) -> str:
    parts = path.split("/")
    if len(parts) > _MOST_PARTS:
        return f"/{HIDDEN}"
    before = ["", *parts]
    return "/".join(map(_shown_part, parts, before[: len(parts)]))


def _shown_part(part: str, before: str) -> str:
    plain = unquote(part)
    if ":" in plain or (plain != part and re.search(r"[/?#@]", plain)):
        return HIDDEN
    if "=" in plain:
        return _VALUE.sub(_shown_value, plain) if _VALUE.search(plain) else HIDDEN
    if _is_cut(plain):
        return part
    if _ACCOUNT.fullmatch(before) and plain and not _is_of_stream(plain):
        return HIDDEN
    if not _is_random(plain):
        return part
    return (plain[:_KEPT_CHARACTERS] if len(plain) >= _LONG_CHARACTERS else "") + HIDDEN


def _shown_value(pair: re.Match[str]) -> str:
    harmless = _NUMBER_OF_PATH.fullmatch(pair[2]) and _SECRET.fullmatch(pair[1]) is None
    return pair[0] if harmless else f"{pair[1]}={HIDDEN}"


def _is_cut(part: str) -> bool:
    return part.endswith(HIDDEN) and len(part) <= _KEPT_CHARACTERS + len(HIDDEN)


def _is_of_stream(part: str) -> bool:
    """Whether a part names a stream as cameras do: ``ch1``, ``h264_main``."""
    runs = _RUN.findall(part)
    short = (
        len(run) <= 3 if run.isdigit() else _OF_STREAM.fullmatch(run) is not None for run in runs
    )
    return bool(runs) and all(short)


def _is_random(part: str) -> bool:
    """Whether a part is no word, and no words with numbers."""
    if _IDENTIFIER.fullmatch(part):
        return True
    part = _PLAYLIST.sub("", part)
    bare = "".join(_RUN.findall(part))
    if len(bare) >= _LONG_CHARACTERS and _is_mixed(part, 6):
        return True
    return any(map(_is_random_word, re.findall(r"[A-Za-z0-9]+", part)))


def _is_random_word(word: str) -> bool:
    if len(word) > _LONGEST_WORD or _is_mixed(word, 4):
        return True
    rises = len(_RISE.findall(word))
    return rises >= 3 and rises * 4 > len(word)


def _is_mixed(text: str, least: int) -> bool:
    """Whether letters and digits take turns, ``least`` runs or more, and some are no words."""
    runs = _RUN.findall(text)
    return len(runs) >= least and not all(run.isdigit() or _is_word(run) for run in runs)


def _is_word(run: str) -> bool:
    even = run.islower() or run.isupper() or run.istitle()
    return _OF_STREAM.fullmatch(run) is not None or (
        len(run) >= 3 and even and bool(_VOWEL.search(run))
    )
