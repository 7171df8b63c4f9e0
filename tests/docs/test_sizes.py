"""Files and classes stay small enough to be read in one go."""

import ast
from collections.abc import Iterator

from tests.support.folders import ROOT

LINES_MAX = 400
ATTRIBUTES_MAX = 14
MODULES = sorted((ROOT / "wallctl").rglob("*.py"))


def attributes(a_class: ast.ClassDef) -> set[str]:
    """What its methods set of ``self``."""
    return {
        node.attr
        for node in ast.walk(a_class)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }


def classes() -> Iterator[tuple[str, ast.ClassDef]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                yield f"{path.relative_to(ROOT)}: {node.name}", node


def test_no_class_holds_more_than_one_can_keep_in_mind() -> None:
    large = {name: len(attributes(one)) for name, one in classes()}
    assert {name: count for name, count in large.items() if count > ATTRIBUTES_MAX} == {}
    assert max(large.values()) > ATTRIBUTES_MAX // 2, "nothing was counted"


def test_no_module_is_longer_than_400_lines() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in MODULES}
    assert {path: count for path, count in lines.items() if count > LINES_MAX} == {}
    assert len(lines) > 100, "nothing was counted"
