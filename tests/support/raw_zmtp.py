"""ZMTP 3.1 by hand, for peers that do what no library does."""

import socket

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(16) + b"\x00" + bytes(31)
MORE, LONG = 1, 2


def connected(endpoint: str, kind: bytes = b"DEALER") -> socket.socket:
    """A connection that has shaken hands."""
    peer = unspoken(endpoint)
    peer.sendall(GREETING)
    got = b""
    while len(got) < len(GREETING):
        piece = peer.recv(len(GREETING) - len(got))
        if not piece:
            raise ConnectionAbortedError
        got += piece
    ready = b"\x05READY\x0bSocket-Type" + len(kind).to_bytes(4, "big") + kind
    peer.sendall(b"\x04" + bytes([len(ready)]) + ready)
    peer.recv(200)
    return peer


def unspoken(endpoint: str) -> socket.socket:
    """A connection on which nothing was said."""
    peer = socket.socket(socket.AF_UNIX)
    peer.settimeout(5)
    peer.connect(endpoint.removeprefix("ipc://"))
    return peer


def frame(body: bytes, flags: int = 0) -> bytes:
    """One frame of a message."""
    return bytes([flags | LONG]) + len(body).to_bytes(8, "big") + body
