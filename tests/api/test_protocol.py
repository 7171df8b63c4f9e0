"""The messages: every command travels, and whatever else comes is refused in one sentence."""

import json
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.random_commands import commands
from wallctl.api.protocol import (
    BODY_MAX_BYTES,
    SUPERSEDED,
    Answer,
    BadRequest,
    Done,
    Failed,
    Receipt,
    Reply,
    Request,
    read_reply,
    read_request,
    write_reply,
    write_request,
)
from wallctl.model.wall.commands import command as c


def asked(body: object) -> Request | BadRequest:
    return read_request(json.dumps(body).encode())


def request(**fields: object) -> dict[str, object]:
    return {"v": 1, "id": "a", "cmd": "home", "args": {}} | fields


def refused(body: bytes) -> BadRequest:
    found = read_request(body)
    assert isinstance(found, BadRequest)
    return found


@given(commands)
def test_every_command_travels(command: c.Command) -> None:
    assert read_request(write_request("7", command)) == Request("7", command)


@pytest.mark.parametrize(
    ("cmd", "args", "command"),
    [
        ("home", {}, c.GoHome()),
        ("layout", {"name": "3x3"}, c.SetLayout("3x3")),
        ("layout", {"name": "3x3", "screen": None}, c.SetLayout("3x3")),
        ("show", {"source": "7", "tile": 3}, c.Show("7", c.TileRef(3))),
        ("show", {"source": "7", "tile": "3"}, c.Show("7", c.TileRef(3))),
        ("show", {"source": "7", "tile": "left/3"}, c.Show("7", c.TileRef(3, "left"))),
        ("show", {"source": "7", "tile": None}, c.Show("7")),
        ("move", {"to": "left"}, c.Move(c.Direction.LEFT)),
        ("help", {"shown": True}, c.Help(True)),
        ("info", {"shown": False}, c.Info(False)),
    ],
)
def test_arguments_are_the_commands_fields(
    cmd: str, args: dict[str, object], command: c.Command
) -> None:
    assert asked(request(cmd=cmd, args=args)) == Request("a", command)


def test_args_may_be_left_out() -> None:
    assert asked({"v": 1, "id": "a", "cmd": "home"}) == Request("a", c.GoHome())


@pytest.mark.parametrize(
    ("fields", "code", "part"),
    [
        ({"cmd": "layuot"}, "unknown_command", "layuot"),
        ({"cmd": "__init__"}, "unknown_command", "__init__"),
        ({"cmd": 3}, "bad_request", "cmd"),
        ({"cmd": None}, "bad_request", "cmd"),
        ({"v": 2}, "bad_version", "1"),
        ({"v": 1.0}, "bad_request", "v,"),
        ({"v": True}, "bad_request", "v,"),
        ({"extra": 1}, "bad_request", "extra"),
        ({"args": []}, "bad_request", "args"),
        ({"args": {"cmd": "home"}}, "bad_args", "cmd"),
        ({"cmd": "layout"}, "bad_args", "name"),
        ({"cmd": "layout", "args": {"name": 3}}, "bad_args", "name"),
        ({"cmd": "layout", "args": {"nme": "3x3"}}, "bad_args", "nme"),
        ({"cmd": "show", "args": {"source": "9" * 5000}}, "bad_args", "source"),
        ({"cmd": "clear", "args": {"tile": 0}}, "bad_args", "tile"),
        ({"cmd": "clear", "args": {"tile": -1}}, "bad_args", "tile"),
        ({"cmd": "clear", "args": {"tile": True}}, "bad_args", "tile"),
        ({"cmd": "clear", "args": {"tile": 1.0}}, "bad_args", "tile"),
        ({"cmd": "clear", "args": {"tile": None}}, "bad_args", "tile"),
        ({"cmd": "clear", "args": {"tile": 10**4000}}, "bad_args", "tile"),
        ({"cmd": "clear", "args": {"tile": {"number": 3}}}, "bad_args", "tile"),
        ({"cmd": "identify", "args": {"seconds": 10**25}}, "bad_args", "seconds"),
        ({"cmd": "release", "args": {"lease": -(10**25)}}, "bad_args", "lease"),
        ({"cmd": "help", "args": {"shown": 1}}, "bad_args", "shown"),
        ({"cmd": "page", "args": {"to": "left"}}, "bad_args", "to"),
        ({"cmd": "blank", "args": {"reason": "a\nb"}}, "bad_args", "U+000A"),
        ({"cmd": "alarm", "args": {"name": "a", "text": "\x1b]52;"}}, "bad_args", "U+001B"),
        ({"cmd": "layout", "args": {"name": "a\u2028"}}, "bad_args", "U+2028"),
    ],
)
def test_what_is_wrong_is_told_to_the_one_who_asked(
    fields: dict[str, object], code: str, part: str
) -> None:
    found = refused(json.dumps(request(**fields)).encode())
    assert found.id == "a"
    assert found.reply.code == code
    assert part in found.reply.message
    assert found.reply.message.isprintable()


