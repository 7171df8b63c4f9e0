"""Who may ask for what."""

import pytest

from wallctl.model.wall.commands.command import Blank, CommandError, Quit
from wallctl.model.wall.state.authorize import check_user
from wallctl.model.wall.state.command_table import CHANGES

OWN, ROOT = 1000, 0


def test_only_the_walls_own_user_may_end_it() -> None:
    check_user(CHANGES[Quit], OWN, OWN)
    with pytest.raises(CommandError, match="only the user who runs the wall") as refused:
        check_user(CHANGES[Quit], ROOT, OWN)
    assert refused.value.code == "own_user_only"
    check_user(CHANGES[Blank], ROOT, OWN)
