"""docs/protocol.md is true: its examples are read by the code that reads them in the field."""

import inspect
import re
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from tests.support.folders import ROOT
from tests.support.sites import toured
from wallctl.api.event_messages import Topic, read_event
from wallctl.api.protocol import Answer, Request, read_reply, read_request
from wallctl.controller import list_and_hello
from wallctl.controller import status as answers
from wallctl.controller.alarm_inputs import InputStatus
from wallctl.controller.alarm_status import AlarmStatus
from wallctl.controller.broadcast_status import BroadcastStatus
from wallctl.controller.tile_status import TileStatus
from wallctl.model.base.geometry import Size
from wallctl.model.site.alarm import Alarm, AlarmPlace
from wallctl.model.site.site import Broadcast
from wallctl.model.wall.commands.command import VERBS
from wallctl.model.wall.commands.syntax import usage
from wallctl.model.wall.events.event import EVENTS
from wallctl.model.wall.events.event_record import Happening

OUT = Broadcast("墙", "rtsp://192.0.2.9/wall", Size(960, 540), 12.5, 1620)
ALARM = Alarm("大门", "摄像机1", (AlarmPlace("left"),))
SITE = replace(toured(), broadcasts=(OUT,), alarms=(ALARM,))
TEXT = (ROOT / "docs/protocol.md").read_text()
BLOCKS = re.findall(r"```json (\w+) ?(\w*)\n(.*?)```", TEXT, re.DOTALL)
EXAMPLES = [(kind, topic, line) for kind, topic, text in BLOCKS for line in text.splitlines()]


def examples(of: str) -> list[tuple[str, str]]:
    return [(topic, line) for kind, topic, line in EXAMPLES if kind.startswith(of)]


@pytest.mark.parametrize("line", [line for _, line in examples("request")])
def test_requests_are_requests(line: str) -> None:
    assert isinstance(read_request(line.encode()), Request)


def test_every_command_has_an_example_and_its_words() -> None:
    requests = [read_request(line.encode()) for _, line in examples("request")]
    shown = {type(found.command) for found in requests if isinstance(found, Request)}
    assert shown == set(VERBS.values())
    for verb in VERBS:
        assert f"| `{usage(verb).replace('|', chr(92) + '|')}` |" in TEXT


@pytest.mark.parametrize("line", [line for _, line in examples("reply")])
def test_replies_are_replies(line: str) -> None:
    read_reply([line.encode()])


def test_every_field_of_the_answers_is_told() -> None:
    results: dict[str, Any] = {}
    for _, line in examples("reply"):
        name, reply = read_reply([line.encode()])
        if isinstance(reply, Answer) and name is not None:
            results[name] = msgspec.to_builtins(reply.result)
    hello, names, status = results["20"], results["19"], results["18"]
    assert hello.keys() == list_and_hello.hello(SITE, "", "").keys()
    assert shape(names) == shape(list_and_hello.names(SITE))
    assert status.keys() == set(answers.WallStatus.__struct_fields__)
    assert status["broadcasts"][0].keys() == set(BroadcastStatus.__struct_fields__)
    assert status["screens"][0].keys() == set(answers.ScreenStatus.__struct_fields__)
    assert status["alarms"][0].keys() == set(AlarmStatus.__struct_fields__)
    assert status["inputs"][0].keys() == set(InputStatus.__struct_fields__)
    assert status["tiles"][0].keys() == set(TileStatus.__struct_fields__)


def shape(names: dict[str, Any]) -> dict[str, set[str]]:
    """The fields of what each list holds."""
    return {kind: set(known[0]) for kind, known in names.items()}


@pytest.mark.parametrize(("topic", "line"), examples("event"))
def test_events_are_events(topic: str, line: str) -> None:
    event = read_event([topic.encode(), line.encode()])
    assert event.topic in {topic.value for topic in Topic}


def test_every_topic_is_told() -> None:
    assert all(f"| `{topic.value}` |" in TEXT for topic in Topic)


def test_every_kind_of_event_is_told_with_its_fields() -> None:
    missing = [row for kind in EVENTS.values() if (row := event_row(kind)) not in TEXT]
    assert missing == [], "\n".join(missing)


def event_row(kind: type[msgspec.Struct]) -> str:
    """The row of an event in the table: its name, its fields, and what it tells."""
    fields = ", ".join(f"`{name}`" for name in kind.__struct_fields__)
    told = " ".join((inspect.getdoc(kind) or "").split())
    return f"| `{kind.__struct_config__.tag}` | {fields} | {told} |"


@pytest.mark.parametrize("line", [line for topic, line in examples("event") if topic == "event"])
def test_the_examples_of_what_happened_are_whole(line: str) -> None:
    head = {"v", "epoch", "seq"}
    body = {key: value for key, value in msgspec.json.decode(line).items() if key not in head}
    again = msgspec.json.encode(msgspec.convert(body, Happening))
    assert msgspec.json.decode(again) == body


def test_every_error_code_of_the_code_is_told() -> None:
    raised = re.compile(r"(?:CommandError|Failed|_bad)\(\s*\"(\w+)\"")
    codes = {
        code
        for file in (ROOT / "wallctl").rglob("*.py")
        for code in raised.findall(file.read_text())
    }
    assert codes >= {"bad_request", "bad_args", "superseded"}
    assert sorted(code for code in codes if f"`{code}`" not in TEXT) == []
