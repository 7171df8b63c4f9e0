"""A real MQTT broker (Debian: mosquitto) with one user, on a port of its own."""

import os
import shutil
import socket
import subprocess
import typing
from pathlib import Path

from paho.mqtt import publish

from tests.support.live_wall import eventually
from tests.support.ports import free_port


def mosquitto_missing() -> str | None:
    """Why there can be no broker."""
    return None if shutil.which("mosquitto") else "mosquitto is not installed"


class Broker:
    """A real broker on a port of its own, with one user."""

    def __init__(self, folder: Path, tls: str = "") -> None:
        """``tls`` is lines of its configuration."""
        self.folder = folder
        self.port = free_port()
        users = folder / "users"
        words = ["mosquitto_passwd", "-b", "-c", str(users), "wall", "hunter2"]
        subprocess.run(words, check=True, capture_output=True)
        users.chmod(0o644)
        folder.chmod(0o755)
        self._config = folder / "mosquitto.conf"
        self._config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous false\npassword_file {users}\n"
            f"{tls}\nuser {os.environ.get('USER', 'root')}\n"
            f"persistence true\npersistence_location {folder}/\n"
            "autosave_on_changes true\nautosave_interval 1\n"
        )
        self.begin()

    def begin(self) -> None:
        """Start it, or start it again on its port with what it kept."""
        words = ["mosquitto", "-c", str(self._config)]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually(self._answers, 10)

    def _answers(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def publish(self, topic: str, payload: str | None = None, retain: bool = False) -> None:
        login: typing.Any = {"username": "wall", "password": "hunter2"}
        publish.single(
            *(topic, payload, 1, retain), hostname="127.0.0.1", port=self.port, auth=login
        )

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()
