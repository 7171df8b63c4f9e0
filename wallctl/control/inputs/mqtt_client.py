"""An MQTT client that keeps no more of a message than it is allowed to.

The library reads a message whole before it tells of it, up to 256 MiB. A broker of MQTT 5 may be
asked for less, an older or a hostile one may not.
"""

from paho.mqtt.client import Client

READ_BYTES = 65_536


class BoundedClient(Client):  # type: ignore[misc]  # the library has no types
    """Reads a message to its end, and throws away what is behind its beginning."""

    packet_max_bytes = READ_BYTES

    def _sock_recv(self, bufsize: int) -> bytes:
        # The library adds what this returns to the packet, and counts how much is still to come.
        del self._in_packet["packet"][self.packet_max_bytes :]
        return bytes(super()._sock_recv(min(bufsize, READ_BYTES)))
