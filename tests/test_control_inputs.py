"""Where alarms come from: what each input hears, takes for an alarm, and refuses."""

import base64
import http.client
import os
import socket
import termios
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import played_wall
from tests.live import eventually
from tests.played_wall import Wall
from wallctl.control.endpoint import ControlError
from wallctl.control.inputs import lines, run
from wallctl.control.inputs.contacts import Contacts, heard
from wallctl.control.inputs.http import BODY_MAX_BYTES, MOST_CALLERS, AlarmServer, serve
from wallctl.control.inputs.input_error import InputError
from wallctl.control.inputs.raiser import Raiser
from wallctl.control.protocol import SUPERSEDED, Failed
from wallctl.model import command as c
from wallctl.model.alarm_queue import REPEAT_NS
from wallctl.model.site import HttpInput, LineInput, Login

wall, raiser = played_wall.wall, played_wall.raiser


# The raiser


def test_the_same_alarm_is_raised_at_most_once_a_second(wall: Wall) -> None:
    now = [0]
    raiser = Raiser(wall.endpoint, lambda: now[0])
    for at_ns in (0, 1, REPEAT_NS - 1, REPEAT_NS):
        now[0] = at_ns
        assert raiser.raise_alarm("gate") is None
    assert wall.heard == [c.RaiseAlarm("gate")] * 2
    assert raiser.raise_alarm("gate", " two of them \n") is None
    assert raiser.raise_alarm("yard", "x" * 999) is None
    assert wall.heard[2:] == [
        c.RaiseAlarm("gate", "two of them"),
        c.RaiseAlarm("yard", "x" * 200),
    ]
    raiser.close()


def test_what_the_wall_refused_is_told_and_may_be_asked_again(wall: Wall, raiser: Raiser) -> None:
    wall.answer = lambda _command: Failed("unknown_alarm", "no alarm is called 'gat'", ("gate",))
    for _ in range(2):
        failed = raiser.raise_alarm("gat")
        assert failed is not None
        assert failed.code == "unknown_alarm"
    assert len(wall.heard) == 2
    wall.answer = lambda _command: SUPERSEDED
    assert raiser.raise_alarm("gate") is None, "it was made, and shown with a newer change"


def test_a_name_longer_than_any_keeps_no_other_alarm_waiting(wall: Wall, raiser: Raiser) -> None:
    """With its message the wall would hang up, and never answer."""
    failed = raiser.raise_alarm("门" * 60_000)
    assert failed is not None
    assert failed.code == "unknown_alarm"
    assert raiser.raise_alarm("gate") is None
    assert wall.heard == [c.RaiseAlarm("gate")]


def test_a_wall_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    class Nobody:
        def __init__(self, endpoint: str) -> None:
            tried.append(endpoint)
            raise ControlError("no wall answers")

    monkeypatch.setattr("wallctl.control.inputs.raiser.Client", Nobody)
    assert Raiser("ipc:///nowhere").raise_alarm("gate") == Failed("no_wall", "no wall answers")
    assert len(tried) == 3


# HTTP


@pytest.fixture
def served(raiser: Raiser) -> Iterator[Callable[[Login | None], int]]:
    """Starts servers; their ports."""
    servers: list[AlarmServer] = []

    def serve(login: Login | None) -> int:
        server = AlarmServer(HttpInput(0, login), raiser)
        threading.Thread(target=server.serve_forever, args=(0.02,)).start()
        servers.append(server)
        return int(server.server_address[1])

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def post(
    port: int,
    path: str,
    body: bytes = b"",
    method: str = "POST",
    headers: Mapping[str, str] = MappingProxyType({}),
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(method, path, body, dict(headers))
    reply = connection.getresponse()
    told = reply.status, reply.read()
    connection.close()
    return told


def test_a_post_raises_an_alarm(wall: Wall, served: Callable[[None], int]) -> None:
    port = served(None)
    assert post(port, "/alarm/gate") == (200, b'{"ok":true}')
    encoded = "/alarm/%E5%A4%A7%E9%97%A8?text=%E6%9C%89%E4%BA%BA+%E6%91%94%E5%80%92&x=1"
    assert post(port, encoded, b"<event/>" * 1000)[0] == 200
    assert wall.heard == [c.RaiseAlarm("gate"), c.RaiseAlarm("大门", "有人 摔倒")]


def test_an_address_may_hold_chinese_as_it_is(wall: Wall, served: Callable[[None], int]) -> None:
    with socket.create_connection(("127.0.0.1", served(None)), 5) as caller:
        caller.sendall("POST /alarm/大门 HTTP/1.0\r\n\r\n".encode())
        assert b"200" in caller.recv(100)
    assert wall.heard == [c.RaiseAlarm("大门")]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 404), ("/alarm/", 404), ("/alarms/gate", 404), ("/alarm/%FF", 400)],
)
def test_other_addresses_raise_nothing(
    path: str, status: int, wall: Wall, served: Callable[[None], int]
) -> None:
    assert post(served(None), path)[0] == status
    assert wall.heard == []


