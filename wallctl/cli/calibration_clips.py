"""What a calibration plays: clips of the demo's cameras in both sizes and both codecs."""

from pathlib import Path

import click

from wallctl.calibration.measure import Clip, Clips
from wallctl.cli.demo_cameras import cache_folder
from wallctl.demo.clips import CAMERAS, RATE_HZ, SIZES, DemoCamera, clip_path, encode
from wallctl.demo.hevc import encode_hevc, hevc_path
from wallctl.display.text.fonts import find_font
from wallctl.model.planning.cost_model import Codec
from wallctl.model.planning.plan import Format
from wallctl.storage.user_folders import make_folders

SMALL, LARGE = CAMERAS[:4], CAMERAS[1:3]
"""Their pictures are together as hard to decode as those of all 14 cameras."""


def calibration_clips() -> Clips:
    """The clips, drawn where that was not done before: 15 s of one processor, once.

    Raises ClickException if they can't be kept.
    """
    folder = cache_folder()
    wanted = [*((camera, "sub") for camera in SMALL), *((camera, "main") for camera in LARGE)]
    try:
        make_folders(folder)
        with click.progressbar(wanted, label="drawing what is played") as bar:
            for camera, size in bar:
                _draw(folder, camera, size)
    except OSError as error:
        raise click.ClickException(
            f"what is played can't be kept in {folder}: {error.strerror}; "
            "set XDG_CACHE_HOME to a folder that you can write to"
        ) from error
    return Clips(
        small=tuple(_clip(folder, camera, "sub", Codec.H264) for camera in SMALL),
        large=tuple(_clip(folder, camera, "main", Codec.H264) for camera in LARGE),
        small_hevc=tuple(_clip(folder, camera, "sub", Codec.HEVC) for camera in LARGE),
        large_hevc=tuple(_clip(folder, camera, "main", Codec.HEVC) for camera in LARGE),
    )


def _draw(folder: Path, camera: DemoCamera, size: str) -> None:
    """One clip, and its H.265 twin if that is played too."""
    path = clip_path(folder, camera, size)
    if not path.exists():
        font = find_font()
        encode(camera, size, folder, font.path if font else None)
    if camera in LARGE and not hevc_path(path).exists():
        encode_hevc(path)


def _clip(folder: Path, camera: DemoCamera, size: str, codec: Codec) -> Clip:
    path = clip_path(folder, camera, size)
    given = Format(SIZES[size], float(RATE_HZ), codec)
    return Clip(path if codec is Codec.H264 else hevc_path(path), given)
