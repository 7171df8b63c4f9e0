"""Readers of events: each is told the state first, and who reads nothing holds up nobody."""

import zmq

from tests import serving
from tests.serving import Net, Socket, is_alive, until
from wallctl.control.events import Event, Topic, read_event
from wallctl.control.server import Server

net, server = serving.net, serving.server


def next_event(server: Server, reader: Socket) -> Event:
    def turn() -> Event | None:
        server.wait(5)
        return read_event(reader.recv_multipart()) if reader.poll(5) else None

    return until(turn)


def reader_of(server: Server, net: Net, topic: bytes = b"") -> Socket:
    reader = net.client(zmq.SUB, server.events_endpoint)
    reader.setsockopt(zmq.SUBSCRIBE, topic)
    return reader


def test_a_late_reader_gets_the_state_first(server: Server, net: Net) -> None:
    server.publish(Topic.STATE, {"revision": 1})
    server.publish(Topic.TILE, {"tile": "left/1"})
    server.set_snapshot({"revision": 2})
    reader = reader_of(server, net)
    state = next_event(server, reader)
    server.publish(Topic.SETTLED, {"revision": 2})
    settled = next_event(server, reader)
    assert (state.topic, state.body, state.seq) == ("state", {"revision": 2}, 3)
    assert (settled.topic, settled.seq, settled.epoch) == ("settled", 4, server.epoch)


def test_an_event_that_comes_with_a_new_reader_follows_the_state(server: Server, net: Net) -> None:
    server.set_snapshot({"revision": 2})
    reader = reader_of(server, net)

    def told() -> Event | None:
        server.publish(Topic.BEAT, {})
        return read_event(reader.recv_multipart()) if reader.poll(5) else None

    assert until(told).topic == "state"


def test_each_further_reader_gets_the_state_too(server: Server, net: Net) -> None:
    server.set_snapshot({"revision": 2})
    for _ in range(3):
        assert next_event(server, reader_of(server, net)).body == {"revision": 2}


def test_a_change_that_meets_a_new_reader_is_told_once(server: Server, net: Net) -> None:
    reader = reader_of(server, net, b"state")
    published = []

    def told() -> Event | None:
        server.publish(Topic.STATE, {"revision": 1})
        published.append(server.statistics().events)
        return read_event(reader.recv_multipart()) if reader.poll(5) else None

    assert until(told).seq in published
    assert published == list(range(1, len(published) + 1)), "each change is one event"


def test_who_reads_other_topics_gets_no_state(server: Server, net: Net) -> None:
    server.set_snapshot({"revision": 1})
    reader = reader_of(server, net, b"beat")

    def told() -> Event | None:
        server.publish(Topic.BEAT, {})
        return read_event(reader.recv_multipart()) if reader.poll(5) else None

    assert until(told).topic == "beat"


def test_a_reader_that_reads_nothing_holds_up_nobody(server: Server, net: Net) -> None:
    server.set_snapshot({"revision": 1})
    lazy = net.client(zmq.SUB, server.events_endpoint, receive_max=1)
    lazy.setsockopt(zmq.SUBSCRIBE, b"")
    next_event(server, lazy)
    for _ in range(3000):
        server.publish(Topic.TILE, {"padding": "x" * 2000})
    assert next_event(server, reader_of(server, net)).topic == "state"
    assert is_alive(server, net)
