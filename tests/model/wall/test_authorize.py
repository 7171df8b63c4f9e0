"""Who may ask for what."""

import pytest

from wallctl.model.wall.commands.caller import Caller, Way
from wallctl.model.wall.commands.command import Blank, CommandError, Quit
from wallctl.model.wall.state.authorize import check_caller
from wallctl.model.wall.state.command_table import CHANGES

OWN = 1000


def test_only_the_walls_own_user_may_end_it() -> None:
    check_caller(CHANGES[Quit], Caller(Way.CONTROL, "1000:7", OWN), OWN)
    for caller in (Caller(Way.CONTROL, "0:7", 0), Caller(Way.INPUT, "http")):
        with pytest.raises(CommandError, match="only the user who runs the wall") as refused:
            check_caller(CHANGES[Quit], caller, OWN)
        assert refused.value.code == "own_user_only"
        check_caller(CHANGES[Blank], caller, OWN)
