"""docs/node.md tells of each field of both messages, in the order of their structs."""

import re

import pytest

from tests.support.folders import ROOT
from wallctl.node.messages import FORMAT, UTC, NodeReport, SceneOrder

PAGE = (ROOT / "docs/node.md").read_text("utf-8")


def fields_told(heading: str) -> list[str]:
    """The fields named in the first column of the table below a heading."""
    part = PAGE.split(f"## {heading}")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    return [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]


@pytest.mark.parametrize("message", [SceneOrder, NodeReport])
def test_each_field_has_a_line(message: type[SceneOrder] | type[NodeReport]) -> None:
    assert fields_told(message.__name__) == list(message.__struct_fields__)


def test_version_and_clock_are_those_of_the_code() -> None:
    assert f"the version of the message: {FORMAT} |" in PAGE
    assert f"the clock of its times: `{UTC}`" in PAGE
