"""What a command does, in the operator's words: for the help sheet and for feedback on keys. Pure.

``syntax`` writes commands as programs and files do; nobody at the wall should have to read that.
A command without a row here is described by its verb: ``do_VERB`` in the catalogue.
"""

import typing
from collections.abc import Callable

import msgspec

from wallctl.model.base.language import Language
from wallctl.model.base.unicode_rules import half_width
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.site.site import Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.syntax import tile_to_text
from wallctl.model.wall.state.lookup import LONGEST_NUMBER


def describe_command(change: c.Change | c.Snapshot, site: Site, words: Catalogue) -> str:
    """Say what a key's command does. Names that the site does not have stand as they are."""
    does = _DESCRIPTIONS.get(type(change), _describe_by_verb)(change, site, words)
    screen = getattr(change, "screen", None)
    return words.say(Text.ON_SCREEN, words=does, screen=screen) if screen else does


def _describe_by_verb(change: c.Change | c.Snapshot, _site: Site, words: Catalogue) -> str:
    """The catalogue's words for the verb, filled with the command's fields. Where a tile is named
    and the catalogue has words for that, it is these."""
    verb, fields = f"do_{c.verb_of(change)}", msgspec.structs.asdict(change)
    of_tile = f"{verb}_tile" if fields.get("tile") else verb
    text = Text(of_tile if of_tile in _KNOWN else verb)
    return words.say(text, **{name: _write_value(value) for name, value in fields.items()})


_KNOWN = frozenset(text.value for text in Text)


def _write_value(value: object) -> str:
    return tile_to_text(value) if isinstance(value, c.TileRef) else str(value)


def _describe_layout(change: c.SetLayout, site: Site, words: Catalogue) -> str:
    layout = site.layouts.get(change.name)
    return layout.title(words.language) if layout else change.name


def _describe_preset(change: c.ShowPreset, site: Site, words: Catalogue) -> str:
    preset = site.preset(change.name)
    return preset.title(words.language) if preset else change.name


def _describe_group(change: c.ShowGroup, site: Site, words: Catalogue) -> str:
    group = site.group(change.name)
    return group.title(words.language) if group else change.name


def _describe_show(change: c.Show, site: Site, words: Catalogue) -> str:
    name = _source_name(change.source, site)
    if change.tile is None:
        return words.say(Text.DO_SHOW_SELECTED, name=name)
    return words.say(Text.DO_SHOW, name=name, tile=tile_to_text(change.tile))


def _source_name(named: str, site: Site) -> str:
    """The name of a source that a command calls by name or number."""
    digits = half_width(named)
    number = int(digits) if digits.isdecimal() and len(digits) <= LONGEST_NUMBER else None
    found = (one.name for one in site.sources if named == one.name or number == one.number)
    return next(found, named)


def _describe_enlarge(change: c.Enlarge, _site: Site, words: Catalogue) -> str:
    if change.tile is None:
        return words.say(Text.DO_ENLARGE_SELECTED)
    return words.say(Text.DO_ENLARGE, tile=tile_to_text(change.tile))


def _describe_page(change: c.Page, _site: Site, words: Catalogue) -> str:
    return words.say(Text.DO_NEXT_PAGE if change.to == "next" else Text.DO_PREVIOUS_PAGE)


def _describe_tour(change: c.SteerTour, site: Site, words: Catalogue) -> str:
    tour = site.tour(change.name) if change.name is not None else None
    name = tour.title(words.language) if tour is not None else change.name or ""
    return words.say(_TOUR_TEXTS[change.to], name=name).rstrip()


_TOUR_TEXTS = {
    None: Text.DO_TOUR_EITHER,
    c.TourTo.ON: Text.DO_TOUR,
    c.TourTo.OFF: Text.DO_TOUR_OFF,
    c.TourTo.PAUSE: Text.DO_TOUR_PAUSE,
    c.TourTo.RESUME: Text.DO_TOUR_RESUME,
    c.TourTo.NEXT: Text.DO_TOUR_NEXT,
    c.TourTo.PREVIOUS: Text.DO_TOUR_PREVIOUS,
}


def _describe_alarm(change: c.RaiseAlarm, site: Site, words: Catalogue) -> str:
    alarm = site.alarm(change.name)
    name = alarm.name if alarm else _source_name(change.name, site)
    return words.say(Text.DO_ALARM, name=name)


def _describe_end_alarm(change: c.EndAlarm, site: Site, words: Catalogue) -> str:
    alarm = site.alarm(change.name)
    name = alarm.name if alarm else _source_name(change.name, site)
    return words.say(Text.DO_END_ALARM, name=name)


def _describe_acknowledge(change: c.Acknowledge, _site: Site, words: Catalogue) -> str:
    return words.say(Text.DO_ACKNOWLEDGE_ALL if change.all else Text.HELP_ACKNOWLEDGE)


def _describe_language(change: c.SetLanguage, _site: Site, words: Catalogue) -> str:
    english = change.to is Language.ENGLISH
    return words.say(Text.DO_SPEAK_ENGLISH if english else Text.DO_SPEAK_CHINESE)


def _describe_broadcast(change: c.SetBroadcast, _site: Site, words: Catalogue) -> str:
    does = {None: Text.DO_BROADCAST, True: Text.DO_BROADCAST_ON, False: Text.DO_BROADCAST_OFF}
    return words.say(does[change.on], name=change.name)


def _describe_zoom(change: c.SetZoom, _site: Site, words: Catalogue) -> str:
    if change.factor <= 1:
        return words.say(Text.DO_ZOOM_OUT)
    return words.say(Text.DO_ZOOM, factor=f"{change.factor:.1f}")


def _describe_target(of_screens: Text, of_tile: Text, of_source: Text) -> "Describer":
    def tell(change: c.Blank | c.Unblank, site: Site, words: Catalogue) -> str:
        if change.source is not None:
            return words.say(of_source, name=_source_name(change.source, site))
        if change.tile is not None:
            return words.say(of_tile, tile=tile_to_text(change.tile))
        return words.say(of_screens)

    return tell


Describer = Callable[[typing.Any, Site, Catalogue], str]
_DESCRIPTIONS: dict[type[c.Change | c.Snapshot], Describer] = {
    c.SetLayout: _describe_layout,
    c.ShowPreset: _describe_preset,
    c.ShowGroup: _describe_group,
    c.Show: _describe_show,
    c.Enlarge: _describe_enlarge,
    c.Page: _describe_page,
    c.Blank: _describe_target(Text.DO_BLANK, Text.DO_BLANK_TILE, Text.DO_BLANK_SOURCE),
    c.Unblank: _describe_target(Text.DO_UNBLANK, Text.DO_UNBLANK_TILE, Text.DO_UNBLANK_SOURCE),
    c.SteerTour: _describe_tour,
    c.RaiseAlarm: _describe_alarm,
    c.Acknowledge: _describe_acknowledge,
    c.EndAlarm: _describe_end_alarm,
    c.SetLanguage: _describe_language,
    c.SetBroadcast: _describe_broadcast,
    c.SetZoom: _describe_zoom,
}
