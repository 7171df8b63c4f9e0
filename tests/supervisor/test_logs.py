"""Lines of the log: one for each record, readable, and never a flood."""

import datetime
import logging
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from wallctl.supervisor.logs import MOST_A_SECOND, FloodGate, LogLines, fact_line, is_journal


def at_noon(_unix_s: float) -> datetime.datetime:
    return datetime.datetime(2026, 11, 30, 12, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


def record(level: int, text: str) -> logging.LogRecord:
    return logging.LogRecord("wallctl.x", level, "x.py", 1, text, None, None)


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({"source": "后门", "reason": "timed_out"}, "lost source=后门 reason=timed_out"),
        ({"source": "gate 2"}, 'lost source="gate 2"'),
        ({"source": 'a"b'}, 'lost source="a\\"b"'),
        ({"source": "a=b"}, 'lost source="a=b"'),
        ({"source": "a\nb"}, 'lost source="a\\nb"'),
        ({"source": "", "reason": None, "count": 0}, "lost count=0"),
    ],
)
def test_facts_are_read_by_people_and_programs(facts: dict[str, object], line: str) -> None:
    assert fact_line("lost", **facts) == line


def test_a_line_says_when_and_how_bad() -> None:
    line = LogLines(at_noon, journal=False).format(record(logging.WARNING, "gate is lost"))
    assert line == "2026-11-30 12:00:05+0800 WARNING gate is lost"


@pytest.mark.parametrize(
    ("level", "number"), [(logging.INFO, 6), (logging.WARNING, 4), (logging.ERROR, 3)]
)
def test_a_journal_is_told_the_level(level: int, number: int) -> None:
    assert LogLines(at_noon, journal=True).format(record(level, "x")) == f"<{number}>x"


@pytest.mark.parametrize("journal", [True, False])
def test_nobody_forges_a_line(journal: bool) -> None:
    line = LogLines(at_noon, journal=journal).format(record(logging.INFO, "a\n<0>b\x1b[2J\u2028c"))
    assert line.isprintable()


def test_a_flood_is_cut_and_counted() -> None:
    now = 5.0
    gate = FloodGate(lambda: now)
    passed = [gate.filter(record(logging.INFO, "command")) for _ in range(100)]
    assert passed.count(True) == MOST_A_SECOND
    assert gate.filter(record(logging.WARNING, "lost")), "what is wrong is always written"
    now = 6.0
    first, second = record(logging.INFO, "command"), record(logging.INFO, "command")
    assert gate.filter(first)
    assert first.msg == "command (and 80 more lines in a second before)"
    assert gate.filter(second)
    assert second.msg == "command"


def test_the_journal_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "journal").open("w") as file:
        there = os.fstat(file.fileno())
        monkeypatch.delenv("JOURNAL_STREAM", raising=False)
        assert not is_journal(file.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{there.st_dev}:{there.st_ino}")
        assert is_journal(file.fileno())
    assert not is_journal(-1)
