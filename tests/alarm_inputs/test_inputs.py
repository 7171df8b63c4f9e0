"""Where alarms come from: what each input hears, takes for an alarm, and refuses."""

import concurrent.futures
import fcntl
import os
import select
import termios
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import scripted_controller as wishing
from tests.support.credentials import login_file
from tests.support.live_wall import eventually, soon
from tests.support.scripted_controller import Wall
from wallctl.alarm_inputs import listen_status, listener_process, serial_lines
from wallctl.alarm_inputs.alarm_client import MOST_LATEST, TOO_MANY, Raiser
from wallctl.alarm_inputs.alarm_signal import AlarmSignal
from wallctl.alarm_inputs.contact_lines import Contacts, heard
from wallctl.alarm_inputs.input_error import InputError
from wallctl.alarm_inputs.messages import NO_WALL, Answered, Wishes
from wallctl.alarm_inputs.messages import REPEAT_NS as REPEAT_WISH_NS
from wallctl.alarm_inputs.serial_lines import BYTES_PER_S
from wallctl.api.protocol import Failed
from wallctl.model.site.alarm_input import HttpInput, LineInput
from wallctl.model.site.credential import Login
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.state.alarm_queue import REPEAT_NS
from wallctl.supervisor.channel import Channel, pair

wall, raiser = wishing.wall, wishing.raiser


# The raiser


def test_the_same_alarm_is_raised_at_most_once_a_second() -> None:
    now, heard = [0], list[c.Command]()

    def ask(command: c.Command, _by_table: bool) -> None:
        heard.append(command)

    raiser = Raiser(ask, lambda: now[0])
    for at_ns in (0, 1, REPEAT_NS - 1, REPEAT_NS):
        now[0] = at_ns
        assert raiser.tell("gate") is None
    assert heard == [c.RaiseAlarm("gate")] * 2
    assert raiser.tell("gate", AlarmSignal(text=" two of them \n")) is None
    assert raiser.tell("yard", AlarmSignal(text="x" * 999)) is None
    assert heard[2:] == [c.RaiseAlarm("gate", "two of them"), c.RaiseAlarm("yard", "x" * 200)]
    for number in range(2 * MOST_LATEST):
        now[0] += REPEAT_NS
        raiser.tell(f"a{number}")
    assert len(raiser._latest) == MOST_LATEST


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


def test_a_name_longer_than_any_keeps_no_other_alarm_waiting(wall: Wall, raiser: Raiser) -> None:
    """The wall need not look for what is like it."""
    failed = raiser.tell("门" * 60_000)
    assert failed is not None
    assert failed.code == "unknown_alarm"
    assert raiser.tell("gate") is None
    assert wall.heard == [c.RaiseAlarm("gate")]


