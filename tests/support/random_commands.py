"""Commands at random, made from the table of commands, and what must hold whatever is asked.

A new command is among them once it has its row.
"""

import enum
import types
import typing
from collections.abc import Callable, Iterable, Mapping

import msgspec
from hypothesis import strategies as st

from tests.support.sites import alarmed
from wallctl.model.base.geometry import Size
from wallctl.model.base.unicode_rules import spelled, unfit_in
from wallctl.model.site.site import Broadcast, Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.command_row import NameKind, Row
from wallctl.model.wall.state.command_table import CHANGES, COMMANDS
from wallctl.model.wall.state.lookup import visible
from wallctl.model.wall.state.state import BACK_DEPTH, WallState, restored

SITE = msgspec.structs.replace(
    alarmed(),
    broadcasts=(Broadcast("门户", "rtsp://192.0.2.99/wall", Size(960, 540), 12.5, 2000),),
)
NAMES = [s.name for s in SITE.sources]


class Said(typing.NamedTuple):
    """What stands in the fields of commands."""

    names: Mapping[NameKind, st.SearchStrategy[str]]
    tiles: st.SearchStrategy[c.TileRef]
    texts: st.SearchStrategy[str]
    counts: st.SearchStrategy[int]
    numbers: st.SearchStrategy[float]


def of_kinds(said: Said, kinds: Iterable[type[c.Command]]) -> st.SearchStrategy[typing.Any]:
    """Commands of these kinds."""
    return st.one_of([_command(COMMANDS[kind], said) for kind in kinds])


def _command(row: Row[typing.Any], said: Said) -> st.SearchStrategy[typing.Any]:
    fields = msgspec.structs.fields(row.kind)
    return st.builds(row.kind, **{field.name: _value(field, row, said) for field in fields})


def _value(
    field: msgspec.structs.FieldInfo, row: Row[typing.Any], said: Said
) -> st.SearchStrategy[typing.Any]:
    kind = c.plain_type(field)
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        (plain,) = (one for one in typing.get_args(kind) if one is not types.NoneType)
        return st.none() | _of_type(plain, field.name, row, said)
    some = _of_type(kind, field.name, row, said)
    return some if field.required or kind is bool else st.just(field.default) | some


def _of_type(
    kind: typing.Any, name: str, row: Row[typing.Any], said: Said
) -> st.SearchStrategy[typing.Any]:
    by_type: dict[typing.Any, Callable[[], st.SearchStrategy[typing.Any]]] = {
        c.TileRef: lambda: said.tiles,
        bool: st.booleans,
        int: lambda: said.counts,
        float: lambda: said.numbers,
        str: lambda: _text(name, row, said),
    }
    if kind in by_type:
        return by_type[kind]()
    of_enum = isinstance(kind, type) and issubclass(kind, enum.Enum)
    return st.sampled_from(kind if of_enum else typing.get_args(kind))


def _text(name: str, row: Row[typing.Any], said: Said) -> st.SearchStrategy[str]:
    if name == "screen":
        return said.names[NameKind.SCREEN]
    return said.names[row.names[name]] if name in row.names else said.texts


WRITABLE = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"])
TEXTS = (
    st.text(WRITABLE, min_size=1, max_size=20)
    .map(spelled)
    .filter(lambda text: text != "" and unfit_in(text) == "")
)
"""Names as they are kept; others come back in this form, or are refused."""
ANYTHING = Said(
    names=dict.fromkeys(NameKind, TEXTS),
    tiles=st.builds(c.TileRef, st.integers(1, 9999), st.none() | TEXTS),
    texts=TEXTS,
    counts=st.integers(0, 999_999_999),
    numbers=st.floats(allow_nan=False, allow_infinity=False),
)
commands: st.SearchStrategy[c.Command] = of_kinds(ANYTHING, COMMANDS)
"""Whether they mean anything to a wall or not."""


def said_at(site: Site) -> Said:
    """What people say at a site: its names, and one of each kind that it lacks."""
    sources = [*(s.name for s in site.sources), "3", "99"]
    alarms = [a.name for a in site.alarms]
    names = {
        NameKind.LAYOUT: [*site.layouts, "9x9"],
        NameKind.PRESET: [*(p.name for p in site.presets), "unknown"],
        NameKind.GROUP: [*(g.name for g in site.groups), "unknown"],
        NameKind.SOURCE: sources,
        NameKind.TOUR: [*(t.name for t in site.tours), "unknown"],
        NameKind.ALARM: [*alarms, *alarms, "2", "unknown"],
        NameKind.BROADCAST: [*(b.name for b in site.broadcasts), "unknown"],
        NameKind.SCREEN: [s.name for s in site.screens] + ["nowhere"],
    }
    return Said(
        names={kind: st.sampled_from(known) for kind, known in names.items()},
        tiles=st.builds(
            c.TileRef, st.integers(1, 17), st.none() | st.sampled_from(names[NameKind.SCREEN])
        ),
        texts=st.sampled_from(["检修", "有人"]),
        counts=st.integers(1, 30),
        numbers=st.floats(0, 1) | st.floats(0, 9),
    )


LASTING = [kind for kind in CHANGES if kind is not c.Quit]
"""All changes but the one after which nothing is done any more."""


def changes_at(site: Site) -> st.SearchStrategy[c.Change]:
    """Whatever anybody may ask of a wall."""
    return of_kinds(said_at(site), LASTING)


changes = changes_at(SITE)
NO_WAY_BACK = (
    *(kind for kind, row in CHANGES.items() if not row.can_be_undone),
    c.SteerTour,
    c.Restore,
)
"""What can't be undone; besides, a tour is turned and ended for good, and what was large and is not
any more is passed over."""


def check_invariants(state: WallState) -> None:
    """That the lists, the selection and the way back of a wall of ``SITE`` are sound."""
    for name, screen in state.screens.items():
        assert screen.layout in SITE.layouts
        assert screen.first % SITE.layouts[screen.layout].count == 0 or screen.first == 0
        assert all(n in NAMES for n in screen.order if n is not None), name
    for screen in state.grounds.values():  # what is lent to a tile may stand in another one, too
        listed = [n for n in screen.order if n is not None]
        assert len(listed) == len(set(listed)), "no source is twice on a screen's list"
    assert restored(state, SITE).screens == state.base, "a start changes nothing"
    if not state.alarms:  # an alarm may cover what is selected, and leaves it selected
        assert visible(state, SITE) == state.selected, "the selection is always on the wall"
    assert len(state.past) <= BACK_DEPTH
    scene = resolve(state, SITE)
    assert sum(screen.selected_tile is not None for screen in scene) == 1
