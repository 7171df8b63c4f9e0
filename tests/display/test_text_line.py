import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont

from wallctl.display.drawing.sprite import Patch, planes
from wallctl.display.text.fonts import SAMPLE, find_font, font_warning, missing_glyphs
from wallctl.display.text.installed_fonts import FontFile
from wallctl.display.text.text_line import ELLIPSIS, Face, clean, line_height

WHITE = (255, 255, 255)


@pytest.fixture(scope="module")
def font() -> FontFile:
    found = find_font()
    if found is None:
        pytest.skip("no font with Chinese characters is installed (fonts-noto-cjk)")
    return found


@pytest.fixture(scope="module")
def face(font: FontFile) -> Face:
    return Face(font)


def test_a_wall_keeps_its_words_when_its_font_is_removed(font: FontFile, tmp_path: Path) -> None:
    """And so do the processes that it starts later."""
    own = FontFile(str(tmp_path / "own.ttc"), font.index)
    Path(own.path).symlink_to(font.path)
    assert find_font(own.path) == own
    first = Face(own)
    before = first.image("信号中断", 24, WHITE)
    Path(own.path).unlink()
    assert first.image("信号中断", 31, WHITE) == Face(font).image("信号中断", 31, WHITE)
    assert Face(own).image("信号中断", 24, WHITE) == before


def test_clean_keeps_names_and_drops_what_can_deceive_or_break() -> None:
    assert clean("北门\t广场\n东\x1b[31m\u202e\ud800") == "北门 广场 东\ufffd[31m\ufffd"
    assert clean("Cafe\u0301") == "Caf\u00e9"
    assert clean("ئۇيغۇر\u200cچە") == "ئۇيغۇر\u200cچە"


@settings(max_examples=50, deadline=None)
@given(text=st.text(), width_px=st.integers(20, 400), most=st.integers(1, 4))
def test_lines_hold_all_of_a_text_that_has_room(
    face: Face, text: str, width_px: int, most: int
) -> None:
    lines = face.wrapped(text, 16, width_px, most)
    assert 1 <= len(lines) <= most
    assert all(face.width(line, 16) <= width_px or len(line) == 1 for line in lines)
    if not lines[-1].endswith(ELLIPSIS) and lines[-1]:
        assert "".join("".join(lines).split()) == "".join(clean(text).split())


def test_lines_break_where_phrases_end(face: Face) -> None:
    question = "遮蔽画面？ 再按 B：全部，Enter：仅 1 东门，Esc：取消"
    lines = face.wrapped(question, 20, 300, 3)
    assert lines == ["遮蔽画面？ 再按 B：全部，", "Enter：仅 1 东门，Esc：取消"]
    assert face.wrapped(question, 20, 2000, 3) == [question]


@given(st.text())
def test_clean_is_one_line_of_drawable_characters(text: str) -> None:
    cleaned = clean(text)
    assert not {unicodedata.category(c) for c in cleaned} & {"Cc", "Cs", "Zl", "Zp"}
    assert clean(cleaned) == cleaned
    assert len(cleaned) <= 3 * 200


def test_a_long_name_is_ended_by_an_ellipsis(face: Face) -> None:
    name = "G318 国道卡口 K1204+500 收费站入口车道"
    short = face.fitted(name, 18, 160)
    assert short.endswith(ELLIPSIS)
    assert name.startswith(short[:-1])
    assert 160 - 2 * 18 < face.width(short, 18) <= 160
    assert face.fitted(name, 18, 2000) == name


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60), px=st.integers(8, 40), max_w=st.integers(0, 300))
def test_fitted_text_fits(face: Face, text: str, px: int, max_w: int) -> None:
    fitted = face.fitted(text, px, max_w)
    assert fitted == "" or face.width(fitted, px) <= max_w


@given(text=st.text() | st.text("a\n\r\x1c\x85\u2028\u202e\ud800门"), px=st.integers(8, 40))
def test_whatever_a_text_is_it_is_measured_and_drawn(face: Face, text: str, px: int) -> None:
    """Fonts raise for a line break, and a screen must not end for one."""
    assert face.width(text, px) == face.width(clean(text), px)
    assert face.image(text, px, (255, 255, 255)).height == line_height(px)


def test_an_image_is_even_and_as_high_as_its_line(face: Face) -> None:
    image = face.image("北门 3", 21, WHITE)
    assert image.mode == "RGBA"
    assert image.height == line_height(21)
    assert image.width % 2 == image.height % 2 == 0
    assert image.width - face.width("北门 3", 21) in (0, 1)


def test_characters_stand_in_the_middle_of_their_line(face: Face) -> None:
    for character in "国8":
        rows = np.flatnonzero(np.asarray(face.image(character, 40, WHITE))[..., 3].max(1))
        middle = (rows[0] + rows[-1]) / 2
        assert abs(middle - line_height(40) / 2) <= 2


def test_the_ink_of_white_text_is_limited_range_white(face: Face) -> None:
    target = planes(np.full((90, 80), 16, np.uint8))
    target.u[...] = target.v[...] = 128
    Patch.from_image(face.image("一口", 60, WHITE)).lay(target, 0, 0)
    assert target.y.max() == 235
    assert np.unique(target.u).tolist() == np.unique(target.v).tolist() == [128]


def test_a_wall_without_a_chinese_font_still_writes_numbers() -> None:
    face = Face(None)
    alpha = np.asarray(face.image("117", 20, WHITE))[..., 3]
    assert alpha.max() == 255
    assert face.width("117", 20) > face.width("1", 20) > 0


def test_the_simplified_chinese_face_of_a_collection_is_taken(font: FontFile) -> None:
    if not font.path.endswith(".ttc") or "CJK" not in font.path:
        pytest.skip("the font that was found is no Noto CJK collection")
    family = ImageFont.truetype(font.path, 20, index=font.index).getname()[0]
    assert family is not None
    assert family.endswith("CJK SC")
    assert "Mono" not in family


def test_missing_glyphs_are_named(font: FontFile) -> None:
    assert missing_glyphs(font, SAMPLE + "A 9\n") == set()
    assert missing_glyphs(font, "北\ue123门") == {"\ue123"}


def test_a_latin_font_lacks_chinese(tmp_path: Path) -> None:
    latin = tmp_path / "latin.ttf"
    builtin = ImageFont.load_default(20)
    assert isinstance(builtin, ImageFont.FreeTypeFont)
    latin.write_bytes(builtin.font_bytes)
    lacking = missing_glyphs(FontFile(str(latin)), "A门")
    assert lacking == {"门"}
    warning = font_warning(str(latin), FontFile(str(latin)))
    assert warning is not None
    assert "lacks Chinese characters" in warning


def test_a_wrong_path_is_told_and_another_font_is_used(font: FontFile, tmp_path: Path) -> None:
    torn = tmp_path / "torn.ttf"
    torn.write_bytes(b"no font at all")
    for path in (str(torn), str(tmp_path / "nowhere.ttf")):
        found = find_font(path)
        assert found == font
        warning = font_warning(path, found)
        assert warning is not None
        assert path in warning
        assert font.path in warning


def test_no_warning_without_need(font: FontFile) -> None:
    assert font_warning(None, font) is None
    assert font_warning(font.path, font) is None
    assert "fonts-noto-cjk" in (font_warning(None, None) or "")
