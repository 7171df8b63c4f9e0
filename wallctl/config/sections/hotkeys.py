"""Keys of a site: the layouts of 1-9, and the commands of all others.

It reads commands as words, as a person would send them; it does nothing with them.
"""

from wallctl.config.references import Known, check_named, check_once, check_source
from wallctl.config.schema.site_schema import RawSite
from wallctl.model.base.redaction import redacted
from wallctl.model.operator.key_actions import UNHEARD, Binding, KeyAction, parse_binding
from wallctl.model.operator.key_names import KEYS, Modifier, normal_key_name
from wallctl.model.operator.key_table import bind_built_in
from wallctl.model.wall.commands.command import (
    Change,
    CommandError,
    SetLayout,
    ShowPreset,
    Snapshot,
)
from wallctl.model.wall.state.command_row import NameKind, names_in
from wallctl.model.wall.state.command_table import COMMANDS
from wallctl.storage.file_findings import Key, Report, one_of, quoted

_LONG_KEYS = tuple(key for key in KEYS if len(key) > 1)
"""The keys that can be misspelt: a letter is near to almost any word."""


def check_keys(raw: RawSite, known: Known, report: Report) -> None:
    """The layouts of the keys 1-9, and the hotkeys."""
    for i, layout in enumerate(raw.keys):
        check_named(report, ("keys", i), "a layout", layout, known.layouts)
    for key in raw.hotkeys:
        if normal_key_name(key) is None:
            report.error(("hotkeys", key), "an unknown key", _key_meant(key))
    spelled = [normal_key_name(key) or key for key in raw.hotkeys]
    check_once(report, [("hotkeys", key) for key in raw.hotkeys], spelled)
    for key, text in raw.hotkeys.items():
        if report.sound("hotkeys", key):
            _check_command(text, ("hotkeys", key), known, report)
    if report.sound("hotkeys") and report.sound("keys"):
        _check_taken(raw, known, report)


def _check_taken(raw: RawSite, known: Known, report: Report) -> None:
    """A warning for each layout that the file names, and each preset, that loses its only key to a
    command of the site's."""
    is_named = report.line(("keys",)) is not None
    built_in = bind_built_in(raw.keys if is_named else (), known.preset_keys)
    own = {normal_key_name(key) or key: key for key in raw.hotkeys}
    kept: list[Binding] = [does for key, does in built_in.items() if key not in own]
    kept += [parse_binding(text) for text in raw.hotkeys.values()]
    for key, does in built_in.items():
        if isinstance(does, SetLayout | ShowPreset) and key in own and does not in kept:
            kind = "layout" if isinstance(does, SetLayout) else "preset"
            found = f"the only key of the {kind} {quoted(does.name)}"
            report.warning(("hotkeys", own[key]), found, f"another key, or one for the {kind}, too")


def _key_meant(key: str) -> str:
    """What was perhaps meant: one of the modifiers, else the key behind them."""
    *held, last = (part.strip() for part in key.split("+"))
    if held and normal_key_name(last) is not None:
        wrong = [name for name in held if normal_key_name(f"{name}+{last}") is None]
        names = tuple(modifier.value for modifier in Modifier)
        return f"a key behind {one_of('modifiers', (wrong or held)[0], names)}"
    return one_of("a key", last, _LONG_KEYS)


def hotkeys(raw: RawSite) -> dict[str, str]:
    """Command by key, each key in its one right spelling."""
    return {normal_key_name(key) or key: text for key, text in raw.hotkeys.items()}


def _check_command(text: str, key: Key, known: Known, report: Report) -> None:
    try:
        does = parse_binding(text)
    except CommandError as error:
        why = f": {redacted(error.message)}"
        if error.code == UNHEARD:
            why = " that changes the wall: nobody reads an answer"
        report.error(key, quoted(text), f"a command{why}")
        return
    if not isinstance(does, KeyAction):
        _check_names(does, key, known, report)


def _check_names(command: Change | Snapshot, key: Key, known: Known, report: Report) -> None:
    for kind, name in names_in(command, COMMANDS[type(command)]):
        match kind:
            case NameKind.SOURCE:
                check_source(report, key, name, known)
            case NameKind.ALARM if known.source(name) is not None:
                pass  # one that shows this source
            case NameKind.BROADCAST:
                pass  # broadcasts are not among the known names: the key itself says so
            case _:
                what, names = _of_kind(kind, known)
                check_named(report, key, what, name, names)


def _of_kind(kind: NameKind, known: Known) -> tuple[str, tuple[str, ...]]:
    """What names of a kind are called, and which there are."""
    return {
        NameKind.LAYOUT: ("a layout", known.layouts),
        NameKind.PRESET: ("a preset", known.presets),
        NameKind.GROUP: ("a group", tuple(known.groups)),
        NameKind.TOUR: ("a tour", known.tours),
        NameKind.ALARM: ("an alarm or a source", (*known.alarms, *known.sources)),
        NameKind.SCREEN: ("a screen", known.screens),
    }[kind]
