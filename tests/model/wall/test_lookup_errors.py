"""What is said of a name that does not exist."""

import pytest

from wallctl.model.wall.commands.command import CommandError
from wallctl.model.wall.state.lookup import find_name


@pytest.mark.parametrize(
    ("kind", "named", "known", "said"),
    [
        ("broadcast", "x", (), "no broadcast is called 'x'; there are none"),
        ("broadcast", "x" * 100, (), f"no broadcast is called '{'x' * 100}'; there are none"),
        ("tour", "", ("夜巡", "巡村"), "no tour is named; there are 夜巡, 巡村"),
        ("tour", " ", (), "no tour is named; there are none"),
        ("tour", "x", ("夜巡",), "no tour is called 'x'; there are 夜巡"),
    ],
)
def test_it_says_what_there_is(kind: str, named: str, known: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError) as error:
        find_name(kind, named, known)
    assert error.value.message == said
