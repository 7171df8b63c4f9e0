"""The kinds of inputs: how each listens. A case for each, a module for each.

Each kind has a struct of its own, so mypy tells which one has no case.
"""

import typing
from collections.abc import Callable

from wallctl.alarm_inputs import http_listener, mqtt_listener, serial_lines
from wallctl.alarm_inputs.alarm_client import Raiser
from wallctl.alarm_inputs.input_error import InputError
from wallctl.config.logins import LoginError, with_own_login
from wallctl.model.site.alarm_input import HttpInput, Input, LineInput, MqttInput

Listen = Callable[[Callable[[], object]], None]
"""Hears alarms as long as it goes; calls what it is given once it listens."""


def listener(given: Input, wall: str, raiser: Raiser) -> Listen:
    """What hears an input; ``wall`` is the endpoint that tells this wall from others."""
    match given:
        case HttpInput():
            return lambda listening: http_listener.serve(_logged_in(given), raiser, listening)
        case MqttInput():
            return lambda listening: mqtt_listener.listen(
                _logged_in(given), wall, raiser, listening
            )
        case LineInput():
            return serial_lines.Line(given, raiser).watch


_Guarded = typing.TypeVar("_Guarded", HttpInput, MqttInput)


def _logged_in(given: _Guarded) -> _Guarded:
    """With the login as its file has it now. Raises ``InputError``."""
    try:
        return with_own_login(given)
    except LoginError as error:
        raise InputError(str(error)) from None
