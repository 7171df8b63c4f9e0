"""What is known of a tile's stream, as a small panel over its lower left part. Pure.

Values in, a drawing out; how often it is drawn again is not known here.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

from PIL import Image

from wallctl.display.drawing import icons
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.drawing.tile_graphics import (
    PANEL_PAD_EM,
    label_height,
    label_inset,
    panel_height,
    panel_px,
)
from wallctl.display.messages import TileFigures
from wallctl.display.text.text_line import line_height
from wallctl.model.base.bidi import SEPARATOR
from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Size, even
from wallctl.model.operator.message_catalogue import ADVICE_TEXTS, WHY_TEXTS, Catalogue, Text
from wallctl.model.site.decoder_preference import DecodedBy
from wallctl.model.streams.health import SHOWS_PICTURE, Reason, TileState
from wallctl.model.streams.transport import Carrier

OPACITY = 0.82
KEYS_FAR_S = 5
"""Keyframes further apart are remarkable: a tile shows its first picture with the first one."""


class InfoLine(NamedTuple):
    """A heading, what it says, and whether that is remarkable."""

    heading: str
    words: str
    remarkable: bool = False


Info = tuple[InfoLine, ...]
Writer = Callable[[str, int, Colour, int | None], Image.Image]
"""Writes as ``Face.image`` does, and may remember what it wrote: most lines stay as they are."""


def told(words: Catalogue, figures: TileFigures) -> Info:
    """The lines for a tile, the weightiest first: what has no room at the end is left out."""
    say = words.say
    stream = InfoLine(say(Text.INFO_STREAM), _stream(figures)), *_proof(words, figures.carrier)
    lost = InfoLine(
        say(Text.INFO_LOST),
        say(Text.INFO_LOSSES, lost=figures.lost, reconnects=figures.reconnects),
        figures.lost + figures.reconnects > 0,
    )
    keys = _keys(words, figures)
    if figures.state not in SHOWS_PICTURE:
        return (*_advice(words, figures.reason), *stream, *keys, lost)
    if figures.reason is not Reason.NONE:
        return (*_advice(words, figures.reason), *stream, *_pace(words, figures), lost)
    if figures.state is TileState.STILL:
        return (*stream, InfoLine(say(Text.INFO_PICTURES), say(Text.INFO_STILL)), lost)
    return (*stream, *_pace(words, figures), *_transport(words, figures.carrier), *keys, lost)


def _pace(words: Catalogue, figures: TileFigures) -> Info:
    """How the pictures come, why these, and what is done with them."""
    say = words.say
    why = say(WHY_TEXTS[figures.why] if figures.why else Text.WHY_STAND_IN)
    lines = [
        InfoLine(
            say(Text.INFO_PICTURES),
            say(
                Text.INFO_RATES,
                received=f"{figures.source_fps:.1f}",
                shown=f"{figures.fps_now:.1f}",
            ),
            figures.falls_short,
        ),
        InfoLine(say(Text.INFO_WHY), why, figures.why is None),
    ]
    if figures.bits_s:
        rate = f"{figures.bits_s / 1e6:.2f}"
        lines.append(InfoLine(say(Text.INFO_BITS), say(Text.INFO_MEGABITS, rate=rate)))
    if figures.latency_ms.p50 is not None and figures.latency_ms.p95 is not None:
        p50, p95 = round(figures.latency_ms.p50), round(figures.latency_ms.p95)
        lines.append(
            InfoLine(say(Text.INFO_LATENCY), say(Text.INFO_MILLISECONDS, p50=p50, p95=p95))
        )
    if figures.decoder is not DecodedBy.NONE:
        lines.append(InfoLine(say(Text.INFO_DECODER), _decoder(words, figures.decoder)))
    return tuple(lines)


def _keys(words: Catalogue, figures: TileFigures) -> Info:
    if figures.keyframe_s <= KEYS_FAR_S:
        return ()
    apart = words.say(Text.INFO_SECONDS_APART, seconds=round(figures.keyframe_s))
    return (InfoLine(words.say(Text.INFO_KEYS), apart, remarkable=True),)


def _transport(words: Catalogue, carrier: Carrier) -> Info:
    used, refused = carrier.transport.upper(), carrier.other.upper()
    heading = words.say(Text.INFO_TRANSPORT)
    if Carrier.FALLBACK in carrier:
        instead = words.say(Text.INFO_FALLBACK, used=used, refused=refused)
        return (InfoLine(heading, instead, remarkable=True),)
    if Carrier.RELAYED in carrier:
        return (InfoLine(heading, words.say(Text.INFO_RELAYED, used=used)),)
    return (InfoLine(heading, used),) if used else ()


def _proof(words: Catalogue, carrier: Carrier) -> Info:
    if Carrier.UNPROVEN not in carrier:
        return ()
    heading, unproven = words.say(Text.INFO_CERTIFICATE), words.say(Text.INFO_UNPROVEN)
    return (InfoLine(heading, unproven, remarkable=True),)


def _advice(words: Catalogue, reason: Reason) -> Info:
    if reason is Reason.NONE:
        return ()
    return (
        InfoLine(words.say(Text.INFO_ADVICE), words.say(ADVICE_TEXTS[reason]), remarkable=True),
    )


def _stream(figures: TileFigures) -> str:
    size = f"{figures.width_px}×{figures.height_px}" if figures.width_px else ""
    return SEPARATOR.join(filter(None, (figures.stream, figures.coding.label, size)))


def _decoder(words: Catalogue, decoder: DecodedBy) -> str:
    if decoder is DecodedBy.SOFTWARE:
        return words.say(Text.INFO_SOFTWARE)
    return words.say(Text.INFO_HARDWARE, device=decoder.label)


def panel(write: Writer, info: Info, tile: Size) -> Drawing:
    """The panel in a tile's lower left corner; below some width without the headings.

    Its width goes in steps, so that it does not change with every figure.
    """
    inset = label_inset(tile)
    px = panel_px(tile)
    pad, row = round(px * PANEL_PAD_EM), line_height(px)
    free_h = tile.h - label_height(tile) - 3 * inset - 2 * pad
    info = info[: max(1, free_h // row)]
    room = max(0, tile.w - 2 * inset - 2 * pad)
    headings = [write(line.heading, px, icons.SOFT, None) for line in info]
    words = [write(line.words, px, _ink(line), None) for line in info]
    x = max(image.width for image in headings) + px
    words_w = max(image.width for image in words)
    if x + words_w > room:
        x = 0
        words = [write(line.words, px, _ink(line), room) for line in info]
    step = 2 * px
    words_w = min(room - x, -(-words_w // step) * step)
    size = Size(even(x + words_w + 2 * pad + 1), panel_height(tile, len(info)) - inset)
    picture = _ground(size, px // 2).copy()
    for i, (heading, said) in enumerate(zip(headings, words, strict=True)):
        if x:
            picture.alpha_composite(heading, (pad, pad + i * row))
        picture.alpha_composite(said, (pad + x, pad + i * row))
    return Drawing(Patch.from_image(picture), inset, tile.h - size.h - inset)


@functools.lru_cache(64)
def _ground(size: Size, radius_px: int) -> Image.Image:
    return icons.pill(size, icons.NIGHT, OPACITY, radius_px)


def _ink(line: InfoLine) -> Colour:
    return icons.AMBER if line.remarkable else icons.WHITE
