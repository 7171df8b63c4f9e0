"""What all files that people write have in common. Knows no kind of file."""

from typing import Annotated

import msgspec
from msgspec import Meta

END = r"(?![\s\S])"
"""The end of the text: ``$`` would let a line break pass."""
QUIET = r"\x00-\x1f\x7f"


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
        description='信号源的名称或编号，"" 为空窗。Name or number of a source; "" stays empty.',
        extra={"words": "the name or number of a source"},
    ),
]
Title = Annotated[str, Meta(max_length=80, description="显示的标题。Title as shown.")]


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all structs of files share: keys that are not known are faults."""
