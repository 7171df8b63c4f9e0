"""A decoded picture becomes a tile's: cut, scaled, turned, masked, BT.709 limited, planar 4:2:0.

Knows nothing of rings: it writes into bytes that it is given. One scaler per tap, held: swscale
sets up its tables once, and ``threads=1`` because the cores are busy with other cameras.
"""

import enum
from collections.abc import Sequence
from typing import Protocol

import msgspec
import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from msgspec.structs import replace
from numpy.typing import NDArray

from wallctl.media.decode.deinterlace import SEEN_BELOW, Deinterlacer
from wallctl.media.scale.affine_sample import AffineSampler
from wallctl.media.scale.colour import Matrix, ToBt709, is_full_range, matrix_of
from wallctl.media.scale.downscale import Downscaler, suits
from wallctl.media.scale.mask_fill import Cover, CoveredPicture, cover_ground, cover_masks
from wallctl.media.scale.planes import Plane, copy, planes_of, turned, views
from wallctl.model.base.geometry import Fit, Rect, Size
from wallctl.model.site.aspect import KnownShape, pixel_aspect
from wallctl.model.site.framing import (
    PLAIN,
    UPRIGHT,
    FittedPicture,
    Mask,
    StoredPicture,
    Turn,
    View,
    fit_picture,
    masks_px,
)
from wallctl.model.site.span_geometry import SpannedPicture, span_picture

_QUARTER_DEG = 90
FIELD_SHAPE = 2.2
"""An interlaced picture that is wider for its height is one field: no whole one is so wide."""
_RGB = ("rgb", "bgr", "gbr", "0rgb", "0bgr", "argb", "abgr", "pal8")
"""How libav's names of such formats begin."""
_GREY = ("gray", "ya")


class Interlace(enum.Enum):
    """Which fields of an interlaced picture a frame holds."""

    NONE = 0
    """Nothing: it is progressive."""
    WOVEN = 1
    """Both fields, line by line. Frames between may be progressive; each says so itself."""
    FIELD = 2
    """One of both alone, that is every second line."""


class Look(msgspec.Struct, frozen=True):
    """What must be known of a frame to place and convert it."""

    size: Size
    """As stored, before any turn."""
    format: str
    sample_aspect: float = 1.0
    """Width of a stored pixel over its height."""
    quarters: int = 0
    """Quarter turns counterclockwise that make it upright."""
    matrix: Matrix = Matrix.BT709
    full_range: bool = False
    interlace: Interlace = Interlace.NONE

    @property
    def is_rgb(self) -> bool:
        """Whether its planes are red, green and blue."""
        return self.format.startswith(_RGB)

    @property
    def is_grey(self) -> bool:
        """Whether it has luma alone."""
        return self.format.startswith(_GREY)

    @property
    def is_plain(self) -> bool:
        """Whether its planes are such as a tile's."""
        return self.format == "yuv420p" and not self.full_range

    @property
    def stored(self) -> StoredPicture:
        """The part of the look that decides where the picture goes."""
        return StoredPicture(self.size, self.sample_aspect, Turn(quarters=-self.quarters % 4))

    @property
    def upright(self) -> Size:
        """Its size when turned."""
        return self.stored.upright.size(self.size)

    @property
    def upright_aspect(self) -> float:
        """Width of a pixel over its height when turned."""
        return 1 / self.sample_aspect if self.quarters % 2 else self.sample_aspect

    def with_shape(self, shape: KnownShape) -> "Look":
        """The look with what is known of its shape beside the stream."""
        aspect = pixel_aspect(self.upright, self.upright_aspect, shape)
        return replace(self, sample_aspect=1 / aspect if self.quarters % 2 else aspect)


def look_of(frame: VideoFrame, sample_aspect: float, rotation_deg: int | None = None) -> Look:
    """The look of a decoded frame; turned as itself says where no rotation is given."""
    name, height_px = frame.format.name, frame.height
    interlace = _interlace(frame, sample_aspect)
    if interlace is Interlace.FIELD:
        sample_aspect /= 2
    rotation_deg = frame.rotation if rotation_deg is None else rotation_deg
    return Look(
        Size(frame.width, height_px),
        name,
        sample_aspect,
        round(rotation_deg / _QUARTER_DEG) % 4,
        matrix_of(frame, height_px),
        is_full_range(frame, name),
        interlace,
    )


def _interlace(frame: VideoFrame, sample_aspect: float) -> Interlace:
    if not frame.interlaced_frame:
        return Interlace.NONE
    wide = frame.width * sample_aspect > FIELD_SHAPE * frame.height
    return Interlace.FIELD if wide else Interlace.WOVEN


class Scaler:
    """Scales pictures of any look for one tap."""

    def __init__(self, tile: Size, fit: Fit, view: View = PLAIN) -> None:
        self._tile = tile
        self._fit = fit
        self._view = view
        self._look: Look | None = None
        self._recipe: _Recipe

    def write(self, frame: VideoFrame, look: Look, out: NDArray[np.uint8]) -> Size:
        """Write the picture's planes to the front of ``out``, packed; the size they have.

        ``out`` holds a picture of the tile's size. What a mask covers is never written there, not
        even for a moment. Raises what libav raises.
        """
        if look != self._look:
            self._recipe = self._make_recipe(look)
            self._look = look
        return self._recipe.write(frame, out)

    def _make_recipe(self, look: Look) -> "_Recipe":
        span = self._view.span
        if span is None:
            to = fit_picture(look.stored, self._tile, self._fit, self._view)
            return _make_fitting(look, to, masks_px(look.stored, self._view, to.pixel))
        piece = span_picture(look.stored, self._tile, self._fit, self._view, span)
        masks = masks_px(look.stored, self._view, piece.pixel)
        return _make_spanning(look, self._tile, piece, masks)


