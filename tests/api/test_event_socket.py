"""Readers of events: each is told the state first, and who reads nothing holds up nobody."""

import time
import typing
from pathlib import Path

import pytest
import zmq

from tests.support import server_harness as serving
from tests.support.fakes import FakeClock
from tests.support.server_harness import Net, Served, Socket, is_alive, until
from wallctl.api.event_messages import Event, Topic, read_event
from wallctl.api.event_socket import (
    GREETED_EVERY_NS,
    SUBSCRIPTION_BYTES,
    SUBSCRIPTIONS_MAX_BYTES,
    CrowdedError,
    Readers,
)

net, server = serving.net, serving.server


def next_event(server: Served, reader: Socket) -> Event:
    def turn() -> Event | None:
        server.turn(5)
        return read_event(reader.recv_multipart()) if reader.poll(5) else None

    return until(turn)


def reader_of(server: Served, net: Net, topic: bytes = b"") -> Socket:
    reader = net.client(zmq.SUB, server.events_endpoint)
    reader.setsockopt(zmq.SUBSCRIBE, topic)
    return reader


def test_a_late_reader_gets_the_state_first(server: Served, net: Net) -> None:
    server.publish(Topic.STATE, {"revision": 1})
    server.publish(Topic.TILE, {"tile": "left/1"})
    server.set_snapshot({"revision": 2})
    reader = reader_of(server, net)
    state = next_event(server, reader)
    server.publish(Topic.SETTLED, {"revision": 2})
    settled = next_event(server, reader)
    assert (state.topic, state.body, state.seq) == ("state", {"revision": 2}, 3)
    assert (settled.topic, settled.seq, settled.epoch) == ("settled", 4, server.epoch)


def test_events_that_go_on_keep_no_state_from_a_new_reader(server: Served, net: Net) -> None:
    server.set_snapshot({"revision": 2})
    reader = reader_of(server, net)

    def told() -> bool | None:
        server.publish(Topic.BEAT, {})
        server.turn(1)
        return (reader.poll(5) and read_event(reader.recv_multipart()).topic == "state") or None

    assert until(told)


def test_each_further_reader_gets_the_state_too(server: Served, net: Net) -> None:
    server.set_snapshot({"revision": 2})
    for _ in range(3):
        assert next_event(server, reader_of(server, net)).body == {"revision": 2}


def test_a_reader_that_comes_right_after_another_waits_a_moment(server: Served, net: Net) -> None:
    """Nothing else wakes the doorkeeper meanwhile."""
    server.set_snapshot({"revision": 1})
    next_event(server, reader_of(server, net))
    second = reader_of(server, net, b"state")
    began_ns = time.monotonic_ns()

    def told() -> bool | None:
        server.wait(2000)
        list(server.take())
        server.wait(0)
        return bool(second.poll(200)) or None

    assert until(told)
    assert time.monotonic_ns() - began_ns < 1_900_000_000


def test_a_crowd_of_new_readers_costs_few_states(tmp_path: Path, net: Net) -> None:
    clock = FakeClock()
    with Served(f"ipc://{tmp_path}/control.sock", clock) as server:
        server.set_snapshot({"revision": 1})
        first = reader_of(server, net)
        assert next_event(server, first).seq == 1
        others = [reader_of(server, net) for _ in range(20)]
        for _ in range(50):
            server.turn(5)
        assert not others[0].poll(0), "so soon after the first they wait for a moment"
        clock.now_ns += GREETED_EVERY_NS
        assert {next_event(server, one).seq for one in (first, *others)} == {2}


def test_who_reads_other_topics_gets_no_state(server: Served, net: Net) -> None:
    server.set_snapshot({"revision": 1})
    reader = reader_of(server, net, b"beat")

    def told() -> Event | None:
        server.publish(Topic.BEAT, {})
        return read_event(reader.recv_multipart()) if reader.poll(5) else None

    assert until(told).topic == "beat"


def test_a_reader_that_reads_nothing_holds_up_nobody(server: Served, net: Net) -> None:
    server.set_snapshot({"revision": 1})
    lazy = net.client(zmq.SUB, server.events_endpoint, receive_max=1)
    lazy.setsockopt(zmq.SUBSCRIBE, b"")
    next_event(server, lazy)
    for _ in range(3000):
        server.publish(Topic.TILE, {"padding": "x" * 2000})
    assert next_event(server, reader_of(server, net)).topic == "state"
    assert is_alive(server, net)


class Pile:
    """An events' socket at which these messages wait."""

    def __init__(self, messages: list[bytes]) -> None:
        self.messages = messages[::-1]

    def recv(self, _flags: int) -> bytes:
        if not self.messages:
            raise zmq.Again
        return self.messages.pop()


@pytest.mark.parametrize("other", [b"no subscription", b"", b"\0never begun"])
def test_nothing_that_a_reader_sends_makes_room_for_more_subscriptions(other: bytes) -> None:
    most = SUBSCRIPTIONS_MAX_BYTES // (SUBSCRIPTION_BYTES + 4)
    begun = [b"\1%04d" % number for number in range(most + 1)]
    pile = Pile([one for each in begun for one in (other, each)])
    readers = Readers(typing.cast(Socket, pile), FakeClock())
    with pytest.raises(CrowdedError):
        all(readers.hear() for _ in begun * 2)
    assert not pile.messages, "so many are no crowd yet"


def test_a_subscription_that_ends_makes_room() -> None:
    pile = Pile([b"\1state", b"\0state"] * SUBSCRIPTIONS_MAX_BYTES)
    readers = Readers(typing.cast(Socket, pile), FakeClock())
    while readers.hear():
        pass
