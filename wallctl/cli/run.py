"""``demo``, ``show`` and ``run``: start a wall and stay until it ends."""

import functools
import logging
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from wallctl.api.endpoint import check_endpoint, default_endpoint
from wallctl.api.zmq_sockets import check_libzmq
from wallctl.cli.default_screens import (
    SCREENS,
    check_display,
    chosen_outputs,
    chosen_sizes,
    has_display,
    hung,
)
from wallctl.cli.error_messages import told
from wallctl.cli.font_warnings import warnings
from wallctl.cli.machine_warnings import limits
from wallctl.cli.plan_inputs import here
from wallctl.cli.plan_summary import overload
from wallctl.cli.site_editors_group import SHARED_GROUP, number_of
from wallctl.cli.terminal_text import WORD
from wallctl.config.site_file import site_file
from wallctl.config.site_ownership import load_guarded
from wallctl.config.source_urls import sealed, site_from_urls
from wallctl.controller.site_reader import load_apart
from wallctl.controller.start_wall import start
from wallctl.display.text.installed_fonts import ask as ask_for_fonts
from wallctl.display.window_placement import Blitter
from wallctl.model.base.geometry import Size
from wallctl.model.base.language import Language
from wallctl.model.site.site import Site
from wallctl.model.site.source_kind import scheme_of
from wallctl.node.setup import Options
from wallctl.storage.atomic_write import check_named
from wallctl.storage.file_findings import place
from wallctl.storage.local_time import local_time
from wallctl.storage.state_location import find_place, snapshot_folder
from wallctl.storage.user_folders import has_home, home
from wallctl.supervisor.logs import is_journal, keep_log
from wallctl.supervisor.safe_output import STDERR, never_wait

log = logging.getLogger(__name__)


class Seconds(click.FloatRange):
    """A span of time that ends."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Seconds; a sentence for what is no number of them, or none that passes."""
        seconds: float = super().convert(value, param, ctx)
        if not math.isfinite(seconds):
            self.fail(f"{value!r} never passes: leave --for out to run on", param, ctx)
        return seconds


def wall_options(verb: Callable[..., None]) -> Callable[..., None]:
    """The options that every wall takes."""
    options = (
        click.option("--headless", is_flag=True, help="No window: compose only."),
        click.option(
            "--blitter",
            type=click.Choice([blitter.value for blitter in Blitter]),
            default=Blitter.AUTO.value,
            show_default=True,
            help="How canvases come onto windows: by the GPU's shader, by memory that the X server "
            "shares, or sent to it. auto is right unless the GPU's driver is not.",
        ),
        click.option(
            "--for",
            "seconds",
            type=Seconds(min=0.1),
            metavar="SECONDS",
            help="End by itself after so long, counted from the start.",
        ),
        click.option(
            "--control",
            "endpoint",
            metavar="ENDPOINT",
            help="Where commands are taken: ipc://PATH. Default: in your runtime folder.",
        ),
        click.option(
            "--report",
            type=click.Path(path_type=Path, dir_okay=False, readable=False),
            metavar="FILE.json",
            help="Write figures there at the end.",
        ),
    )
    for option in reversed(options):
        verb = option(verb)
    return verb


LANGUAGE = click.option(
    "--language",
    type=click.Choice([language.value for language in Language]),
    default=Language.CHINESE.value,
    show_default=True,
    help="What the wall speaks; wallctl send language changes it.",
)


@click.command()
@wall_options
@SCREENS
@LANGUAGE
def demo(screens: tuple[Size, ...] | None, language: str, **given: Any) -> None:
    """Show 14 built-in cameras on a wall: nothing else is needed.

    Without a display it runs headless and saves a picture of the wall to look at.
    """
    # Only here: a wall of cameras does not need what draws them.
    from wallctl.cli.demo_cameras import demo_errands, demo_site  # noqa: PLC0415

    never_wait()
    headless = given["headless"] or not has_display()
    if headless and not given["headless"]:
        click.echo("there is no display here, so the demo runs headless")
    with told():
        outputs = chosen_outputs(screens, headless)
        site = replace(demo_site(chosen_sizes(screens, outputs)), language=Language(language))
        errands = demo_errands(headless)
        _start(hung(site, outputs), headless=headless, errands=errands, **_rest(given))


