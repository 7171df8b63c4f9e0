"""What all files that people write have in common. Knows no kind of file."""

from typing import Annotated

import msgspec
from msgspec import Meta

END = r"(?![\s\S])"
"""The end of the text: ``$`` would let a line break pass."""
QUIET = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
"""Control characters and what else breaks a line: no name holds one."""
_NO_TEXT = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
"""Control characters except for those that part words."""


def named(pattern: str, words: str, description: str) -> Meta:
    """A name: its pattern, the words for a finding, and what editors tell."""
    return Meta(
        min_length=1,
        max_length=40,
        pattern=f"^{pattern}{END}",
        description=description,
        extra={"words": words},
    )


SourceRef = Annotated[
    str | int,
    Meta(
        description='监控点的名称或编号，"" 为空窗。Name or number of a source; "" stays empty.',
        extra={"words": "the name or number of a source"},
    ),
]
Secret = Annotated[str, Meta(extra={"as_written": True, "secret": True})]
"""Half of a login: of any characters, since nobody is shown it."""
AsWritten = Annotated[str, Meta(extra={"as_written": True})]
"""A path: taken character by character, though others read the same."""


def text(longest: int, description: str, shortest: int | None = None) -> Meta:
    """A text that people read: how long it may be, and what editors tell."""
    return Meta(
        min_length=shortest,
        max_length=longest,
        pattern=f"^[^{_NO_TEXT}]*{END}",
        description=description,
        extra={"words": f"a text of at most {longest} characters on one line, in quotation marks"},
    )


Title = Annotated[str, text(80, "显示的标题。Title as shown.")]


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all structs of files share: keys that are not known are faults."""
