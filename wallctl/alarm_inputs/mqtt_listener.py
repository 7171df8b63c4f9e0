"""Alarms over MQTT: a message to ``TOPIC/NAME`` raises the alarm NAME, or says that it is over.

The broker keeps what devices send with QoS 1 while the wall, its network or the broker is away.
"""

import hashlib
import importlib.util
import os
import platform
import typing
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from wallctl.alarm_inputs.alarm_client import Raiser
from wallctl.alarm_inputs.alarm_signal import AlarmSignal, signal_of
from wallctl.alarm_inputs.input_error import InputError, refusals, refused
from wallctl.alarm_inputs.messages import NO_WALL
from wallctl.model.site.alarm_input import MqttInput

if typing.TYPE_CHECKING:
    from paho.mqtt.client import Client, MQTTMessage
    from paho.mqtt.properties import Properties

KEEPALIVE_S = 15
QOS = 1
KEPT_S = 600
"""How long the broker keeps messages for a wall that is away. What is older is no alarm now."""
PACKET_MAX_BYTES = 65_536
"""A broker of MQTT 5 sends no larger message; of a larger one the beginning is read."""
PAYLOAD_MAX_BYTES = 16_384
"""A longer payload raises its alarm without a text."""
NEEDS = "MQTT needs the package paho-mqtt: pip install 'wallctl-videowall[mqtt]'"
_TAKEN_OVER = 0x8E
_MACHINE_ID = Path("/etc/machine-id")


class _OldBrokerError(InputError):
    """The broker does not speak MQTT 5."""


def listen(given: MqttInput, wall: str, raiser: Raiser, listening: Callable[[], object]) -> None:
    """Hear a broker's messages until it is lost. Raises ``InputError``."""
    given = replace(given, client_id=client_id(given, wall))
    if importlib.util.find_spec("paho") is None:
        raise InputError(NEEDS)
    try:
        _hear(_Ears(given, raiser, listening, is_new=True))
    except _OldBrokerError:
        _hear(_Ears(given, raiser, listening, is_new=False))


def client_id(given: MqttInput, endpoint: str) -> str:
    """The wall's name at the broker, always the same, so that the broker knows it again."""
    try:
        machine = _MACHINE_ID.read_text(encoding="ascii")
    except (OSError, ValueError):
        machine = ""
    what = (machine, platform.node(), str(os.getuid()), endpoint, given.topic)
    return given.client_id or f"wallctl-{hashlib.sha256(repr(what).encode()).hexdigest()[:12]}"


def _hear(ears: "_Ears") -> typing.NoReturn:
    try:
        client = ears.client()
        client.connect(ears.given.host, ears.given.port, KEEPALIVE_S, **ears.session())
        client.loop_forever()
    except (OSError, ValueError) as error:
        raise InputError(f"{ears.broker} can't be reached: {error}") from error
    raise ears.why


