"""``send``, ``status``, ``snapshot`` and ``reload``: talk to the wall that runs."""

import collections
import sys
import time
import typing
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from wallctl.api.client import Client
from wallctl.api.endpoint import default_endpoint
from wallctl.api.protocol import LEASE_MAX_S
from wallctl.cli.error_messages import told
from wallctl.cli.terminal_text import JSON, WORD, as_json, padded
from wallctl.config.po_file import catalogues
from wallctl.model.base.language import Language
from wallctl.model.base.unicode_rules import on_one_line
from wallctl.model.operator.message_catalogue import ADVICE_TEXTS, REASON_TEXTS
from wallctl.model.wall.commands.command import Query, Snapshot
from wallctl.model.wall.commands.syntax import parse_words, tile_from_text
from wallctl.storage.atomic_write import Holds, write_named

JPEG_SUFFIXES = (".jpg", ".jpeg")
WATCH_S = 1.0
CONTROL = click.option(
    "--control",
    "endpoint",
    metavar="ENDPOINT",
    default=None,
    help="Where the wall listens. Default: the ipc socket in your runtime folder.",
)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("command", nargs=-1, required=True, type=WORD)
@click.option(
    "--for",
    "for_s",
    type=click.FloatRange(min=0, max=LEASE_MAX_S, min_open=True),
    metavar="SECONDS",
    help="Return after so long to what was before.",
)
@CONTROL
def send(command: tuple[str, ...], for_s: float | None, endpoint: str | None) -> None:
    """Send a COMMAND and print its receipt.

    \b
    wallctl send layout 3x3            wallctl send enlarge 5
    wallctl send layout 1+5 @left      wallctl send restore
    wallctl send preset 早班           wallctl send page next
    wallctl send show 7 3              wallctl send back
    wallctl send swap 1 left/2         wallctl send blank
    wallctl send --for 60 show 7       wallctl send release
    wallctl send broadcast NAME on     wallctl send broadcast NAME off
    wallctl send tour 夜巡             wallctl send tour pause
    wallctl send alarm 7 "gate open"   wallctl send acknowledge
    """
    with told():
        change = parse_words(list(command))
        if isinstance(change, Query):
            raise click.UsageError(
                "send changes the wall; to ask, type wallctl status, list, snapshot or reload"
            )
        with Client(endpoint or default_endpoint()) as wall:
            answer = wall.send(change, for_s)
    click.echo(as_json(msgspec.to_builtins(answer)))


@click.command("list", short_help="List the names that commands can use.")
@JSON
@CONTROL
def names(as_data: bool, endpoint: str | None) -> None:
    """List the names that commands can use: layouts, presets, sources, screens."""
    with told(), Client(endpoint or default_endpoint()) as wall:
        answer = wall.list()
    if as_data:
        click.echo(as_json(answer, indent=2))
        return
    for kind in ("layouts", "presets", "groups", "tours"):
        for one in answer[kind]:
            said = f"{padded(one['zh'], 16)} {one['en']}"
            _say(f"{kind[:-1]:<9} {padded(one['name'], 16)} {said}".rstrip())
    for one in answer["alarms"]:
        _say(f"alarm     {padded(one['name'], 16)} {one['source']}")
    for one in answer["sources"]:
        _say(f"source    {one['number']:<16} {one['name']}")
    for one in answer["screens"]:
        _say(f"screen    {padded(one['name'], 16)} {one['width_px']}x{one['height_px']}")
    for one in answer["broadcasts"]:
        _say(f"broadcast {padded(one['name'], 16)} {one['screen'] or 'wall'}")


@click.command()
@JSON
@click.option(
    "--watch", is_flag=True, help="Tell it again each second, until Ctrl-C or the wall's end."
)
@CONTROL
def status(as_data: bool, watch: bool, endpoint: str | None) -> None:
    """Tell what the wall shows and how it fares."""
    with told(), Client(endpoint or default_endpoint()) as wall:
        _tell_status(wall, as_data)
        while watch:
            time.sleep(WATCH_S)
            if sys.stdout.isatty():
                click.clear()
            _tell_status(wall, as_data)


def _tell_status(wall: Client, as_data: bool) -> None:
    answer = wall.status()
    if as_data:
        click.echo(as_json(answer, indent=2))
        return
    for line in _told(answer):
        _say(line)
    _say(_total_line(answer))


