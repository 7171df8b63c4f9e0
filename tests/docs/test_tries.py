"""Who gets a second try."""

from tests.conftest import TESTS, TRIED_TWICE


def test_each_file_that_is_tried_twice_is_there() -> None:
    assert [name for name in TRIED_TWICE if not (TESTS / name).is_file()] == []
