"""How many streams to a process? Processor time of a picture, by how many share one.

N looping files play at their own pace, each in a thread, so many together in a process. Each is
received, decoded and scaled into its ring by the worker's own parts; nobody presents. In turns
with that, the same threads in as many processes only read and decode. Told are processor
milliseconds a picture, medians of the rounds, and whether the pace was kept.

    python benchmarks/experiments/streams_per_process.py --streams 64 --together 1,4,8,14,32
"""

import functools
import statistics
from pathlib import Path

import click

from benchmarks.harness.command import Counts
from benchmarks.harness.footage import Footage, footage_options
from benchmarks.harness.paced_cost import Cost, cost, decoding_cost
from benchmarks.harness.wall_parts import WallParts
from wallctl.config.default_home_pictures import square_for
from wallctl.decoder.reader import Reader
from wallctl.decoder.reader_dependencies import Dependencies
from wallctl.decoder.watchdog import Watchdog
from wallctl.media.decode.decoder import Decoder
from wallctl.media.network.libav_sockets import TcpConnections
from wallctl.model.site.site import Stream


def receive(stage: WallParts, files: list[Path], index: int) -> None:
    """Read, decode and scale as a worker does."""
    decoding, status = stage.decoding(index)
    stream = Stream("main", str(files[index]))
    ports = Dependencies(lambda connection: Decoder(connection.stream))
    Reader(stream, decoding, status, Watchdog(stream.url, TcpConnections(), status), ports).run()


def both(files: list[Path], together: int, seconds: float) -> tuple[Cost, Cost]:
    """The streams as workers play them, and decoding alone."""
    stage = WallParts(square_for(len(files), 1), len(files))
    playing = functools.partial(receive, stage, files)
    return (
        cost(playing, stage.published, together, seconds),
        decoding_cost(files, together, seconds),
    )


def row(together: int, rounds: list[tuple[Cost, Cost]]) -> str:
    """One grouping as a row of the table."""
    played, decoded = zip(*rounds, strict=True)
    played_ms = statistics.median(one.picture_ms for one in played)
    decoded_ms = statistics.median(one.picture_ms for one in decoded)
    ratio = statistics.median(a.picture_ms / b.picture_ms for a, b in rounds)
    fps = statistics.median(one.fps for one in played)
    return f"{together:>8} {played_ms:>9.3f} {decoded_ms:>9.3f} {ratio:>6.2f} {fps:>5.1f}"


@click.command()
@click.option("--streams", type=click.IntRange(1, 64), default=64, show_default=True)
@click.option("--together", type=Counts(64), default="1,4,8,14,32", show_default=True)
@click.option("--seconds", type=click.FloatRange(min=0.5), default=4.0, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@footage_options
def main(
    streams: int, together: tuple[int, ...], seconds: float, rounds: int, footage: Footage
) -> None:
    """Compare groupings of small streams."""
    files = footage.clips("sub", "h264", streams)
    found: dict[int, list[tuple[Cost, Cost]]] = {count: [] for count in together}
    for _ in range(rounds):
        for count, known in found.items():
            known.append(both(files, count, seconds))
    click.echo(f"{streams} streams: processor ms a picture")
    click.echo("together  as wall  decoding  ratio   fps")
    for count, known in found.items():
        click.echo(row(count, known))


if __name__ == "__main__":
    main()
