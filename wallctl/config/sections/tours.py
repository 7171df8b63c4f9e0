"""Groups 分组 and tours 轮巡 of a site: checked, and tours laid out into pages.

An entry of ``pages`` with more sources than there are tiles is several pages. Knows a site's names
and layouts only.
"""

from collections.abc import Iterator, Sequence

from wallctl.config.default_home_pictures import spread, square_for
from wallctl.config.preset_files import check_tiles, named
from wallctl.config.references import Known, check_named, check_names
from wallctl.config.schema.site_schema import RawSite
from wallctl.config.schema.tours_schema import RawGroup, RawTour, RawTourPage
from wallctl.model.site.layout import Layout
from wallctl.model.site.site import Group, Preset, PresetScreen, TileSource, Tour, TourPage
from wallctl.model.wall.commands.command import CommandError, TileRef
from wallctl.model.wall.commands.syntax import tile_from_text
from wallctl.storage.file_findings import Key, Report, quoted

SECOND_NS = 1_000_000_000
Layouts = dict[str, Layout]


def check_groups(raw: tuple[RawGroup, ...], known: Known, report: Report) -> None:
    """The names in ``[[groups]]``."""
    check_names(report, [("groups", i, "name") for i in range(len(raw))], [one.name for one in raw])
    for i, group in enumerate(raw):
        check_tiles(("groups", i, "sources"), group.sources, known, report)


def groups(raw: RawSite, known: Known) -> tuple[Group, ...]:
    """The model values of groups that were found sound."""
    return tuple(
        Group(
            one.name,
            tuple(name for name in named(one.sources, known) if name is not None),
            one.title or one.name,
            one.title_en or one.name,
        )
        for one in raw.groups
    )


def check_tours(raw: RawSite, known: Known, layouts: Layouts, report: Report) -> None:
    """The names in ``[[tours]]``, where tours are shown, and whether there is anything to turn."""
    names = [one.name for one in raw.tours]
    check_names(report, [("tours", i, "name") for i in range(len(names))], names)
    for i, tour in enumerate(raw.tours):
        key: Key = ("tours", i)
        _check_place(key, tour, known, layouts, report)
        for j, page in enumerate(tour.pages):
            _check_page((*key, "pages", j), page, tour, known, report)
        if report.sound(*key) and len(tour.pages) < 2 and _count(tour, known, layouts) < 2:
            report.error((*key, "pages"), "1 page", "at least 2: one alone is a preset")


def _check_place(key: Key, tour: RawTour, known: Known, layouts: Layouts, report: Report) -> None:
    for one, what, names in (
        ("screen", "a screen", known.screens), ("layout", "a layout", known.layouts),
    ):  # fmt: skip
        name = getattr(tour, one)
        if name is not None:
            check_named(report, (*key, one), what, name, names)
    layout = layouts.get(tour.layout or "")
    if layout is not None and layout.is_wide:
        found = f"the wide layout {quoted(layout.name)}"
        report.error((*key, "layout"), found, "one of a screen; a page with a preset may be wide")
    if tour.tile is None:
        return
    place = _tile(tour.tile)
    if place is None or place.screen is None:
        report.error((*key, "tile"), quoted(tour.tile), 'a tile with its screen, as "left/3"')
        return
    check_named(report, (*key, "tile"), "a screen", place.screen, known.screens)
    for one in ("screen", "layout"):
        if getattr(tour, one) is not None:
            report.error((*key, one), f"a {one} beside a tile", "the tile alone")


def _check_page(key: Key, page: RawTourPage, tour: RawTour, known: Known, report: Report) -> None:
    if page.preset is not None:
        check_named(report, (*key, "preset"), "a preset", page.preset, known.presets)
    if page.group is not None:
        check_named(report, (*key, "group"), "a group", page.group, known.groups)
    given = [one for one in ("preset", "group", "sources") if getattr(page, one)]
    if len(given) != 1:
        report.error(key, " and ".join(given) or "nothing", "a preset, a group or sources")
    elif page.preset is not None and tour.tile is not None:
        report.error((*key, "preset"), "a preset", "sources: this tour has one tile alone")
    check_tiles((*key, "sources"), page.sources, known, report)


def _tile(text: str) -> TileRef | None:
    try:
        return tile_from_text(text)
    except CommandError:
        return None


def _count(tour: RawTour, known: Known, layouts: Layouts) -> int:
    """How many pages the sources of a tour need whose names are all known."""
    return sum(1 for page in tour.pages for _ in _pages(page, tour, known, layouts))


def tours(
    raw: RawSite, known: Known, layouts: Layouts, presets: Sequence[Preset]
) -> tuple[Tour, ...]:
    """The model values of tours that were found sound."""
    whole = {one.name: one.screens for one in presets}

    def shown(page: RawTourPage, tour: RawTour) -> Iterator[TourPage]:
        dwell_ns = (page.dwell_s or tour.dwell_s) * SECOND_NS
        if page.preset is not None:
            yield TourPage(dwell_ns, whole[page.preset])
        else:
            yield from (TourPage(dwell_ns, *of) for of in _pages(page, tour, known, layouts))

    return tuple(
        Tour(
            one.name,
            tuple(made for page in one.pages for made in shown(page, one)),
            one.title or one.name,
            one.title_en or one.name,
            one.skip_dead,
        )
        for one in raw.tours
    )


Shown = tuple[tuple[PresetScreen, ...], tuple[TileSource, ...]]


def _pages(page: RawTourPage, tour: RawTour, known: Known, layouts: Layouts) -> Iterator[Shown]:
    """What is shown page by page of an entry with sources: as many pages as these need."""
    refs = known.groups.get(page.group, ()) if page.group is not None else page.sources
    sources = [name for name in named(refs, known) if name is not None]
    place = _tile(tour.tile) if tour.tile is not None else None
    if place is not None:
        at = place.screen or "", place.number - 1
        yield from (((), (TileSource(*at, name),)) for name in sources)
        return
    screens = (tour.screen,) if tour.screen is not None else known.screens
    layout = layouts[tour.layout or square_for(len(sources), len(screens))]
    room = layout.count * len(screens)
    for first in range(0, len(sources), room):
        yield spread(sources[first : first + room], screens, layout), ()
