"""``wallctl outputs``: what a site file may name as ``output`` and ``edid``; what hangs where."""

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from wallctl.cli.default_screens import outputs_here
from wallctl.cli.error_messages import told
from wallctl.cli.terminal_text import JSON, as_json
from wallctl.config.site_file import load_site, site_file
from wallctl.display.output_choice import Output
from wallctl.display.window_placement import WindowPlace, seat_of
from wallctl.model.site.site import Site


@click.command(short_help="List the display's outputs and monitors.")
@click.argument("site", required=False, type=click.Path(path_type=Path))
@JSON
def outputs(site: Path | None, as_data: bool) -> None:
    """List the display's outputs: name, position, size, refresh rate, and the monitor's EDID.

    With SITE.toml also where each of its screens hangs, and what is wrong there; then the exit
    code is 1.
    """
    with told():
        found = outputs_here()
        loaded = None if site is None else load_site(site_file(site))
    hung = [] if loaded is None else list(hangings(loaded, found))
    if as_data:
        screens = [{"hangs": line, "why": why} for line, why in hung]
        data = {"outputs": msgspec.to_builtins(found), "screens": screens}
        click.echo(as_json(data, indent=2))
    else:
        for output in found:
            click.echo(line_of(output))
        for line, why in hung:
            click.echo(f"{line}: {why}" if why else line)
    if any(why for _, why in hung):
        raise SystemExit(1)


def line_of(output: Output) -> str:
    """One output as a line."""
    place = f"{output.x_px},{output.y_px}"
    size = f"{output.width_px}x{output.height_px}"
    monitor = output.edid or ("tells no EDID" if output.plugged else "no monitor is plugged in")
    return f"{output.name:<12} {place:>10} {size:>10} {output.refresh_hz:>7.2f} Hz  {monitor}"


def hangings(site: Site, outputs: tuple[Output, ...]) -> Iterator[tuple[str, str]]:
    """A line for each screen, and what is wrong with its monitor, if anything is."""
    for screen in site.screens:
        monitor = seat_of(WindowPlace.of(screen, site), outputs, {}).monitor
        at = f" on {monitor.output}" if monitor.output else ""
        yield f"screen {screen.name}{at}", monitor.why
