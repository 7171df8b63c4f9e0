"""The sounds of alarms: played once by a program of the machine, in a process of its own."""

import logging
import shutil
import subprocess

from wallctl.node.child_kinds import SOUND
from wallctl.node.child_processes import ChildProcesses
from wallctl.node.setup import NodeSetup

PLAYERS = ("paplay", "pw-play", "aplay")
LONGEST_S = 30.0
PLAYING = f"{SOUND}:alarm"

log = logging.getLogger(__name__)


class AlarmSounds:
    """One sound at a time: what begins meanwhile is seen, and not heard."""

    def __init__(self, setup: NodeSetup, crew: ChildProcesses) -> None:
        self._crew = crew
        self.player = find_player() or ""
        """The program that plays; empty if there is none."""
        if not self.player and any(alarm.sound for alarm in setup.site.alarms):
            log.warning(
                "alarms have sounds, and none of %s is on this machine: install pulseaudio-utils "
                "or alsa-utils",
                ", ".join(PLAYERS),
            )

    def play(self, path: str) -> None:
        """Play a sound, if this machine can."""
        if self.player:
            self._crew.start(PLAYING, SOUND, path.encode())


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