def _total_line(answer: dict[str, typing.Any]) -> str:
    """How many tiles are in which state, and how many alarms wait: ``tiles: 13 live, 1 stale``."""
    tiles = answer["tiles"]
    states = collections.Counter(one["state"] for one in tiles)
    told_ = [f"{count} {state}" for state, count in states.most_common()]
    alarms = len(answer["alarms"])
    waiting = f"; alarms to be acknowledged: {alarms}" if alarms else ""
    return f"tiles: {', '.join(told_) or 'none'}{waiting}"


def _say(line: str) -> None:
    """Print a line. What strangers wrote in it can't break it, nor control the terminal."""
    click.echo(on_one_line(line))


def _told(answer: dict[str, typing.Any]) -> Iterator[str]:
    """All that ``status`` says to people, line by line."""
    yield f"{answer['site']}  revision {answer['revision']}  up {answer['uptime_s']} s"
    yield from map(_screen_line, answer["screens"])
    yield f"selected: {answer['selected']}"
    yield from map(_lease_line, answer["leases"])
    yield from map(_tour_line, answer["tours"])
    if (now := answer["scheduled"]) is not None:
        yield f"schedule: {now['command']}  {now['begins']} to {now['ends']}"
    yield from map(_alarm_line, answer["alarms"])
    if answer["locked"]:
        yield f"locked by the officer: {', '.join(answer['locked'])}"
    yield from map(_blanked_line, answer["blanked"])
    yield from (f"site file: {finding}" for finding in answer["findings"])
    yield from (f"trouble: {trouble}" for trouble in answer["troubles"])
    yield from map(_broadcast_line, answer["broadcasts"])
    yield from _input_lines(answer)
    yield from map(_line, answer["tiles"])
    yield from _advice({str(tile["reason"]) for tile in answer["tiles"]})


def _screen_line(screen: dict[str, typing.Any]) -> str:
    """A screen as a line: what it shows, and where in its list that is."""
    marks = ["enlarged"] * screen["enlarged"] + ["blanked"] * screen["blanked"]
    if screen["monitor_why"]:
        marks.append(f"{screen['monitor']}: {screen['monitor_why']}")
    if screen["under"] is not None:
        return "  ".join([f"{screen['screen']}: part of {screen['under']}", *marks])
    place = f"from source {screen['first'] + 1} of {len(screen['sources'])}"
    return "  ".join([f"{screen['screen']}: {screen['layout']}", place, *marks])


def _lease_line(lease: dict[str, typing.Any]) -> str:
    """A lease as a line: whose it is, where, and how long it still lasts."""
    left = "" if lease["left_s"] is None else f"  {lease['left_s']:.0f} s left"
    name = f" {lease['name']}" if lease["name"] else ""
    where = ", ".join(lease["screens"])
    return f"lease {lease['lease']}: {lease['holder']}{name} on {where}{left}"


def _blanked_line(one: dict[str, typing.Any]) -> str:
    """What is hidden as a line: by whom, and why."""
    why = f"  ({one['reason']})" if one["reason"] else ""
    return f"blanked: {one['what']} {one['name']} by {one['by']}{why}"


def _broadcast_line(one: dict[str, typing.Any]) -> str:
    """A broadcast as a line: what it shows, and how it fares."""
    why = f"  ({one['reason']})" if one["reason"] != "none" else ""
    size = f"{one['width_px']}x{one['height_px']}"
    what = f"{one['screen'] or 'wall'} {size}  {one['fps']} fps  {one['kbps']} kbit/s"
    return f"broadcast {one['broadcast']}: {one['air']}  {what}{why}"


def _tour_line(tour: dict[str, typing.Any]) -> str:
    """A tour as a line: its page, and whether it goes on."""
    marks = ["paused"] * tour["paused"] + ["hidden by a change"] * tour["hidden"]
    goes = ", ".join(marks) or f"{tour['left_s']:.0f} s left"
    return f"tour {tour['tour']}: page {tour['page']} of {tour['pages']}  {goes}"


def _alarm_line(alarm: dict[str, typing.Any]) -> str:
    """An alarm as a line: what it shows, how it fares, and how long it still lasts."""
    left = "" if alarm["left_s"] is None else f"  {alarm['left_s']:.0f} s left"
    where = f" at {alarm['at']}" if alarm["at"] else ""
    text = f"  {alarm['text']}" if alarm["text"] else ""
    name = f"alarm {alarm['alarm']}: {alarm['name']} ({alarm['source']})"
    return f"{name} {alarm['state']}{where}{left}{text}"


