"""What the address of an HTTP call asks for. Pure."""

import urllib.parse

import msgspec

from wallctl.alarm_inputs.http_bodies import form_fields, unquoted
from wallctl.model.site.alarm_input import Maker

ALARM_PATH = "/alarm/"
PUSH_PATH = "/push/"
UNIVIEW_PATH = "/lapi/"
"""Uniview's devices push to a path of their own (LiteAPI); a technician can't set it."""


class AlarmAsked(msgspec.Struct, frozen=True):
    """An alarm is raised by its name, or is over."""

    name: str
    fields: dict[str, str]
    """What stands behind the ``?``, by its keys in small letters."""


class PushAsked(msgspec.Struct, frozen=True):
    """A device pushes what happens, in its maker's own form."""

    maker: Maker


def asked(target: str) -> AlarmAsked | PushAsked | None:
    """What the target of a request asks for; ``None`` for what is not known here.

    Characters beyond ASCII may be percent-encoded or, against the rules, as they are, in UTF-8 or
    GBK. Raises ``ValueError`` if they are in neither.
    """
    path, _, query = _origin_form(target).partition("?")
    folded = path.casefold()
    if folded.startswith(UNIVIEW_PATH):
        return PushAsked(Maker.UNIVIEW)
    if folded.startswith(PUSH_PATH):
        maker = folded.removeprefix(PUSH_PATH).rstrip("/")
        known = next((one for one in Maker if one.value == maker), None)
        return None if known is None else PushAsked(known)
    name = path[len(ALARM_PATH) :].rstrip("/") if folded.startswith(ALARM_PATH) else ""
    if not name:
        return None
    return AlarmAsked(_readable(name), form_fields(query))


def _origin_form(target: str) -> str:
    """The path and what is behind it, each byte beyond ASCII percent-encoded.

    A proxy may ask by the whole address, and some devices begin the path with two slashes.
    """
    encoded = urllib.parse.quote_from_bytes(target.encode("latin-1"), safe="/:?#[]@!$&'()*+,;=%")
    if encoded[:7].casefold() == "http://":
        encoded = encoded[7:].partition("/")[2]
    return "/" + encoded.partition("#")[0].lstrip("/")


def _readable(name: str) -> str:
    text = unquoted(name)
    if text is None:
        raise ValueError("neither UTF-8 nor GBK")
    return text
