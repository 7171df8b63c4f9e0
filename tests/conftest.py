"""What holds for all tests."""

import logging
import os
import signal
from pathlib import Path

import hypothesis
import pytest

os.umask(0o022)  # sites are refused that others may write; tests of other umasks set their own

if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # under nohup; walls inherit that
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

logging.getLogger("wallctl").setLevel(logging.INFO)  # as in a wall that runs

# How long one example takes says something about the machine's other work, not about the code.
# CI judges a commit by the same examples each time; whoever works here looks for new ones.
hypothesis.settings.register_profile(
    "wallctl", deadline=None, derandomize=bool(os.environ.get("CI"))
)
hypothesis.settings.load_profile("wallctl")

TESTS = Path(__file__).parent
REAL_TIME = "holds real time against limits, which other work on the machine can break"
TRIED_TWICE = dict.fromkeys(
    (
        "api/test_fuzz.py",
        "decoder/test_calls.py",
        "decoder/test_datagrams.py",
        "display/test_misplaced_windows.py",
        "display/test_window.py",
        "end_to_end/test_attacks.py",
        "end_to_end/test_benchmarks.py",
        "end_to_end/test_broadcasts.py",
        "end_to_end/test_calibration.py",
        "end_to_end/test_connections.py",
        "end_to_end/test_faults.py",
        "end_to_end/test_floods.py",
        "end_to_end/test_hostile_texts.py",
        "end_to_end/test_keys.py",
        "end_to_end/test_monitors.py",
        "end_to_end/test_privacy.py",
        "end_to_end/test_processes.py",
        "end_to_end/test_rtsp.py",
        "end_to_end/test_switches.py",
        "end_to_end/test_window.py",
    ),
    REAL_TIME,
)
"""Why the end-to-end tests of a file get a second try. It is counted and printed. No other test has
one: a test that fails sometimes is a fault, of the wall or of the test."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a second try to the tests of the files in ``TRIED_TWICE``."""
    for item in items:
        reason = TRIED_TWICE.get(str(item.path.relative_to(TESTS)))
        if reason and item.get_closest_marker("e2e"):
            item.add_marker(pytest.mark.flaky(reruns=1, reason=reason))
