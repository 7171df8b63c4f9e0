"""Alarms over MQTT: a message to ``TOPIC/NAME`` raises the alarm NAME; its payload is the text."""

import importlib.util
import typing
from collections.abc import Callable

from wallctl.control.inputs.input_error import InputError, refused
from wallctl.control.inputs.raiser import Raiser
from wallctl.model.site import MqttInput

if typing.TYPE_CHECKING:
    from paho.mqtt.client import MQTTMessage

KEEPALIVE_S = 15
QOS = 1
PAYLOAD_MAX_BYTES = 4096
NEEDS = "MQTT needs the package paho-mqtt: pip install 'wallctl-videowall[mqtt]'"


def listen(given: MqttInput, raiser: Raiser, listening: Callable[[], object]) -> None:
    """Hear a broker's messages until it is lost. Raises ``InputError``."""
    if importlib.util.find_spec("paho") is None:
        raise InputError(NEEDS)
    # Only here: the package is an extra that walls without MQTT do not need.
    from paho.mqtt.client import Client  # noqa: PLC0415
    from paho.mqtt.enums import CallbackAPIVersion  # noqa: PLC0415

    client = Client(CallbackAPIVersion.VERSION2, reconnect_on_failure=False)
    if given.login is not None:
        client.username_pw_set(given.login.user, given.login.password)
    ears = _Ears(given, raiser, listening)
    client.on_connect, client.on_subscribe = ears.connected, ears.subscribed
    client.on_message = ears.heard
    try:
        client.connect(given.host, given.port, KEEPALIVE_S)
        client.loop_forever()
    except (OSError, ValueError) as error:
        raise InputError(f"{ears.broker} can't be reached: {error}") from error
    raise InputError(ears.why)


class _Ears:
    """What is done when the broker says something."""

    def __init__(self, given: MqttInput, raiser: Raiser, listening: Callable[[], object]) -> None:
        self.broker = f"the MQTT broker {given.host}:{given.port}"
        self.why = f"{self.broker} is lost"
        """Why it is not listened to any more."""
        self._topic = given.topic
        self._raiser = raiser
        self._listening = listening

    def connected(self, client: typing.Any, _data: object, _flags: object, *codes: object) -> None:
        """Subscribe, unless the broker has refused."""
        if getattr(codes[0], "is_failure", False):
            self.why = f"{self.broker} refuses: {codes[0]}"
            client.disconnect()
        else:
            client.subscribe(f"{self._topic}/+", QOS)

    def subscribed(
        self, client: typing.Any, _data: object, _mid: object, codes: list[typing.Any], *_: object
    ) -> None:
        """From now on messages come, unless the broker lets us hear none."""
        refused = next((code for code in codes if code.is_failure), None)
        if refused is None:
            self._listening()
        else:
            self.why = f"{self.broker} refuses {self._topic}/+: {refused}"
            client.disconnect()

    def heard(self, _client: object, _data: object, got: "MQTTMessage") -> None:
        """Raise an alarm. What the broker had retained is old, and raises none."""
        name = got.topic.removeprefix(f"{self._topic}/")
        if not got.retain:
            text = got.payload[:PAYLOAD_MAX_BYTES].decode("utf-8", "replace")
            refused(name, self._raiser.raise_alarm(name, text))
