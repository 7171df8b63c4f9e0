"""The catalogue's PO files: each text in each language, and every fault of a file is named."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.support.catalogues import EN, ZH
from wallctl.config.po_file import FOLDER, read_catalogue
from wallctl.model.base.language import Language
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.operator.message_placeholders import FIELDS
from wallctl.storage.file_findings import Report

FILES = {Language.CHINESE: FOLDER / "zh_CN.po", Language.ENGLISH: FOLDER / "en.po"}
GOOD = FILES[Language.ENGLISH].read_text()
MARKS_ALONE = {Text.CLOCK, Text.ON_SCREEN, Text.INFO_MEGABITS, Text.NUMBER_OF}
NAMED_IN_ITSELF = {Text.DO_SPEAK_CHINESE, Text.DO_SPEAK_ENGLISH}


def has_chinese(words: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in words)


def test_every_text_has_words_in_every_language() -> None:
    for words in (ZH, EN):
        assert words.words.keys() == set(Text)
        assert all(words.words.values())
    for text in set(Text) - MARKS_ALONE - NAMED_IN_ITSELF:
        assert has_chinese(ZH.words[text]), text
        assert EN.words[text].isascii(), text


def test_every_text_can_be_said_with_its_fields() -> None:
    for text in Text:
        fields = {name: f"<{name}>" for name in FIELDS.get(text, ())}
        for words in (ZH, EN):
            said = words.say(text, **fields)
            assert all(value in said for value in fields.values())
            assert "{" not in said


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_gettext_reads_the_files_as_we_do(words: Catalogue) -> None:
    with FILES[words.language].open("rb") as file:
        read = read_po(file, abort_invalid=True)
    assert {str(one.id): str(one.string) for one in read if one.id} == {
        text.value: said for text, said in words.words.items()
    }
    assert read.locale is not None
    assert read.locale.language == words.language.value.partition("-")[0]


def test_both_files_tell_translators_the_same_in_the_same_order() -> None:
    told = []
    for path in FILES.values():
        lines = path.read_text().splitlines()
        told.append([line for line in lines if line.startswith(("#.", "#,", "msgid"))])
    assert told[0] == told[1]


def read(tmp_path: Path, text: str) -> tuple[dict[Text, str], list[str]]:
    path = tmp_path / "en.po"
    path.write_text(text)
    report = Report(path)
    words = read_catalogue(Language.ENGLISH, report).words
    return words, [str(one).removeprefix(f"{tmp_path}/") for one in report.findings]


def line_of(text: str, msgid: str) -> int:
    return text.splitlines().index(f'msgid "{msgid}"') + 1


def test_words_may_be_parted_over_lines_and_hold_escapes(tmp_path: Path) -> None:
    parted = GOOD.replace('msgstr "Live"', 'msgstr ""\n"Li"\n"\\"v\\"e\\\\"')
    words, findings = read(tmp_path, parted)
    assert findings == []
    assert words[Text.LIVE] == 'Li"v"e\\'


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('msgstr "Live"', 'msgstr ""', '"live" untranslated or fuzzy'),
        ('msgid "live"', '#, fuzzy\nmsgid "live"', '"live" untranslated or fuzzy'),
        ("since {time}", "since then", '"since" as "since then", expected {time} in it'),
        ("since {time}", "since {tmie}", "expected {time} in it"),
        ("since {time}", "since {time!r}", "expected {time} in it"),
        ("since {time}", "since {time.hour}", "expected {time} in it"),
        ("since {time}", "since {time", "expected {time} in it"),
        ('msgstr "Live"', 'msgstr "{now}"', "expected no field in it"),
        ('msgid "live"', 'msgid "alive"', 'did you mean "live"?'),
        ('msgstr "Live"', 'msgstr "Live', "found "),
        ('msgstr "Live"', 'msgstr "Live"\nmsgstr "Alive"', "found "),
        ('msgid "live"', 'msgctxt "x"\nmsgid "live"', "found "),
        ('msgid "live"', 'msgid "offline"', '"offline" again'),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, old: str, new: str, found: str) -> None:
    assert GOOD.count(old) == 1
    _, findings = read(tmp_path, GOOD.replace(old, new))
    assert found in findings[0]
    assert findings[0].startswith("en.po:"), findings
    assert int(findings[0].split(":")[1]) > 1


def test_a_text_that_is_not_there_is_named(tmp_path: Path) -> None:
    _, findings = read(tmp_path, GOOD.replace('msgid "live"\nmsgstr "Live"\n', ""))
    assert findings == ['en.po: found nothing for "live", expected words for every text']


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    report = Report(tmp_path / "none.po")
    read_catalogue(Language.ENGLISH, report)
    assert len(report.findings) == 1
