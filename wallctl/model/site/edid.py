"""What a monitor says of itself (EDID), and the words by which a site file may call it.

It parses bytes and knows nothing of where they come from.
"""

import msgspec

from wallctl.model.base.unicode_rules import on_one_line

BLOCK_BYTES = 128
_HEADER = bytes.fromhex("00ffffffffffff00")
_DESCRIPTORS = (54, 72, 90, 108)
_DESCRIPTOR_BYTES = 18
_TEXT_AT = 5
_NAME, _SERIAL = 0xFC, 0xFF


class Edid(msgspec.Struct, frozen=True):
    """A monitor. ``str`` gives its whole text, such as ``DEL-A0B1-12345678 DELL U2412M``."""

    maker: str
    """Three letters."""
    product: int
    serial: str = ""
    """The serial text, else the serial number in decimal; empty if the monitor has neither."""
    name: str = ""

    @property
    def label(self) -> str:
        """Maker, product code in hexadecimal and serial: all of the text but the name."""
        parts = (self.maker, f"{self.product:04X}", self.serial)
        return "-".join(part for part in parts if part)

    def __str__(self) -> str:
        return f"{self.label} {self.name}".rstrip()

    @property
    def words(self) -> tuple[str, ...]:
        """What may name it: its whole text, the text without the name, its name, its serial."""
        return tuple(one for one in (str(self), self.label, self.name, self.serial) if one)

    def answers_to(self, wanted: str) -> bool:
        """Whether that is one of its words; upper and lower case are the same."""
        return wanted.strip().casefold() in {word.casefold() for word in self.words}


def parse_edid(data: bytes) -> Edid | None:
    """The monitor of an EDID; ``None`` if its first block is missing or damaged."""
    block = data[:BLOCK_BYTES]
    if len(block) < BLOCK_BYTES or not block.startswith(_HEADER) or sum(block) % 256:
        return None
    number = int.from_bytes(block[12:16], "little")
    return Edid(
        maker=_maker(int.from_bytes(block[8:10], "big")),
        product=int.from_bytes(block[10:12], "little"),
        serial=_text(block, _SERIAL) or (str(number) if number else ""),
        name=_text(block, _NAME),
    )


def _maker(packed: int) -> str:
    """Three letters of five bits each; 1 is A."""
    return "".join(chr(ord("@") + (packed >> shift & 31)) for shift in (10, 5, 0))


def _text(block: bytes, tag: int) -> str:
    """The text of the first descriptor with a tag, without what can't be printed."""
    for at in _DESCRIPTORS:
        descriptor = block[at : at + _DESCRIPTOR_BYTES]
        if descriptor[:3] == b"\0\0\0" and descriptor[3] == tag:
            text = descriptor[_TEXT_AT:].partition(b"\n")[0].decode("ascii", "ignore")
            return " ".join(on_one_line(text).split())
    return ""