def test_who_may_not_is_refused(wall: Wall, served: Callable[[Login | None], int]) -> None:
    port = served(Login("nvr", "hunter2"))

    def basic(words: str) -> str:
        return f"Basic {base64.b64encode(words.encode()).decode()}"

    for said in ({}, {"Authorization": basic("nvr:hunter3")}, {"Authorization": "Basic ~"}):
        status, told = post(port, "/alarm/gate", headers=said)
        assert status == 401
        assert b"hunter2" not in told
    assert post(port, "/alarm/gate", headers={"Authorization": basic("nvr:hunter2")})[0] == 200
    page = {"Origin": "http://example.org", "Authorization": basic("nvr:hunter2")}
    assert post(port, "/alarm/gate", headers=page)[0] == 403
    assert post(port, "/alarm/gate", method="GET")[0] == 501
    assert len(wall.heard) == 1


def test_a_body_without_end_is_not_read(wall: Wall, served: Callable[[None], int]) -> None:
    port = served(None)
    for length in (str(BODY_MAX_BYTES + 1), "-1", "many", "9" * 5000):
        with socket.create_connection(("127.0.0.1", port), 5) as caller:
            head = f"POST /alarm/gate HTTP/1.0\r\nContent-Length: {length}\r\n\r\n"
            caller.sendall(head.encode())
            assert b"413" in caller.recv(100)
    assert wall.heard == []


@pytest.mark.parametrize(
    ("code", "status"),
    [("unknown_alarm", 404), ("too_many", 429), ("ending", 409), ("no_wall", 503)],
)
def test_what_the_wall_says_is_handed_on(
    code: str, status: int, wall: Wall, served: Callable[[None], int]
) -> None:
    wall.answer = lambda _command: Failed(code, "not so")
    assert post(served(None), "/alarm/gate") == (status, b'{"ok":false,"message":"not so"}')


def test_a_caller_that_says_nothing_keeps_nobody_waiting(
    wall: Wall, served: Callable[[None], int]
) -> None:
    port = served(None)
    silent = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(8)]
    assert post(port, "/alarm/gate")[0] == 200
    for caller in silent:
        caller.close()


def test_of_too_many_callers_the_last_is_hung_up_on(
    wall: Wall, served: Callable[[None], int]
) -> None:
    port = served(None)
    silent = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(MOST_CALLERS)]

    def is_full() -> bool:
        with socket.create_connection(("127.0.0.1", port), 5) as caller:
            caller.settimeout(0.2)
            try:
                return caller.recv(1) == b""
            except TimeoutError:
                return False

    eventually(is_full, 3)
    for caller in silent:
        caller.close()
    eventually(lambda: not is_full(), 5)
    assert post(port, "/alarm/gate")[0] == 200


def test_a_port_in_use_is_told(raiser: Raiser) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InputError, match=f"port {port} can't be listened at"):
            serve(HttpInput(port), raiser, lambda: None)


# Dry contacts


def test_a_contact_is_told_when_it_closes() -> None:
    told: list[str] = []
    contacts = Contacts()
    for content in (
        b"1 1\n2 ",
        b"1\r\n",
        b"1 1\n",
        b"1 0\n1 1\n",
        b"hello\n3 2\n\xff\xfe 1\n4 1",
        "\n门 1\n".encode(),
    ):
        contacts, news = heard(contacts, content, {"1", "2", "3", "门"})
        told += news
    assert told == ["1", "2", "1", "门"]


@given(st.lists(st.binary(max_size=200)))
def test_whatever_a_line_says_little_of_it_is_kept(contents: list[bytes]) -> None:
    contacts = Contacts()
    for content in contents:
        contacts, _ = heard(contacts, content, "9")
        assert len(contacts.rest) <= 81
        assert contacts.closed <= {"9"}, "noise that looks like contacts is not kept"
    whole, news = heard(contacts, b"\n9 1\n", "9")
    assert "9" in whole.closed
    assert "9" in news or "9" in contacts.closed


@given(st.lists(st.tuples(st.sampled_from("123"), st.booleans())), st.integers(1, 7))
def test_lines_may_come_in_any_pieces(states: list[tuple[str, bool]], size: int) -> None:
    content = "".join(f"{name} {int(closed)}\n" for name, closed in states).encode()
    pieces = [content[i : i + size] for i in range(0, len(content), size)]
    told: list[str] = []
    contacts = Contacts()
    for piece in pieces:
        contacts, news = heard(contacts, piece, "123")
        told += news
    assert tuple(told) == heard(Contacts(), content, "123")[1]


