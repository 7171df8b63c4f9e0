"""Drawing for the demo cameras: smooth shapes on a board of 1600 x 900 units, sprites, blending.

Shapes are drawn finer than the picture and averaged down, so one drawing serves every resolution.
It knows nothing of scenes, of time or of video files.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw, ImageFont, ImageOps

from wallctl.model.base.geometry import Size

BOARD_W, BOARD_H = 1600, 900
"""The board on which scenes are drawn, in units, whatever the picture's size."""

Point = tuple[float, float]
Draw = Callable[["Brush"], None]
GRAIN = 64
"""Columns after which the grain repeats that keeps gradients from showing bands."""

LEANS = 21
"""How many leans a swaying thing has: few enough to keep, too many to see the steps."""

WHOLE, EIGHT = np.uint16(256), np.uint16(8)

Pixels = NDArray[np.uint8]
"""A picture with its three channels side by side: rows x (3 * columns)."""


class Brush:
    """A fine canvas of w x h units; every number handed in is in units, every colour is CSS."""

    def __init__(self, w: float, h: float, dots: float, ground: str | None = None) -> None:
        self.w, self.h = w, h
        self._dots = dots
        size = (round(w * dots), round(h * dots))
        self.image = Image.new("RGB" if ground else "RGBA", size, ground or (0, 0, 0, 0))

    def box(self, x: float, y: float, w: float, h: float, fill: str, *, round_: float = 0) -> None:
        """A rectangle, its corners rounded by a radius."""
        (left, top), (right, bottom) = self._scaled([(x, y), (x + w, y + h)])
        edge = (left, top, max(left, right - 1), max(top, bottom - 1))
        with self._ink(fill) as draw:
            draw.rounded_rectangle(edge, round_ * self._dots, fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: str) -> None:
        """An ellipse around a centre."""
        with self._ink(fill) as draw:
            draw.ellipse(self._scaled([(x - rx, y - ry), (x + rx, y + ry)]), fill)

    def disc(self, x: float, y: float, r: float, fill: str) -> None:
        """A circle around a centre."""
        self.oval(x, y, r, r, fill)

    def pie(self, x: float, y: float, r: float, angles: Point, fill: str) -> None:
        """A sector of a circle between two angles, in degrees clockwise from the right."""
        with self._ink(fill) as draw:
            draw.pieslice(self._scaled([(x - r, y - r), (x + r, y + r)]), *angles, fill)

    def shape(self, points: Sequence[Point], fill: str) -> None:
        """A polygon."""
        with self._ink(fill) as draw:
            draw.polygon(self._scaled(points), fill)

    def line(self, points: Sequence[Point], fill: str, width: float) -> None:
        """A line through points, with rounded bends."""
        thick = max(1, round(width * self._dots))
        with self._ink(fill) as draw:
            draw.line(self._scaled(points), fill, thick, joint="curve")

    def text(
        self, at: Point, words: str, fill: str, font: ImageFont.FreeTypeFont, *, rim: float = 0
    ) -> None:
        """Words from their top left corner, with a dark rim; the font is sized in dots."""
        with self._ink(fill) as draw:
            draw.text(
                self._scaled([at])[0],
                words,
                fill,
                font,
                stroke_width=rim * self._dots,
                stroke_fill="#1a2028",
                language="zh-Hans" if font.layout_engine is ImageFont.Layout.RAQM else None,
            )

    @contextmanager
    def _ink(self, fill: str) -> Iterator[ImageDraw.ImageDraw]:
        """A pen. On a canvas with alpha Pillow's own would replace what is under a clear colour."""
        if self.image.mode == "RGB":
            yield ImageDraw.Draw(self.image, "RGBA")
        elif len(ImageColor.getrgb(fill)) == 3:
            yield ImageDraw.Draw(self.image)
        else:
            sheet = Image.new("RGBA", self.image.size)
            yield ImageDraw.Draw(sheet)
            self.image.alpha_composite(sheet)

    def shade(self, y: float, h: float, *colours: str) -> None:
        """A vertical gradient through colours over the full width."""
        top, rows = round(y * self._dots), round(h * self._dots)
        stops = np.linspace(0, max(1, rows - 1), len(colours))
        rgb = np.array([ImageColor.getrgb(c)[:3] for c in colours], float)
        tones = [np.interp(np.arange(rows), stops, channel) for channel in rgb.T]
        grain = np.random.default_rng(1).uniform(-0.4, 1.4, (rows, GRAIN, 1))
        tile = np.clip(np.stack(tones, axis=1)[:, None] + grain, 0, 255).astype(np.uint8)
        strip = np.tile(tile, (1, -(-self.image.width // GRAIN), 1))
        self.image.paste(Image.fromarray(strip), (0, top))

    def glow(self, x: float, y: float, r: float, colour: str) -> None:
        """Light that fades out from a centre, added to what is there. For a canvas with ground."""
        cx, cy, reach = (round(v * self._dots) for v in (x, y, r))
        light = Image.fromarray(radial(2 * reach, colour))
        box = (cx - reach, cy - reach, cx + reach, cy + reach)
        under = np.asarray(self.image.crop(box), np.uint16)
        over = np.asarray(light, np.uint16)
        lit = 255 - (255 - under) * (255 - over) // 255
        self.image.paste(Image.fromarray(lit.astype(np.uint8)), box[:2])

    def _scaled(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self._dots, y * self._dots) for x, y in points]


def radial(side_px: int, colour: str) -> NDArray[np.uint8]:
    """A square picture of light: ``colour`` in the middle, black at its rim."""
    axis = (np.arange(side_px) + 0.5) / side_px * 2 - 1
    distance = np.sqrt(axis[:, None] ** 2 + axis[None, :] ** 2)
    strength = np.clip(1 - distance, 0, 1) ** 2
    return np.asarray(strength[..., None] * ImageColor.getrgb(colour)[:3], np.uint8)


class Sprite:
    """A small picture that is blended at any place, down to a fraction of a pixel.

    ``paint`` is colour times cover (0..256), ``keep`` the share of 256 that the ground keeps. Both
    are cached for each sub-pixel step that was asked for.
    """

    def __init__(self, fine: Image.Image, step: int) -> None:
        self._fine = fine
        self._step = step
        self._ready: dict[tuple[int, int], tuple[NDArray[np.uint16], NDArray[np.uint16]]] = {}

    def blend(self, onto: Pixels, x_px: float, y_px: float, opacity: float = 1.0) -> None:
        """Blend it with its top left corner at a place of a picture; what is outside is cut."""
        left, right_shift = divmod(round(x_px * self._step), self._step)
        top, down_shift = divmod(round(y_px * self._step), self._step)
        paint, keep = self._shifted(right_shift, down_shift)
        rows = slice(max(0, -top), min(paint.shape[0], onto.shape[0] - top))
        columns = slice(max(0, -left * 3), min(paint.shape[1], onto.shape[1] - left * 3))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        paint, keep = paint[rows, columns], keep[rows, columns]
        if opacity < 1.0:
            share = np.uint16(max(0.0, opacity) * 256)
            paint = (paint >> EIGHT) * share
            keep = WHOLE - (((WHOLE - keep) * share) >> EIGHT)
        ground = onto[
            top + rows.start : top + rows.stop,
            left * 3 + columns.start : left * 3 + columns.stop,
        ]
        ground[...] = (ground * keep + paint) >> 8

    def _shifted(self, right: int, down: int) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        if (right, down) not in self._ready:
            self._ready[right, down] = self._averaged(right, down)
        return self._ready[right, down]

    def _averaged(self, right: int, down: int) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        step = self._step
        w, h = (-(-side // step) + 1 for side in self._fine.size)
        room = Image.new(self._fine.mode, (w * step, h * step))
        room.paste(self._fine, (right, down))
        if self._fine.mode == "RGB":
            return _light(np.asarray(room.reduce(step), np.uint16))
        return _cover(np.asarray(room.convert("RGBa").reduce(step), np.uint16))


def _cover(rgba: NDArray[np.uint16]) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Paint and keep of a picture with alpha, its colours already multiplied by it."""
    alpha = rgba[..., 3:] + (rgba[..., 3:] >> 7)
    keep = np.repeat(256 - alpha, 3, axis=2)
    paint = np.minimum(rgba[..., :3] * np.uint16(256), (256 - keep) * np.uint16(255))
    return _flat(paint), _flat(keep)


def _light(rgb: NDArray[np.uint16]) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Paint and keep of pure light: it brightens what it falls on and never darkens."""
    return _flat(rgb * np.uint16(255)), _flat(256 - rgb)


def _flat(channels: NDArray[np.uint16]) -> NDArray[np.uint16]:
    return np.ascontiguousarray(channels.astype(np.uint16).reshape(channels.shape[0], -1))


class Stage:
    """One clip's drawing board at one resolution: the background, and the maker of its sprites."""

    def __init__(self, size: Size, seed: int) -> None:
        self.size = size
        self.scale = size.w / BOARD_W
        self._step = 2 if size.w > BOARD_W // 2 else 4
        self.dots = self.scale * self._step
        self.back = Brush(BOARD_W, BOARD_H, self.dots, "#000000")
        self.dice = random.Random(seed)

    def sprite(self, w: float, h: float, draw: Draw, *, mirrored: bool = False) -> Sprite:
        """A sprite of w x h units, facing left instead of right if mirrored."""
        fine = self._drawn(w, h, draw)
        return Sprite(ImageOps.mirror(fine) if mirrored else fine, self._step)

    def light(self, r: float, colour: str) -> Sprite:
        """A round light of a radius in units; place it by its top left corner."""
        side = max(2, round(2 * r * self.dots))
        return Sprite(Image.fromarray(radial(side, colour)), self._step)

    def leaning(self, w: float, h: float, draw: Draw, reach: float) -> tuple[Sprite, ...]:
        """A sprite from ``reach`` units to the left to as many right at its top; its foot stays."""
        upright = self._drawn(w, h, draw).reduce(self._step)
        leans = np.linspace(-reach, reach, LEANS) * self.scale
        return tuple(Sprite(_sheared(upright, float(lean)), 1) for lean in leans)

    def ground(self) -> Pixels:
        """The background as a picture of the clip's size."""
        small = np.array(self.back.image.reduce(self._step), np.uint8)
        return small.reshape(self.size.h, self.size.w * 3)

    def _drawn(self, w: float, h: float, draw: Draw) -> Image.Image:
        brush = Brush(w, h, self.dots)
        draw(brush)
        return brush.image


def _sheared(upright: Image.Image, lean: float) -> Image.Image:
    coefficients = (1, lean / upright.height, -lean, 0, 1, 0)
    affine, smooth = Image.Transform.AFFINE, Image.Resampling.BILINEAR
    return upright.transform(upright.size, affine, coefficients, smooth)
