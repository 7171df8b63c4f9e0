"""A program that asks without end: ``python -m tests.support.flood ENDPOINT KIND HZ SECONDS``.

It reads its replies and cares for none, and sends from a process of its own, since a wall knows
programs by their processes.
"""

import itertools
import subprocess
import sys
import time
from collections.abc import Callable

import zmq

from wallctl.api.protocol import write_request
from wallctl.model.wall.commands import command as c

KINDS: dict[str, Callable[[int], c.Command]] = {
    "blank": lambda number: c.Blank(reason=str(number)),
    "toggle": lambda number: (c.Blank, c.Unblank)[number % 2](screen="left"),
    "alarm": lambda number: c.RaiseAlarm("noise", str(number)),
    "sources": lambda number: c.RaiseAlarm(("gate", "yard")[number % 2], str(number)),
    "unknown": lambda number: c.RaiseAlarm(f"nobody {number}"),
    "hello": lambda _number: c.Hello(),
    "layout": lambda number: c.SetLayout(("2x2", "3x3")[number % 2]),
}
WAITING_MAX = 500


def flood(endpoint: str, kind: str, hz: float, seconds: float) -> int:
    """Send ``hz`` commands a second for ``seconds``; returns their number."""
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.SNDHWM, WAITING_MAX)
        socket.connect(endpoint)
        began = time.monotonic()
        for number in itertools.count():
            left_s = began + number / hz - time.monotonic()
            if time.monotonic() - began > seconds:
                return number
            if left_s > 0:
                time.sleep(left_s)
            request = write_request(str(number), KINDS[kind](number))
            if socket.poll(100, zmq.POLLOUT):
                socket.send(request)
            while socket.poll(0):
                socket.recv_multipart()
    return 0


def flooding(endpoint: str, kind: str, hz: float, seconds: float) -> "subprocess.Popen[bytes]":
    """A program that floods a wall, begun."""
    words = [sys.executable, "-m", "tests.support.flood", endpoint, kind, str(hz), str(seconds)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    flood(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