class Watched:
    """A line that is watched in a thread of its own."""

    def __init__(self, path: Path, raiser: Raiser) -> None:
        self._listening = threading.Event()
        self.error: str | None = None
        given = LineInput(str(path), {"1": "gate", "2": "yard", "3": "door"}, 9600)
        self._line = lines.Line(given, raiser)
        self.watch()

    def watch(self) -> None:
        """Watch it, were it once more."""
        self._listening.clear()
        self.error = None
        threading.Thread(target=self._watch, daemon=True).start()
        assert self._listening.wait(5)

    def _watch(self) -> None:
        try:
            self._line.watch(self._listening.set)
        except InputError as error:
            self.error = str(error)


def test_a_file_is_followed_emptied_and_replaced(
    wall: Wall, raiser: Raiser, tmp_path: Path
) -> None:
    file = tmp_path / "contacts"
    file.write_text("2 1\n2 0\n")
    watched = Watched(file, raiser)
    with file.open("a") as more:
        more.write("1 1\n7 1\n")
    eventually(lambda: wall.heard == [c.RaiseAlarm("gate")], 5)
    file.write_text("2 1\n")
    eventually(lambda: wall.heard[1:] == [c.RaiseAlarm("yard")], 5)
    other = tmp_path / "other"
    other.write_text("2 0\n1 0\n")
    other.rename(file)
    file.unlink()
    eventually(lambda: watched.error is not None, 5)
    assert watched.error == f"{file} can't be read: No such file or directory"
    file.write_text("3 1\n")
    watched.watch()
    eventually(lambda: wall.heard[2:] == [c.RaiseAlarm("door")], 5)


def test_nothing_is_lost_of_a_file_that_is_replaced_while_it_grows(
    wall: Wall, raiser: Raiser, tmp_path: Path
) -> None:
    file, other = tmp_path / "contacts", tmp_path / "other"
    file.touch()
    Watched(file, raiser)
    with file.open("a") as old:
        other.write_text("2 1\n")
        old.write("1 1\n")
        old.flush()
        other.rename(file)
    eventually(lambda: len(wall.heard) == 2, 5)
    assert wall.heard == [c.RaiseAlarm("gate"), c.RaiseAlarm("yard")]


def test_a_fifo_outlives_its_writers(wall: Wall, raiser: Raiser, tmp_path: Path) -> None:
    fifo = tmp_path / "contacts"
    os.mkfifo(fifo)
    Watched(fifo, raiser)
    for number, words in enumerate(("1 1\n", "2 1\n"), start=1):
        fifo.write_text(words)
        eventually(lambda number=number: len(wall.heard) == number, 5)  # type: ignore[misc]


def test_a_serial_port_is_read_as_it_speaks(wall: Wall, raiser: Raiser) -> None:
    ours, theirs = os.openpty()
    watched = Watched(Path(os.ttyname(theirs)), raiser)
    os.write(ours, b"1 1\r\n")
    eventually(lambda: wall.heard == [c.RaiseAlarm("gate")], 5)
    os.close(theirs)
    os.close(ours)
    eventually(lambda: watched.error is not None, 5)


def test_a_serial_port_that_takes_no_settings_is_told(
    raiser: Raiser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_fd: int) -> None:
        raise termios.error(5, "Input/output error")

    monkeypatch.setattr("tty.setraw", gone)
    ours, theirs = os.openpty()
    port = os.ttyname(theirs)
    with pytest.raises(InputError, match=f"{port} can't be read: Input/output error"):
        lines.Line(LineInput(port, {}, 9600), raiser).watch(lambda: None)
    os.close(theirs)
    os.close(ours)


def test_a_line_that_is_not_there_is_told_once_and_tried_again(
    wall: Wall, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file, told = tmp_path / "contacts", list[run.Listening]()
    stop = RuntimeError("enough")

    def pause(_seconds: float) -> None:
        if len(told) == 3:
            raise stop

    given = LineInput(str(file), {}, 9600)
    with pytest.raises(RuntimeError, match="enough"):
        run.run(given, wall.endpoint, told.append, pause)
    why = f"{file} can't be read: No such file or directory"
    assert told == [run.Listening(why)] * 3
    assert [one.message for one in caplog.records] == [f"alarms: {why}; it is tried again"]


def test_what_was_said_last_is_said_again() -> None:
    told: list[run.Listening] = []
    voice = run.Voice(told.append)

    def pause(_seconds: float) -> None:
        if len(told) == 3:
            raise RuntimeError("enough")

    voice.say(run.Listening())
    with pytest.raises(RuntimeError, match="enough"):
        voice.repeat(pause)
    assert told == [run.Listening()] * 3
