"""The doorkeeper: what it bears, when it ends, and that the controller notices nothing."""

import functools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import zmq

from tests.support import server_harness as serving
from tests.support.fakes import SECOND, FakeClock
from tests.support.server_harness import (
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
from wallctl.api.doorkeeper import SILENT_NS
from wallctl.api.doorkeeper_messages import (
    Answered,
    Begin,
    FromDoorkeeper,
    Happened,
    Large,
    Ticket,
    ToDoorkeeper,
)
from wallctl.api.doorkeeper_outbox import PACKET_MAX_BYTES, WAITING_MAX, WAITING_MAX_BYTES, Outbox
from wallctl.api.event_messages import Topic, read_event
from wallctl.api.peer_limits import BURST, PEERS_MAX, RATE_HZ, WEIGHED_BYTES, Peers
from wallctl.api.protocol import Answer, Done, Failed, Receipt
from wallctl.api.server import MISSED_NS, Server
from wallctl.model.wall.commands import command as c
from wallctl.supervisor.child_setup import NotNowError

net, server = serving.net, serving.server


def subscribed(server: Served, net: Net, *topics: bytes) -> Socket:
    reader = net.client(zmq.SUB, server.events_endpoint)
    for topic in topics:
        reader.setsockopt(zmq.SUBSCRIBE, topic)
    return reader


def is_told(server: Served, client: Socket) -> bool | None:
    server.turn(5)
    return bool(client.poll(5)) or None


def has_refused(server: Served, count: int) -> bool | None:
    server.turn(5)
    return server.counts.refused == count or None


def ends(server: Served) -> bool | None:
    try:
        server.turn(5)
    except NotNowError:
        return True
    return None


def replaced(server: Served) -> None:
    """The doorkeeper is gone, and the next one begins."""
    server.line.close()
    server.line.begin()
    server.begin()


def test_nobody_waits_behind_all_that_another_has_sent_before(server: Served, net: Net) -> None:
    noisy, other = (net.client(zmq.DEALER, server.endpoint) for _ in range(2))
    for number in range(300):
        noisy.send(body(f"noise {number}"))
    for _ in range(20):
        server.wait(5)  # the controller takes nothing
    other.send(body("late"))
    names: list[str] = []

    def is_taken() -> bool | None:
        server.wait(20)
        names.extend(incoming.ticket.id for incoming in server.take())
        return True if "late" in names else None

    assert until(is_taken)
    assert names.index("late") < 100


def test_callers_wait_for_the_next_doorkeeper(server: Served, net: Net) -> None:
    server.line.close()
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(body("early"))
    server.line.begin()
    server.begin()
    (incoming,) = taken(server, 1)
    server.reply(incoming.ticket, DONE)
    assert json.loads(received(client)[0])["id"] == "early"


def test_the_next_doorkeeper_begins_a_new_epoch_and_knows_no_request(
    server: Served, net: Net
) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    client.setsockopt(zmq.RECONNECT_IVL, 10)
    epoch = server.epoch
    for _ in range(2):
        client.send(body("a"))
        (incoming,) = taken(server, 1)
        server.reply(incoming.ticket, DONE)
        received(client)
        replaced(server)
    assert server.epoch != epoch
    assert server.begun == 3


def test_a_reply_to_a_caller_of_the_last_doorkeeper_harms_nobody(server: Served, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(body("a"))
    (incoming,) = taken(server, 1)
    client.close(linger=0)
    replaced(server)
    server.reply(incoming.ticket, DONE)
    assert server.counts.gone == 1
    assert is_alive(server, net)


@pytest.mark.parametrize("topic", [b"%d", b"state%d", b"x" * 490 + b"%d"])
def test_a_crowd_of_subscriptions_ends_the_doorkeeper(
    server: Served, net: Net, topic: bytes
) -> None:
    for begin in range(0, 4000, 500):
        subscribed(server, net, *(topic % number for number in range(begin, begin + 500)))
    assert until(lambda: ends(server))
    replaced(server)


def test_subscriptions_that_end_do_not_count(server: Served, net: Net) -> None:
    server.set_snapshot({"revision": 1})
    for _ in range(8):
        reader = subscribed(server, net, *(b"%0100d" % number for number in range(100)), b"state")
        assert until(functools.partial(is_told, server, reader))
        reader.close(linger=0)
    reader = subscribed(server, net, b"")
    for _ in range(3000):
        reader.setsockopt(zmq.SUBSCRIBE, b"state")
        reader.setsockopt(zmq.UNSUBSCRIBE, b"state")
        server.turn(0)
    assert is_alive(server, net)


def test_too_long_a_subscription_costs_its_sender_the_connection(server: Served, net: Net) -> None:
    server.set_snapshot({"revision": 1})
    subscribed(server, net, b"x" * 600)
    reader = subscribed(server, net, b"")
    assert until(lambda: is_told(server, reader))


def test_a_program_that_asks_too_often_is_refused(tmp_path: Path, net: Net) -> None:
    clock = FakeClock()
    with Served(f"ipc://{tmp_path}/control.sock", clock) as server:
        client = net.client(zmq.DEALER, server.endpoint)
        for number in range(BURST + 5):
            client.send(body(str(number), c.Status()))
        taken(server, BURST)
        assert until(lambda: has_refused(server, 5))
        refusal = json.loads(received(client)[0])
        assert (refusal["id"], refusal["error"]["code"]) == (str(BURST), "too_many")
        clock.now_ns += SECOND
        client.send(body("later", c.Status()))
        taken(server, 1)


@pytest.mark.parametrize("size_bytes", [100, WEIGHED_BYTES])
def test_each_program_has_its_own_rate(size_bytes: int) -> None:
    peers, cost = Peers(), 1 + size_bytes // WEIGHED_BYTES
    assert sum(peers.may("1:1", size_bytes, 0) for _ in range(2 * BURST)) == BURST // cost
    assert peers.may("1:2", size_bytes, 0)
    assert sum(peers.may("1:1", size_bytes, SECOND) for _ in range(BURST)) == RATE_HZ // cost


def test_so_many_programs_are_remembered() -> None:
    peers = Peers()
    for number in range(3 * PEERS_MAX):
        assert peers.may(f"1:{number}", 1, 0)
    assert len(peers) == PEERS_MAX


def test_without_a_controller_the_doorkeeper_ends(tmp_path: Path) -> None:
    clock = FakeClock()
    server = Served(f"ipc://{tmp_path}/control.sock", clock)
    for _ in range(3):
        clock.now_ns += SILENT_NS // 3
        server.wait(0)
    clock.now_ns += SILENT_NS // 3
    with pytest.raises(NotNowError):
        server.wait(0)
    replaced(server)
    clock.now_ns += 10 * SILENT_NS
    server.wait(0)  # the machine slept, and this process with it
    server.close()


def test_a_doorkeeper_that_says_nothing_is_told_of(tmp_path: Path) -> None:
    clock = FakeClock()
    with Served(f"ipc://{tmp_path}/control.sock", clock) as server:
        assert server.why_closed is None
        clock.now_ns += MISSED_NS + 1
        assert "is started again" in str(server.why_closed)
        server.turn(0)
        assert server.why_closed is None


def test_a_doorkeeper_is_not_blamed_for_a_silence_that_both_slept_through(tmp_path: Path) -> None:
    clock = FakeClock()
    with Served(f"ipc://{tmp_path}/control.sock", clock) as server:
        clock.now_ns += MISSED_NS + 1
        server.excuse(clock.now_ns)
        assert server.why_closed is None
        clock.now_ns += MISSED_NS + 1
        assert server.why_closed is not None


def test_doorkeepers_that_die_one_after_the_other_are_told_of(tmp_path: Path) -> None:
    clock = FakeClock()
    with Server(f"ipc://{tmp_path}/control.sock", DeafLine(), clock) as server:
        for _ in range(4):
            server.begin()
            clock.now_ns += 2 * SECOND
        assert server.why_closed is not None


class DeafLine:
    """A doorkeeper that reads nothing, until it does."""

    def __init__(self) -> None:
        self.reads = True
        self.got: list[ToDoorkeeper] = []

    def send(self, message: ToDoorkeeper, fds: Sequence[int] = ()) -> bool:
        if self.reads:
            self.got.append(message)
        return self.reads

    def hear(self) -> Iterator[FromDoorkeeper]:
        return iter(())

    def finish(self) -> None:
        pass


def events(line: DeafLine) -> list[Happened]:
    return [one for one in line.got if isinstance(one, Happened)]


def test_nothing_waits_for_a_doorkeeper_that_does_not_read(tmp_path: Path) -> None:
    line = DeafLine()
    with Server(f"ipc://{tmp_path}/control.sock", line) as server:
        server.begin()
        line.reads = False
        for number in range(10_000):
            server.publish(Topic.STATE, {"revision": number})
            server.publish(Topic.BEAT, {})
            server.reply(Ticket((b"c",), str(number)), Done(number, Receipt(0.0)))
        line.got.clear()
        line.reads = True
        server.tend(0)
        answered = [one.ticket.id for one in line.got if isinstance(one, Answered)]
        assert answered == [str(number) for number in range(WAITING_MAX)]
        (state,) = events(line)
        assert (state.topic, json.loads(state.body)) == (Topic.STATE, {"revision": 9999})
        assert state.lost >= 20_000
        server.publish(Topic.BEAT, {})
        assert events(line)[-1].lost == 0


def test_what_waits_is_bounded_in_bytes() -> None:
    line = DeafLine()
    line.reads = False
    outbox = Outbox(line)
    large = Answered(Ticket((b"c",), "a"), (bytes(1 << 20),), kept=False)
    assert sum(outbox.put(large) for _ in range(100)) == WAITING_MAX_BYTES >> 20
    line.reads = True
    assert outbox.flush()
    assert line.got == [Large()] * (WAITING_MAX_BYTES >> 20)
    outbox.put(large)
    assert len(line.got) == (WAITING_MAX_BYTES >> 20) + 1


def test_one_picture_may_wait_however_large_it_is() -> None:
    line = DeafLine()
    line.reads = False
    outbox = Outbox(line)
    picture = Answered(Ticket((b"c",), "a"), (bytes(WAITING_MAX_BYTES + 1),), kept=False)
    assert [outbox.put(picture), outbox.put(picture)] == [True, False]
    line.reads = True
    assert outbox.flush()
    assert line.got == [Large()]


def test_what_was_lost_on_the_way_is_a_gap(server: Served, net: Net) -> None:
    server.set_snapshot({})
    reader = subscribed(server, net, b"")
    assert until(lambda: is_told(server, reader))
    first = read_event(reader.recv_multipart()).seq
    server.line.send(Happened(Topic.BEAT, b"{}", lost=7))
    server.turn(0)
    assert read_event(received(reader)).seq == first + 8


@pytest.mark.parametrize("size_bytes", [PACKET_MAX_BYTES, PACKET_MAX_BYTES + 1, 3 << 20])
def test_replies_of_any_size_arrive(server: Served, net: Net, size_bytes: int) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(body("a", c.Snapshot()))
    (incoming,) = taken(server, 1)
    server.reply(incoming.ticket, Answer(1, {}, bytes(size_bytes)))
    assert len(received(client)[1]) == size_bytes


def test_a_change_that_was_refused_is_judged_again(server: Served, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    for _ in range(2):
        client.send(body("a"))
        (incoming,) = taken(server, 1)
        server.reply(incoming.ticket, Failed("held", "not now"))
        received(client)


def test_a_doorkeeper_that_missed_its_begin_is_told_again(tmp_path: Path, net: Net) -> None:
    clock = FakeClock()
    with Served(f"ipc://{tmp_path}/control.sock", clock) as server:
        server.line.send(Begin("another"))
        for _ in range(4):
            clock.now_ns += SECOND
            server.turn(0)
        assert is_alive(server, net)
        assert server.begun == 2
