"""``wallctl plan``: what a site's pictures cost on this machine, before they are shown."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from wallctl.cli.error_messages import told
from wallctl.cli.machine_warnings import limits, memory_bytes
from wallctl.cli.plan_inputs import Here, here
from wallctl.cli.plan_summary import Plans, plans_of, verdict
from wallctl.cli.probe_cameras import Survey, survey
from wallctl.cli.terminal_text import WORD, as_json
from wallctl.config.po_file import catalogues
from wallctl.config.site_file import load_site, site_file
from wallctl.model.base.language import Language
from wallctl.model.operator.message_catalogue import ADVICE_TEXTS, REASON_TEXTS
from wallctl.model.planning.plan import Plan, TileCost
from wallctl.model.planning.tile_priority import TileAt
from wallctl.model.site.site import Site
from wallctl.supervisor.available_memory import available_bytes

SHED_SHOWN = 8


@click.command(short_help="Tell whether a site's pictures fit this machine.")
@click.argument("site", type=click.Path(path_type=Path))
@click.argument("layout", required=False, type=WORD)
@click.option("--probe", is_flag=True, help="Open each camera once, for what it really sends.")
@click.option("--headless", is_flag=True, help="Without what windows cost.")
@click.option("--json", "whole", is_flag=True, help="Print all of it, for programs.")
def plan(site: Path, layout: str | None, probe: bool, headless: bool, whole: bool) -> None:
    """Tell whether SITE.toml fits this machine: its home picture, or LAYOUT on every screen.

    Tile by tile: the stream that would be chosen, its size and rate, and how much of a processor
    it keeps busy. Then whatever else a key brings. No camera is called without --probe.
    """
    where = here(windowed=not headless)
    with told():
        loaded = load_site(site_file(site))
        asked = survey(loaded) if probe else None
        plans = plans_of(loaded, where, layout, asked.formats if asked else None)
    if whole:
        click.echo(as_json(_as_json(loaded, plans, where, asked), indent=2))
        return
    for line in _lines(loaded, plans, where, asked):
        click.echo(line)


def _lines(site: Site, plans: Plans, where: Here, asked: Survey | None) -> Iterator[str]:
    (name, first), *others = plans.items()
    yield f"{name}: {verdict(first, where)}{_shed(first)}"
    yield from _tiles(first)
    for name, found in others:
        yield f"{name}: {verdict(found, where)}{_shed(found)}"
    if any(one.tile.format.assumed for found in plans.values() for one in found.tiles):
        yield f"* assumed, for {'the camera did not tell' if asked else 'no camera was called'}"
    if asked and asked.faults:
        with told():
            english = catalogues()[Language.ENGLISH]
        for (source, stream), reason in asked.faults.items():
            said, advice = english.say(REASON_TEXTS[reason]), english.say(ADVICE_TEXTS[reason])
            yield f"{source} {stream}: {said}. {advice}"
            if fingerprint := asked.fingerprints.get((source, stream)):
                yield f'  fingerprint = "{fingerprint}"'
    yield from limits(site)
    yield (
        f"speeds: of this machine, measured on {where.calibrated}"
        if where.calibrated
        else "speeds: typical ones; wallctl calibrate measures this machine"
    )


def _shed(found: Plan) -> str:
    """Which tiles would have to go, the first ones by name."""
    if not found.shed:
        return ""
    more = len(found.shed) - SHED_SHOWN
    names = ", ".join(map(_place, found.shed[:SHED_SHOWN]))
    return f"; first to go: {names}" + (f" and {more} more" if more > 0 else "")


def _place(at: TileAt) -> str:
    return f"{at[0]}/{at[1]}"


def _tiles(found: Plan) -> Iterator[str]:
    """A line for each tile, and one for what belongs to none."""
    yield _columns(
        "stream", "size", "fps", "codec", ("decode", "scale", "compose", "cores"), "tile"
    )
    for one in found.tiles:
        yield _tile_line(one)
    yield _columns("", "", "", "", ("", "", "", _cores(found.rest_cores)), "all the rest")


def _tile_line(one: TileCost) -> str:
    source, stream = one.tile.stream
    given = one.tile.format
    mark = "*" if given.assumed else " "
    return _columns(
        stream,
        f"{given.size.w}x{given.size.h}{mark}",
        f"{given.rate_hz:.1f}{mark}",
        given.codec.value,
        tuple(map(_cores, (one.decode_cores, one.scale_cores, one.compose_cores, one.cores))),
        f"{_place(one.tile.at)} {source}",
    )


def _columns(
    stream: str, size: str, rate: str, codec: str, costs: tuple[str, ...], tile: str
) -> str:
    """Names stand last: Chinese characters are of two columns, and would push what follows."""
    shares = " ".join(f"{cost:>7}" for cost in costs)
    return f"  {stream:<6} {size:>11} {rate:>6} {codec:<5} {shares}  {tile}"


def _cores(cores: float) -> str:
    return f"{cores:.4f}"


def _as_json(site: Site, plans: Plans, where: Here, asked: Survey | None) -> dict[str, Any]:
    faults = asked.faults if asked else {}
    return {
        "cores": where.machine.cores,
        "memory_bytes": memory_bytes(site),
        "available_bytes": available_bytes(),
        "windowed": where.machine.windowed,
        "calibrated": where.calibrated,
        "faults": [
            {
                "source": source,
                "stream": stream,
                "reason": reason.name.lower(),
                "fingerprint": asked.fingerprints.get((source, stream), "") if asked else "",
            }
            for (source, stream), reason in faults.items()
        ],
        "pictures": [_picture(name, found) for name, found in plans.items()],
    }


def _picture(name: str, found: Plan) -> dict[str, Any]:
    return {
        "picture": name,
        "fits": found.fits,
        "cores": round(found.cores, 4),
        "budget_cores": round(found.budget_cores, 4),
        "rest_cores": round(found.rest_cores, 4),
        "shed": [_place(at) for at in found.shed],
        "tiles": [_tile(one) for one in found.tiles],
    }


def _tile(one: TileCost) -> dict[str, Any]:
    tile, given = one.tile, one.tile.format
    source, stream = tile.stream
    return {
        **{"tile": _place(tile.at), "source": source, "stream": stream},
        **{"width_px": given.size.w, "height_px": given.size.h, "rate_hz": round(given.rate_hz, 2)},
        **{"codec": given.codec.value, "assumed": given.assumed},
        "decode_cores": round(one.decode_cores, 5),
        "scale_cores": round(one.scale_cores, 5),
        "compose_cores": round(one.compose_cores, 5),
    }
