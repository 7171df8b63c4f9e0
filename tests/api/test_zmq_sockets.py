"""The sockets of a server: one wall each, replaced when it is dead, and heard with others."""

import json
import socket
from pathlib import Path

import pytest
import zmq

from tests.support import server_harness as serving
from tests.support.server_harness import DONE, Net, Served, body, is_alive, received, taken
from wallctl.api.endpoint import ControlError
from wallctl.model.wall.commands import command as c

net, server = serving.net, serving.server


def test_a_second_wall_is_refused_and_the_first_goes_on(server: Served, net: Net) -> None:
    with pytest.raises(ControlError, match="end it"):
        Served(server.endpoint)
    assert is_alive(server, net)


def test_the_socket_of_a_dead_wall_is_replaced(tmp_path: Path, net: Net) -> None:
    path = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    assert path.is_socket()
    for _ in range(2):
        with Served(f"ipc://{path}") as server:
            assert is_alive(server, net)
            assert path.stat().st_mode & 0o777 == 0o600


def test_the_last_reply_still_leaves_when_the_wall_ends(tmp_path: Path, net: Net) -> None:
    with Served(f"ipc://{tmp_path}/control.sock") as server:
        client = net.client(zmq.DEALER, server.endpoint)
        client.send(body("bye", c.Quit()))
        (incoming,) = taken(server, 1)
        server.reply(incoming.ticket, DONE)
    assert json.loads(received(client)[0])["id"] == "bye"
