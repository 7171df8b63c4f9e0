"""No text that the operator reads stands in code: the catalogue has them all."""

import ast
from collections.abc import Iterator
from pathlib import Path

import wallctl

PACKAGE = Path(wallctl.__file__).parent
ALLOWED = {
    "config/schema/site_schema.py": "schemas explain themselves in both languages",
    "config/schema/layout_schema.py": "as config/schema/site_schema.py",
    "config/schema/tours_schema.py": "as config/schema/site_schema.py",
    "config/schema/alarms_schema.py": "as config/schema/site_schema.py",
    "config/schema/camera_identity_schema.py": "as config/schema/site_schema.py",
    "config/schema/common_schema.py": "as config/schema/site_schema.py",
    "config/toml/reader.py": "the marks of a Chinese keyboard, named to whoever writes a file",
    "alarm_inputs/alarm_signal.py": "words that devices send",
    "demo/cameras.py": "names of the demo's cameras",
    "cli/demo_cameras.py": "the name of the demo's site",
    "display/text/fonts.py": "characters that a font is tried with",
}


def literals(path: Path) -> Iterator[str]:
    """The texts of a module that are no docstrings."""
    tree = ast.parse(path.read_text())
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def is_chinese(text: str) -> bool:
    return any("\u3400" <= character <= "\u9fff" for character in text)


def test_no_chinese_in_code() -> None:
    modules = {str(path.relative_to(PACKAGE)): path for path in PACKAGE.rglob("*.py")}
    found = {name for name, path in modules.items() if any(map(is_chinese, literals(path)))}
    assert found == ALLOWED.keys()


def test_what_the_presenter_writes_is_given_to_it() -> None:
    """No words among the drawings: a text literal there is a name, a format or a mark."""
    display = PACKAGE / "display"
    paths = [*(display / "overlays").glob("*.py"), *(display / "drawing").glob("*.py")]
    for path in (*paths, display / "compositor" / "tile.py"):
        if path.name != "failed_drawings.py":  # it writes the log
            assert [text for text in literals(path) if " " in text.strip()] == [], path.name


def test_the_scan_sees_what_it_looks_for(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('"""说明"""\nX = f"{1}画面"\n"""说明"""\n')
    assert [text for text in literals(module) if is_chinese(text)] == ["画面"]
