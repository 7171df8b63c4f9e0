"""Real recordings, where they lie beside the repository; tests that need one skip without."""

import pytest

from tests.support.folders import SHARED

MEDIA = SHARED / "media"


def media(name: str) -> str:
    """The path of a recording."""
    path = MEDIA / name
    if not path.exists():
        pytest.skip(f"the recording {name} is not beside the repository")
    return str(path)


def folder(name: str) -> list[str]:
    """The names of all recordings in a folder; empty where there are none."""
    return sorted(f"{name}/{path.name}" for path in (MEDIA / name).glob("*"))
