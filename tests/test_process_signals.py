"""Signals around a fork."""

import os
import signal

from wallctl.process.signals import held_back


def test_signals_wait_while_they_are_held_back() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, _: heard.append(number))
    try:
        with held_back():
            os.kill(os.getpid(), signal.SIGUSR1)
            assert not heard
        assert heard == [signal.SIGUSR1]
    finally:
        signal.signal(signal.SIGUSR1, before)
