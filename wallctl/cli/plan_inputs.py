"""What a plan needs to know: the speeds of this machine, and what a site's streams deliver."""

import datetime
from pathlib import Path

import msgspec

from wallctl.config.speeds_file import Calibration, Measured, load_speeds, save_speeds, speeds_path
from wallctl.media.sources.stream_format import find_format, libav_version
from wallctl.model.planning.cost_model import TYPICAL, Speeds
from wallctl.model.planning.plan import Format, Machine
from wallctl.model.site.site import Site, StreamKey
from wallctl.supervisor.machine import cpu_model, machine_cores, usable_cores


def this_machine() -> Measured:
    """What a calibration that is made now is of."""
    return Measured(cpu_model(), machine_cores(), libav_version())


def kept_calibration() -> Calibration | None:
    """The calibration of this machine; ``None`` if it was never measured as it is now."""
    of = this_machine()
    return load_speeds(speeds_path(of), of)


def keep_calibration(speeds: Speeds) -> Path:
    """Keep what was measured; where. Raises ``OSError`` if the disk does not take it."""
    of, day = this_machine(), datetime.datetime.now().astimezone().date().isoformat()
    path = speeds_path(of)
    save_speeds(path, Calibration(1, of, day, speeds))
    return path


class Here(msgspec.Struct, frozen=True):
    """This machine, and since which day its speeds are known."""

    machine: Machine
    calibrated: str | None
    """``2026-11-24``; ``None`` if typical speeds stand in."""


def here(windowed: bool) -> Here:
    """This machine as a plan sees it."""
    kept = kept_calibration()
    speeds = kept.speeds if kept else TYPICAL
    return Here(Machine(speeds, usable_cores(), windowed), kept.day if kept else None)


def known_formats(site: Site) -> dict[StreamKey, Format]:
    """What the site's files and test pictures deliver. No camera is called."""
    return {
        (source.name, stream.name): given
        for source in site.sources
        for stream in source.streams
        if (given := find_format(stream)) is not None
    }