@click.command()
@click.argument("urls", nargs=-1, required=True, type=WORD, metavar="URL [URL]...")
@click.option(
    "--layout",
    type=WORD,
    metavar="NAME",
    help="The layout of every screen. Default: the smallest grid with enough tiles, up to 8x8.",
)
@click.option(
    "--login",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The login of the cameras: a file of mode 0600 with user and password, as a site has them."
    " Or set WALLCTL_LOGIN=user:password.",
)
@SCREENS
@LANGUAGE
@wall_options
def show(
    urls: tuple[str, ...],
    layout: str | None,
    login: Path | None,
    screens: tuple[Size, ...] | None,
    language: str,
    **given: Any,
) -> None:
    """Show cameras from their addresses alone.

    URL is rtsp://..., http://..., a video file (it loops), a picture, or test:bars.
    """
    with told():
        ask_for_fonts()
        headless = given["headless"]
        outputs = chosen_outputs(screens, headless)
        sizes, addresses = chosen_sizes(screens, outputs), [sealed(url) for url in urls]
        plain = load_apart(lambda: site_from_urls(addresses, layout, sizes, login))
        site = replace(plain, language=Language(language))
        known = [*_missing(site), *overload(site, windowed=not headless)]
        _start(hung(site, outputs), headless=headless, known=known, **_rest(given))


@click.command()
@click.argument("site", type=click.Path(path_type=Path))
@SHARED_GROUP
@wall_options
def run(site: Path, group: str | None, **given: Any) -> None:
    """Show the wall of SITE.toml, as it was when it last ended."""
    with told():
        ask_for_fonts()
        site, headless = site_file(site), given["headless"]
        shared = number_of(group)
        loaded = load_apart(lambda: load_guarded(site, shared))
        known = [
            *_missing(loaded),
            *_homeless(),
            *as_root(),
            *overload(loaded, windowed=not headless),
        ]
        state = find_place(loaded, site, given["endpoint"] or "")
        options: dict[str, Any] = {"state": state, "file": site, "group": shared, "known": known}
        options["snapshots"] = snapshot_folder(loaded)
        _start(loaded, headless=headless, **options, **_rest(given))


def _rest(given: dict[str, Any]) -> dict[str, Any]:
    same = {name: given[name] for name in ("seconds", "endpoint", "report")}
    return {"blitter": Blitter(given["blitter"]), **same}


def _start(
    site: Site,
    *,
    headless: bool,
    endpoint: str | None,
    known: Iterable[str] = (),
    **options: Any,
) -> None:
    """Say what a person should know, then be the root of the wall's processes.

    ``known`` are warnings that were found already.
    """
    if not headless and not has_display():
        raise click.ClickException(
            "there is no display to show the wall on: start an X server and set DISPLAY, "
            "or add --headless"
        )
    waiting = [] if headless else check_display(site.screens)
    check_libzmq()
    endpoint = check_endpoint(endpoint) if endpoint else default_endpoint(make=True)
    _check_report(options["report"])
    never_wait()
    keep_log(functools.partial(local_time, timezone=site.timezone))
    for warning in (*known, *waiting, *limits(site, starts=True), *warnings(site)):
        if is_journal(STDERR):
            log.warning("%s", warning)
        else:
            click.echo(f"warning: {warning}", err=True)
    speeds = here(windowed=not headless).machine.speeds
    wall = Options(site=site, endpoint=endpoint, headless=headless, speeds=speeds, **options)
    raise SystemExit(start(wall))


def as_root(uid: int | None = None) -> Iterator[str]:
    """A sentence for a wall that runs with the rights of the whole machine."""
    if (os.geteuid() if uid is None else uid) == 0:
        yield (
            "the wall runs as root, so a flaw in a decoder opens the whole machine; run it as a "
            "user of its own"
        )


def _homeless(environ: Mapping[str, str] = os.environ) -> Iterator[str]:
    """A sentence where what is hidden and locked will be forgotten when the machine restarts."""
    if not has_home(environ) and not Path(environ.get("XDG_STATE_HOME", "")).is_absolute():
        yield (
            f"this user has no home folder, so the wall's state is kept in {home(environ)} and lost"
            " when the machine restarts: set HOME or XDG_STATE_HOME to a folder that stays"
        )


def _missing(site: Site) -> list[str]:
    """A sentence for each video or picture that is not there; its tile waits for it."""
    files = [one.url for source in site.sources for one in source.streams]
    return [
        f"there is no file {place(file)}"
        for file in files
        if scheme_of(file) is None and not Path(file).is_file()
    ]


def _check_report(file: Path | None) -> None:
    """A report that can't be written is told before the run, not after it."""
    if file is None:
        return
    try:
        check_named(file)
    except OSError as error:
        raise click.ClickException(
            f"{place(file)} can't be written: {error.strerror}; choose another place for --report"
        ) from None
