"""Tests that need something of the machine are skipped where it is missing, with that reason."""

import pytest


def skipped_if(missing: str | None) -> pytest.MarkDecorator:
    """The mark of what can't run for a reason, or can, where there is none."""
    return pytest.mark.skipif(missing is not None, reason=str(missing))
