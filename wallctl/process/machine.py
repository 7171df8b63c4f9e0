"""Which machine this is, as far as speed depends on it."""

import os
import platform
import re
from pathlib import Path


def cpu_model(file: Path = Path("/proc/cpuinfo")) -> str:
    """What the processor calls itself; of one that says nothing its architecture."""
    text = file.read_text(encoding="utf-8", errors="replace")
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return model[1] if model else platform.machine()


def core_count() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))
