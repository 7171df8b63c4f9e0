"""A key at the wall, as a presenter forwards it."""

import msgspec


class KeyEvent(msgspec.Struct, frozen=True, tag=True):
    """One key going down or up. Auto-repeat sends further ``pressed`` events marked ``repeat``.

    ``key`` is the key's name as in hotkey files: ``1``, ``F2``, ``Tab``, ``Ctrl+Shift+Q``, ``Esc``,
    ``Enter``, ``PgUp``, ``Left`` ...; keypad keys carry the name of their equal on the main block.
    """

    screen: str
    key: str
    pressed: bool
    at_ns: int
    repeat: bool = False
    also: str = ""
    """The press by its key's own name, such as ``Shift+8``, where that is another one."""
