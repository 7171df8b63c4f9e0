"""The table of commands is whole, and so is what else a command needs."""

import typing

import msgspec
import pytest
from hypothesis import given

from tests.support.catalogues import EN, ZH
from tests.support.folders import ROOT
from tests.support.random_commands import ANYTHING, LASTING, SITE, changes, of_kinds, said_at
from tests.support.reducing import claim, done, step
from wallctl.model.operator.command_descriptions import describe_command
from wallctl.model.operator.feedback import describe_refusal, describe_result
from wallctl.model.operator.key_actions import Binding, KeyAction
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import PEOPLE, Role
from wallctl.model.wall.commands.syntax import parse, usage
from wallctl.model.wall.state.command_row import Answered, NameKind, RateClass, names_in
from wallctl.model.wall.state.command_table import CHANGES, COMMANDS, QUERIES
from wallctl.model.wall.state.state import initial

PROTOCOL = (ROOT / "docs/protocol.md").read_text()
HOME = initial(SITE)
rows = pytest.mark.parametrize("row", COMMANDS.values(), ids=lambda row: row.verb)


def test_every_command_has_its_row_and_no_other() -> None:
    assert set(CHANGES) == set(typing.get_args(c.Change))
    assert set(QUERIES) == set(typing.get_args(c.Query))
    assert {row.verb: row.kind for row in COMMANDS.values()} == c.VERBS


@rows
def test_a_row_knows_the_fields_of_its_command(row: typing.Any) -> None:
    texts = {
        field.name
        for field in msgspec.structs.fields(row.kind)
        if str in (field.type, *typing.get_args(c.plain_type(field)))
    }
    assert set(row.names) <= texts - {"screen"}
    assert NameKind.SCREEN not in row.names.values()
    free = texts - {"screen", *row.names}
    assert free <= {"reason", "text"}, "what a text stands for is said in the row"


@rows
def test_a_command_is_in_the_protocol_with_each_of_its_fields(row: typing.Any) -> None:
    words = usage(row.verb).replace("|", "\\|")
    (line,) = (one for one in PROTOCOL.splitlines() if one.startswith(f"| `{words}` |"))
    args = line.removeprefix(f"| `{words}` |")
    assert [name for name in row.kind.__struct_fields__ if f"`{name}`" not in args] == []


def test_what_can_have_an_end_can_be_undone() -> None:
    assert all(row.can_be_undone for row in CHANGES.values() if row.may_end)
    assert not any(row.may_end for row in QUERIES.values())


def test_questions_are_counted_as_questions_and_never_wait_for_screens() -> None:
    for row in QUERIES.values():
        assert row.rate is RateClass.QUESTIONS
        assert row.answered is not Answered.WHEN_SHOWN
    assert all(row.rate is not RateClass.QUESTIONS for row in CHANGES.values())


def test_keys_can_do_what_the_table_says() -> None:
    may = {kind for kind, row in COMMANDS.items() if row.by_key}
    assert may == set(typing.get_args(Binding)) - {KeyAction}


@pytest.mark.parametrize("kind", [*CHANGES, c.Snapshot], ids=lambda kind: kind.__name__)
def test_every_command_that_a_key_does_has_words_in_each_language(kind: type[c.Change]) -> None:
    @given(of_kinds(ANYTHING, [kind]) | of_kinds(said_at(SITE), [kind]))
    def has_words(command: c.Change) -> None:
        for words in (ZH, EN):
            assert describe_command(command, SITE, words)
            assert describe_refusal(command, c.CommandError("x", "x"), SITE, words).words

    has_words()


@given(changes)
def test_whatever_a_key_does_is_answered(change: c.Change) -> None:
    try:
        outcome = done(HOME, change, SITE)
    except c.CommandError:
        return
    for words in (ZH, EN):
        said = describe_result(change, outcome.events, outcome.state, SITE, words)
        assert said is None or said.words


@given(changes)
def test_the_way_back_grows_with_what_can_be_undone_alone(change: c.Change) -> None:
    for holder in PEOPLE:
        try:
            after = step(HOME, change, SITE, claim(holder))
        except c.CommandError:
            continue
        assert not after.past or CHANGES[type(change)].can_be_undone


@given(changes)
def test_an_end_is_granted_to_what_may_end_alone(change: c.Change) -> None:
    try:
        after = step(HOME, change, SITE, claim(Role.REMOTE, 0, 5))
    except c.CommandError:
        return
    ending = [one for one in after.leases if one.holder is Role.REMOTE]
    assert not ending or CHANGES[type(change)].may_end


def test_the_names_in_a_command_are_found() -> None:
    found = {
        "show 3 left/2": [(NameKind.SOURCE, "3"), (NameKind.SCREEN, "left")],
        "layout 2x2 @left": [(NameKind.LAYOUT, "2x2"), (NameKind.SCREEN, "left")],
        "blank tile 3": [],
    }
    for text, names in found.items():
        command = parse(text)
        assert list(names_in(command, COMMANDS[type(command)])) == names


def test_random_sequences_hold_every_change_but_the_last() -> None:
    assert set(LASTING) == set(CHANGES) - {c.Quit}
