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
hypothesis.settings.register_profile(  # make check: a minute is all that people wait for
    "few", hypothesis.settings.get_profile("wallctl"), max_examples=10
)
hypothesis.settings.load_profile(os.environ.get("WALLCTL_EXAMPLES", "wallctl"))

TESTS = Path(__file__).parent
VIDEO = "encodes, decodes or scales whole pictures"
DRAWING = "draws whole pages or screens"
PROCESSES = "starts program after program"
RANDOM = "tries thousands of days, texts or files"
PATIENCE = "waits for callers that take long on purpose"
SLOW = {
    "api/test_fuzz.py": RANDOM,
    "benchmarks/test_benchmarks.py": VIDEO,
    "benchmarks/test_clips.py": VIDEO,
    "cli/test_cli.py": PROCESSES,
    "cli/test_client_commands.py": PROCESSES,
    "cli/test_key_card.py": DRAWING,
    "cli/test_layout.py": DRAWING,
    "config/test_attack.py": RANDOM,
    "config/test_fuzz.py": RANDOM,
    "decoder/test_corpus.py": VIDEO,
    "decoder/test_decode_effort.py": VIDEO,
    "decoder/test_http.py": VIDEO,
    "decoder/test_lateness.py": VIDEO,
    "decoder/test_lean_start.py": PROCESSES,
    "decoder/test_stillness.py": VIDEO,
    "decoder/test_worker.py": VIDEO,
    "demo/test_clips.py": VIDEO,
    "display/test_any_text.py": DRAWING,
    "display/test_drawing_alarms.py": DRAWING,
    "display/test_drawing_overlays.py": DRAWING,
    "display/test_drawing_tiles.py": DRAWING,
    "display/test_oracle.py": DRAWING,
    "display/test_stillness.py": VIDEO,
    "end_to_end/test_benchmarks.py": VIDEO,
    "alarm_inputs/test_http_refusals.py": PATIENCE,
    "media/test_affine_sample.py": VIDEO,
    "media/test_calls.py": PROCESSES,
    "media/test_decoder.py": VIDEO,
    "media/test_hw_devices.py": VIDEO,
    "media/test_masks.py": VIDEO,
    "media/test_scaler.py": VIDEO,
    "model/streams/test_stillness.py": RANDOM,
    "model/wall/test_day.py": RANDOM,
    "model/wall/test_fair_shares.py": RANDOM,
    "model/wall/test_replay.py": RANDOM,
    "preview/test_key_card.py": DRAWING,
    "supervisor/test_root.py": PROCESSES,
    "supervisor/test_root_end.py": PROCESSES,
    "supervisor/test_safe_output.py": PROCESSES,
}
"""Why ``make check`` leaves the tests of a file to ``make test``."""
REAL_TIME = (
    "api/test_fuzz.py",
    "decoder/test_calls.py",
    "decoder/test_datagrams.py",
    "display/test_misplaced_windows.py",
    "display/test_window.py",
    "end_to_end/test_attacks.py",
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
)
"""These files have end-to-end tests with limits of real time. Other work on the machine can break
such a limit, so these tests run alone and get a second try. Its reason is printed. No other test
has one: a test that fails sometimes is a fault, of the wall or of the test."""
_SECOND_TRY = pytest.mark.flaky(reruns=1, reason="has limits of real time")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of ``REAL_TIME`` and of ``SLOW``."""
    for item in items:
        file = str(item.path.relative_to(TESTS))
        if file in REAL_TIME and item.get_closest_marker("e2e"):
            item.add_marker(pytest.mark.real_time)
            item.add_marker(_SECOND_TRY)
        if file in SLOW:
            item.add_marker(pytest.mark.slow)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why tests needed their second try."""
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.write_line(f"TRIED AGAIN {report.nodeid}: {_reason(report)}")


def _reason(report: pytest.TestReport) -> str:
    """The first line of what a test failed at."""
    lines = [line.strip() for line in report.longreprtext.splitlines()]
    return next((line[1:].strip() for line in lines if line.startswith("E ")), "")
