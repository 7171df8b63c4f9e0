"""Messages at random, near to real ones: each is answered once, and the doorkeeper lives."""

import random
from pathlib import Path

import pytest
import zmq

from tests.support import server_harness as serving
from tests.support.attack_size import size
from tests.support.fakes import FakeClock
from tests.support.server_harness import Net, Served, Socket, is_alive, until
from wallctl.api.protocol import BODY_MAX_BYTES, Failed, read_reply, write_request
from wallctl.model.wall.commands.syntax import parse

net = serving.net
MS = 1_000_000
REAL = [
    write_request("id", parse(words), for_s)
    for words in ("layout 3x3 @left", "show 7 left/3", "swap 1 left/2", "page next", "blank")
    for for_s in (None, 1.5)
]
TOKENS = (
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b'"',
        b"\\",
        b"\\u",
        b"\\ud800",
        b"\\u0000",
        b"\0",
        b"\n",
    ),
    *(b"null", b"true", b"NaN", b"-Infinity", b"1e400", b"-0", b"9" * 50, b"0.1", b"\xff", b"\xef"),
    *(
        b'"v":1',
        b'"id":"x"',
        b'"for_s":',
        b'"args":{',
        b'"tile":"a/',
        "墙".encode(),
        b"\xed\xa0\x80",
    ),
)


def mutated(dice: random.Random, body: bytes) -> bytes:
    """A request with something cut out, put in, doubled or changed."""
    at, end = sorted(dice.choices(range(len(body) + 1), k=2))
    end = min(end, at + dice.choice((1, 2, 8, 64)))
    match dice.randrange(6):
        case 0:
            return body[:at] + body[end:]
        case 1:
            return body[:at] + dice.choice(TOKENS) + body[at:]
        case 2:
            return body[:at] + body[at:end] * dice.choice((2, 3, 1000)) + body[end:]
        case 3:
            return body[:at] + bytes([dice.randrange(256)]) + body[at + 1 :]
        case 4:
            return body[:at] + dice.choice(REAL)[at:]
        case _:
            return body


def message(dice: random.Random) -> list[bytes]:
    """The frames of one message; seldom more than one."""
    count = dice.choice((0, 2, 3, 20)) if dice.random() < 0.05 else 1
    frames = []
    for _ in range(count or 1):
        body = dice.choice(REAL)
        for _ in range(dice.randrange(4)):
            body = mutated(dice, body)
        frames.append(body[:BODY_MAX_BYTES] if count else b"")
    return frames


def answered(server: Served, client: Socket) -> list[bytes] | None:
    server.wait(5)
    for incoming in server.take():
        server.reply(incoming.ticket, Failed("held", "not now"))
    return client.recv_multipart() if client.poll(0) else None


@pytest.mark.attack
def test_any_message_is_answered_once(tmp_path: Path, net: Net) -> None:
    clock, dice = FakeClock(look_ns=MS), random.Random(12)
    with Served(f"ipc://{tmp_path}/control.sock", clock) as server:
        client = net.client(zmq.DEALER, server.endpoint)
        for number in range(size(3000, 200_000)):
            frames = message(dice)
            client.send_multipart(frames)
            reply = until(lambda: answered(server, client))
            _, told = read_reply(reply[-1:])
            assert isinstance(told, Failed), (number, frames)
            assert told.code != "too_many"
        assert not client.poll(0)
        assert is_alive(server, net)
