"""Dry contacts as lines of text: ``1 1`` when contact 1 closes, ``1 0`` when it opens. Pure."""

from collections.abc import Container

import msgspec
from msgspec.structs import replace

LONGEST_LINE = 80
_CLOSED = {"1": True, "0": False}


class Contacts(msgspec.Struct, frozen=True):
    """What is known of the contacts of one line, and the beginning of what is not read whole."""

    closed: frozenset[str] = frozenset()
    """Of those that were asked for: a line may name others without end."""
    rest: bytes = b""


def heard(
    contacts: Contacts, content: bytes, asked: Container[str]
) -> tuple[Contacts, tuple[str, ...]]:
    """The contacts after more was read, and the names of those ``asked`` for that have closed.

    One that closes without having opened is told once. What is no line of a contact is left out.
    """
    *lines, rest = (contacts.rest + content).split(b"\n")
    closed, news = contacts.closed, []
    for line in lines:
        name, state = _read(line)
        if name not in asked:
            continue
        if state and name not in closed:
            news.append(name)
        if state is not None:
            closed = closed | {name} if state else closed - {name}
    return replace(contacts, closed=closed, rest=rest[: LONGEST_LINE + 1]), tuple(news)


def _read(line: bytes) -> tuple[str, bool | None]:
    """A contact and whether it is closed; ``None`` where the line does not say so."""
    words = line.decode("utf-8", "replace").split()
    if len(line) > LONGEST_LINE or len(words) != 2:
        return "", None
    return words[0], _CLOSED.get(words[1])
