"""``wallctl calibrate``: measure what decoding and composing take on this machine."""

from collections.abc import Iterator

import click

from wallctl.calibration.measure import DURATION_S, CalibrationError
from wallctl.calibration.measure import calibrate as measure
from wallctl.cli.calibration_clips import calibration_clips
from wallctl.cli.plan_inputs import keep_calibration, this_machine
from wallctl.demo.clips import SIZES
from wallctl.model.base.geometry import Size
from wallctl.model.planning.cost_model import (
    Codec,
    Speeds,
    Work,
    composed,
    cores,
    decoded,
    looked_after,
    painted,
    received,
    scaled,
)
from wallctl.supervisor.safe_output import never_wait

TILE = Size(480, 270)
STREAMS = 16


@click.command(short_help="Measure what this machine takes to decode and compose.")
def calibrate() -> None:
    """Measure this machine for 16 s, so that wallctl plan can tell what fits it.

    Nothing else should run meanwhile. What it plays is drawn first, once.
    The result is kept for this processor and this libav.
    """
    never_wait()
    clips = calibration_clips()
    try:
        click.echo(f"measuring for {DURATION_S:.0f} s ...", err=True)
        speeds = measure(clips)
        path = keep_calibration(speeds)
    except CalibrationError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"the result can't be kept: {error.strerror}") from error
    of = this_machine()
    click.echo(f"{of.cpu}, {of.cores} cores, libav {of.libav}:")
    for line in table(speeds):
        click.echo(line)
    click.echo(f"kept in {path}")


def table(speeds: Speeds) -> Iterator[str]:
    """Speeds as a person thinks of them, a line each."""
    for name, work in _things():
        yield f"  {name:<36} {cores(work, speeds) * 1000:>7.3f} ms"


def _things() -> Iterator[tuple[str, Work]]:
    yield "receive a packet", received(1)
    for name, codec in (("H.264", Codec.H264), ("H.265", Codec.HEVC)):
        for size in SIZES.values():
            yield f"decode {_said(size)} {name}", decoded(size, 1, codec)
    for size in SIZES.values():
        yield f"scale {_said(size)} to {_said(TILE)}", scaled(size, 1, TILE)
    yield f"paint a tile of {_said(TILE)}", painted(TILE, 1)
    yield "go over a screen", composed(1)
    yield f"control {STREAMS} streams for a second", looked_after(STREAMS)


def _said(size: Size) -> str:
    return f"{size.w}x{size.h}"
