"""What a field of a file expects, in words for a person. Knows types only, no file."""

import typing
from collections.abc import Callable, Iterable

from msgspec import inspect


def expectation(hint: typing.Any) -> str:
    """The values that a type takes: ``a whole number from 1 to 999``."""
    return _words(inspect.type_info(hint))


def _words(kind: inspect.Type) -> str:
    return _SAID[type(kind)](kind)


def _annotated(kind: inspect.Metadata) -> str:
    """A type with words of its own, where a pattern would tell a person nothing."""
    said = (kind.extra or {}).get("words")
    return said if isinstance(said, str) else _words(kind.type)


def _either(kind: inspect.UnionType) -> str:
    return " or ".join(_words(one) for one in kind.types if not isinstance(one, inspect.NoneType))


def _choice(values: Iterable[object]) -> str:
    words = [f'"{value}"' if isinstance(value, str) else str(value) for value in values]
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _text(kind: inspect.StrType) -> str:
    most = "" if kind.max_length is None else f" of at most {kind.max_length} characters"
    return f"a text{most} in quotation marks"


def _number(kind: inspect.IntType) -> str:
    name = "an even whole number" if kind.multiple_of == 2 else "a whole number"
    return name if kind.ge is None else f"{name} from {kind.ge} to {kind.le}"


def _decimal(kind: inspect.FloatType) -> str:
    if kind.gt is not None:
        return f"a number above {kind.gt:g}, at most {kind.le:g}"
    return "a number" if kind.ge is None else f"a number from {kind.ge:g} to {kind.le:g}"


def _list(kind: inspect.VarTupleType) -> str:
    """A list, and how long it may be."""
    if kind.min_length and kind.max_length:
        same = kind.min_length == kind.max_length
        length = f"{kind.min_length}" if same else f"{kind.min_length} to {kind.max_length}"
        return f"a list of {length}"
    if kind.max_length:
        return f"a list of at most {kind.max_length}"
    return f"a list of at least {kind.min_length}" if kind.min_length else "a list"


_SAID: dict[type[inspect.Type], Callable[[typing.Any], str]] = {
    inspect.Metadata: _annotated,
    inspect.UnionType: _either,
    inspect.EnumType: lambda kind: _choice(member.value for member in kind.cls),
    inspect.LiteralType: lambda kind: _choice(kind.values),
    inspect.StrType: _text,
    inspect.IntType: _number,
    inspect.FloatType: _decimal,
    inspect.VarTupleType: _list,
    inspect.BoolType: lambda _: "true or false",
    inspect.StructType: lambda _: "a table",
    inspect.DictType: lambda _: "a table of names",
}
