"""Ports on the loopback."""

import socket

LOOPBACK = "127.0.0.1"


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """One where nobody listens yet."""
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind((LOOPBACK, 0))
        return int(one.getsockname()[1])
