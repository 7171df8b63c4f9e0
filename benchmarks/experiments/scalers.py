"""Which scaler for the workers? Time and likeness of several, from a frame to a tile's planes.

Each scales the same frames of a looping clip to tiles of several shrinks. Told are processor
milliseconds a frame (median of the rounds, in which all take turns) and the luma's PSNR to
swscale's AREA, the least over the frames.

    python benchmarks/experiments/scalers.py CLIP.mp4 --ratios 1.5,2,4.05,8
"""

import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import av
import click
import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from PIL import Image

from benchmarks.harness.scaler_likeness import CEILING_DB, likeness_db
from wallctl.media.scale.downscale import Downscaler
from wallctl.media.scale.planes import Plane, copy, planes_of, views
from wallctl.model.base.geometry import Rect, Size

Scaling = Callable[[VideoFrame, list[Plane]], None]
FRAMES = 24
RATIOS = "1.5,2,2.1,3,4,4.05,8"


def swscale(target: Size, interpolation: Interpolation) -> Scaling:
    """libav's own, whose result must be copied into the ring."""
    reformat = VideoReformatter().reformat

    def scale(frame: VideoFrame, out: list[Plane]) -> None:
        made = reformat(
            frame, target.w, target.h, "yuv420p", interpolation=interpolation, threads=1
        )
        copy(planes_of(made), out)

    return scale


def opencv(interpolation: int) -> Scaling:
    """One step of OpenCV, straight into the ring."""

    def scale(frame: VideoFrame, out: list[Plane]) -> None:
        for plane, to in zip(planes_of(frame), out, strict=True):
            cv2.resize(plane, to.shape[::-1], dst=to, interpolation=interpolation)

    return scale


def pillow(resample: Image.Resampling, gap: float | None = None) -> Scaling:
    """Pillow's, whose filters widen with the ratio; a ``gap`` first halves what is far too much."""

    def scale(frame: VideoFrame, out: list[Plane]) -> None:
        for plane, to in zip(planes_of(frame), out, strict=True):
            stored = Image.fromarray(plane)
            to[...] = np.asarray(stored.resize(to.shape[::-1], resample, reducing_gap=gap))

    return scale


def numpy_halves(frame: VideoFrame, out: list[Plane]) -> None:
    """Means of four pixels while they are too many, then the nearest sample."""
    for stored, to in zip(planes_of(frame), out, strict=True):
        plane = stored
        while plane.shape[0] >= 2 * to.shape[0]:
            plane = _halved(plane)
        rows, columns = (
            np.arange(n) * have // n for n, have in zip(to.shape, plane.shape, strict=True)
        )
        to[...] = plane[rows[:, None], columns]


def _halved(plane: Plane) -> Plane:
    h, w = plane.shape[0] // 2 * 2, plane.shape[1] // 2 * 2
    upper = plane[0:h:2, :w].astype(np.uint16) + plane[1:h:2, :w]
    return ((upper[:, ::2] + upper[:, 1::2] + 2) >> 2).astype(np.uint8)


def from_nv12(frames: list[VideoFrame], target: Size) -> Scaling:
    """swscale's AREA of the same pictures as devices give them."""
    made = {id(frame): frame.reformat(format="nv12") for frame in frames}
    area = swscale(target, Interpolation.AREA)
    return lambda frame, out: area(made[id(frame)], out)


def scalings(frames: list[VideoFrame], target: Size) -> dict[str, Scaling]:
    """All that take part, by name."""
    whole = Rect(0, 0, frames[0].width, frames[0].height)
    return {
        "swscale area": swscale(target, Interpolation.AREA),
        "swscale bilinear": swscale(target, Interpolation.BILINEAR),
        "swscale fast": swscale(target, Interpolation.FAST_BILINEAR),
        "cv2 area": opencv(cv2.INTER_AREA),
        "cv2 linear": opencv(cv2.INTER_LINEAR),
        "pillow box": pillow(Image.Resampling.BOX),
        "pillow halves": pillow(Image.Resampling.BILINEAR, 1.0),
        "numpy halves": numpy_halves,
        "shrink": Downscaler(whole, target).write,
        "nv12 area": from_nv12(frames, target),
    }


def frames_of(clip: Path) -> list[VideoFrame]:
    """The first frames of a clip, as 8-bit 4:2:0."""
    with av.open(str(clip)) as container:
        decoded = container.decode(video=0)
        frames = [frame for frame, _ in zip(decoded, range(FRAMES), strict=False)]
    return [frame.reformat(format="yuv420p") for frame in frames]


def least_likeness_db(scale: Scaling, frames: Iterable[VideoFrame], target: Size) -> float:
    """Of a scaler's luma to AREA's."""
    area = swscale(target, Interpolation.AREA)
    ours, theirs = (views(np.empty(target.w * target.h * 3 // 2, np.uint8), target) for _ in "12")
    least = CEILING_DB
    for frame in frames:
        scale(frame, ours)
        area(frame, theirs)
        least = min(least, likeness_db(ours[0], theirs[0]))
    return least


def cost_ms(scale: Scaling, frames: list[VideoFrame], target: Size) -> float:
    """Processor time for one frame."""
    out = views(np.empty(target.w * target.h * 3 // 2, np.uint8), target)
    began_s = time.process_time()
    for frame in frames:
        scale(frame, out)
    return (time.process_time() - began_s) * 1000 / len(frames)


def compare(frames: list[VideoFrame], ratio: float, rounds: int) -> None:
    """Print one row for each scaler."""
    source = Size(frames[0].width, frames[0].height)
    target = Size(int(source.w / ratio) // 2 * 2, int(source.h / ratio) // 2 * 2)
    click.echo(f"{source.w}x{source.h} to {target.w}x{target.h} ({ratio:g}:1)")
    contenders = scalings(frames, target)
    costs: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, scale in contenders.items():
            costs[name].append(cost_ms(scale, frames, target))
    for name, scale in contenders.items():
        db = least_likeness_db(scale, frames, target)
        click.echo(f"  {name:<18} {statistics.median(costs[name]):7.3f} ms {db:6.1f} dB")


@click.command()
@click.argument("clip", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--ratios", default=RATIOS, show_default=True, help="How much smaller, each.")
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
def main(clip: Path, ratios: str, rounds: int) -> None:
    """Compare scalers on CLIP."""
    frames = frames_of(clip)
    for ratio in ratios.split(","):
        compare(frames, float(ratio), rounds)


if __name__ == "__main__":
    main()
