"""The technicians' pages say the same in both languages, and what the wall and its tables say."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from tests.support.catalogues import EN, ZH
from tests.support.folders import ROOT
from tests.support.markdown import BLOCK, anchor, titles
from wallctl.model.operator.message_catalogue import (
    ADVICE_TEXTS,
    OBSTACLE_TEXTS,
    REASON_TEXTS,
    STATE_TEXTS,
    Catalogue,
    Text,
)
from wallctl.model.operator.message_placeholders import FIELDS
from wallctl.model.operator.monitor_state import MonitorState
from wallctl.model.streams.health import TileState

FOLDER = ROOT / "docs/operations"
INDEX = (ROOT / "docs/operations.md").read_text("utf-8")
TASKS = re.findall(r"\(operations/(\w+)\.en\.md\)", INDEX)
"""In the order of the index."""
WORDS = {"zh": ZH, "en": EN}
MOST_LINES = 400
IN_THE_CORNER = r'#\. In a corner of every screen.*\n(?:#,.*\n)?msgid "(\w+)"'
NOTICES = (
    *map(Text, re.findall(IN_THE_CORNER, (ROOT / "wallctl/locale/en.po").read_text("utf-8"))),
    *(Text.STATE_UNUSABLE, Text.WRONG_MODE, Text.MONITOR_GONE, Text.MONITOR_BACK),
)
"""What stands on a screen beside the tiles, since something around the wall is wrong."""
ANSWERS = (Text.KEY_UNUSED, Text.NOT_POSSIBLE, Text.NOTHING_TO_UNDO, Text.NO_ALARM)
"""What keys are answered that do nothing."""
SENTENCE = re.compile(r"(?!wallctl |xset |sudo |journalctl |.*=)(?:.*…|[A-Za-z' ]+ [a-z]+ )")
"""What the program says, in code, with … for what it fills in; no command to be typed."""
WELL = {MonitorState.STARTING, MonitorState.HEADLESS, MonitorState.THERE}
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CHINESE = re.compile(r"[\u3400-\u9fff]")

both = pytest.mark.parametrize("tongue", WORDS)
each_task = pytest.mark.parametrize("task", TASKS)


class Section(msgspec.Struct, frozen=True):
    """What a section of a page must share with its sister."""

    heading: str
    level: int
    blocks: list[tuple[str, str]]
    """Their language, and their text without comments."""
    tables: list[list[int]]
    """The columns of each line."""
    items: int
    code: set[str]
    numbers: set[str]
    links: list[str]
    """Without the language and the anchor."""


def page(task: str, tongue: str) -> str:
    return (FOLDER / f"{task}.{tongue}.md").read_text("utf-8")


def sections(text: str) -> Iterator[Section]:
    """The sections of a page in their order."""
    blocks = [(match[1], _without_comments(match[2])) for match in BLOCK.finditer(text)]
    prose = BLOCK.sub("\n@@\n", text)
    starts = [match.start() for match in re.finditer(r"^#+ ", prose, re.MULTILINE)]
    for begin, end in pairwise([*starts, len(prose)]):
        heading, _, body = prose[begin:end].partition("\n")
        mine = [blocks.pop(0) for _ in range(body.count("\n@@\n"))]
        yield _section(heading, body, mine)


def _section(heading: str, body: str, blocks: list[tuple[str, str]]) -> Section:
    plain = _CODE.sub("", _LINK.sub("]", body))
    return Section(
        heading,
        len(heading) - len(heading.lstrip("#")),
        blocks,
        [
            [line.count("|") for line in table.splitlines()]
            for table in re.findall(r"(?:^\|.*\n)+", body, re.MULTILINE)
        ],
        len(re.findall(r"^ *(?:\*|\d+\.) ", body, re.MULTILINE)),
        set(_CODE.findall(body)),
        set(re.findall(r"\d+(?:\.\d+)?", plain)),
        [re.sub(r"\.(?:zh|en)\.md|#.*", "", link) for link in _LINK.findall(body)],
    )


def _without_comments(block: str) -> str:
    lines = (re.sub(r"(^|\s+)#(?!!).*", "", line) for line in block.splitlines())
    return "\n".join(line for line in lines if line)


@each_task
def test_both_languages_say_the_same_section_by_section(task: str) -> None:
    zh, en = (list(sections(page(task, tongue))) for tongue in WORDS)
    assert [one.level for one in zh] == [one.level for one in en]
    for chinese, english in zip(zh, en, strict=True):
        for field in Section.__struct_fields__[2:]:
            told = f"{field} of {chinese.heading!r} and {english.heading!r}"
            assert getattr(chinese, field) == getattr(english, field), told


@each_task
def test_a_page_is_in_one_language(task: str) -> None:
    """But for code, and the way to the sister page."""
    english = _CODE.sub("", BLOCK.sub("", page(task, "en"))).replace(f"[中文]({task}.zh.md)", "")
    assert [line for line in english.splitlines() if _CHINESE.search(line)] == []
    chinese = _CODE.sub("", BLOCK.sub("", page(task, "zh")))
    assert re.findall(r"(?:\b[a-z]{2,} ){4,}", chinese) == []
    foreign = {one for one in titles(page(task, "zh")) if not _CHINESE.search(one)}
    assert foreign <= {"HTTP", "MQTT"}


@both
def test_the_index_leads_to_every_page(tongue: str) -> None:
    linked = re.findall(rf"\(operations/(\w+)\.{tongue}\.md\)", INDEX)
    assert sorted(linked) == sorted(
        path.name.split(".")[0] for path in FOLDER.glob(f"*.{tongue}.md")
    )
    assert linked == TASKS


@both
@each_task
def test_a_page_begins_with_links_to_its_parts(task: str, tongue: str) -> None:
    text = page(task, tongue)
    head = text.partition("\n## ")[0]
    assert re.findall(r"\]\(#([^)]+)\)", head) == [anchor(title) for title in titles(text, "##")]


@both
@each_task
def test_a_page_is_short(task: str, tongue: str) -> None:
    assert len(page(task, tongue).splitlines()) < MOST_LINES


def rows(tongue: str) -> list[list[str]]:
    """The cells of all tables that tell what to do about trouble."""
    text = page("trouble", tongue)
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]


@both
def test_every_state_is_explained_by_its_word_on_the_tile(tongue: str) -> None:
    said = {row[1]: row[0] for row in rows(tongue)}
    for state in TileState:
        if state is not TileState.LIVE:
            assert said[f"`{state.value}`"] == WORDS[tongue].say(STATE_TEXTS[state])


@both
def test_every_reason_is_explained_with_the_advice_of_the_wall(tongue: str) -> None:
    words, told = WORDS[tongue], {row[1]: row for row in rows(tongue)}
    for reason, text in REASON_TEXTS.items():
        said, _, _, advice = told[f"`{reason.name.lower()}`"]
        assert (said, advice) == (words.say(text), words.say(ADVICE_TEXTS[reason]))


@both
def test_every_line_in_the_corner_is_explained(tongue: str) -> None:
    words, told = WORDS[tongue], {row[0] for row in rows(tongue)}
    assert Text.SOURCE_DIES in NOTICES
    assert [text for text in NOTICES if _with_dots(words, text) not in told] == []
    assert [
        text for text in OBSTACLE_TEXTS.values() if words.say(text) not in page("trouble", tongue)
    ] == []


def _with_dots(words: Catalogue, text: Text) -> str:
    return words.say(text, **dict.fromkeys(FIELDS.get(text, ()), "…"))


@both
def test_every_state_of_a_monitor_is_explained(tongue: str) -> None:
    told = {row[0] for row in rows(tongue)}
    assert [one for one in MonitorState if one not in WELL and f"`{one.value}`" not in told] == []


@both
def test_the_answers_of_keys_are_told_in_the_words_of_the_wall(tongue: str) -> None:
    words, told = WORDS[tongue], {row[0] for row in rows(tongue)}
    assert [text for text in ANSWERS if _with_dots(words, text) not in told] == []


def test_what_the_program_is_quoted_with_it_says() -> None:
    """Sentences in code on the page of trouble stand in the program, except what is filled in."""
    said = [text for file in (ROOT / "wallctl").rglob("*.py") for text in literals(file)]
    quoted = [one for one in _CODE.findall(page("trouble", "en")) if SENTENCE.match(one)]
    assert len(quoted) > 20
    pieces = {piece.strip(" ;:") for one in quoted for piece in re.split(r"…|\d+", one)} - {""}
    assert sorted(piece for piece in pieces if not any(piece in text for text in said)) == []


def literals(file: Path) -> Iterator[str]:
    """The texts of a module; adjacent ones are one, ``{}`` and ``%s`` part them."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
