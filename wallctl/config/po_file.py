"""Catalogue files: the wall's words in one language, as PO files that translators' programs edit.

Read strictly, since a text that is missing or lacks a field would be missed on the wall at the
worst moment. What the wall does not use of the format (contexts, plurals) is a finding.
"""

import json
import re
import string
from pathlib import Path

import msgspec

from wallctl.model.base.language import Language
from wallctl.model.operator.message_catalogue import Catalogue, Catalogues, Text
from wallctl.model.operator.message_placeholders import FIELDS
from wallctl.storage.file_findings import FilesError, Report, one_of, quoted

FOLDER = Path(__file__).parents[1] / "locale"
_FILES = {Language.CHINESE: "zh_CN.po", Language.ENGLISH: "en.po"}
_LINE = re.compile(r'(?:(?P<keyword>msgid|msgstr) )?(?P<quoted>".*")')


class _Entry(msgspec.Struct):
    """A text as the file has it, and the line where it begins."""

    line: int
    msgid: str = ""
    msgstr: str | None = None
    fuzzy: bool = False
    """A program has guessed the words, and no person has read them."""


def catalogues() -> Catalogues:
    """The words of every language. Raises ``FilesError`` with all that is wrong with the files."""
    reports = {language: Report(FOLDER / name) for language, name in _FILES.items()}
    read = {language: read_catalogue(language, report) for language, report in reports.items()}
    findings = [one for report in reports.values() for one in report.findings]
    if findings:
        raise FilesError(findings)
    return read


def read_catalogue(language: Language, report: Report) -> Catalogue:
    """The words in the file that ``report`` is of, as far as they are sound; faults go to it."""
    words: dict[Text, str] = {}
    for entry in _entries(report):
        if entry.msgid and (text := _checked(entry, words, report)) is not None:
            words[text] = entry.msgstr or ""
    for missing in Text:
        if missing not in words and report.sound():
            report.at_line(None, f"nothing for {quoted(missing.value)}", "words for every text")
    return Catalogue(language, words)


def _entries(report: Report) -> list[_Entry]:
    """The entries of a file in their order; the first one is its head, with an empty id."""
    try:
        lines = Path(report.file).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        report.at_line(None, f"a file that can't be read ({error})", "a PO file in UTF-8")
        return []
    entries: list[_Entry] = []
    fuzzy = False
    for number, line in enumerate(map(str.strip, lines), start=1):
        if not line or line.startswith("#"):
            fuzzy |= line.startswith("#,") and "fuzzy" in line
        elif _take(line, number, entries):
            entries[-1].fuzzy |= fuzzy
            fuzzy = False
        else:
            report.at_line(number, quoted(line), 'msgid "...", msgstr "..." or "..."')
    return entries


def _take(line: str, number: int, entries: list[_Entry]) -> bool:
    """Add what a line says to the entries; whether it says something that can stand there."""
    match = _LINE.fullmatch(line)
    try:
        part = json.loads(match["quoted"]) if match else None  # its escapes are those of JSON
    except ValueError:
        return False
    if match is None or not isinstance(part, str):
        return False
    if match["keyword"] == "msgid":
        entries.append(_Entry(number, part))
    elif not entries or (match["keyword"] and entries[-1].msgstr is not None):
        return False
    elif match["keyword"] or entries[-1].msgstr is not None:
        entries[-1].msgstr = (entries[-1].msgstr or "") + part
    else:
        entries[-1].msgid += part
    return True


def _checked(entry: _Entry, before: dict[Text, str], report: Report) -> Text | None:
    """The text of an entry that can be said; else ``None``, and why in the report."""
    try:
        text = Text(entry.msgid)
    except ValueError:
        names = [text.value for text in Text]
        expected = one_of("the name of a text", entry.msgid, names)
        report.at_line(entry.line, quoted(entry.msgid), expected)
        return None
    expected = ", ".join(f"{{{name}}}" for name in sorted(FIELDS.get(text, ()))) or "no field"
    if text in before:
        report.at_line(entry.line, f"{quoted(entry.msgid)} again", "each text once")
    elif not entry.msgstr or entry.fuzzy:
        report.at_line(entry.line, f"{quoted(entry.msgid)} untranslated or fuzzy", "its words")
    elif _fields(entry.msgstr) != FIELDS.get(text, frozenset()):
        report.at_line(
            entry.line, f"{quoted(entry.msgid)} as {quoted(entry.msgstr)}", f"{expected} in it"
        )
    else:
        return text
    return None


def _fields(words: str) -> frozenset[str] | None:
    """The fields of a text; ``None`` if its braces can't be read, or ask for more than a name."""
    try:
        parts = list(string.Formatter().parse(words))
    except ValueError:
        return None
    if any(form or conversion for _, _, form, conversion in parts):
        return None
    return frozenset(name for _, name, _, _ in parts if name is not None)
