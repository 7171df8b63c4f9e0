"""The server against real sockets: well-meant, careless and hostile clients."""

import contextlib
import json
import random
import socket
import typing
from pathlib import Path

import pytest
import zmq

from tests.support import server_harness as serving
from tests.support.fakes import FakeClock
from tests.support.folders import SHARED
from tests.support.server_harness import (
    DEADLINE_S,
    DONE,
    Net,
    Served,
    Socket,
    body,
    is_alive,
    received,
    taken,
    until,
)
from wallctl.api.protocol import BODY_MAX_BYTES, Answer, Done, Receipt
from wallctl.api.request_dedup import KEPT_NS
from wallctl.api.server import TURN_NS
from wallctl.model.wall.commands import command as c

net, server = serving.net, serving.server


def answered(server: Served, client: Socket) -> dict[str, typing.Any]:
    """The next reply that a client gets while the server turns."""

    def turn() -> dict[str, typing.Any] | None:
        server.wait(5)
        assert list(server.take()) == []
        if not client.poll(5):
            return None
        return typing.cast(dict[str, typing.Any], json.loads(client.recv_multipart()[-1]))

    return until(turn)


@pytest.mark.parametrize("kind", [zmq.DEALER, zmq.REQ])
def test_a_command_is_taken_and_answered(server: Served, net: Net, kind: int) -> None:
    client = net.client(kind, server.endpoint)
    client.send(body("a", c.SetLayout("3x3")))
    (incoming,) = taken(server, 1)
    assert incoming.command == c.SetLayout("3x3")
    server.reply(incoming.ticket, DONE)
    reply = json.loads(received(client)[0])
    assert (reply["id"], reply["ok"], reply["revision"]) == ("a", True, 1)


def test_two_clients_get_each_their_own_reply(server: Served, net: Net) -> None:
    clients = [net.client(zmq.DEALER, server.endpoint) for _ in range(2)]
    for number, client in enumerate(clients):
        client.send(body("same", c.Show(str(number))))
    for incoming in reversed(taken(server, 2)):
        assert isinstance(incoming.command, c.Show)
        server.reply(incoming.ticket, Done(int(incoming.command.source), Receipt(0.0)))
    assert [json.loads(received(client)[0])["revision"] for client in clients] == [0, 1]


def test_a_snapshot_comes_as_a_second_frame(server: Served, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(body("a", c.Snapshot("left", clean=True)))
    (incoming,) = taken(server, 1)
    server.reply(incoming.ticket, Answer(7, {"bytes": 4}, b"\x89PNG"))
    head, picture = received(client)
    assert json.loads(head)["result"] == {"bytes": 4}
    assert picture == b"\x89PNG"


@pytest.mark.parametrize(
    "frames",
    [
        [b""],
        [b"", b""],
        [b"", body("a"), body("b")],
        [body("a"), body("b")],
        [b"x"] * 100,
        [b""] * 100,
        [b"not json"],
        [b"[" * BODY_MAX_BYTES],
    ],
)
def test_wrong_frames_get_one_error_each(server: Served, net: Net, frames: list[bytes]) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    client.send_multipart(frames)
    reply = answered(server, client)
    assert reply["ok"] is False
    assert reply["error"]["code"] == "bad_request"
    assert server.counts.refused == 1
    assert is_alive(server, net)
    assert not client.poll(0)


def test_every_body_of_the_json_suite_gets_one_error(server: Served, net: Net) -> None:
    suite = SHARED / "media/control/JSONTestSuite"
    if not suite.is_dir():
        pytest.skip("the JSONTestSuite is not beside the repository")
    client = net.client(zmq.DEALER, server.endpoint)
    files = [p for p in sorted(suite.glob("*.json")) if p.stat().st_size <= BODY_MAX_BYTES]
    assert len(files) > 300
    for file in files:
        client.send(file.read_bytes())
        reply = answered(server, client)
        assert (reply["ok"], reply["error"]["code"]) == (False, "bad_request"), file.name
    assert server.counts.refused == len(files)
    assert server.taken == 0
    assert is_alive(server, net)
    assert not client.poll(0)


def test_too_large_a_message_costs_its_sender_the_connection(server: Served, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(b"x" * (BODY_MAX_BYTES + 1))
    assert is_alive(server, net)
    client.send(body("again"))
    assert taken(server, 1)[0].ticket.id == "again"
    assert server.counts.refused == 0


def test_garbage_on_the_sockets_harms_nobody(server: Served, net: Net) -> None:
    dice = random.Random(7)
    for endpoint in (server.endpoint, server.events_endpoint):
        for garbage in (b"", b"GET / HTTP/1.1\r\n\r\n", b"\xff\0\0\0\0\0\0\0\1\x7f\3", None):
            with socket.socket(socket.AF_UNIX) as raw:
                raw.settimeout(DEADLINE_S)
                raw.connect(endpoint.removeprefix("ipc://"))
                with contextlib.suppress(ConnectionError):
                    raw.sendall(dice.randbytes(100_000) if garbage is None else garbage)
                server.wait(1)
                assert list(server.take()) == []
    assert is_alive(server, net)


def test_a_repeated_request_is_answered_again_and_not_done_again(server: Served, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(body("a"))
    (incoming,) = taken(server, 1)
    client.send(body("a"))

    def repeated() -> int | None:
        server.wait(5)
        return server.counts.repeated or None

    assert until(repeated) == 1
    assert list(server.take()) == []
    server.reply(incoming.ticket, DONE)
    first = received(client)
    client.send(body("a"))
    assert answered(server, client) == json.loads(first[0])
    assert server.counts.repeated == 2
    assert not client.poll(0)


def test_after_a_minute_an_id_is_new_again(tmp_path: Path, net: Net) -> None:
    now_ns = 0
    with Served(f"ipc://{tmp_path}/control.sock", lambda: now_ns) as server:
        client = net.client(zmq.DEALER, server.endpoint)
        for _ in range(2):
            client.send(body("a"))
            (incoming,) = taken(server, 1)
            server.reply(incoming.ticket, DONE)
            now_ns += KEPT_NS


def test_a_query_may_be_asked_again_under_its_id(server: Served, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    for revision in range(2):
        client.send(body("a", c.Status()))
        (incoming,) = taken(server, 1)
        server.reply(incoming.ticket, Answer(revision, {}))
        assert json.loads(received(client)[0])["revision"] == revision


def test_a_flood_is_taken_in_turns(tmp_path: Path, net: Net) -> None:
    clock = FakeClock(look_ns=TURN_NS // 10)
    with Served(f"ipc://{tmp_path}/control.sock", clock) as server:
        client = net.client(zmq.DEALER, server.endpoint)
        for number in range(100):
            client.send(body(str(number)))
        sizes: list[int] = []

        def turn() -> bool | None:
            server.wait(20)
            sizes.append(len(list(server.take())))
            return sum(sizes) == 100 or None

        assert until(turn)
        assert max(sizes) <= 10


def test_a_client_that_left_is_counted(server: Served, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(body("a"))
    (incoming,) = taken(server, 1)
    client.close(linger=0)

    def gone() -> int | None:
        server.wait(5)
        server.reply(incoming.ticket, DONE)
        return server.counts.gone or None

    assert until(gone) == 1
    assert is_alive(server, net)


def test_a_client_that_reads_no_replies_holds_up_nobody(server: Served, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint, receive_max=1)
    client.send(body("a", c.Snapshot()))
    (incoming,) = taken(server, 1)
    for _ in range(600):
        server.reply(incoming.ticket, Answer(1, {}, bytes(65_536)))
    assert server.counts.gone > 0
    assert is_alive(server, net)
