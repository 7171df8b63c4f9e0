"""The built-in cameras: their clips, their site, and what is done beside the wall."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import click
from msgspec.structs import replace

from wallctl.api.client import Client
from wallctl.api.endpoint import ControlError
from wallctl.config.source_urls import site_from_urls
from wallctl.demo.clips import CAMERAS, clip_path, encode, make_clips
from wallctl.display.text.fonts import find_font
from wallctl.model.base.geometry import Size
from wallctl.model.site.site import PresetScreen, Site, Source, Stream, Tour, TourPage
from wallctl.model.wall.commands.command import CommandError
from wallctl.storage.atomic_write import Holds, write_named
from wallctl.storage.user_folders import home

PICTURE = Path("wallctl-demo.png")
DRAWN_AS = "demo-2"
"""The cache's folder; another one when the scenes are drawn again."""
TOUR = "all"
DWELL_NS = 8_000_000_000
LIVE_WITHIN_S = 30.0
LOOK_EVERY_S = 0.5


def cache_folder() -> Path:
    """Where the clips are kept between two demos."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (given if given.is_absolute() else home() / ".cache") / "wallctl" / DRAWN_AS


def demo_site(screens: tuple[Size, ...]) -> Site:
    """A site of 14 cameras; encodes their small streams first if that was not done before."""
    folder, font = cache_folder(), find_font()
    with click.progressbar(length=len(CAMERAS), label="drawing the cameras") as bar:
        try:
            make_clips(
                folder,
                "sub",
                font.path if font else None,
                lambda done, _all: bar.update(done - bar.pos),
            )
        except OSError as error:
            raise click.ClickException(
                f"the demo's cameras can't be kept in {folder}: {error.strerror}; "
                "set XDG_CACHE_HOME to a folder that you can write to"
            ) from error
    sources = tuple(
        Source(
            camera.name,
            camera.number,
            (
                Stream("main", str(clip_path(folder, camera, "main"))),
                Stream("sub", str(clip_path(folder, camera, "sub"))),
            ),
        )
        for camera in CAMERAS
    )
    plain = site_from_urls([str(i) for i in range(len(sources))], None, screens)
    order = {source.name: sources[i].name for i, source in enumerate(plain.sources)}
    home = tuple(
        replace(h, tiles=tuple(order[name] if name else None for name in h.tiles))
        for h in plain.home
    )
    return replace(
        plain,
        name="wallctl 演示 demo",
        sources=sources,
        home=home,
        tours=(_tour(plain.screens[0].name, [source.name for source in sources]),),
        hotkeys={"T": f"tour {TOUR}"},
    )


def _tour(screen: str, names: list[str]) -> Tour:
    """All cameras, four at a time."""
    fours = (tuple(names[i : i + 4]) for i in range(0, len(names), 4))
    pages = tuple(TourPage(DWELL_NS, (PresetScreen(screen, "2x2", four),)) for four in fours)
    return Tour(TOUR, pages, "全部摄像机", "All cameras")


def demo_errands(headless: bool) -> dict[str, Callable[[str], None]]:
    """What is done beside a demo: the large streams, and without a window a picture to look at."""
    errands: dict[str, Callable[[str], None]] = {"clips": _large_clips}
    if headless:
        errands["picture"] = _picture
    return errands


def _large_clips(_endpoint: str) -> None:
    """Encode the 1080p streams in the background; a tile uses them once they are there."""
    os.nice(19)
    font = find_font()
    folder = cache_folder()
    for camera in CAMERAS:
        if not clip_path(folder, camera, "main").exists():
            encode(camera, "main", folder, font.path if font else None)


def _picture(endpoint: str) -> None:
    """Save a picture of the wall once all its tiles are live, or after a while as it is then."""
    give_up = time.monotonic() + LIVE_WITHIN_S
    while not _is_live(endpoint) and time.monotonic() < give_up:
        time.sleep(LOOK_EVERY_S)
    try:
        with Client(endpoint) as wall:
            write_named(PICTURE, wall.snapshot(), Holds.CAMERAS)
    except (ControlError, CommandError, OSError) as error:
        click.echo(f"no picture of the wall was saved: {error}", err=True)
    else:
        click.echo(f"a picture of the wall: {PICTURE.resolve()}")


def _is_live(endpoint: str) -> bool:
    try:
        with Client(endpoint) as wall:
            tiles = wall.status()["tiles"]
    except ControlError:
        return False  # the wall is still starting
    return bool(tiles) and all(tile["state"] == "live" for tile in tiles)
