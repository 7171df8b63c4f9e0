"""The glossary has a line for every structural word: one that names of several modules share."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from tests.support.folders import ROOT
from wallctl.node.child_kinds import CHILD_KINDS

PACKAGE = ROOT / "wallctl"
SEVERAL = 3
PLAIN = {
    *("answer", "answered", "camera", "check", "clip", "clock", "colour", "content"),
    *("control", "decode", "default", "demo", "display", "end", "ended", "entry"),
    *("error", "failed", "failure", "file", "hold", "http", "icon", "image"),
    *("kind", "language", "live", "load", "log", "machine", "mapping", "mqtt"),
    *("name", "part", "read", "retry", "rtsp", "run"),
    *("seen", "server", "set", "shown", "socket", "time", "to", "watch"),
    *("web",),
}
"""Words that mean here what they mean elsewhere."""


def single(word: str) -> str:
    """A noun without the ending of several."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def explained() -> set[str]:
    """The words at the beginning of the glossary's lines."""
    lines = (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()
    cells = (line.split("|")[1].lower() for line in lines if line.startswith("| "))
    return {single(word) for cell in cells for word in re.findall(r"[a-z]+", cell)}


def words_in(path: Path) -> set[str]:
    """The words in the names of a module and of its public classes; of a package, its own."""
    if path.stem == "__init__":
        return {single(path.parent.name)}
    classes = (node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef))
    names = [one.name for one in classes if not one.name.startswith("_")]
    words = [*path.stem.split("_"), *re.findall(r"[A-Z][a-z0-9]+|[A-Z]+(?![a-z])", " ".join(names))]
    return {single(word.lower()) for word in words}


def structural_words() -> set[str]:
    """Those that the names of several modules share."""
    modules = defaultdict[str, set[Path]](set)
    for path in PACKAGE.rglob("*.py"):
        for word in words_in(path):
            modules[word].add(path)
    return {word for word, paths in modules.items() if len(paths) >= SEVERAL}


def test_every_structural_word_is_explained() -> None:
    assert sorted(structural_words() - explained() - PLAIN) == []


def test_every_plain_word_is_in_use() -> None:
    assert sorted(PLAIN - structural_words()) == []


def test_every_kind_of_process_is_explained() -> None:
    assert sorted({single(kind) for kind in CHILD_KINDS} - explained()) == []


def test_no_word_is_explained_twice() -> None:
    lines = (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()
    words = [line.split("|")[1].strip() for line in lines if line.startswith("| ")]
    entries = [word for cell in words if cell != "word" for word in cell.split(", ")]
    assert sorted({word for word in entries if entries.count(word) > 1}) == []
