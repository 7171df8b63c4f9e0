"""How near does a wall come to the speed at which its machine can decode?

N looping files go through the wall's own parts, each in a process as on a wall, as fast as they
can, onto one canvas. A stream waits until its picture is presented: every one that is counted was
decoded, scaled and composed. In turns with that, the same number of processes only decodes the
same files with PyAV: once without a pause, and once giving way after each picture, as whoever shows
them must, since the next process finds the caches full of another stream. The ratio to the first
rate is what a wall costs, that to the second what is left to be saved.

    python benchmarks/full_speed.py --streams 14 --size main
"""

import click

from benchmarks.harness.command import (
    Outcome,
    benchmark,
    codec_option,
    rounds_option,
    seconds_option,
    size_option,
    streams_option,
)
from benchmarks.harness.decoding_alone import GIVING_WAY_S, decoding_rate
from benchmarks.harness.footage import Footage, footage_options, picture_in_file
from benchmarks.harness.result import Run
from benchmarks.harness.scaler_likeness import Scaling, describe_scaling, scaling_of
from benchmarks.harness.screen import SCREEN_WORD
from benchmarks.harness.turns import median_ratio
from benchmarks.harness.wall_parts import wall_rate
from wallctl.config.default_home_pictures import square_for


class Result(Run, frozen=True, kw_only=True):
    """A run, as it is kept in a file. Rates are pictures a second of all streams together."""

    scene: str
    """Whose pictures: a real ``camera``'s or the ``demo``'s."""
    streams: int
    picture: str
    codec: str
    layout: str
    screen: str
    decoded_fps: tuple[float, ...]
    """By decoding alone, round by round."""
    giving_way_fps: tuple[float, ...]
    """The same with a switch to another process after each picture."""
    presented_fps: tuple[float, ...]
    ratio: float
    """Median over the rounds of presented by decoded."""
    ratio_giving_way: float
    scaling: Scaling


@benchmark(
    "Two small streams for a moment: to see that it works.",
    streams=2,
    size="sub",
    seconds=0.5,
    rounds=1,
)
@streams_option(14)
@size_option("main")
@codec_option
@seconds_option(6.0, least=0.5)
@rounds_option()
@footage_options
def main(
    streams: int, size: str, codec: str, seconds: float, rounds: int, footage: Footage
) -> Outcome:
    """Measure the wall's rate and the decoder's in turns; print both and keep them as JSON."""
    files = footage.clips(size, codec, streams)
    layout = square_for(streams, 1)
    decoded, giving_way, presented = [], [], []
    click.echo("round  decoded  giving way  presented  ratio")
    for number in range(1, rounds + 1):
        decoded.append(round(decoding_rate(files, None, seconds), 1))
        giving_way.append(round(decoding_rate(files, GIVING_WAY_S, seconds), 1))
        presented.append(round(wall_rate(files, layout, seconds), 1))
        told = f"{decoded[-1]:>8} {giving_way[-1]:>11} {presented[-1]:>10}"
        click.echo(f"{number:>5} {told} {presented[-1] / decoded[-1]:>6.3f}")
    result = Result(
        scene=footage.scene,
        streams=streams,
        picture=picture_in_file(files[0]),
        codec=codec,
        layout=layout,
        screen=SCREEN_WORD,
        decoded_fps=tuple(decoded),
        giving_way_fps=tuple(giving_way),
        presented_fps=tuple(presented),
        ratio=median_ratio(presented, decoded),
        ratio_giving_way=median_ratio(presented, giving_way),
        scaling=scaling_of(files[0], layout),
    )
    click.echo(f"median: {result.ratio}, to giving way {result.ratio_giving_way}")
    click.echo(describe_scaling(result.scaling))
    return Outcome(result, f"full-speed-{streams}-{size}")


if __name__ == "__main__":
    main()
