"""A server that takes a stream by RTSP, as any does, and then leaves all of it lying.

It prints ``ready PORT`` when it listens, serves one call, and ends when stdin is closed.
"""

import socket
import sys

SET_UP = b"Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n"


def request(line: socket.socket) -> bytes:
    """The next request, its body read and forgotten."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += line.recv(1)
    for header in head.split(b"\r\n"):
        if header.lower().startswith(b"content-length:"):
            line.recv(int(header.split(b":")[1]), socket.MSG_WAITALL)
    return head


def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        print(f"ready {listener.getsockname()[1]}", flush=True)
        line, _ = listener.accept()
        number, asked = 0, b""
        while not asked.startswith(b"RECORD"):
            asked, number = request(line), number + 1
            extra = SET_UP if asked.startswith(b"SETUP") else b""
            line.sendall(b"RTSP/1.0 200 OK\r\nCSeq: %d\r\n%b\r\n" % (number, extra))
        sys.stdin.read()


if __name__ == "__main__":
    main()
