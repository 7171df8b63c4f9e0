"""Which texts the next presenter is to be careful with."""

from tests.support.orders import prepare_order
from wallctl.display.messages import Prepare
from wallctl.node.suspect_texts import SuspectTexts


def given(text: str) -> Prepare:
    return prepare_order(1, (), reason=text)


def test_what_has_been_shown_is_not_suspected() -> None:
    texts = SuspectTexts()
    texts.prove("left", given("old"), {})
    texts.suspect("left", given("new"), {})
    assert texts.of("left") == frozenset({"new"})
    assert texts.of("right") is None


def test_where_all_has_been_shown_all_of_it_is_suspected() -> None:
    texts = SuspectTexts()
    texts.prove("left", given("old"), {})
    texts.suspect("left", given("old"), {})
    assert "old" in (texts.of("left") or ())


def test_only_what_all_that_died_had_in_common_stays_suspected() -> None:
    texts = SuspectTexts()
    texts.suspect("left", given("first"), {})
    assert "first" in (texts.of("left") or ())
    texts.suspect("left", given("second"), {})
    assert {"first", "second"}.isdisjoint(texts.of("left") or ())
    texts.acquit("left")
    assert texts.of("left") is None
