"""What the callers of an input may raise: the names of a site file checked, model values made."""

import fnmatch
from collections.abc import Iterable

from wallctl.config.references import Known
from wallctl.config.schema.alarms_schema import RawHttpInput, RawMqttInput
from wallctl.model.site.alarm import Rights
from wallctl.storage.file_findings import Key, Report, one_of, quoted

Chooser = RawHttpInput | RawMqttInput
"""An input whose callers choose a name."""
ALL = "*"
"""The pattern that every alarm fits."""


def check_rights(given: Chooser, key: Key, known: Known, report: Report) -> None:
    """That each of ``alarms`` means something; a warning where nothing is said."""
    if given.alarms is None:
        _tell_default(given, key, known, report)
        return
    for i, wanted in enumerate(given.alarms):
        if wanted != ALL and not _meant(wanted, known):
            expected = one_of("an alarm or a source", wanted, (*known.alarms, *known.sources))
            report.error((*key, "alarms", i), quoted(wanted), expected)


def rights(given: Chooser, known: Known) -> Rights:
    """What the callers of an input may ask for: without ``alarms``, every alarm of the site."""
    wanted = known.alarms if given.alarms is None else given.alarms
    names = {name for one in wanted for name in _meant(one, known)}
    return Rights(frozenset(names.union(known.sources if given.sources else ())), given.text)


def _tell_default(given: Chooser, key: Key, known: Known, report: Report) -> None:
    """A file that was written before inputs had rights, or whose writer knows of none."""
    found = "no word of what its callers may raise (so all [[alarms]], by name"
    found += ")" if given.text else ", with no text of theirs)"
    names = ", ".join(quoted(name) for name in known.alarms[:2])
    expected = f'alarms = [{names}] or ["*"]; with sources = true also any source'
    expected += "" if given.text else ", with text = true also what callers tell"
    report.warning(key, found, expected)


def _meant(wanted: str, known: Known) -> Iterable[str]:
    """The names that an entry of ``alarms`` stands for: one, or those that a pattern fits."""
    source = known.source(wanted)
    if wanted in known.alarms:
        return (wanted,)
    if source is not None:
        return (source,)
    return fnmatch.filter(known.alarms, wanted) if ALL in wanted else ()
