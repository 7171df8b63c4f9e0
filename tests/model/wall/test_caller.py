"""Who may ask for what."""

import pytest

from wallctl.model.wall.commands.caller import Caller, Way, check_may
from wallctl.model.wall.commands.command import Blank, CommandError, Quit

OWN = 1000


def test_only_the_walls_own_user_may_end_it() -> None:
    check_may(Quit(), Caller(Way.CONTROL, "1000:7", OWN), OWN)
    for caller in (Caller(Way.CONTROL, "0:7", 0), Caller(Way.INPUT, "http")):
        with pytest.raises(CommandError, match="only the user who runs the wall") as refused:
            check_may(Quit(), caller, OWN)
        assert refused.value.code == "own_user_only"
        check_may(Blank(), caller, OWN)
