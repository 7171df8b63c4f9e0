"""The table of built-in keys: each row has words, a place on the help sheet, and one meaning."""

import typing
from collections.abc import Iterator

import msgspec
import pytest
from msgspec.structs import replace

from tests.support.catalogues import EN, ZH
from tests.support.sites import toured
from wallctl.config.schema.site_schema import RawSite
from wallctl.model.operator.help_content import ACTION_WORDS, HelpEntry, help_page
from wallctl.model.operator.key_actions import KeyAction
from wallctl.model.operator.key_names import normal_key_name
from wallctl.model.operator.key_table import (
    KEY_TABLE,
    PICTURE_HEADINGS,
    KeyRow,
    LayoutAt,
    PresetAt,
    built_in_key,
    is_held,
    repeats,
)
from wallctl.model.operator.keymap import KeyMap
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import Help, Move, Page, Quit

every_row = pytest.mark.parametrize("row", KEY_TABLE, ids=[row.key for row in KEY_TABLE])
both = pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])


def full_site(**own: str) -> Site:
    """A site with a layout, a preset or a tour for every key that needs one."""
    of = toured()
    presets = tuple(replace(of.presets[0], name=f"预案{i}") for i in range(11))
    return replace(of, layout_keys=("2x2",) * 9, presets=presets, hotkeys=own)


def entries(words: Catalogue, site: Site) -> Iterator[tuple[str, HelpEntry]]:
    """Each line of the sheet below its heading, without the mouse."""
    page = help_page(site, words)
    for group in (*page.pictures, *page.actions):
        if group.heading != words.say(Text.HELP_MOUSE):
            yield from ((group.heading, entry) for entry in group.entries)


@every_row
def test_a_row_has_the_right_name_and_one_binding(row: KeyRow) -> None:
    names = [name for one in KEY_TABLE for name in (one.key, one.other_name) if name]
    for name in filter(None, (row.key, row.other_name)):
        assert normal_key_name(name) == name
        assert names.count(name) == 1
        assert KeyMap.of(full_site()).bindings[name] == KeyMap.of(full_site()).bindings[row.key]


@both
@every_row
def test_a_row_has_its_place_on_the_help_sheet(row: KeyRow, words: Catalogue) -> None:
    group = [
        one for heading, one in entries(words, full_site()) if heading == words.say(row.heading)
    ]
    if not row.lines:
        (pictured,) = (one for one in group if one.key == row.key)
        assert pictured.words
        assert pictured.sketch is not None
    for line in row.lines:
        (told,) = (one for one in group if one.words == words.say(line.words))
        assert line.keys in told.key


def written(text: Text) -> str:
    """All keys of the line with these words, as the sheet writes them."""
    lines = (line for row in KEY_TABLE for line in row.lines if line.words is text)
    return " ".join(line.keys for line in lines if line.keys)


@both
def test_the_help_sheet_has_no_key_beside_the_table(words: Catalogue) -> None:
    shown = {row.key for row in KEY_TABLE if not row.lines}
    shown |= {written(line.words) for row in KEY_TABLE for line in row.lines}
    assert {entry.key for _, entry in entries(words, full_site())} == shown


@every_row
def test_a_line_has_words_in_both_languages(row: KeyRow) -> None:
    for text in (row.heading, *(line.words for line in row.lines)):
        assert any("\u4e00" <= character <= "\u9fff" for character in ZH.say(text))
        assert EN.say(text).isascii()


@every_row
def test_a_line_goes_from_the_sheet_when_the_site_binds_its_first_key(row: KeyRow) -> None:
    sheet = list(entries(EN, full_site(**{row.key: "unlock"})))
    own = [entry.key for heading, entry in sheet if heading == EN.say(Text.HELP_OWN)]
    built_in = {entry.key for heading, entry in sheet if heading != EN.say(Text.HELP_OWN)}
    before = {line.words for one in KEY_TABLE[: KEY_TABLE.index(row)] for line in one.lines}
    begun = {written(line.words) for line in row.lines if line.words not in before}
    assert own == [row.key]
    assert not built_in & {row.key, *begun}


@every_row
def test_keys_for_the_same_thing_act_alike(row: KeyRow) -> None:
    if not isinstance(row.does, LayoutAt | PresetAt):
        assert repeats(row.does) == row.repeats
        assert is_held(row.does) == row.is_held


def test_what_repeats_and_what_is_held() -> None:
    assert {type(row.does) for row in KEY_TABLE if row.repeats} == {Move, Page}
    assert {type(row.does) for row in KEY_TABLE if row.is_held} == {Quit}


@every_row
def test_a_key_that_brings_a_picture_has_a_sketch_in_place_of_words(row: KeyRow) -> None:
    does = KeyMap.of(full_site()).bindings[row.key]
    headings = [heading for kind, heading in PICTURE_HEADINGS.items() if isinstance(does, kind)]
    assert headings == ([] if row.lines else [row.heading])


@both
def test_words_on_the_wall_name_the_keys_of_the_table(words: Catalogue) -> None:
    assert built_in_key(Help()) in words.say(Text.KEY_UNUSED, key="")
    assert written(Text.HELP_NUMBER).split()[0] in words.say(Text.HELP_SOURCES)


def test_every_key_action_has_a_key_and_words() -> None:
    assert {row.does for row in KEY_TABLE if isinstance(row.does, KeyAction)} == set(KeyAction)
    assert ACTION_WORDS.keys() == set(KeyAction)


def test_a_site_names_as_many_layouts_as_there_are_keys_for() -> None:
    named = typing.get_type_hints(RawSite, include_extras=True)["keys"]
    layouts = ["1x1"] * sum(isinstance(row.does, LayoutAt) for row in KEY_TABLE)
    assert msgspec.convert(layouts, named) == tuple(layouts)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert([*layouts, "1x1"], named)
