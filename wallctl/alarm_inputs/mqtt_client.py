"""An MQTT client that keeps no more of a message than it is allowed to.

The library reads a message whole before it tells of it, up to 256 MiB. A broker of MQTT 5 may be
asked for less, an older or a hostile one may not. It keeps messages of QoS 2 until the broker says
that they are complete, however many there are; the wall asks for QoS 1, so no broker sends one.
"""

import typing

from paho.mqtt.client import Client
from paho.mqtt.enums import MQTTErrorCode

READ_BYTES = 65_536
_QOS, _QOS_2 = 0b110, 0b100
"""Where a message's first byte tells how it is sent."""


class BoundedClient(Client):  # type: ignore[misc]  # the library has no types
    """Reads a message to its end, and throws away what is behind its beginning."""

    packet_max_bytes = READ_BYTES

    def _sock_recv(self, bufsize: int) -> bytes:
        # The library adds what this returns to the packet, and counts how much is still to come.
        del self._in_packet["packet"][self.packet_max_bytes :]
        return bytes(super()._sock_recv(min(bufsize, READ_BYTES)))

    def _handle_publish(self) -> typing.Any:
        if self._in_packet["command"] & _QOS == _QOS_2:
            return MQTTErrorCode.MQTT_ERR_PROTOCOL
        return super()._handle_publish()