class _Ears:
    """What the wall does when the broker says something."""

    def __init__(
        self, given: MqttInput, raiser: Raiser, listening: Callable[[], object], is_new: bool
    ) -> None:
        self.given = given
        self.broker = f"the MQTT broker {given.host}:{given.port}"
        self.why = InputError(f"{self.broker} is lost")
        """Why it is not listened to any more."""
        self._raiser = raiser
        self._listening = listening
        self._is_new = is_new
        """Whether MQTT 5 is spoken, else 3.1.1."""

    def client(self) -> "Client":
        """A client that tells these ears what it hears."""
        # Only here: the package is an extra that walls without MQTT do not need.
        from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion  # noqa: PLC0415

        from wallctl.alarm_inputs.mqtt_client import BoundedClient  # noqa: PLC0415

        spoken = MQTTProtocolVersion.MQTTv5 if self._is_new else MQTTProtocolVersion.MQTTv311
        client = BoundedClient(
            CallbackAPIVersion.VERSION2,
            self.given.client_id,
            clean_session=None if self._is_new else False,
            protocol=spoken,
            reconnect_on_failure=False,
        )
        client.packet_max_bytes = PACKET_MAX_BYTES
        if self.given.login is not None:
            client.username_pw_set(self.given.login.user, self.given.login.password)
        if self.given.tls is not None:
            tls = self.given.tls
            client.tls_set(tls.ca, tls.certificate, tls.key)  # certificate and name are checked
        client.on_connect, client.on_subscribe = self.connected, self.subscribed
        client.on_message, client.on_disconnect = self.heard, self.lost
        return client

    def session(self) -> dict[str, typing.Any]:
        """What the broker is asked to keep, where MQTT 5 can say so."""
        if not self._is_new:
            return {}
        return {"clean_start": False, "properties": _kept()}

    def connected(self, client: typing.Any, _data: object, _flags: object, *codes: object) -> None:
        """Subscribe, unless the broker has refused."""
        code = codes[0]
        if not getattr(code, "is_failure", False):
            client.subscribe(f"{self.given.topic}/+", **self._subscription())
            return
        is_old = self._is_new and str(code) == "Unsupported protocol version"
        self.why = (_OldBrokerError if is_old else InputError)(f"{self.broker} refuses: {code}")
        client.disconnect()

    def _subscription(self) -> dict[str, typing.Any]:
        from paho.mqtt.subscribeoptions import SubscribeOptions  # noqa: PLC0415

        if not self._is_new:
            return {"qos": QOS}
        # What a topic retains is old, so the broker sends nothing of it. Of a new message it tells
        # whether the topic retains it: an empty one that does is how a sensor takes its word back.
        never = SubscribeOptions.RETAIN_DO_NOT_SEND
        return {"options": SubscribeOptions(QOS, retainAsPublished=True, retainHandling=never)}

    def subscribed(
        self, client: typing.Any, _data: object, _mid: object, codes: list[typing.Any], *_: object
    ) -> None:
        """From now on messages come, unless the broker lets us hear none."""
        refused = next((code for code in codes if code.is_failure), None)
        if refused is None:
            self._listening()
        else:
            self.why = InputError(f"{self.broker} refuses {self.given.topic}/+: {refused}")
            client.disconnect()

    def heard(self, _client: object, _data: object, got: "MQTTMessage") -> None:
        """Tell the wall. Raises ``InputError`` if no wall answers: then the broker, which was not
        told that the message came, sends it again."""
        signal = self._signal(got)
        if signal is None:
            return
        try:
            name = got.topic.removeprefix(f"{self.given.topic}/")
        except UnicodeDecodeError:  # it would come again if this raised
            refusals.heard(f"{self.broker} tells of a topic that is no text")
            return
        failed = self._raiser.tell(name, signal)
        if failed is not None and failed.code == NO_WALL:
            raise InputError(failed.message)
        refused(name, failed)

    def _signal(self, got: "MQTTMessage") -> AlarmSignal | None:
        """What a message says; nothing if it is old, or tells nothing of the alarm."""
        if got.retain and not self._is_new:
            return None
        if got.retain and not got.payload:
            return AlarmSignal(raised=False)
        if len(got.payload) > PAYLOAD_MAX_BYTES:
            return AlarmSignal()
        return signal_of(got.payload)

    def lost(self, _client: object, _data: object, _flags: object, *codes: object) -> None:
        """Say why, if another wall calls itself the same."""
        if getattr(codes[0], "value", 0) == _TAKEN_OVER:
            words = f"{self.broker} knows another wall by this one's name: give each a client_id"
            self.why = InputError(words)


def _kept() -> "Properties":
    from paho.mqtt.packettypes import PacketTypes  # noqa: PLC0415
    from paho.mqtt.properties import Properties  # noqa: PLC0415

    kept = Properties(PacketTypes.CONNECT)
    kept.SessionExpiryInterval = KEPT_S
    kept.MaximumPacketSize = PACKET_MAX_BYTES
    return kept