class _Scaling(Protocol):
    """Makes the tile's picture before it is turned."""

    def write(self, frame: VideoFrame, out: list[Plane]) -> None: ...
    def planes(self, frame: VideoFrame) -> list[Plane]: ...


class _Recipe:
    """Everything that is prepared for pictures of one look."""

    def __init__(
        self,
        look: Look,
        size: Size,
        turn: Turn,
        scaling: _Scaling,
        covers: Sequence[Cover],
        fields: Deinterlacer | None,
    ) -> None:
        self._fields = fields
        self._size, self._turn, self._scaling = size, turn, scaling
        same = look.is_rgb or look.matrix is Matrix.BT709
        self._convert = None if same else ToBt709(look.matrix, size)
        self._covered = CoveredPicture(size, covers) if covers else None
        self._direct = same and turn == UPRIGHT
        """Whether what is scaled need not be turned or converted."""

    def write(self, frame: VideoFrame, out: NDArray[np.uint8]) -> Size:
        if self._fields is not None and frame.interlaced_frame:
            frame = self._fields.mend(frame)
        if self._covered is None:
            self._write(frame, views(out, self._size))
        else:
            self._write(frame, self._covered.planes)
            self._covered.write(out)
        return self._size

    def _write(self, frame: VideoFrame, target: list[Plane]) -> None:
        if self._direct:
            self._scaling.write(frame, target)
            return
        planes = [turned(plane, self._turn) for plane in self._scaling.planes(frame)]
        if self._convert is not None:
            self._convert.write(planes, target)
        else:
            copy(planes, target)


def _make_fitting(look: Look, to: FittedPicture, masks: tuple[Mask, ...]) -> _Recipe:
    """The recipe of a picture that fills its tile alone."""
    # the tile's picture before it is turned
    scaled = to.turn.back().size(to.size)
    scaling: _Scaling = (
        Downscaler(to.part, scaled)
        if look.is_plain and suits(to.part, scaled)
        else _Swscale(look, to.part, scaled)
    )
    fields = _make_deinterlacer(look, to.part.h / scaled.h)
    covers = [cover_masks(to.size, masks, to.enlarged, fields is not None)] if masks else []
    return _Recipe(look, to.size, to.turn, scaling, covers, fields)


def _make_spanning(
    look: Look, tile: Size, piece: SpannedPicture, masks: tuple[Mask, ...]
) -> _Recipe:
    """The recipe of a piece of a picture that reaches beyond its screen."""
    whole = Rect(0, 0, look.size.w, look.size.h)
    stored = planes_of if look.is_plain else _Swscale(look, whole, look.size).planes
    fields = _make_deinterlacer(look, 1 / piece.enlarged)
    covers = [cover_masks(tile, masks, piece.enlarged, fields is not None)] if masks else []
    if piece.picture.size != tile:
        covers.append(cover_ground(tile, piece.picture))
    return _Recipe(look, tile, UPRIGHT, AffineSampler(piece.source, tile, stored), covers, fields)


def _make_deinterlacer(look: Look, shrunk: float) -> Deinterlacer | None:
    """A deinterlacer, where a picture has combs that are seen at that size."""
    woven = look.interlace is Interlace.WOVEN and not look.is_rgb
    return Deinterlacer() if woven and shrunk < SEEN_BELOW else None


class _Swscale:
    """Scales a part of frames of any format, and makes them 4:2:0 of 8 bits in limited range."""

    def __init__(self, look: Look, part: Rect, target: Size) -> None:
        self._crop = None if part.size == look.size else _Crop(look, part)
        self._target = target
        shrinks = target.w * target.h <= part.w * part.h
        self._interpolation = Interpolation.AREA if shrinks else Interpolation.BICUBIC
        self._range = ColorRange.JPEG if look.full_range else ColorRange.MPEG
        # swscale takes all grey for full range; what is limited stays so where the target is full
        keeps = look.is_grey and not look.full_range
        self._target_range = ColorRange.JPEG if keeps else ColorRange.MPEG
        # YUV: the same name on both sides keeps swscale from its slow change of matrix
        self._matrix = None if look.is_rgb else Colorspace.ITU709
        self._reformat = VideoReformatter().reformat

    def write(self, frame: VideoFrame, out: list[Plane]) -> None:
        """``out``: Y (h, w), U and V (h/2, w/2) of the target."""
        copy(self.planes(frame), out)

    def planes(self, frame: VideoFrame) -> list[Plane]:
        """The same in libav's memory, good for as long as they are held."""
        if self._crop is not None:
            frame = self._crop.cut(frame)
        scaled = self._reformat(
            frame,
            self._target.w,
            self._target.h,
            "yuv420p",
            src_colorspace=self._matrix,
            dst_colorspace=Colorspace.ITU709,
            interpolation=self._interpolation,
            src_color_range=self._range,
            dst_color_range=self._target_range,
            threads=1,
        )
        return planes_of(scaled)


class _Crop:
    """Cuts a part out of frames without a copy: libav's filter moves the planes' pointers."""

    def __init__(self, look: Look, part: Rect) -> None:
        graph = Graph()
        self._source: FilterContext = graph.add(
            "buffer",
            f"video_size={look.size.w}x{look.size.h}:pix_fmt={look.format}:time_base=1/1000",
        )
        crop = graph.add("crop", f"{part.w}:{part.h}:{part.x}:{part.y}:exact=1")
        self._sink: FilterContext = graph.add("buffersink")
        self._source.link_to(crop)
        crop.link_to(self._sink)
        graph.configure()
        self._graph = graph

    def cut(self, frame: VideoFrame) -> VideoFrame:
        self._source.push(frame)
        cut = self._sink.pull()
        assert isinstance(cut, VideoFrame)
        return cut
