"""The sounds of alarms: played once by a program of the machine, in a process of its own."""

import logging
import shutil
import subprocess

from wallctl.model.wall.state.state import WallState
from wallctl.node.child_kinds import SOUND
from wallctl.node.child_processes import Crew
from wallctl.node.setup import Setup

PLAYERS = ("paplay", "pw-play", "aplay")
LONGEST_S = 30.0
PLAYING = f"{SOUND}:alarm"
NO_PLAYER = "none"

log = logging.getLogger(__name__)


class Sounds:
    """One sound at a time: what begins meanwhile is seen, and not heard."""

    def __init__(self, setup: Setup, crew: Crew, state: WallState) -> None:
        self._state = state
        """The last one that was looked at for new alarms."""
        self._setup = setup
        self._crew = crew
        self._player = find_player()
        if self._player is None and self._wanted:
            log.warning(
                "alarms have sounds, and none of %s is on this machine: install pulseaudio-utils "
                "or alsa-utils",
                ", ".join(PLAYERS),
            )

    @property
    def _wanted(self) -> bool:
        return any(alarm.sound for alarm in self._setup.site.alarms)

    def follow(self, state: WallState) -> None:
        """Play the sound of the first alarm that is new and has one."""
        old, self._state = self._state.alarmed, state
        new = sorted((one for one in state.alarms if one.number > old), key=lambda one: one.rank)
        sound = next((one.alarm.sound for one in new if one.alarm.sound), None)
        if sound is not None and self._player is not None:
            self._crew.start(PLAYING, SOUND, sound.encode())

    def status(self) -> str | None:
        """The program that plays, ``none`` if there is none; ``None`` where nothing has a sound."""
        return (self._player or NO_PLAYER) if self._wanted else None


def find_player() -> str | None:
    """The first program on this machine that plays a file."""
    return next((name for name in PLAYERS if shutil.which(name)), None)


def play(path: str) -> None:
    """Play a file to its end; what does not work is logged."""
    player = find_player()
    if player is None:
        return
    try:
        done = subprocess.run(
            [player, path],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("the sound %s can't be played: %s", path, error)
        return
    if done.returncode != 0:
        why = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        log.warning("the sound %s can't be played: %s says: %s", path, player, why)
