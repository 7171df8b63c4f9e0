"""The table of commands: a row for each says all that holds of it, except its words.

A new command is its struct in ``commands/command.py``, a function, and a row here. Tests walk the
table and name what is missing elsewhere: the words, the line of the protocol.
"""

import typing

from wallctl.model.wall.commands import command as c
from wallctl.model.wall.state import alarm_list, alarm_queue
from wallctl.model.wall.state import non_picture_commands as views
from wallctl.model.wall.state import picture_commands as pictures
from wallctl.model.wall.state.command_row import (
    Answered,
    ChangeRow,
    NameKind,
    Permission,
    QueryRow,
    RateClass,
    Reduce,
    Row,
)
from wallctl.model.wall.state.picture_commands import pictured
from wallctl.model.wall.state.readouts import show_timed, switch
from wallctl.model.wall.state.tours import steered

C = typing.TypeVar("C", bound=c.Change)


def _picture(kind: type[C], reduce: Reduce[C], **names: NameKind) -> ChangeRow[C]:
    """A change of the picture: it may be asked for with an end, and ``back`` undoes it."""
    return ChangeRow(kind, reduce, names=names, may_end=True, can_be_undone=True)


_CHANGES = (  # without a type: it would have the checker take any function for any command
    _picture(c.SetLayout, pictured(pictures.set_layout), name=NameKind.LAYOUT),
    _picture(c.ShowPreset, pictured(pictures.show_preset), name=NameKind.PRESET),
    _picture(c.ShowGroup, pictured(pictures.show_group), name=NameKind.GROUP),
    _picture(c.GoHome, pictures.go_home),
    _picture(c.Show, pictured(pictures.show), source=NameKind.SOURCE),
    _picture(c.Clear, pictured(pictures.clear)),
    _picture(c.Swap, pictured(pictures.swap)),
    _picture(c.Enlarge, pictured(pictures.enlarge)),
    _picture(c.Restore, pictures.restore),
    _picture(c.Page, pictured(pictures.page)),
    _picture(c.KeepAlarm, pictures.keep_alarm),
    ChangeRow(c.Back, pictures.go_back),
    ChangeRow(c.Release, pictures.release),
    ChangeRow(c.SteerTour, steered, names={"name": NameKind.TOUR}, can_be_undone=True),
    ChangeRow(
        c.RaiseAlarm,
        alarm_queue.raised,
        permission=Permission.WAITS,
        rate=RateClass.ALARMS,
        names={"name": NameKind.ALARM},
    ),
    ChangeRow(
        c.EndAlarm,
        alarm_queue.ended_by_its_cause,
        permission=Permission.ALWAYS,
        rate=RateClass.ALARMS,
        names={"name": NameKind.ALARM},
    ),
    ChangeRow(c.Acknowledge, alarm_queue.acknowledged),
    ChangeRow(c.ListAlarms, alarm_list.show_list),
    ChangeRow(c.MarkAlarm, alarm_list.mark),
    ChangeRow(c.Select, views.select),
    ChangeRow(c.Move, views.move),
    ChangeRow(c.SetZoom, views.zoom),
    ChangeRow(
        c.Blank,
        views.blank,
        permission=Permission.ALWAYS,
        names={"source": NameKind.SOURCE},
        is_spared=views.hides_more,
    ),
    ChangeRow(c.Unblank, views.unblank, names={"source": NameKind.SOURCE}, cost=views.count_lifted),
    ChangeRow(c.Help, views.show_help),
    ChangeRow(c.Lock, views.lock, permission=Permission.AT_THE_WALL),
    ChangeRow(c.Unlock, views.unlock, permission=Permission.AT_THE_WALL),
    ChangeRow(c.SetLanguage, views.set_language),
    ChangeRow(c.SetBroadcast, views.set_broadcast, names={"name": NameKind.BROADCAST}),
    ChangeRow(c.Quit, views.end, permission=Permission.OWN_USER, answered=Answered.AT_ONCE),
)
_READOUTS: tuple[ChangeRow[typing.Any], ...] = tuple(
    ChangeRow(kind, show_timed if issubclass(kind, c.TimedReadout) else switch)
    for kind in typing.get_args(c.Readout)
)
_QUERIES = (
    QueryRow(c.Status, cost=2),
    QueryRow(c.List),
    QueryRow(c.Hello),
    QueryRow(c.Snapshot, cost=10, answered=Answered.LATER, by_key=True),
    QueryRow(c.Reload, answered=Answered.LATER),
)
AnyRow = Row[typing.Any]
AnyChangeRow = ChangeRow[typing.Any]
AnyQueryRow = QueryRow[typing.Any]


def _changes(*rows: AnyChangeRow) -> dict[type[c.Command], AnyChangeRow]:
    return {row.kind: row for row in rows}


def _queries(*rows: AnyQueryRow) -> dict[type[c.Command], AnyQueryRow]:
    return {row.kind: row for row in rows}


CHANGES = _changes(*_CHANGES, *_READOUTS)
"""The rows of changes, by what they are of."""
QUERIES = _queries(*_QUERIES)
COMMANDS: dict[type[c.Command], AnyRow] = {**CHANGES, **QUERIES}
"""All rows."""
