"""Which inputs of alarms run, and what is told of them; and the sounds of alarms."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tests.support.controller_harness import Office, small_site
from tests.support.credentials import ACCOUNT
from tests.support.reducing import PROGRAM
from wallctl.alarm_inputs.listen_status import Listening
from wallctl.alarm_inputs.messages import Answered, Wish
from wallctl.api.protocol import Failed
from wallctl.controller.alarm_inputs import BEGINS, AlarmInputs, InputStatus
from wallctl.controller.alarm_sounds import NewAlarms, find_sound, sound_status
from wallctl.model.site.alarm import Alarm, AlarmPlace
from wallctl.model.site.alarm_input import HttpInput, Input, LineInput, MqttInput
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.events.event_record import Asked, Record, Who
from wallctl.model.wall.state.replay import Wall, replay
from wallctl.model.wall.state.state import WallState, initial
from wallctl.node import alarm_sounds
from wallctl.node.alarm_sounds import PLAYING, AlarmSounds, play

REFUSED = Failed("too_many", "slower")
HTTP, MQTT, LINE = "input:http", "input:mqtt", "input:/dev/ttyS0"
INPUTS = (
    HttpInput(8088, credential=ACCOUNT),
    MqttInput("192.0.2.9", 1883, "alarms"),
    LineInput("/dev/ttyS0", {"1": "gate"}, 9600),
)
LEFT = (AlarmPlace("left"),)
GATE = Alarm("gate", "摄像机1", LEFT, sound="/gate.wav")
FIRE = Alarm("fire", "摄像机2", LEFT, sound="/fire.wav", priority=9)
YARD = Alarm("yard", "摄像机3", LEFT)
SITE = replace(small_site(), inputs=INPUTS, alarms=(GATE, FIRE, YARD))


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office(SITE)
    yield office
    office.close()


def made(office: Office, answered: dict[str, Answered] | None = None) -> AlarmInputs:
    """Inputs of a controller that refuses every second wish."""
    done: list[Wish] = []

    def do(_given: Input, wish: Wish, _now_ns: int) -> Failed | None:
        done.append(wish)
        return REFUSED if len(done) % 2 == 0 else None

    return AlarmInputs(office.setup, office.crew, do, answered or {})


def turn(office: Office, inputs: AlarmInputs) -> None:
    """A turn of the controller."""
    inputs.refresh()
    office.turn(100)


def test_every_input_of_the_site_runs_until_the_site_lacks_it(office: Office) -> None:
    inputs = made(office)
    turn(office, inputs)
    turn(office, inputs)
    spawned = office.root.spawned
    assert set(spawned) == {HTTP, MQTT, LINE}
    given = [msgspec.msgpack.decode(spawned[name].args, type=Input) for name in spawned]
    assert tuple(given) == INPUTS
    assert not any(spawn.once for spawn in spawned.values()), "one that dies is started again"
    other = replace(INPUTS[0], port=8089)
    office.setup.site = replace(SITE, inputs=(other, INPUTS[2]))
    turn(office, inputs)
    assert set(office.root.retired) == {HTTP, MQTT}
    again = msgspec.msgpack.decode(office.root.spawned[HTTP].args, type=Input)
    assert again == other


def test_the_next_controller_finds_them_running(office: Office) -> None:
    turn(office, made(office))
    office.root.spawned.clear()
    office.root.inherit()
    office.begin(office.node.memory())
    turn(office, made(office))
    assert not office.root.spawned
    assert not office.root.retired


def test_what_they_say_is_told(office: Office) -> None:
    inputs = made(office)
    turn(office, inputs)
    inputs.hear(HTTP, Listening())
    inputs.hear(MQTT, Listening("the broker is lost"))
    assert inputs.status() == [
        InputStatus("http", True, ""),
        InputStatus("mqtt", False, "the broker is lost"),
        InputStatus("/dev/ttyS0", False, BEGINS.why),
    ]
    inputs.died(HTTP)
    assert not inputs.status()[0].listening


def answers(office: Office) -> list[Answered]:
    return [one for one in office.root.told(HTTP) if isinstance(one, Answered)]


def test_a_wish_is_done_once_however_often_it_comes(office: Office) -> None:
    inputs = made(office)
    turn(office, inputs)
    turn(office, inputs)
    for number in (7, 7, 9, 9, 7):
        inputs.grant(HTTP, Wish(number, c.RaiseAlarm("gate")), 0)
    inputs.grant("input:gone", Wish(1, c.RaiseAlarm("gate")), 0)
    told = [Answered(7), Answered(7), Answered(9, REFUSED), Answered(9, REFUSED)]
    assert answers(office) == told
    again = made(office, inputs.answered)
    again.grant(HTTP, Wish(9, c.RaiseAlarm("gate")), 0)
    again.grant(HTTP, Wish(10, c.RaiseAlarm("gate")), 0)
    assert answers(office) == [Answered(9, REFUSED), Answered(10)]


def test_what_the_next_controller_is_left_has_a_change_and_its_wish_or_neither(
    office: Office,
) -> None:
    """A controller is kept while it makes a change, and may be killed before it answers."""
    kept: list[dict[str, Answered]] = []

    def do(_given: Input, _wish: Wish, _now_ns: int) -> None:
        kept.append(dict(inputs.answered))

    inputs = AlarmInputs(office.setup, office.crew, do, {})
    inputs.grant(HTTP, Wish(7, c.RaiseAlarm("gate")), 0)
    assert kept == [{HTTP: Answered(7)}]


@pytest.fixture
def player(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A program that plays: it writes what it was given, and fails of what is not there."""
    program = tmp_path / "aplay"
    program.write_text(f'#!/bin/sh\necho "$1" >>{tmp_path}/played; /bin/cat "$1" >/dev/null\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return program


def test_the_highest_of_the_new_alarms_is_heard_once() -> None:
    new, state = NewAlarms(), initial(SITE)
    assert find_sound(new.take(), SITE) == ""
    for name, now_ns in (("yard", 0), ("gate", 1), ("fire", 2)):
        state = heard(new, state, name, now_ns)
    assert find_sound(new.take(), SITE) == "/fire.wav"
    heard(new, state, "gate", 10**10)
    assert find_sound(new.take(), SITE) == "", "raised again it is no new one"


def heard(new: NewAlarms, state: WallState, name: str, now_ns: int) -> WallState:
    """The state in which an alarm is raised that is heard of."""
    given = Asked(Who.of(PROGRAM), c.RaiseAlarm(name), now_ns, 0, None)
    wall, events = replay(Wall(state, SITE), given)
    new.hear(Record(1, 0, wall.state.revision, given, events))
    return wall.state


def test_one_sound_is_played_at_a_time(office: Office, player: Path) -> None:
    sounds = AlarmSounds(office.setup, office.crew)
    assert sound_status(SITE, sounds.player) == "aplay"
    sounds.play("/fire.wav")
    sounds.play("/gate.wav")
    office.turn()
    spawn = office.root.spawned[PLAYING]
    assert (spawn.args, spawn.once) == (b"/fire.wav", True)
    office.root.bury(PLAYING)
    office.turn()
    assert not office.crew.has(PLAYING)


def test_without_a_player_it_is_said(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    sounds = AlarmSounds(office.setup, office.crew)
    assert sound_status(SITE, sounds.player) == "none"
    assert "aplay" in caplog.text
    sounds.play("/gate.wav")
    assert not office.crew.has(PLAYING)
    assert sound_status(replace(SITE, alarms=(YARD,)), sounds.player) is None
    play("/gate.wav")
    assert len(caplog.records) == 1


def test_a_file_is_played_and_what_fails_is_told(
    player: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sound = tmp_path / "gate.wav"
    sound.touch()
    play(str(sound))
    assert (tmp_path / "played").read_text() == f"{sound}\n"
    assert not caplog.records
    play(f"{sound}.none")
    assert "aplay says: /bin/cat" in caplog.text


def test_a_player_that_does_not_end_is_ended(
    player: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    player.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    monkeypatch.setattr(alarm_sounds, "LONGEST_S", 0.05)
    play("/gate.wav")
    assert "timed out" in caplog.text
