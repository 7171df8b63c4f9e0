"""What an input of alarms may ask for, as its site says. Pure.

The controller asks this of each wish, so an input that a stranger has taken over can do no more.
"""

from collections.abc import Collection

from msgspec.structs import replace

from wallctl.model.site.alarm import Rights
from wallctl.model.site.site import HttpInput, Input, LineInput, MqttInput, Site
from wallctl.model.wall.commands.command import CommandError, EndAlarm, RaiseAlarm
from wallctl.model.wall.state.alarm_queue import meant

NOT_ALLOWED = "not_allowed"


def called(given: Input) -> str:
    """What people call an input: ``http``, ``mqtt``, or the path of a line."""
    match given:
        case HttpInput():
            return "http"
        case MqttInput():
            return "mqtt"
        case LineInput():
            return given.path


def granted(
    given: Input, command: RaiseAlarm | EndAlarm, by_table: bool, site: Site
) -> RaiseAlarm | EndAlarm:
    """The command as the input may ask for it: without a text, unless it may tell one.

    ``by_table`` is an alarm that the site names for a contact or a channel; else a caller has
    chosen the name. ``CommandError`` for what it may not ask for at all, and for unknown names.
    """
    name, may = meant(command.name, site).name, rights(given)
    allowed = command.name in tables(given) if by_table else name in may.alarms
    if not allowed:
        where = f"alarms of [inputs] {called(given)}"
        words = f"the site does not let this input raise {name!r}: {where} names what it may"
        raise CommandError(NOT_ALLOWED, words)
    if isinstance(command, RaiseAlarm) and not may.text:
        return replace(command, text=None)
    return command


def rights(given: Input) -> Rights:
    """What the callers of an input may choose."""
    return Rights() if isinstance(given, LineInput) else given.may


def tables(given: Input) -> Collection[str]:
    """The alarms that the site's own tables name, for contacts or channels."""
    match given:
        case HttpInput():
            return {alarm for push in given.pushes for alarm in push.alarms.values()}
        case LineInput():
            return given.alarms.values()
        case MqttInput():
            return ()
