"""What an input of alarms may ask for, as its site says. Pure.

The controller asks this of each wish, so an input that a stranger has taken over can do no more.
"""

from msgspec.structs import replace

from wallctl.model.site.alarm_input import Input
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import CommandError, EndAlarm, RaiseAlarm
from wallctl.model.wall.state.alarm_queue import meant

NOT_ALLOWED = "not_allowed"


def granted(
    given: Input, command: RaiseAlarm | EndAlarm, by_table: bool, site: Site
) -> RaiseAlarm | EndAlarm:
    """The command as the input may ask for it: without a text, unless it may tell one.

    ``by_table`` is an alarm that the site names for a contact or a channel; else a caller has
    chosen the name. ``CommandError`` for what it may not ask for at all, and for unknown names.
    """
    name, may = meant(command.name, site).name, given.may
    allowed = command.name in given.mapped_alarms if by_table else name in may.alarms
    if not allowed:
        where = f"alarms of [inputs] {given.label}"
        words = f"the site does not let this input raise {name!r}: {where} names what it may"
        raise CommandError(NOT_ALLOWED, words)
    if isinstance(command, RaiseAlarm) and not may.text:
        return replace(command, text=None)
    return command
