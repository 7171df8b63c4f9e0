"""What a process has in its memory and tells of itself, as root or its own user can read it."""

import typing
from collections.abc import Iterable
from pathlib import Path

PIECE_BYTES = 1 << 24


def known(pid: int, secrets: Iterable[str]) -> set[str]:
    """Those of some texts that a process has in its words, its environment or its memory."""
    wanted = {one: one.encode() for one in secrets}
    told = b"\n".join(Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ"))
    found = {one for one, text in wanted.items() if text in told}
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for start, end in _parts(pid):
            memory.seek(start)
            found |= _held(memory, end - start, wanted)
    return found


def _parts(pid: int) -> list[tuple[int, int]]:
    """Where a process has memory that anybody ever wrote to: all but what is read from files."""
    lines = Path(f"/proc/{pid}/maps").read_text(errors="replace").splitlines()
    parts = [(*line.split(maxsplit=5), "")[:6] for line in lines]
    mine = [one for one in parts if one[1][0] == "r" and not one[5].startswith("[v")]
    written = [one[0] for one in mine if one[1][1] == "w" or not one[5].startswith("/")]
    spans = (place.split("-") for place in written)
    return [(int(start, 16), int(end, 16)) for start, end in spans]


def _held(memory: typing.BinaryIO, size: int, wanted: dict[str, bytes]) -> set[str]:
    found, before = set[str](), b""
    longest = max(map(len, wanted.values()))
    while size > 0:
        try:
            piece = memory.read(min(PIECE_BYTES, size))
        except OSError:  # a hole in a file that is mapped
            break
        if not piece:
            break
        text = before + piece
        found |= {one for one, secret in wanted.items() if secret in text}
        before, size = text[-longest:], size - len(piece)
    return found
