"""A decoded picture becomes a tile's: cropped, scaled, turned, BT.709 limited, planar 4:2:0.

Knows nothing of rings: it writes into bytes that it is given. One scaler per tap, held: swscale
sets up its tables once, and ``threads=1`` because the cores are busy with other cameras.
"""

import msgspec
import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from wallctl.media.colour import Matrix, ToBt709, is_full_range, matrix_of
from wallctl.media.planes import Plane, copy, planes_of, views
from wallctl.media.shrink import Shrink, suits
from wallctl.model.geometry import Fit, Placed, Rect, Size, place

_QUARTER_DEG = 90
_RGB = ("rgb", "bgr", "gbr", "0rgb", "0bgr", "argb", "abgr", "pal8")
"""How libav's names of such formats begin."""


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

    @property
    def is_rgb(self) -> bool:
        """Whether its planes are red, green and blue."""
        return self.format.startswith(_RGB)

    @property
    def upright(self) -> Size:
        """Its size when turned."""
        return Size(self.size.h, self.size.w) if self.quarters % 2 else self.size

    @property
    def shape(self) -> float:
        """Display width over height when turned."""
        shape = self.size.w * self.sample_aspect / self.size.h
        return 1 / shape if self.quarters % 2 else shape


def look_of(frame: VideoFrame, sample_aspect: float) -> Look:
    """The look of a decoded frame."""
    name, height_px = frame.format.name, frame.height
    return Look(
        Size(frame.width, height_px),
        name,
        sample_aspect,
        round(frame.rotation / _QUARTER_DEG) % 4,
        matrix_of(frame, height_px),
        is_full_range(frame, name),
    )


class Scaler:
    """Scales pictures of any look for one tap."""

    def __init__(self, tile: Size, fit: Fit) -> None:
        self._tile = tile
        self._fit = fit
        self._look: Look | None = None
        self._recipe: _Recipe

    def write(self, frame: VideoFrame, look: Look, out: NDArray[np.uint8]) -> Size:
        """Write the picture's planes to the front of ``out``, packed; the size they have.

        ``out`` holds a picture of the tile's size. Raises what libav raises.
        """
        if look != self._look:
            self._recipe = _Recipe(look, place(look.upright, look.shape, self._tile, self._fit))
            self._look = look
        return self._recipe.write(frame, out)


class _Recipe:
    """All that can be made ready for pictures of one look."""

    def __init__(self, look: Look, placed: Placed) -> None:
        self._size = placed.size
        self._quarters = look.quarters
        stored = _turned_back(placed.crop, look)
        # the tile's picture before it is turned
        scaled = Size(placed.size.h, placed.size.w) if look.quarters % 2 else placed.size
        plain = look.format == "yuv420p" and not look.full_range
        self._scaling: Shrink | _Swscale = (
            Shrink(stored, scaled)
            if plain and suits(stored, scaled)
            else _Swscale(look, stored, scaled)
        )
        same = look.is_rgb or look.matrix is Matrix.BT709
        self._convert = None if same else ToBt709(look.matrix, self._size)
        self._direct = same and not look.quarters
        """Whether what is scaled need not be turned or converted."""

    def write(self, frame: VideoFrame, out: NDArray[np.uint8]) -> Size:
        target = views(out, self._size)
        if self._direct:
            self._scaling.write(frame, target)
            return self._size
        planes = self._scaling.planes(frame)
        if self._quarters:
            planes = [np.rot90(plane, self._quarters) for plane in planes]
        if self._convert is not None:
            self._convert.write(planes, target)
        else:
            copy(planes, target)
        return self._size


class _Swscale:
    """Scales a part of frames of any format, and makes them 4:2:0 of 8 bits in limited range."""

    def __init__(self, look: Look, part: Rect, target: Size) -> None:
        self._crop = None if part.size == look.size else _Crop(look, part)
        self._target = target
        shrinks = target.w * target.h <= part.w * part.h
        self._interpolation = Interpolation.AREA if shrinks else Interpolation.BICUBIC
        self._range = ColorRange.JPEG if look.full_range else ColorRange.MPEG
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
            dst_color_range=ColorRange.MPEG,
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


def _turned_back(crop: Rect, look: Look) -> Rect:
    """A part of the upright picture in stored pixels, moved to even ones: chroma starts there."""
    w, h = look.size.w, look.size.h
    stored = (
        crop,
        Rect(w - crop.y - crop.h, crop.x, crop.h, crop.w),
        Rect(w - crop.x - crop.w, h - crop.y - crop.h, crop.w, crop.h),
        Rect(crop.y, h - crop.x - crop.w, crop.h, crop.w),
    )[look.quarters]
    return Rect(stored.x & ~1, stored.y & ~1, stored.w, stored.h)
