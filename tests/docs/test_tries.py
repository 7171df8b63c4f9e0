"""Who runs alone and gets a second try."""

from tests.conftest import REAL_TIME, TESTS


def test_each_file_that_holds_real_time_is_there() -> None:
    assert [name for name in REAL_TIME if not (TESTS / name).is_file()] == []
