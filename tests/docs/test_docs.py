"""What the documents say can be typed: files load, commands parse, verbs, keys and links exist.

A fenced block says what it is behind its language: ``toml site``, ``toml preset`` (of that site),
``toml layout``, ``toml login``. docs/protocol.md has its own test.
"""

import json
import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from tests.support.folders import ROOT
from tests.support.markdown import BLOCK, anchor, titles
from wallctl.cli import main
from wallctl.config.site_file import check_layouts, check_site, load_site
from wallctl.model.operator.keymap import KeyMap
from wallctl.model.wall.commands.command import CommandError
from wallctl.model.wall.commands.syntax import parse_words
from wallctl.storage.file_findings import Level

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
CONTEXT = click.Context(main)
VERB = re.compile(r"(?<![\w./-])(?:[\w./]*/bin/)?wallctl +(?P<words>[a-z][^`\n]*)")


def page_id(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path, about: str) -> list[str]:
    return [match["text"] for match in BLOCK.finditer(page.read_text()) if match["about"] == about]


def typed(page: Path) -> list[list[str]]:
    """The words behind ``wallctl`` in every shell block, unit and piece of code."""
    text = page.read_text()
    code = [
        *blocks(page, "sh"),
        *blocks(page, "ini"),
        *re.findall(r"`([^`\n]+)`", BLOCK.sub("", text)),
    ]
    lines = [match["words"] for one in code for match in VERB.finditer(one)]
    return [shlex.split(line, comments=True) for line in lines]


COMMANDS = [(page, words) for page in PAGES for words in typed(page)]
TASKS = re.findall(r"\((operations/\w+)\.en\.md\)", (ROOT / "docs/operations.md").read_text())
"""The technicians' pages, in the order of their index."""
KINDS = ("site", "preset", "layout", "login", "source")
Examples = dict[str, list[str]]


def examples(tongue: str) -> Examples:
    """What the technicians' pages in a language show of each kind of file."""
    pages = [ROOT / f"docs/{task}.{tongue}.md" for task in TASKS]
    return {
        kind: [text for page in pages for text in blocks(page, f"toml {kind}")] for kind in KINDS
    }


EXAMPLES = [examples("zh"), examples("en")]
both = pytest.mark.parametrize("shown", EXAMPLES, ids=["zh", "en"])


@pytest.mark.parametrize("text", [text for shown in EXAMPLES for text in shown["source"]])
def test_the_examples_of_sources_are_sources(text: str, tmp_path: Path) -> None:
    head = 'schema = 1\nname = "x"\n[[screens]]\nname = "left"\nwidth = 1920\nheight = 1080\n'
    (tmp_path / "site.toml").write_text(head + text)
    assert check_site(tmp_path / "site.toml") == ()


def test_every_command_in_the_documents_is_one() -> None:
    for page, (verb, *rest) in COMMANDS:
        said = f"{page_id(page)} says wallctl {verb} {' '.join(rest)}"
        command = main.get_command(CONTEXT, verb)
        assert command is not None, said
        try:
            if verb == "send" and rest:
                parse_words(rest)
            elif rest:
                command.make_context(verb, rest)
        except (CommandError, click.ClickException) as error:
            raise AssertionError(said) from error


def test_the_readme_shows_every_verb() -> None:
    assert {words[0] for page, words in COMMANDS if page.name == "README.md"} >= set(
        main.list_commands(CONTEXT)
    )


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_toml_and_json_block_is_whole(page: Path) -> None:
    for match in BLOCK.finditer(page.read_text()):
        if match["about"].startswith("toml"):
            tomllib.loads(match["text"])
            assert match["about"].removeprefix("toml ") in KINDS
        elif match["about"].startswith("json"):
            for line in match["text"].splitlines():
                json.loads(line)


def written_site(folder: Path, text: str, shown: Examples) -> Path:
    """A site as the page tells it: with its account, its preset and its layout."""
    login = folder / "cameras.login.toml"
    login.write_text(shown["login"][0])
    login.chmod(0o600)
    for kind, name in (("preset", "夜班"), ("layout", "1+2")):
        (folder / f"{kind}s").mkdir()
        (folder / f"{kind}s/{name}.toml").write_text(shown[kind][0])
    site = folder / "site.toml"
    site.write_text(text)
    return site


@both
def test_the_site_examples_are_sites(shown: Examples, tmp_path: Path) -> None:
    least, usual, _grouped, toured, scheduled, wall, _sending = shown["site"]
    for name, text in enumerate((least, wall)):
        (tmp_path / f"{name}.toml").write_text(text)
        assert check_site(tmp_path / f"{name}.toml") == ()
    file = written_site(tmp_path, usual, shown)
    assert check_site(file) == ()
    site = load_site(file)
    assert [preset.name for preset in site.presets] == ["夜班"]
    assert site.layouts["1+2"].count == 3
    assert site.sources[0].streams[0].credential is not None
    assert "F12" in KeyMap.of(site).bindings
    file.write_text(toured)
    assert check_site(file) == ()
    (tour,) = load_site(file).tours
    file.write_text(scheduled)
    assert check_site(file) == ()
    assert [(one.from_min, one.to_min) for one in load_site(file).schedule] == [
        *((450, 540), (1320, 360)),
    ]
    assert [page.sources for page in tour.pages] == [{"东门"}, {"西门"}, {"西门"}]


@both
def test_the_example_of_groups_is_a_site(shown: Examples, tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(shown["site"][2])
    assert check_site(file) == ()
    assert [group.sources for group in load_site(file).groups] == [("河堤步道", "石桥桥头")]


@both
def test_the_example_of_broadcasts_is_a_site(shown: Examples, tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(shown["site"][6])
    [no_login] = check_site(file)
    assert no_login.level is Level.WARNING
    assert [one.name for one in load_site(file).broadcasts] == ["领导办公室", "多播", "网页"]


@both
def test_the_layout_example_is_a_layout(shown: Examples, tmp_path: Path) -> None:
    for name, text in enumerate(shown["layout"]):
        (tmp_path / f"{name}.toml").write_text(text)
    assert check_layouts(tmp_path) == ()


def test_the_street_centre_is_sound_but_for_its_missing_account() -> None:
    findings = check_site(ROOT / "sites/street-centre/site.toml")
    assert all(one.level is Level.WARNING for one in findings)
    assert {one.key for one in findings} <= {"credentials.cameras"}


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        path, _, part = target.partition("#")
        if "://" in target:
            continue
        linked = page.parent / path if path else page
        assert linked.exists(), target
        if part:
            assert part in map(anchor, titles(linked.read_text())), target
