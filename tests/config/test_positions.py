"""Lines of keys, against TOML written in many styles with a marker at every value."""

import json
import tomllib
import typing

from hypothesis import given
from hypothesis import strategies as st

from wallctl.config.toml.positions import locate
from wallctl.storage.file_findings import Key

TEXT = r"""# a comment with [brackets] and key = value
name = "a # no comment"
"odd key" = 1
'other' = '''
[not.a.table]
x = 1 ""
''''
a.b . "c.d" = 2  # dotted

[one]
x = [ 1,  # first
  2, [3,
  4], { y = 5, z.w = [6] },
]
[[many]]
x = "]"
[many.inner]

y = "\" # \\"
[[many]]
  [[many.deep]]
  k = 1979-05-27T07:32:00Z
  [[many.deep]]
  "\u6587" = +1.5e3
[last."quoted.table"]
k = true
"""


def test_a_text_with_everything() -> None:
    tomllib.loads(TEXT)
    lines = locate(TEXT)
    expected: dict[Key, int] = {
        ("name",): 2,
        ("odd key",): 3,
        ("other",): 4,
        ("a", "b", "c.d"): 8,
        ("one",): 10,
        ("one", "x"): 11,
        ("one", "x", 0): 11,
        ("one", "x", 1): 12,
        ("one", "x", 2, 0): 12,
        ("one", "x", 2, 1): 13,
        ("one", "x", 3, "y"): 13,
        ("one", "x", 3, "z", "w", 0): 13,
        ("many",): 15,
        ("many", 0): 15,
        ("many", 0, "inner", "y"): 19,
        ("many", 1): 20,
        ("many", 1, "deep", 0, "k"): 22,
        ("many", 1, "deep", 1): 23,
        ("many", 1, "deep", 1, "文"): 24,
        ("last", "quoted.table", "k"): 26,
    }
    assert {key: lines.get(key) for key in expected} == expected


def test_an_empty_text() -> None:
    assert locate("") == {}
    assert locate("# nothing\n\n") == {}


class Writer:
    """Writes nested values as TOML in a style drawn at random; notes where each value stands."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.text = ""
        self.lines: dict[Key, int] = {}

    def line(self) -> int:
        return self.text.count("\n") + 1

    def note(self, key: Key) -> None:
        self.lines.setdefault(key, self.line())

    def gap(self, choices: typing.Sequence[str]) -> None:
        self.text += self.draw(st.sampled_from(choices))

    def table(self, value: dict[str, typing.Any], key: Key) -> None:
        """Plain pairs first, then the tables below."""
        below = {k: v for k, v in value.items() if is_table(v) and self.draw(st.booleans())}
        for name, inner in value.items():
            if name not in below:
                self.gap(["", "\n", "# x = [1\n", "  "])
                self.pair(name, inner, key)
                self.gap(["\n", " # [[c]]\n"])
        for name, inner in below.items():
            self.header(name, inner, key)

    def header(self, name: str, value: typing.Any, key: Key) -> None:
        here = (*key, name)
        path = ".".join(json.dumps(part) for part in here if isinstance(part, str))
        for i, inner in enumerate(value if isinstance(value, list) else [value]):
            self.note(here)
            where = (*here, i) if isinstance(value, list) else here
            self.note(where)
            self.text += f"[[{path}]]\n" if isinstance(value, list) else f"[ {path} ]\n"
            self.table(inner, where)

    def pair(self, name: str, value: typing.Any, key: Key) -> None:
        self.note((*key, name))
        bare = name.isascii() and name.isalnum()
        self.text += name if bare and self.draw(st.booleans()) else json.dumps(name)
        self.gap(["=", " = "])
        self.value(value, (*key, name))

    def value(self, value: typing.Any, key: Key) -> None:
        if isinstance(value, dict):
            self.text += "{"
            for i, (name, inner) in enumerate(value.items()):
                self.gap([" ", ""] if i == 0 else [", "])
                self.pair(name, inner, key)
            self.text += " }"
        elif isinstance(value, list):
            self.text += "["
            for i, inner in enumerate(value):
                self.gap(["", "\n", " # ]\n  "])
                self.note((*key, i))
                self.value(inner, (*key, i))
                self.gap([",", " ,\n"] if i < len(value) - 1 else ["", ",", ",\n # end\n"])
            self.text += "]"
        elif isinstance(value, str):
            plain = json.dumps(value)
            long = f'"""\n{plain[1:-1]}\n"""' if self.draw(st.booleans()) else plain
            self.text += long
        else:
            self.text += json.dumps(value)


def is_table(value: typing.Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, dict) for one in value)
    return isinstance(value, dict)


LETTERS = st.text(alphabet="ab1-_.# ]文\"'=[", min_size=1, max_size=6)
LEAVES = st.one_of(st.integers(-99, 99), st.booleans(), LETTERS)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(LETTERS, inner, max_size=3),
        st.lists(st.dictionaries(LETTERS, inner, max_size=2), min_size=1, max_size=3),
    ),
    max_leaves=12,
)


@st.composite
def written(draw: st.DrawFn) -> tuple[str, dict[Key, int]]:
    writer = Writer(draw)
    writer.table(draw(st.dictionaries(LETTERS, VALUES, max_size=4)), ())
    return writer.text, writer.lines


@given(written())
def test_every_key_is_found_on_its_line(case: tuple[str, dict[Key, int]]) -> None:
    text, expected = case
    tomllib.loads(text)
    assert locate(text) == expected
