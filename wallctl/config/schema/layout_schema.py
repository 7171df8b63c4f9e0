"""Layouts and presets as they are written; the same as ``raw`` is for sites."""

import typing
from typing import Annotated

from msgspec import Meta

from wallctl.config.schema.common_schema import SourceRef, Title, Written
from wallctl.config.schema.site_schema import Fraction, Mirror, Rotate, Schema
from wallctl.model.base.geometry import Fit
from wallctl.model.site.layout import Bezels

MOST_TILES = 64

GridLines = Annotated[
    int, Meta(ge=1, le=16, description="网格的列数或行数。Columns or rows of the grid.")
]
Cells = Annotated[int, Meta(ge=1, le=16, description="占几格。How many cells it covers.")]
Cell = Annotated[int, Meta(ge=0, le=15, description="左上角的格，从 0 数。Its first cell, from 0.")]


class RawFraming(Written, frozen=True, kw_only=True):
    """What a tile does to the picture that it shows."""

    crop: (
        Annotated[
            tuple[Fraction, ...],
            Meta(
                min_length=4,
                max_length=4,
                description="只显示这一部分 [x, y, w, h]。The part of the picture that is shown.",
            ),
        ]
        | None
    ) = None
    fit: Fit | None = None
    mirror: Mirror = False
    rotate: Rotate = 0


class RawTile(RawFraming, frozen=True, kw_only=True):
    """One tile, in cells of the grid."""

    x: Cell
    y: Cell
    w: Cells = 1
    h: Cells = 1


class RawLayout(Written, frozen=True, kw_only=True):
    """布局文件。A layout; the file's name is the layout's name."""

    schema: Schema
    title: Title = ""
    title_en: Title = ""
    columns: GridLines
    rows: GridLines
    tiles: (
        typing.Literal["each"]
        | Annotated[tuple[RawTile, ...], Meta(min_length=1, max_length=MOST_TILES)]
    ) = "each"


Free = Annotated[float, Meta(ge=0, le=100000, description="按 unit 的单位。In the layout's unit.")]
FreeLength = Annotated[
    float, Meta(gt=0, le=100000, description="按 unit 的单位。In the layout's unit.")
]
Depth = Annotated[
    int,
    Meta(
        ge=-99,
        le=99,
        description="重叠时数大的在上。Of tiles that overlap the larger one is seen.",
    ),
]


class RawFreeTile(RawFraming, frozen=True, kw_only=True):
    """A tile at any place; it may lie over others, and reach over several screens."""

    x: Free
    y: Free
    w: FreeLength
    h: FreeLength
    z: Depth = 0


class RawFreeLayout(Written, frozen=True, kw_only=True):
    """自由布局文件。A layout of free tiles, on a screen or on the whole wall."""

    schema: Schema
    title: Title = ""
    title_en: Title = ""
    unit: Annotated[
        typing.Literal["fraction", "mm"],
        Meta(
            description="fraction 整墙或整屏的几分之几，mm 墙上的毫米。"
            "Fractions of the wall or the screen, or mm on the wall."
        ),
    ]
    of: Annotated[
        typing.Literal["wall", "screen"],
        Meta(description="整面墙，或每块屏各自。The whole wall, or each screen by itself."),
    ] = "wall"
    bezels: Annotated[
        Bezels | None,
        Meta(
            description="跨屏画面：behind 被边框遮住一条，jump 跳过边框。"
            "Of a picture over several screens a strip is hidden behind bezels, or it jumps."
        ),
    ] = None
    tiles: Annotated[tuple[RawFreeTile, ...], Meta(min_length=1, max_length=MOST_TILES)]


class RawPresetTile(RawFraming, frozen=True, kw_only=True):
    """A source, and how its tile shows it."""

    source: SourceRef


class RawPresetScreen(Written, frozen=True, kw_only=True):
    """What the preset does to one screen."""

    screen: str
    layout: str
    tiles: tuple[SourceRef | RawPresetTile, ...]


class RawPreset(Written, frozen=True, kw_only=True):
    """预案文件。A preset; the file's name is the preset's name."""

    schema: Schema
    title: Title = ""
    title_en: Title = ""
    key: Annotated[
        str | None,
        Meta(
            description='按键，如 "F3"；不写：F2 到 F12 里下一个空着的，增删预案时会变。'
            'Its key, as "F3"; without it, the next that is free of F2 to F12, which moves when '
            "presets come and go."
        ),
    ] = None
    screens: Annotated[tuple[RawPresetScreen, ...], Meta(min_length=1)]
