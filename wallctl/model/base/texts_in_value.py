"""The texts that a value holds: names, titles, reasons. Pure."""

from collections.abc import Iterator, Mapping

import msgspec


def texts_in(value: object) -> Iterator[str]:
    """Each text in a value, in the structs, lists and tables within it too; not those of enums."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from texts_in(getattr(value, name))
    elif isinstance(value, Mapping):
        for pair in value.items():
            yield from texts_in(pair)
    elif isinstance(value, tuple | list | frozenset):
        for one in value:
            yield from texts_in(one)
