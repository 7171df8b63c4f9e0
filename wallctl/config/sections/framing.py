"""Crop, mirror and rotate: checked, and made into how a picture stands."""

import typing

from wallctl.config.schema.layout_schema import RawFraming
from wallctl.model.base.geometry import Area
from wallctl.model.site.framing import WHOLE, Framing, Turn
from wallctl.storage.file_findings import Key, Report

END = 1 + 1e-9
"""Where a picture ends: 0.58 + 0.42 may be a little more than 1."""
_QUARTER_DEG = 90


class _Turned(typing.Protocol):
    """What of a file says how a picture is turned."""

    @property
    def mirror(self) -> bool: ...
    @property
    def rotate(self) -> int: ...


def check_framing(raw: RawFraming, key: Key, report: Report) -> None:
    """Whether there is anything of the picture to show."""
    if raw.crop is None or not report.sound(*key, "crop"):
        return
    x, y, w, h = raw.crop
    if not (w and h):
        report.error((*key, "crop"), "a part without an area", "[x, y, w, h] with w and h above 0")
    elif x + w > END or y + h > END:
        expected = "[x, y, w, h] with x + w and y + h at most 1"
        report.error((*key, "crop"), "a part that ends beyond the picture", expected)


def framing_of(raw: RawFraming) -> Framing:
    """The model value of what was found sound."""
    return Framing(WHOLE if raw.crop is None else Area(*raw.crop), turn_of(raw), raw.fit)


def turn_of(raw: _Turned) -> Turn:
    """How a picture is turned."""
    return Turn(raw.mirror, raw.rotate // _QUARTER_DEG)
