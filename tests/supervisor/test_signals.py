"""Signals around a fork."""

import signal
import threading

from wallctl.supervisor.signals import held_back


def test_signals_wait_while_they_are_held_back() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, _: heard.append(number))
    try:
        with held_back():
            # To this thread: another one of the test run may take what is sent to the process.
            signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
            assert not heard
        assert heard == [signal.SIGUSR1]
    finally:
        signal.signal(signal.SIGUSR1, before)
