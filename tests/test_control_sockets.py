"""The sockets of a server: one wall each, replaced when it is dead, and heard with others."""

import json
import os
import socket
from pathlib import Path

import pytest
import zmq

from tests import serving
from tests.serving import DONE, Net, body, is_alive, received, taken
from wallctl.control.endpoint import ControlError
from wallctl.control.server import Server
from wallctl.model import command as c

net, server = serving.net, serving.server


def test_waiting_hears_extra_descriptors(server: Server) -> None:
    read_fd, write_fd = os.pipe()
    try:
        assert server.wait(0, [read_fd]).fds == frozenset()
        os.write(write_fd, b"x")
        assert server.wait(1000, [read_fd]).fds == {read_fd}
        os.read(read_fd, 1)
        os.close(write_fd)
        assert server.wait(1000, [read_fd]).fds == {read_fd}
    finally:
        os.close(read_fd)
    assert server.wait(0).fds == frozenset()


def test_a_second_wall_is_refused_and_the_first_goes_on(server: Server, net: Net) -> None:
    with pytest.raises(ControlError, match="end it"):
        Server(server.endpoint)
    assert is_alive(server, net)


def test_the_socket_of_a_dead_wall_is_replaced(tmp_path: Path, net: Net) -> None:
    path = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    assert path.is_socket()
    for _ in range(2):
        with Server(f"ipc://{path}") as server:
            assert is_alive(server, net)
            assert path.stat().st_mode & 0o777 == 0o600


def test_events_go_to_the_next_port_or_to_a_free_one(net: Net) -> None:
    with Server("tcp://127.0.0.1:*") as server:
        port = int(server.endpoint.rpartition(":")[2])
        events = int(server.events_endpoint.rpartition(":")[2])
        assert events != port
        with Server("tcp://[::1]:*") as other:
            assert other.endpoint.startswith("tcp://[::1]:")
            assert is_alive(other, net)


def test_the_last_reply_still_leaves_when_the_wall_ends(tmp_path: Path, net: Net) -> None:
    with Server(f"ipc://{tmp_path}/control.sock") as server:
        client = net.client(zmq.DEALER, server.endpoint)
        client.send(body("bye", c.Quit()))
        (incoming,) = taken(server, 1)
        server.reply(incoming.ticket, DONE)
    assert json.loads(received(client)[0])["id"] == "bye"