def _input_lines(answer: dict[str, typing.Any]) -> list[str]:
    """Where alarms come from, and what plays their sounds."""
    lines = [
        f"alarms by {one['input']}: {'listening' if one['listening'] else one['why']}"
        for one in answer["inputs"]
    ]
    if answer["sound"] is not None:
        lines.append(f"sounds of alarms: {answer['sound']}")
    return lines


def _line(tile: dict[str, object]) -> str:
    """One tile as a line: where, which source, how it fares."""
    where = f"{tile['screen']}/{tile['tile']}"
    size = f"{tile['width_px']}x{tile['height_px']}"
    why = f"  ({tile['reason']})" if tile["reason"] != "none" else ""
    lost = f", backup for {tile['stands_for']}" if tile["stands_for"] else ""
    return (
        f"  {padded(where, 12)} {tile['state']:<12} {tile['stream']:<5} {size:>9} "
        f"{tile['fps']:>5} fps  {tile['source']}{lost}{_carried(tile)}{why}"
    )


def _carried(tile: dict[str, object]) -> str:
    """What carries a tile's packets, where that is worth a word."""
    over = f", over {tile['transport']} instead" if tile["fallback"] else ""
    return over + ", relayed" * bool(tile["relayed"])


def _advice(reasons: set[str]) -> Iterator[str]:
    """What a technician does about each reason that tiles give."""
    english = catalogues()[Language.ENGLISH]
    for reason, advice in ADVICE_TEXTS.items():
        if reason.name.lower() in reasons:
            said = english.say(REASON_TEXTS[reason])
            yield f"{reason.name.lower()}: {said}. {english.say(advice)}"


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, readable=False))
@click.option("--screen", type=WORD, help="Only this screen. Default: the whole wall.")
@click.option("--tile", type=WORD, metavar="TILE", help="Only this tile: 5, or left/5.")
@click.option("--clean", is_flag=True, help="Without labels and overlays.")
@click.option("--stamped", is_flag=True, help="With time, site and names, in a strip below.")
@CONTROL
def snapshot(
    file: Path,
    screen: str | None,
    tile: str | None,
    clean: bool,
    stamped: bool,
    endpoint: str | None,
) -> None:
    """Save a picture of the wall as FILE.png or FILE.jpg."""
    suffix = file.suffix.lower()
    if suffix not in (".png", *JPEG_SUFFIXES):
        raise click.UsageError(f"{file.name} is to be a picture: name it .png or .jpg")
    with told():
        at = None if tile is None else tile_from_text(tile)
        asked = Snapshot(screen, clean, stamped, jpeg=suffix in JPEG_SUFFIXES, tile=at)
        with Client(endpoint or default_endpoint()) as wall:
            picture = wall.snapshot(asked)
    try:
        write_named(file, picture, Holds.CAMERAS)
    except OSError as error:
        raise click.ClickException(f"{file} can't be written: {error.strerror}") from error
    _say(f"{file}: {len(picture)} bytes")


@click.command(short_help="Have the wall read its site's files again.")
@JSON
@CONTROL
def reload(as_data: bool, endpoint: str | None) -> None:
    """Have the wall read its site's files again now, and tell what came of it.

    It does so by itself, too, a moment after a file was changed. Exits with 1 if the wall can't
    use them and goes on as it was.
    """
    with told(), Client(endpoint or default_endpoint()) as wall:
        answer = wall.reload()
    if as_data:
        click.echo(as_json(answer, indent=2))
        raise SystemExit(0 if answer["taken"] else 1)
    for finding in answer["findings"]:
        _say(finding)
    if not answer["taken"]:
        _say("the wall goes on as it was")
        raise SystemExit(1)
    parts = [_changes(kind, of) for kind, of in answer["changed"].items()]
    _say("; ".join(parts) if parts else "nothing is other than it was")


def _changes(kind: str, of: dict[str, int]) -> str:
    """What became of one kind of thing: ``sources: 1 added, 2 changed``."""
    return f"{kind}: " + ", ".join(f"{count} {what}" for what, count in of.items() if count)
