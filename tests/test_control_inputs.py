"""Where alarms come from: what each input hears, takes for an alarm, and refuses."""

import os
import termios
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import played_wall
from tests.credentials import login_file
from tests.live import eventually
from tests.played_wall import Wall
from wallctl.control.endpoint import ControlError
from wallctl.control.inputs import lines, run
from wallctl.control.inputs.alarm_signal import AlarmSignal
from wallctl.control.inputs.contacts import Contacts, heard
from wallctl.control.inputs.input_error import InputError
from wallctl.control.inputs.raiser import SILENT_NS, Raiser
from wallctl.control.protocol import SUPERSEDED, Failed
from wallctl.model import command as c
from wallctl.model.alarm_queue import REPEAT_NS
from wallctl.model.command_text import parse
from wallctl.model.site import HttpInput, LineInput, Login

wall, raiser = played_wall.wall, played_wall.raiser


# The raiser


def test_the_same_alarm_is_raised_at_most_once_a_second(wall: Wall) -> None:
    now = [0]
    raiser = Raiser(wall.endpoint, lambda: now[0])
    for at_ns in (0, 1, REPEAT_NS - 1, REPEAT_NS):
        now[0] = at_ns
        assert raiser.tell("gate") is None
    assert wall.heard == [c.RaiseAlarm("gate")] * 2
    assert raiser.tell("gate", AlarmSignal(text=" two of them \n")) is None
    assert raiser.tell("yard", AlarmSignal(text="x" * 999)) is None
    assert wall.heard[2:] == [
        c.RaiseAlarm("gate", "two of them"),
        c.RaiseAlarm("yard", "x" * 200),
    ]
    raiser.close()


def test_a_device_breaks_no_line(wall: Wall, raiser: Raiser) -> None:
    assert raiser.tell("gate", AlarmSignal(text="two\nlines\x1b]52;c;x\x07\u202e")) is None
    assert wall.heard == [c.RaiseAlarm("gate", "two lines ]52;c;x")]


def test_what_the_wall_refused_is_told_and_may_be_asked_again(wall: Wall, raiser: Raiser) -> None:
    wall.answer = lambda _command: Failed("unknown_alarm", "no alarm is called 'gat'", ("gate",))
    for _ in range(2):
        failed = raiser.tell("gat")
        assert failed is not None
        assert failed.code == "unknown_alarm"
    assert len(wall.heard) == 2
    wall.answer = lambda _command: SUPERSEDED
    assert raiser.tell("gate") is None, "it was made, and shown with a newer change"


def test_a_name_longer_than_any_keeps_no_other_alarm_waiting(wall: Wall, raiser: Raiser) -> None:
    """With its message the wall would hang up, and never answer."""
    failed = raiser.tell("门" * 60_000)
    assert failed is not None
    assert failed.code == "unknown_alarm"
    assert raiser.tell("gate") is None
    assert wall.heard == [c.RaiseAlarm("gate")]


def test_where_the_endpoint_does_not_answer_the_walls_own_channel_does(
    wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the endpoint is left alone for a while: a caller waits once."""
    now, words, tried = [0], list[str](), []

    def otherwise(said: str) -> bool:
        words.append(said)
        return len(words) < 4

    class Nobody:
        def __init__(self, endpoint: str) -> None:
            tried.append(endpoint)
            raise ControlError("no wall answers")

    raiser = Raiser(wall.endpoint, lambda: now[0], otherwise)
    assert raiser.tell("gate") is None
    assert (len(wall.heard), words) == (1, [])
    raiser.close()
    with monkeypatch.context() as away:
        away.setattr("wallctl.control.inputs.raiser.Client", Nobody)
        for name in ("大门 2", "a, b"):
            assert raiser.tell(name, AlarmSignal(text="越界 1")) is None
        assert raiser.tell("gate", AlarmSignal(raised=False)) is None
        assert len(tried) == 1
        failed = raiser.tell("yard")
        assert failed is not None
        assert failed.code == "no_wall"
    assert [parse(one) for one in words[:3]] == [
        c.RaiseAlarm("大门 2", "越界 1"),
        c.RaiseAlarm("a, b", "越界 1"),
        c.EndAlarm("gate"),
    ]
    now[0] = SILENT_NS
    assert raiser.tell("yard") is None
    assert len(wall.heard) == 2
    raiser.close()


def test_a_wall_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    class Nobody:
        def __init__(self, endpoint: str) -> None:
            tried.append(endpoint)
            raise ControlError("no wall answers")

    monkeypatch.setattr("wallctl.control.inputs.raiser.Client", Nobody)
    assert Raiser("ipc:///nowhere").tell("gate") == Failed("no_wall", "no wall answers")
    assert len(tried) == 3


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


def test_an_input_without_its_login_file_says_so_and_tries_again(
    wall: Wall, tmp_path: Path
) -> None:
    told: list[run.Listening] = []

    def pause(_seconds: float) -> None:
        raise RuntimeError("enough")

    account = login_file(tmp_path, Login("nvr", "hunter2"))
    Path(account.file).unlink()
    with pytest.raises(RuntimeError, match="enough"):
        run.run(HttpInput(0, credential=account), wall.endpoint, told.append, pause)
    assert "account.toml" in told[-1].why


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
