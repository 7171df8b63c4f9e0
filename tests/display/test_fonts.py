"""What the wall's font lacks is written with others: which, in which order, and never failing."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image, ImageFont

from tests.support.sites import toured
from wallctl.cli.font_warnings import warnings
from wallctl.display.text import fonts, installed_fonts
from wallctl.display.text.fonts import FontChain, find_font, package_for
from wallctl.display.text.installed_fonts import FontFile, InstalledFont
from wallctl.display.text.text_line import UNREADABLE, Face, clean, line_height
from wallctl.display.text.typeset import BOX, runs
from wallctl.model.site.alarm import Alarm
from wallctl.model.site.site import Site
from wallctl.model.site.site_texts import list_texts

OWN, ARABIC, EMOJI = FontFile("/own.ttc", 2), FontFile("/arabic.ttf"), FontFile("/emoji.ttf")
CHAIN = FontChain(
    OWN,
    [
        InstalledFont(OWN, "Noto Sans CJK SC", "20-7e 25a1 4e00-9fff"),
        InstalledFont(FontFile("/3d.ttf"), "Three D", "600-6ff"),
        InstalledFont(ARABIC, "Noto Sans Arabic", "20 600-6ff"),
        InstalledFont(EMOJI, "Noto Color Emoji", "23 30-39 200d 20e3 1f300-1f9ff", is_colour=True),
    ],
)
WHITE = (255, 255, 255)
HARD = [
    "ئۈرۈمچى شەھىرى", "3 ئۈرۈمچى (12) 东门", "བོད་ལྗོངས།", "🚪 东门 👨\u200d👩\u200d👧 ☎️ 3️⃣ 🇨🇳👍🏽",
    "𠮷野家 𪚥𫝀 𰻞", "ꀀ ᠮᠣᠩᠭᠣᠯ ไทย हिन्दी 한국어", "\ud800x\x1b[31m\u2028y\u202e",
    "\ue123\U0010ffff", "e\u0301\u0338\u0300" * 20, "\u200d\u200c\ufe0f", "עברית ABC (שלום) 1-2",
    "\u0300", "\ufffe\uffff",
]  # fmt: skip


@pytest.fixture(scope="module")
def face() -> Face:
    font = find_font()
    if font is None:
        pytest.skip("no font with Chinese characters is installed (fonts-noto-cjk)")
    return Face(font)


def cut(text: str) -> list[tuple[str, str, bool]]:
    return [(one.text, one.font.path, one.to_left) for one in runs(text, OWN, CHAIN.font_of)]


def test_each_character_comes_from_the_first_font_that_has_it() -> None:
    assert cut("东门 3") == [("东门 3", "/own.ttc", False)]
    assert cut("东ئا门") == [
        ("东", "/own.ttc", False),
        ("ئا", "/arabic.ttf", True),
        ("门", "/own.ttc", False),
    ]
    assert cut("🚪 门") == [("🚪", "/emoji.ttf", False), (" 门", "/own.ttc", False)]


def test_what_belongs_together_is_drawn_together() -> None:
    family = "👨\u200d👩\u200d👧"
    assert cut(f"门{family}") == [("门", "/own.ttc", False), (family, "/emoji.ttf", False)]
    assert cut("3\ufe0f\u20e3") == [("3\ufe0f\u20e3", "/emoji.ttf", False)]
    assert cut("👍🏽") == [("👍🏽", "/emoji.ttf", False)]


def test_what_no_font_has_is_a_box_for_each_character() -> None:
    assert cut("门ཀཁ") == [(f"门{BOX}{BOX}", "/own.ttc", False)]
    assert CHAIN.lacking("门ཀ ཁཀ\ufe0f") == "ཀཁ"


def test_runs_stand_in_the_order_in_which_they_are_read() -> None:
    assert [one.text for one in runs("ئا 东 ب", OWN, CHAIN.font_of)] == ["ب", " ", "东", " ", "ئا"]


def test_a_font_that_cannot_be_opened_any_more_is_left_out() -> None:
    chain = FontChain(
        OWN,
        [
            InstalledFont(OWN, "O", "20-7e"),
            InstalledFont(ARABIC, "A", "600-6ff"),
            InstalledFont(EMOJI, "B", "600-6ff"),
        ],
    )
    assert chain.font_of("ا") == ARABIC
    chain.drop(ARABIC)
    assert chain.font_of("ا") == EMOJI
    chain.drop(EMOJI)
    assert chain.font_of("ا") is None


@pytest.mark.parametrize(
    ("line", "usable"),
    [
        ("/a.ttf\t0\tFalse\t80\t0\tA\t20-7e a0", True),
        ("/a.ttc\t131074\tFalse\t80\t0\tA\t20-7e", True),
        ("/a.ttf\t0\tFalse\t200\t0\tBold\t20-7e", False),
        ("/a.ttf\t0\tFalse\t80\t100\tItalic\t20-7e", False),
        ("/a.pfb\t0\tFalse\t80\t0\tType 1\t20-7e", False),
        ("/a.ttf\t0\tFalse\t[80 200]\t0\tVariable\t20-7e", False),
        ("/a.ttf\t0\tFalse\t80\t0\tA\tno ranges", False),
        ("nonsense", False),
    ],
)
def test_what_fontconfig_says_of_a_font(line: str, usable: bool) -> None:
    found = installed_fonts._font(line)
    assert (found is not None) == usable
    if found is not None:
        assert found.has("a")
        assert not found.has("中")
        assert found.file.index in (0, 2)


@pytest.mark.parametrize("text", HARD, ids=range(len(HARD)))
@pytest.mark.parametrize("px", [9, 24, 61])
def test_anything_is_drawn_within_its_line_and_seen(face: Face, text: str, px: int) -> None:
    image = face.image(text, px, WHITE)
    assert image.height == line_height(px)
    assert image.width - face.width(clean(text), px) in (0, 1, 2)
    ink = np.asarray(image)[..., 3]
    if clean(text).strip("\u200c\u200d\ufe0f \u0300"):
        assert ink.max() > 0


@settings(max_examples=80, deadline=None)
@given(text=st.text(st.characters(), max_size=24), px=st.integers(8, 40), max_w=st.integers(0, 300))
def test_no_text_makes_drawing_fail(face: Face, text: str, px: int, max_w: int) -> None:
    image = face.image(text, px, WHITE, max_w)
    assert image.width <= max(2, max_w + 1)


def test_what_is_no_character_is_shown_as_such(face: Face) -> None:
    assert clean("门\ud800\x07") == f"门{UNREADABLE}{UNREADABLE}"
    assert np.asarray(face.image("\ud800", 30, WHITE))[..., 3].max() == 255


def test_letters_that_run_to_the_left_are_joined_and_turned(face: Face) -> None:
    if FontChain(face.font or OWN).lacking("ئۈرۈمچى"):
        pytest.skip("no font with Uyghur letters is installed (fonts-noto-core)")
    word = "ئۈرۈمچى"
    apart = sum(face.width(letter, 40) for letter in word)
    assert face.width(word, 40) < 0.9 * apart  # joined forms are narrower
    line, gate = (np.asarray(face.image(text, 40, WHITE)) for text in (f"{word} 门", "门"))
    assert np.array_equal(line[:, :38, 3], gate[:, :38, 3])  # the line begins at the right


def test_a_cut_leaves_no_mark_without_its_letter(face: Face) -> None:
    text = "e\u0301\u0338" * 30
    for max_w in range(20, 200, 7):
        fitted = face.fitted(text, 20, max_w)
        assert not fitted or fitted[:-1] in {clean(text)[: 2 * n] for n in range(31)}


def test_a_font_that_vanishes_leaves_a_wall_that_writes(tmp_path: Path) -> None:
    builtin = ImageFont.load_default(20)
    assert isinstance(builtin, ImageFont.FreeTypeFont)
    file = tmp_path / "own.ttf"
    file.write_bytes(builtin.font_bytes)
    face = Face(FontFile(str(file)))
    face.image("117", 20, WHITE)
    file.unlink()
    assert np.asarray(face.image("117", 33, WHITE))[..., 3].max() == 255


def test_packages_are_named_by_what_is_missing() -> None:
    assert package_for("🚪") == "fonts-noto-color-emoji"
    assert package_for("ئ") == package_for("ཀ") == "fonts-noto-core"
    assert "hanazono" in package_for("𪚥")
    assert package_for("\ue123") == ""


def strange() -> Site:
    """A site with another character that no font has in each text that people write."""
    site = toured()
    names = iter(chr(0xE000 + i) for i in range(100))
    source = replace(site.sources[0], name=f"源{next(names)}")
    layout = replace(site.layouts["2x2"], zh=f"布局{next(names)}")
    return replace(
        site,
        name=f"站{next(names)}",
        screens=(replace(site.screens[0], name=f"屏{next(names)}"), *site.screens[1:]),
        sources=(source, *site.sources[1:]),
        layouts={**site.layouts, "2x2": layout},
        presets=(replace(site.presets[0], zh=f"预案{next(names)}"), *site.presets[1:]),
        tours=(replace(site.tours[0], en=f"tour{next(names)}"), *site.tours[1:]),
        alarms=(Alarm(f"警{next(names)}", source.name, (), text=f"说明{next(names)}"),),
    )


def test_every_text_that_people_wrote_is_looked_at() -> None:
    written = "".join(text for _, text in list_texts(strange()))
    assert {c for c in written if c >= "\ue000"} == {chr(0xE000 + i) for i in range(8)}


def test_one_warning_says_what_is_missing_where_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if find_font() is None:
        pytest.skip("no font with Chinese characters is installed (fonts-noto-cjk)")
    own = InstalledFont(find_font() or OWN, "own", "20-7e a0-ff 3000-303f 4e00-9fff ff00-ffef")
    monkeypatch.setattr(fonts, "installed_fonts", lambda: (own,))
    site = replace(toured(), name="🚪站", alarms=(Alarm("🔥", toured().sources[0].name, ()),))
    said = list(warnings(site))
    assert said == [
        "no font of this machine has 🚪 🔥, so the site's name, alarm 🔥 show boxes: "
        "install fonts-noto-color-emoji"
    ]
    (told,) = warnings(replace(strange(), screens=toured().screens))
    assert "write something else" in told
    assert "and 2 more" in told


def test_a_plain_text_is_drawn_as_it_ever_was(face: Face) -> None:
    image = face.image("东门 12", 30, WHITE)
    assert face.is_plain("东门 12")
    assert isinstance(image, Image.Image)
    assert not face.is_plain("ئا")
