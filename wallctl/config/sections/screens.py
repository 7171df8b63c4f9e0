"""Screens of a site: where they stand in pixels, and where they hang in mm."""

from collections.abc import Sequence

from wallctl.config.references import check_names, check_once
from wallctl.config.schema.site_schema import RawScreen
from wallctl.model.base.geometry import Area, Rect
from wallctl.model.site.framing import Turn
from wallctl.model.site.panel_geometry import Panel, place_side_by_side
from wallctl.model.site.site import Bezel, Screen
from wallctl.storage.file_findings import Report, quoted

PLACE = ("x_mm", "y_mm", "width_mm", "height_mm")
"""What says where a screen hangs: all four of every screen, or no place of any."""
PANEL = ("width_mm", "height_mm", "bezel_mm")
"""What says it of panels whose frames touch: all three of every screen."""
SQUARE_WITHIN = 0.05
"""Pixels are called square that are so little wider than high."""
QUARTER_DEG = 90
OVERLAP_MM = 1.0
"""Frames that are measured to overlap by less may be a matter of the tape."""

Listed = Sequence[tuple[int, RawScreen]]
"""Screens with their place in the file."""


def check_screens(screens: tuple[RawScreen, ...], report: Report) -> None:
    """Names, outputs and places of all screens."""
    places = range(len(screens))
    check_names(report, [("screens", i, "name") for i in places], [one.name for one in screens])
    for key in ("output", "edid"):
        named = [(("screens", i, key), getattr(screens[i], key)) for i in places]
        given = [(where, name) for where, name in named if name is not None]
        check_once(report, [where for where, _ in given], [name for _, name in given])
    sound = [i for i in places if report.sound("screens", i)]
    for i in sound:
        rect = _rect(screens[i])
        over = next((j for j in sound if j < i and rect.intersects(_rect(screens[j]))), None)
        if over is not None:
            found = f"a screen that lies over {quoted(screens[over].name)}"
            report.error(("screens", i), found, "another x or y: screens side by side")
    _check_on_wall([(i, screens[i]) for i in sound if report.sound("screens", i)], report)


def _check_on_wall(screens: Listed, report: Report) -> None:
    """Whether all screens hang somewhere, or none; and none behind another."""
    for i, one in screens:
        _check_shape(i, one, report)
    _check_given(screens, report)
    sound = [(i, one) for i, one in screens if report.sound("screens", i)]
    hung = [(i, one, area) for (i, one), area in zip(sound, _areas(sound), strict=True) if area]
    for at, (i, one, area) in enumerate(hung):
        before = hung[:at]
        over = next((other.name for _, other, there in before if area.overlap(there)), None)
        if over is not None:
            found = f"a picture that lies over that of {quoted(over)} on the wall"
            report.error(("screens", i), found, "another x_mm or y_mm: screens side by side")
            continue
        for _, other, there in before:
            _check_frames((i, one, area), (other, there), report)


def _check_frames(
    here: tuple[int, RawScreen, Area], beside: tuple[RawScreen, Area], report: Report
) -> None:
    """Whether the frames of two panels have room for each other."""
    (i, one, area), (other, there) = here, beside
    common = _bezel(one).around(area).overlap(_bezel(other).around(there))
    too_near_mm = 0.0 if common is None else min(common.w, common.h)
    if too_near_mm > OVERLAP_MM:
        found = f"bezels that overlap those of {quoted(other.name)} by {too_near_mm:.1f} mm"
        report.warning(("screens", i), found, "another x_mm, y_mm or bezel_mm")


def _check_given(screens: Listed, report: Report) -> None:
    placed = next((one for _, one in screens if _is_placed(one)), None)
    framed = next((one for _, one in screens if one.bezel_mm is not None), None)
    keys: tuple[str, ...]
    if placed is not None:
        keys, named, said = PLACE, placed, "a place in mm"
        expected = "x_mm, y_mm, width_mm and height_mm of every screen, or no x_mm and y_mm"
    elif framed is not None:
        keys, named, said = PANEL, framed, "a bezel"
        expected = "width_mm, height_mm and bezel_mm of every screen, or no bezel_mm"
    else:
        return
    for i, one in screens:
        wanting = [key for key in keys if getattr(one, key) is None]
        if wanting:
            found = f"no {', '.join(wanting)}, while {quoted(named.name)} has {said}"
            report.error(("screens", i), found, expected)


def _is_placed(one: RawScreen) -> bool:
    return one.x_mm is not None or one.y_mm is not None


def _check_shape(i: int, one: RawScreen, report: Report) -> None:
    if one.width_mm is None or one.height_mm is None:
        return
    wide = one.width_mm / one.width * one.height / one.height_mm
    if abs(wide - 1) > SQUARE_WITHIN:
        found = f"{one.width}x{one.height} pixels on {one.width_mm:g}x{one.height_mm:g} mm"
        expected = "pixels as wide as high; all four as the viewer sees a screen that hangs turned"
        report.warning(("screens", i), found, expected)


def _rect(raw: RawScreen) -> Rect:
    return Rect(raw.x, raw.y, raw.width, raw.height)


def _bezel(raw: RawScreen) -> Bezel:
    given = raw.bezel_mm or 0.0
    return Bezel(*given) if isinstance(given, tuple) else Bezel(given, given, given, given)


def _areas(screens: Listed) -> tuple[Area | None, ...]:
    """The visible picture of each screen on the wall, as far as that is said."""
    said = [_panel(one) for _, one in screens]
    panels = [one for one in said if one is not None]
    if panels and len(panels) == len(screens) and not any(_is_placed(one) for _, one in screens):
        return place_side_by_side(panels)
    return tuple(_area(one) for _, one in screens)


def _area(raw: RawScreen) -> Area | None:
    mm = [getattr(raw, key) for key in PLACE]
    return None if None in mm else Area(*mm)


def _panel(raw: RawScreen) -> Panel | None:
    if raw.width_mm is None or raw.height_mm is None or raw.bezel_mm is None:
        return None
    return Panel(_rect(raw), raw.width_mm, raw.height_mm, _bezel(raw))


def screens_of(raws: Sequence[RawScreen]) -> tuple[Screen, ...]:
    """The model values of screens that were found sound."""
    areas = _areas(list(enumerate(raws)))
    return tuple(
        Screen(
            name=raw.name,
            rect=_rect(raw),
            on_wall_mm=area,
            bezel=_bezel(raw) if raw.bezel_mm is not None else None,
            turn=Turn(quarters=raw.rotation // QUARTER_DEG),
            output=raw.output,
            edid=raw.edid,
        )
        for raw, area in zip(raws, areas, strict=True)
    )
