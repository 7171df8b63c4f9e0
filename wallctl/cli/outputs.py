"""``wallctl outputs``: what a site file may name as ``output`` and ``edid``."""

import click

from wallctl.cli.fault import told
from wallctl.cli.screens import outputs_here
from wallctl.present.outputs import Output


@click.command(short_help="List the display's outputs and monitors.")
def outputs() -> None:
    """List the display's outputs: name, position, size, refresh rate, and the monitor's EDID."""
    with told():
        found = outputs_here()
    for output in found:
        click.echo(line_of(output))


def line_of(output: Output) -> str:
    """One output as a line."""
    place = f"{output.x_px},{output.y_px}"
    size = f"{output.width_px}x{output.height_px}"
    monitor = output.edid or "tells no EDID"
    return f"{output.name:<12} {place:>10} {size:>10} {output.refresh_hz:>7.2f} Hz  {monitor}"
