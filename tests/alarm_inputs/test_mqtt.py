"""Alarms over MQTT, from a real broker."""

import contextlib
import gc
import random
import socket
import subprocess
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.support import scripted_controller as wishing
from tests.support.attack_size import size
from tests.support.live_wall import eventually
from tests.support.ports import free_port
from tests.support.requires import skipped_if
from tests.support.scripted_controller import Wall
from tests.support.servers.mosquitto import Broker, mosquitto_missing
from wallctl.alarm_inputs import mqtt_listener
from wallctl.alarm_inputs.alarm_client import Raiser
from wallctl.alarm_inputs.input_error import InputError
from wallctl.api.protocol import Failed
from wallctl.model.site.alarm_input import MqttInput, Tls
from wallctl.model.site.credential import Login
from wallctl.model.wall.commands import command as c

needs_broker = skipped_if(mosquitto_missing())

wall, raiser = wishing.wall, wishing.raiser

NAME = "ipc:///run/wall"


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    broker = Broker(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.end()


class Listener:
    """MQTT that is listened to in a thread of its own."""

    def __init__(self, port: int, raiser: Raiser, login: Login | None) -> None:
        self.listening = threading.Event()
        self.error: str | None = None
        given = MqttInput("127.0.0.1", port, "site/alarm", login)
        self.thread = threading.Thread(target=self._listen, args=(given, raiser), daemon=True)
        self.thread.start()

    def _listen(self, given: MqttInput, raiser: Raiser) -> None:
        try:
            mqtt_listener.listen(given, NAME, raiser, self.listening.set)
        except InputError as error:
            self.error = str(error)


def test_a_broker_that_sends_what_nobody_asked_for_is_left(wall: Wall, raiser: Raiser) -> None:
    """The library keeps messages of QoS 2 without end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(server.getsockname()[1], raiser, None)
        broker, _ = server.accept()
        with broker:
            broker.recv(1000)
            broker.sendall(b"\x20\x03\x00\x00\x00")  # CONNACK
            broker.sendall(b"\x90\x04" + broker.recv(1000)[2:4] + b"\x00\x01")
            assert listener.listening.wait(5)
            topic = b"site/alarm/gate"
            broker.sendall(b"\x34" + bytes([len(topic) + 5]) + b"\x00\x0f" + topic + b"\0\7\0")
            listener.thread.join(20)
    assert listener.error is not None
    assert listener.error.endswith("is lost")
    assert wall.heard == []


@needs_broker
@pytest.mark.e2e
def test_a_message_raises_an_alarm_and_an_old_one_none(
    wall: Wall, raiser: Raiser, broker: Broker
) -> None:
    broker.publish("site/alarm/yesterday", "old", retain=True)
    listener = Listener(broker.port, raiser, Login("wall", "hunter2"))
    assert listener.listening.wait(10)
    broker.publish("site/alarm/大门", "有人")
    broker.publish("site/alarm/gate")
    broker.publish("site/other/yard", "elsewhere")
    broker.publish("site/alarm/gate/deeper", "elsewhere")
    broker.publish("site/alarm/yard", "last")
    eventually(lambda: len(wall.heard) == 3, 10)
    assert wall.heard == [
        c.RaiseAlarm("大门", "有人"),
        c.RaiseAlarm("gate"),
        c.RaiseAlarm("yard", "last"),
    ]
    broker.end()
    listener.thread.join(30)
    assert listener.error == f"the MQTT broker 127.0.0.1:{broker.port} is lost"


@needs_broker
@pytest.mark.e2e
def test_a_broker_that_refuses_is_told_without_the_login(raiser: Raiser, broker: Broker) -> None:
    listener = Listener(broker.port, raiser, Login("wall", "hunter3"))
    listener.thread.join(20)
    refused = f"the MQTT broker 127.0.0.1:{broker.port} refuses: Not authorized"
    assert listener.error == refused


def test_a_broker_that_lets_nobody_hear_the_topic_is_told(raiser: Raiser) -> None:
    """Mosquitto grants what it will not deliver; others say at once that they will not."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        listener = Listener(port, raiser, None)
        broker, _ = server.accept()
        with broker:
            broker.recv(1000)
            broker.sendall(b"\x20\x03\x00\x00\x00")  # CONNACK
            number = broker.recv(1000)[2:4]
            broker.sendall(b"\x90\x04" + number + b"\x00\x80")  # SUBACK: failure
            listener.thread.join(20)
    why = f"the MQTT broker 127.0.0.1:{port} refuses site/alarm/+: Unspecified error"
    assert listener.error == why
    assert not listener.listening.is_set()


def test_an_older_broker_is_spoken_to_in_its_own_version(raiser: Raiser) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(server.getsockname()[1], raiser, None)
        for version, answer in ((5, b"\x20\x02\x00\x01"), (4, b"\x20\x02\x00\x00")):
            broker, _ = server.accept()
            with broker:
                hello = broker.recv(1000)
                assert hello[2:9] == b"\x00\x04MQTT" + bytes([version])
                assert not hello[9] & 2, "the broker shall keep what comes meanwhile"
                broker.sendall(answer)
                if version == 4:
                    number = broker.recv(1000)[2:4]
                    broker.sendall(b"\x90\x03" + number + b"\x01")
                    assert listener.listening.wait(5)
        listener.thread.join(20)
    assert listener.error is not None
    assert listener.error.endswith("is lost")


@needs_broker
@pytest.mark.e2e
def test_what_is_sent_while_the_broker_restarts_is_heard_later(
    wall: Wall, raiser: Raiser, broker: Broker
) -> None:
    login = Login("wall", "hunter2")
    listener = Listener(broker.port, raiser, login)
    assert listener.listening.wait(10)
    eventually((broker.folder / "mosquitto.db").exists, 10)
    broker.end()
    listener.thread.join(30)
    broker.begin()
    broker.publish("site/alarm/gate", "while away")
    assert Listener(broker.port, raiser, login).listening.wait(10)
    eventually(lambda: wall.heard == [c.RaiseAlarm("gate", "while away")], 10)


@needs_broker
@pytest.mark.e2e
def test_what_no_wall_heard_is_sent_again(wall: Wall, raiser: Raiser, broker: Broker) -> None:
    login = Login("wall", "hunter2")
    wall.answer = lambda _command: Failed("no_wall", "no wall answers")
    deaf = Listener(broker.port, raiser, login)
    assert deaf.listening.wait(10)
    broker.publish("site/alarm/gate", "there")
    deaf.thread.join(10)
    assert deaf.error == "no wall answers"
    wall.answer = wishing.done
    assert Listener(broker.port, raiser, login).listening.wait(10)
    eventually(lambda: len(wall.heard) == 2, 10)
    assert wall.heard == [c.RaiseAlarm("gate", "there")] * 2


@needs_broker
@pytest.mark.e2e
def test_a_sensor_takes_its_word_back(wall: Wall, raiser: Raiser, broker: Broker) -> None:
    assert Listener(broker.port, raiser, Login("wall", "hunter2")).listening.wait(10)
    broker.publish("site/alarm/gate", "open", retain=True)
    broker.publish("site/alarm/gate", None, retain=True)
    broker.publish("site/alarm/yard", "OFF")
    broker.publish("site/alarm/door", '{"state": "cleared"}')
    broker.publish("site/alarm/roof", "x" * 70_000)
    broker.publish("site/alarm/last", "x" * 20_000)
    eventually(lambda: len(wall.heard) == 5, 10)
    assert wall.heard == [
        c.RaiseAlarm("gate", "open"),
        *(c.EndAlarm(name) for name in ("gate", "yard", "door")),
        c.RaiseAlarm("last"),
    ]


def published(topic: bytes, payload_bytes: int) -> bytes:
    """The head of a message of MQTT 3.1.1 with QoS 1, behind which so many bytes follow."""
    said = len(topic).to_bytes(2, "big") + topic + b"\x00\x07"
    left, length = len(said) + payload_bytes, b""
    while left or not length:
        left, digit = divmod(left, 128)
        length += bytes([digit | (128 if left else 0)])
    return b"\x32" + length + said


def old_broker(server: socket.socket) -> socket.socket:
    """The connection of a broker that speaks MQTT 3.1.1 only, and lets all be heard."""
    for answer in (b"\x20\x02\x00\x01", b"\x20\x02\x00\x00"):
        broker, _ = server.accept()
        broker.recv(1000)
        broker.sendall(answer)
        if answer[-1:] == b"\x01":
            broker.close()
    number = broker.recv(1000)[2:4]
    broker.sendall(b"\x90\x03" + number + b"\x01")
    return broker


@pytest.mark.attack
def test_of_a_message_without_end_the_beginning_is_kept(wall: Wall, raiser: Raiser) -> None:
    """By a broker that keeps to no limit. The alarm is raised, without its text, and the message
    is acknowledged, so that it does not come again."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(server.getsockname()[1], raiser, None)
        with old_broker(server) as broker:
            tracemalloc.start()
            left = size(16 << 20, 250 << 20)
            broker.sendall(published(b"site/alarm/gate", left))
            while left > 0:
                left -= broker.send(bytes(min(left, 1 << 16)))
            broker.sendall(published(b"site/alarm/yard", 0))
            eventually(lambda: len(wall.heard) == 2, 60)
            peak_bytes = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            acknowledged = b"\x40\x02\x00\x07"
            assert [broker.recv(4), broker.recv(4)] == [acknowledged, acknowledged]
        listener.thread.join(20)
    assert wall.heard == [c.RaiseAlarm("gate"), c.RaiseAlarm("yard")]
    assert peak_bytes < 2 << 20


@pytest.mark.attack
def test_whatever_a_broker_sends_the_next_alarm_is_heard(wall: Wall) -> None:
    dice, told = random.Random(7), size(60, 2000)
    raiser = Raiser(wall.ask, known={"last"})
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(server.getsockname()[1], raiser, None)
        with old_broker(server) as broker:
            threading.Thread(target=drained, args=(broker,), daemon=True).start()
            for _ in range(told):
                topic = b"site/alarm/" + dice.choice((dice.randbytes(9), b"gate", b"\xff", b"a/b"))
                payload = dice.choice((dice.randbytes(dice.randint(0, 99)), b"OFF", b"[" * 5000))
                broker.sendall(published(topic, len(payload)) + payload)
            broker.sendall(published(b"site/alarm/last", 0))
            eventually(lambda: wall.heard[-1:] == [c.RaiseAlarm("last")], 60)
            assert listener.error is None
        listener.thread.join(20)


def drained(broker: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while broker.recv(65_536):
            pass


def test_two_walls_of_one_name_are_told(raiser: Raiser) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(server.getsockname()[1], raiser, None)
        broker, _ = server.accept()
        with broker:
            broker.recv(1000)
            broker.sendall(b"\x20\x03\x00\x00\x00")  # CONNACK
            broker.recv(1000)
            broker.sendall(b"\xe0\x01\x8e")  # DISCONNECT: session taken over
            listener.thread.join(20)
    assert listener.error is not None
    assert listener.error.endswith("give each a client_id")


def test_a_wall_is_known_by_one_name() -> None:
    given = MqttInput("h", 1, "t")
    assert mqtt_listener.client_id(given, "ipc://a") == mqtt_listener.client_id(given, "ipc://a")
    assert mqtt_listener.client_id(given, "ipc://a") != mqtt_listener.client_id(given, "ipc://b")
    assert (
        mqtt_listener.client_id(MqttInput("h", 1, "t", client_id="wall-2"), "ipc://a") == "wall-2"
    )


def certificates(folder: Path) -> None:
    """An authority ``ca.crt``, a broker's certificate for localhost, and a wall's."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)

    new = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl(*new, "-x509", "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=test authority")
    (folder / "san").write_text("subjectAltName=DNS:localhost")
    for name in ("broker", "wall"):
        openssl(*new, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        signed = ("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key")
        openssl(*signed, "-CAcreateserial", "-extfile", "san", "-out", f"{name}.crt")
    for file in folder.iterdir():
        file.chmod(0o644)
    folder.chmod(0o755)


@needs_broker
@pytest.mark.e2e
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_broker_proves_who_it_is_and_so_does_the_wall(
    wall: Wall, raiser: Raiser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("tls")
    certificates(folder)
    tls = f"cafile {folder}/ca.crt\ncertfile {folder}/broker.crt\nkeyfile {folder}/broker.key\n"
    broker = Broker(folder, tls + "require_certificate true")
    own = Tls(f"{folder}/ca.crt", f"{folder}/wall.crt", f"{folder}/wall.key")
    given = MqttInput("localhost", broker.port, "site/alarm", Login("wall", "hunter2"), tls=own)

    def refusal(given: MqttInput) -> str:
        with pytest.raises(InputError) as raised:
            mqtt_listener.listen(given, NAME, raiser, lambda: None)
        return str(raised.value)

    assert "certificate" in refusal(replace(given, tls=Tls()))
    assert "certificate" in refusal(replace(given, host="127.0.0.1"))
    refusal(replace(given, tls=Tls(own.ca)))
    gc.collect()  # paho leaves sockets whose TLS has failed to the garbage collector
    listening = threading.Event()

    def listen() -> None:
        with contextlib.suppress(InputError):
            mqtt_listener.listen(given, NAME, raiser, listening.set)

    thread = threading.Thread(target=listen)
    thread.start()
    assert listening.wait(10)
    broker.end()
    thread.join(20)
    assert wall.heard == []


def test_a_broker_that_is_not_there_is_told(raiser: Raiser) -> None:
    port = free_port()
    with pytest.raises(InputError, match=f"127.0.0.1:{port} can't be reached: .*refused"):
        mqtt_listener.listen(MqttInput("127.0.0.1", port, "x", None), NAME, raiser, lambda: None)


def test_without_its_package_mqtt_says_what_to_install(
    raiser: Raiser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(InputError, match="pip install"):
        mqtt_listener.listen(MqttInput("127.0.0.1", 1, "x", None), NAME, raiser, lambda: None)
