"""The control channel's messages: JSON bytes to values and back (docs/protocol.md tells them all).

Pure: it knows no socket and no clock. Whatever bytes come in, a value goes out: a request that can
be done, or one that is to be refused with a sentence for the person who wrote it.
"""

import enum
import types
import typing
from collections.abc import Mapping

import msgspec

from wallctl.api.strict_json import (
    NotJsonError,
    StrictObject,
    one_line,
    read_object,
    shown,
)
from wallctl.model.base.suggestions import offered
from wallctl.model.base.unicode_rules import spelled, unfit_in
from wallctl.model.wall.commands.command import (
    VERBS,
    Command,
    CommandError,
    TileRef,
    plain_type,
    verb_of,
)
from wallctl.model.wall.commands.syntax import tile_from_text, tile_to_text
from wallctl.model.wall.state.command_table import COMMANDS

VERSION = 1
BODY_MAX_BYTES = 65_536
ID_MAX_CHARS = 128
NAME_MAX_CHARS = 200
"""No name on a wall is longer; what is longer never reaches the wall."""
NUMBER_MAX = 10**15 - 1
"""Every program counts so far; the wall's own messages hold 64 bits."""

LEASE_MAX_S = 86_400
_ENVELOPE = frozenset({"v", "id", "cmd", "args", "for_s"})


class Request(msgspec.Struct, frozen=True):
    """A command and the id that its reply will carry."""

    id: str
    command: Command
    for_s: float | None = None
    """For how long a change is asked for; ``None``: until another."""


class Failed(msgspec.Struct, frozen=True):
    """Nothing was done. ``code`` is stable for programs, ``message`` is for people."""

    code: str
    message: str
    known: tuple[str, ...] = ()

    @classmethod
    def of(cls, error: CommandError) -> "Failed":
        """The reply that tells a command's error."""
        return cls(error.code, error.message, error.known)


SUPERSEDED = Failed("superseded", "a newer command changed the picture before this one was shown")
"""The reply to a command that was overtaken."""


class BadRequest(msgspec.Struct, frozen=True):
    """A message that is no request, with its id where that much could be read."""

    id: str | None
    reply: Failed


class Receipt(msgspec.Struct, frozen=True):
    """What a command really did."""

    first_ms: float
    """From taking the command to the first picture of the new scene on a screen."""
    pending: tuple[tuple[str, str], ...] = ()
    """Tiles that showed no picture of their new source yet, and the state each was in."""


class Done(msgspec.Struct, frozen=True):
    """A change was made."""

    revision: int
    receipt: Receipt


class Answer(msgspec.Struct, frozen=True):
    """A query is answered; ``picture`` is the file of a snapshot."""

    revision: int
    result: Mapping[str, object] | msgspec.Struct
    picture: bytes | None = None


Reply = Done | Answer | Failed


def read_request(body: bytes) -> Request | BadRequest:
    """The request that a message holds; never raises, whatever the bytes are."""
    try:
        found = read_object(body, BODY_MAX_BYTES)
    except NotJsonError as error:
        return BadRequest(None, Failed("bad_request", str(error)))
    name = found.value.get("id")
    told = name if isinstance(name, str) and 0 < len(name) <= ID_MAX_CHARS else None
    try:
        return _request(found, told)
    except CommandError as error:
        return BadRequest(told, Failed.of(error))


def write_request(name: str, command: Command, for_s: float | None = None) -> bytes:
    """The message that asks for a command, or for a change that ends after ``for_s``."""
    args = {
        field.name: _plain(getattr(command, field.name))
        for field in msgspec.structs.fields(command)
        if field.required or getattr(command, field.name) != field.default
    }
    asked = {"v": VERSION, "id": name, "cmd": verb_of(command), "args": args}
    return msgspec.json.encode(asked if for_s is None else asked | {"for_s": for_s})


def write_reply(name: str | None, reply: Reply) -> list[bytes]:
    """The frames of a reply: JSON, and for a snapshot its picture."""
    head = {"v": VERSION, "id": name, "ok": not isinstance(reply, Failed)}
    match reply:
        case Failed():
            return [msgspec.json.encode(head | {"error": reply})]
        case Done(revision, receipt):
            return [msgspec.json.encode(head | {"revision": revision, "receipt": receipt})]
        case Answer(revision, result, picture):
            body = msgspec.json.encode(head | {"revision": revision, "result": result})
            return [body] if picture is None else [body, picture]


class _Wire(msgspec.Struct):
    """A reply as it travels."""

    v: int
    id: str | None
    ok: bool
    revision: int = 0
    receipt: Receipt | None = None
    result: dict[str, typing.Any] | None = None
    error: Failed | None = None


