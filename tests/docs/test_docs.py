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

from tests.support.catalogues import EN, ZH
from tests.support.folders import ROOT
from wallctl.cli import main
from wallctl.config.site_file import check_layouts, check_site, load_site
from wallctl.model.operator.catalogue import ADVICE_TEXTS, REASON_TEXTS, STATE_TEXTS
from wallctl.model.operator.keymap import KeyMap
from wallctl.model.streams.health import TileState
from wallctl.model.wall.commands.syntax import parse_words
from wallctl.storage.finding import Level

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
OPERATIONS = (ROOT / "docs/operations.md").read_text()
CONTEXT = click.Context(main)
README = (ROOT / "README.md").read_text()
BLOCK = re.compile(r"^```(?P<about>[^\n`]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
VERB = re.compile(r"(?<![\w./-])(?:[\w./]*/bin/)?wallctl +(?P<words>[a-z][^`\n]*)")


def page_id(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path, about: str) -> list[str]:
    return [match["text"] for match in BLOCK.finditer(page.read_text()) if match["about"] == about]


def typed(page: Path) -> list[list[str]]:
    """The words behind ``wallctl`` in every shell block and in every piece of code."""
    text = page.read_text()
    code = [*blocks(page, "sh"), *re.findall(r"`([^`\n]+)`", BLOCK.sub("", text))]
    lines = [match["words"] for one in code for match in VERB.finditer(one)]
    return [shlex.split(line, comments=True) for line in lines]


COMMANDS = [(page, words) for page in PAGES for words in typed(page)]
EXAMPLES = {
    kind: blocks(ROOT / "docs/operations.md", f"toml {kind}")
    for kind in ("site", "preset", "layout", "login", "source")
}


@pytest.mark.parametrize("text", EXAMPLES["source"])
def test_the_examples_of_sources_are_sources(text: str, tmp_path: Path) -> None:
    head = 'schema = 1\nname = "x"\n[[screens]]\nname = "left"\nwidth = 1920\nheight = 1080\n'
    (tmp_path / "site.toml").write_text(head + text)
    assert check_site(tmp_path / "site.toml") == ()


@pytest.mark.parametrize(("page", "words"), COMMANDS, ids=lambda value: str(value)[-60:])
def test_every_command_in_the_documents_is_one(page: Path, words: list[str]) -> None:
    verb, *rest = words
    command = main.get_command(CONTEXT, verb)
    assert command is not None, f"{page_id(page)} says wallctl {verb}"
    if verb == "send" and rest:
        parse_words(rest)
    elif rest:
        command.make_context(verb, rest)


def test_the_readme_shows_every_verb() -> None:
    assert {words[0] for page, words in COMMANDS if page.name == "README.md"} >= set(
        main.list_commands(CONTEXT)
    )


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_toml_and_json_block_is_whole(page: Path) -> None:
    for match in BLOCK.finditer(page.read_text()):
        if match["about"].startswith("toml"):
            tomllib.loads(match["text"])
            assert match["about"].removeprefix("toml ") in EXAMPLES
        elif match["about"].startswith("json"):
            for line in match["text"].splitlines():
                json.loads(line)


def written_site(folder: Path, text: str) -> Path:
    """A site as the page tells it: with its account, its preset and its layout."""
    login = folder / "cameras.login.toml"
    login.write_text(EXAMPLES["login"][0])
    login.chmod(0o600)
    for kind, name in (("preset", "夜班"), ("layout", "1+2")):
        (folder / f"{kind}s").mkdir()
        (folder / f"{kind}s/{name}.toml").write_text(EXAMPLES[kind][0])
    site = folder / "site.toml"
    site.write_text(text)
    return site


def test_the_site_examples_are_sites(tmp_path: Path) -> None:
    least, usual, _grouped, toured, scheduled, wall, _sending = EXAMPLES["site"]
    for name, text in enumerate((least, wall)):
        (tmp_path / f"{name}.toml").write_text(text)
        assert check_site(tmp_path / f"{name}.toml") == ()
    file = written_site(tmp_path, usual)
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


def test_the_example_of_groups_is_a_site(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(EXAMPLES["site"][2])
    assert check_site(file) == ()
    assert [group.sources for group in load_site(file).groups] == [("河堤步道", "石桥桥头")]


def test_the_example_of_broadcasts_is_a_site(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(EXAMPLES["site"][6])
    [no_login] = check_site(file)
    assert no_login.level is Level.WARNING
    assert [one.name for one in load_site(file).broadcasts] == ["领导办公室", "多播", "网页"]


def test_the_layout_example_is_a_layout(tmp_path: Path) -> None:
    for name, text in enumerate(EXAMPLES["layout"]):
        (tmp_path / f"{name}.toml").write_text(text)
    assert check_layouts(tmp_path) == ()


def test_the_street_centre_is_sound_but_for_its_missing_account() -> None:
    findings = check_site(ROOT / "sites/street-centre/site.toml")
    assert all(one.level is Level.WARNING for one in findings)
    assert {one.key for one in findings} <= {"credentials.cameras"}


def test_every_state_and_reason_of_a_tile_is_explained() -> None:
    for state in TileState:
        assert f"| `{state.value}` |" in OPERATIONS
        if state is not TileState.LIVE:
            assert f"| {ZH.say(STATE_TEXTS[state])} |" in OPERATIONS
    for reason, text in REASON_TEXTS.items():
        said = f"| `{reason.name.lower()}` | {ZH.say(text)} | {EN.say(text)} |"
        advice = ADVICE_TEXTS[reason]
        row = next(line for line in OPERATIONS.splitlines() if line.startswith(said))
        assert row.endswith(f"| {EN.say(advice)} {ZH.say(advice)} |")


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        linked = page.parent / path if path else page
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked), target


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", BLOCK.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in titles}
