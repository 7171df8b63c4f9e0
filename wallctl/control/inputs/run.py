"""An input's process: listens, and begins anew whenever it can't."""

import logging
import threading
import typing
from collections.abc import Callable

from wallctl.control.inputs import http, lines, mqtt
from wallctl.control.inputs.input_error import InputError
from wallctl.control.inputs.listening import Listening
from wallctl.control.inputs.raiser import Ask, Raiser
from wallctl.files.logins import LoginError, with_own_login
from wallctl.model.rights import rights, tables
from wallctl.model.site import HttpInput, Input, LineInput, MqttInput

RETRY_S = 2.0
_NEVER = threading.Event()

log = logging.getLogger(__name__)


def run(
    given: Input,
    wall: str,
    ask: Ask,
    tell: Callable[[Listening], object],
    pause: Callable[[float], object] = _NEVER.wait,
) -> typing.NoReturn:
    """Hear alarms without end, and ask for them. What is wrong is logged once, however often it is
    tried again. ``wall`` is the endpoint that tells this wall from others."""
    may = rights(given)
    raiser = Raiser(ask, known=may.alarms.union(tables(given)), may_tell=may.text)
    listen, said = _listener(given, wall, raiser), ""
    while True:
        why = _why_not(listen, lambda: tell(Listening()))
        if why and why != said:
            log.warning("alarms: %s; it is tried again", why)
            said = why
        tell(Listening(why or "it begins anew"))
        pause(RETRY_S)


Listen = Callable[[Callable[[], object]], None]
"""Hears alarms as long as it goes; calls what it is given once it listens."""


def _listener(given: Input, wall: str, raiser: Raiser) -> Listen:
    match given:
        case HttpInput():
            return lambda listening: http.serve(_logged_in(given), raiser, listening)
        case MqttInput():
            return lambda listening: mqtt.listen(_logged_in(given), wall, raiser, listening)
        case LineInput():
            return lines.Line(given, raiser).watch


_Guarded = typing.TypeVar("_Guarded", HttpInput, MqttInput)


def _logged_in(given: _Guarded) -> _Guarded:
    """With the login as its file has it now. Raises ``InputError``."""
    try:
        return with_own_login(given)
    except LoginError as error:
        raise InputError(str(error)) from None


def _why_not(listen: Listen, listening: Callable[[], object]) -> str:
    """Hear alarms as long as it goes; why it does not any more."""
    try:
        listen(listening)
    except InputError as error:
        return str(error)
    return ""