def read_reply(frames: list[bytes]) -> tuple[str | None, Reply]:
    """The id and the reply in a wall's frames. Raises ``ValueError`` where they are no reply."""
    wire = msgspec.json.decode(frames[0], type=_Wire)
    if wire.v != VERSION:
        raise ValueError(f"the wall speaks version {wire.v} of the protocol, not {VERSION}")
    if wire.error is not None:
        return wire.id, wire.error
    if wire.receipt is not None:
        return wire.id, Done(wire.revision, wire.receipt)
    if wire.result is None:
        raise ValueError("the reply has neither a receipt nor a result nor an error")
    return wire.id, Answer(wire.revision, wire.result, frames[1] if len(frames) > 1 else None)


def _request(found: StrictObject, told: str | None) -> Request:
    """The request in an object, or ``CommandError``; the first fault is the one that is told."""
    if found.faults:
        raise CommandError("bad_request", found.faults[0])
    value = found.value
    if unknown := sorted(set(value) - _ENVELOPE):
        raise CommandError(
            "bad_request", f"no field is called {shown(unknown[0])}", tuple(sorted(_ENVELOPE))
        )
    _check_version(value.get("v"))
    if told is None:
        raise CommandError("bad_request", f"id must be a text of 1 to {ID_MAX_CHARS} characters")
    command = _command(value.get("cmd"), value.get("args", {}))
    return Request(told, command, _lease_s(command, value.get("for_s")))


def _check_version(version: object) -> None:
    if type(version) is not int:
        raise CommandError("bad_request", f"v, the protocol's version, must be {VERSION}")
    if version != VERSION:
        raise CommandError("bad_version", f"this wall speaks version {VERSION}", (str(VERSION),))


def _lease_s(command: Command, for_s: object) -> float | None:
    if for_s is None:
        return None
    if not COMMANDS[type(command)].may_end:
        raise CommandError("bad_request", f"{verb_of(type(command))} takes no for_s: it has no end")
    if isinstance(for_s, bool) or not isinstance(for_s, int | float):
        raise CommandError("bad_request", "for_s must be a number of seconds")
    if not 0 < for_s <= LEASE_MAX_S:
        raise CommandError("bad_request", f"for_s must be more than 0 and at most {LEASE_MAX_S}")
    return float(for_s)


def _command(verb: object, args: object) -> Command:
    if not isinstance(verb, str):
        raise CommandError("bad_request", "cmd must be a text", tuple(VERBS))
    if verb not in VERBS:
        end, known = offered(verb, VERBS)
        raise CommandError("unknown_command", f"no command is called {shown(verb)}{end}", known)
    if not isinstance(args, dict):
        raise CommandError("bad_request", "args must be an object")
    return _filled(VERBS[verb], args)


def _filled(kind: type[Command], args: dict[str, typing.Any]) -> Command:
    """The command with its fields; types are strict, a text is never taken for a number."""
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    if unknown := sorted(set(args) - set(fields)):
        message = f"{verb_of(kind)} has no argument {shown(unknown[0])}"
        raise CommandError("bad_args", message, tuple(fields))
    for key, value in args.items():
        if isinstance(value, str):
            _check_text(key, value)
        if isinstance(value, int) and abs(value) > NUMBER_MAX:
            raise CommandError("bad_args", f"{key} must be a number of at most 15 digits")
    values = {
        key: _tile(key, value) if _is_tile(plain_type(fields[key])) else _spelled(value)
        for key, value in args.items()
    }
    try:
        return msgspec.convert(values | {"cmd": verb_of(kind)}, type=kind)
    except msgspec.ValidationError as error:
        raise CommandError("bad_args", f"{verb_of(kind)}: {one_line(str(error))}") from None


def _check_text(key: str, text: str) -> None:
    if len(text) > NAME_MAX_CHARS:
        raise CommandError("bad_args", f"{key} has more than {NAME_MAX_CHARS} characters")
    if unfit := unfit_in(text):
        message = f"{key} holds {unfit}: write it on one line, without control characters"
        raise CommandError("bad_args", message)


def _spelled(value: object) -> object:
    """A text in the one form in which it is kept; any other value as it is."""
    return spelled(value) if isinstance(value, str) else value


def _is_tile(kind: typing.Any) -> bool:
    return kind is TileRef or (isinstance(kind, types.UnionType) and TileRef in kind.__args__)


def _tile(key: str, value: object) -> dict[str, object] | None:
    """A tile's fields from ``5`` or ``"left/5"``."""
    if value is None:
        return None
    if type(value) is not int and not isinstance(value, str):
        raise CommandError("bad_args", f'{key} must be a tile: 5 or "left/5"')
    try:
        return msgspec.structs.asdict(tile_from_text(str(value)))
    except (CommandError, ValueError):
        raise CommandError("bad_args", f'{key} names no tile: write 5 or "left/5"') from None


def _plain(value: object) -> object:
    """A field's value as JSON has it."""
    if isinstance(value, TileRef):
        return value.number if value.screen is None else tile_to_text(value)
    return value.value if isinstance(value, enum.Enum) else value
