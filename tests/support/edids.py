"""EDIDs made by hand: the first block of a monitor, with the checksum right."""

HEADER = bytes.fromhex("00ffffffffffff00")
NAME, SERIAL = 0xFC, 0xFF


def descriptor(tag: int, text: str) -> bytes:
    """A text of up to 13 characters, ended and padded as monitors do."""
    line = text.encode("ascii") + (b"\n" if len(text) < 13 else b"")
    return bytes((0, 0, 0, tag, 0)) + line.ljust(13)


def edid_block(
    maker: str, product: int, number: int = 0, texts: tuple[tuple[int, str], ...] = ()
) -> bytes:
    """128 bytes; ``texts`` are up to three descriptors behind that of the timing."""
    packed = 0
    for letter in maker:
        packed = packed << 5 | ord(letter) - ord("@")
    ids = packed.to_bytes(2, "big") + product.to_bytes(2, "little") + number.to_bytes(4, "little")
    timing = bytes.fromhex("023a801871382d40582c4500") + bytes(6)
    block = (HEADER + ids).ljust(54, b"\x01") + timing
    block = (block + b"".join(descriptor(*text) for text in texts)).ljust(127, b"\0")
    return block + bytes((-sum(block) % 256,))