@pytest.mark.parametrize("name", [None, 3, "", "x" * 129, [], {}])
def test_a_request_without_a_good_id_is_refused_without_one(name: object) -> None:
    found = refused(json.dumps(request(id=name)).encode())
    assert found.id is None
    assert found.reply.code == "bad_request"


@pytest.mark.parametrize(
    ("body", "part", "name"),
    [
        (b"", "not JSON", None),
        (b"{", "not JSON", None),
        (b"[]", "not a JSON object", None),
        (b"3", "not a JSON object", None),
        (b"\xef\xbb\xbf{}", "BOM", None),
        (b"\xff\xfe{\x00}\x00", "UTF-8", None),
        (b'{"v":1,"id":"\xed\xa0\x80","cmd":"home"}', "UTF-8", None),
        (b'{"v":1,"id":"a","cmd":"home","args":{"x":NaN}}', "NaN", "a"),
        (b'{"v":1,"id":"a","cmd":"home","args":{"x":-Infinity}}', "Infinity", "a"),
        (b'{"v":1,"id":"a","cmd":"home","cmd":"quit"}', "twice", "a"),
        (b'{"v":1,"id":"a","id":"b","cmd":"home"}', "twice", None),
        (b'{"v":1,"id":"a","cmd":"preset","args":{"name":"\\ud800"}}', "surrogate", "a"),
        (b'{"v":1,"id":"\\ud800","cmd":"home"}', "surrogate", None),
        (b'{"v":1,"id":"a","cmd":"home","\\udc00":1}', "surrogate", "a"),
        (b"[" * 60_000, "nested too deeply", None),
        (b'{"v":' * 12_000, "nested too deeply", None),
        (b"1" * 60_000, "not JSON", None),
        (b" " * BODY_MAX_BYTES + b"{}", "larger than", None),
    ],
)
def test_bytes_that_are_no_request(body: bytes, part: str, name: str | None) -> None:
    found = refused(body)
    assert found.id == name
    assert found.reply.code == "bad_request"
    assert part in found.reply.message
    assert found.reply.message.isprintable()
    write_reply(found.id, found.reply)


@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    assert isinstance(read_request(body), BadRequest)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.dictionaries(
    st.sampled_from(["name", "screen", "tile", "source", "to", "a", "b"]), JSON
)


@given(st.sampled_from([*c.VERBS, "x"]), FIELDS | JSON, st.text(max_size=3))
def test_no_arguments_raise(cmd: str, args: object, name: str) -> None:
    found = asked({"v": 1, "id": name, "cmd": cmd, "args": args})
    frames = write_reply(
        found.id, Failed("bad_args", "no") if isinstance(found, Request) else found.reply
    )
    assert read_reply(frames)[0] == found.id


@pytest.mark.parametrize(
    "reply",
    [
        Done(3, Receipt(12.5, (("left/3", "connecting"),))),
        Answer(4, {"site": "测试"}),
        Answer(5, {}, b"\x89PNG"),
        Failed("unknown_layout", "no layout is called '9x9'", ("3x3",)),
        SUPERSEDED,
    ],
)
def test_replies_travel(reply: Reply) -> None:
    assert read_reply(write_reply("a", reply)) == ("a", reply)


def test_replies_look_as_the_document_says() -> None:
    def body(reply: Reply) -> typing.Any:
        return json.loads(write_reply("c7", reply)[0])

    assert body(Done(42, Receipt(12.3, (("left/3", "connecting"),)))) == {
        "v": 1,
        "id": "c7",
        "ok": True,
        "revision": 42,
        "receipt": {"first_ms": 12.3, "pending": [["left/3", "connecting"]]},
    }
    assert body(Answer(42, {"a": 1}, b"png")) == {
        "v": 1, "id": "c7", "ok": True, "revision": 42, "result": {"a": 1},
    }  # fmt: skip
    assert body(SUPERSEDED)["error"]["code"] == "superseded"
    assert body(SUPERSEDED)["ok"] is False
    assert write_reply("c7", Answer(42, {}, b"png"))[1] == b"png"