def test_a_text_that_nobody_may_tell_is_left_out_and_the_alarm_is_raised(
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard: list[c.Command] = []
    raiser = Raiser(lambda command, _by_table: heard.append(command), may_tell=False)
    assert raiser.tell("gate", AlarmSignal(text="everybody out")) is None
    assert heard == [c.RaiseAlarm("gate")]


def test_a_flood_stays_with_its_input(wall: Wall) -> None:
    """A true alarm comes through names without end, a contact that chatters wears itself out."""
    now, asked = [0], list[str]()

    def ask(command: c.RaiseAlarm | c.EndAlarm, _by_table: bool) -> None:
        asked.append(command.name)

    raiser = Raiser(ask, lambda: now[0], known={"gate", "sos"})
    for tick in range(4000):
        now[0] = tick * 1_000_000
        raiser.tell(f"nobody {tick}")
        raiser.tell("gate", AlarmSignal(raised=tick % 2 == 0))
    assert raiser.tell("nobody") == TOO_MANY
    assert raiser.tell("sos") is None
    assert 298 <= sum(name.startswith("nobody") for name in asked) <= 302
    assert 68 <= asked.count("gate") <= 72
    assert asked[-1] == "sos"


# The channel


def test_each_wish_is_answered_once(wall: Wall, raiser: Raiser) -> None:
    def told(command: c.Command) -> Failed | None:
        return Failed("no", "not this one") if command == c.EndAlarm("gate") else None

    wall.answer = told
    assert raiser.tell("gate", by_table=True) is None
    assert raiser.tell("gate", AlarmSignal(raised=False)) == Failed("no", "not this one")
    first, second = wall.wishes
    assert first.number < second.number
    assert (first.by_table, second.by_table) == (True, False)


def test_many_threads_wish_at_once(wall: Wall, raiser: Raiser) -> None:
    """Each has its own answer."""
    wall.answer = lambda command: Failed("echo", getattr(command, "name", ""))
    with concurrent.futures.ThreadPoolExecutor(16) as threads:
        names = [f"alarm {number}" for number in range(80)]
        answers = list(threads.map(raiser.tell, names))
    assert [one.message for one in answers if one is not None] == names


def test_a_wish_waits_for_a_wall_that_is_started_again(wall: Wall, raiser: Raiser) -> None:
    """It is repeated under its number, so that it is done once."""
    wall.is_away = True
    with concurrent.futures.ThreadPoolExecutor() as threads:
        told = threads.submit(raiser.tell, "gate")
        assert not soon(told.done, 0.7)
        wall.is_away = False
        assert told.result(5) is None
    eventually(lambda: len(wall.wishes) > 1, 5)
    assert len({wish.number for wish in wall.wishes}) == 1


class Silent:
    """A clock that a wait moves on, beside a wall that never answers."""

    def __init__(self) -> None:
        self.now_ns = 0

    def __call__(self) -> int:
        self.now_ns += REPEAT_WISH_NS
        return self.now_ns


def test_a_wall_that_does_not_answer_is_told_in_time() -> None:
    ours, theirs = pair()
    with ours, theirs:
        failed = Wishes(Channel(theirs, Answered), Silent()).ask(c.RaiseAlarm("gate"), False)
    assert failed is not None
    assert failed.code == NO_WALL


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
        self._line = serial_lines.Line(given, raiser)
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
        except (OSError, EOFError):
            pass  # the test is over, and the wall that it asks is gone


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


def test_a_file_whose_place_a_fifo_takes_is_read_as_one(
    wall: Wall, raiser: Raiser, tmp_path: Path
) -> None:
    """Nobody may write to it for long."""
    line, fifo = tmp_path / "contacts", tmp_path / "fifo"
    line.touch()
    watched = Watched(line, raiser)
    os.mkfifo(fifo)
    fifo.rename(line)
    eventually(lambda: watched.error is not None, 5)
    assert watched.error == f"{line} can't be read: it is a file no more"
    watched.watch()
    line.write_text("1 1\n")
    eventually(lambda: wall.heard == [c.RaiseAlarm("gate")], 5)


def test_a_fifo_outlives_its_writers(wall: Wall, raiser: Raiser, tmp_path: Path) -> None:
    fifo = tmp_path / "contacts"
    os.mkfifo(fifo)
    Watched(fifo, raiser)
    for number, words in enumerate(("1 1\n", "2 1\n"), start=1):
        fifo.write_text(words)
        eventually(lambda number=number: len(wall.heard) == number, 5)  # type: ignore[misc]


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/urandom", "/dev/null", "/"])
def test_what_is_no_line_is_refused(path: str, raiser: Raiser) -> None:
    """A device without end would be read without end."""
    with pytest.raises(InputError, match=f"{path} can't be read: it is no serial port"):
        serial_lines.Line(LineInput(path, {"1": "gate"}, 9600), raiser).watch(lambda: None)


def test_a_fifo_that_is_flooded_is_read_slowly(wall: Wall, raiser: Raiser, tmp_path: Path) -> None:
    fifo, taken = tmp_path / "contacts", 0
    os.mkfifo(fifo)
    Watched(fifo, raiser)
    with fifo.open("wb", buffering=0) as writer:
        os.set_blocking(writer.fileno(), False)
        buffered = fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        end_s = time.monotonic() + 0.5  # how much is read in a time is what is tested
        while time.monotonic() < end_s:
            if select.select([], [writer], [], 0.05)[1]:
                taken += writer.write(b"1 1\n1 0\n2 1\n2 0\n" * 64) or 0
        assert taken <= buffered + BYTES_PER_S
        waiting = bytearray(4)
        eventually(lambda: fcntl.ioctl(writer, termios.FIONREAD, waiting) or not any(waiting), 5)
    assert c.RaiseAlarm("gate") in wall.heard


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
        serial_lines.Line(LineInput(port, {}, 9600), raiser).watch(lambda: None)
    os.close(theirs)
    os.close(ours)


def test_a_line_that_is_not_there_is_told_once_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file, told = tmp_path / "contacts", list[listen_status.Listening]()
    stop = RuntimeError("enough")

    def pause(_seconds: float) -> None:
        if len(told) == 3:
            raise stop

    given = LineInput(str(file), {}, 9600)
    with pytest.raises(RuntimeError, match="enough"):
        listener_process.run(given, "ipc://wall", lambda *_: None, told.append, pause)
    why = f"{file} can't be read: No such file or directory"
    assert told == [listen_status.Listening(why)] * 3
    assert [one.message for one in caplog.records] == [f"alarms: {why}; it is tried again"]


def test_an_input_without_its_login_file_says_so_and_tries_again(tmp_path: Path) -> None:
    told: list[listen_status.Listening] = []

    def pause(_seconds: float) -> None:
        raise RuntimeError("enough")

    account = login_file(tmp_path, Login("nvr", "hunter2"))
    Path(account.file).unlink()
    given = HttpInput(0, credential=account)
    with pytest.raises(RuntimeError, match="enough"):
        listener_process.run(given, "ipc://wall", lambda *_: None, told.append, pause)
    assert "account.toml" in told[-1].why


def test_what_was_said_last_is_said_again() -> None:
    told: list[listen_status.Listening] = []
    voice = listen_status.Voice(told.append)

    def pause(_seconds: float) -> None:
        if len(told) == 3:
            raise RuntimeError("enough")

    voice.say(listen_status.Listening())
    with pytest.raises(RuntimeError, match="enough"):
        voice.repeat(pause)
    assert told == [listen_status.Listening()] * 3
