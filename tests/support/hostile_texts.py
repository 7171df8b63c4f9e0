"""Texts that no person would write, and that must do no harm, by whatever way they come."""

from hypothesis import strategies as st

NASTY = (
    *("a\nb", "a\r\nb", "\n", "a\x0bb", "a\x1cb", "a\x1eb", "a\x85b", "a\u2028b", "a\u2029b"),
    *("a\x00b", "\x1b[2J\x1b]0;owned\x07", "\x1b]52;c;eA==\x07", "\x9b2J", "\x7f"),
    *("\u202egpj.exe", "\u2066a\u2069", "\u202a\u202b\u202c", "\u200e\u200f\u061c"),
    *("\ud800", "a\udfffb", "\ufffe", "\uffff", "\ufdd0", "\U0010ffff", "\ue000", "\U000e0041"),
    *("x" + "\u0335\u0336\u0489" * 40, "\u0301" * 50, "\u200d" * 30, "a\u200d\u0301" * 30),
    *("א\nב", "\u05d0\u0301" * 20, "ئۇيغۇر\u200cچە", "\u0600\u06dd1", "3 גדר 12", "٣ 3 ۳"),
    *("👨\u200d👩\u200d👧\u200d👦", "🏴\U000e0067\U000e007f", "☎\ufe0f\u20e3", "👋🏽"),
    *("ཧཱུྃ", "한글\u1160\u115f", "\u3164", "\u2800", "𠮷𰻝", "漢" * 500, "W" * 5000, " " * 300, ""),
    *("{name}", "%s%n", "$(id)", "../../etc", "<b>&amp;", "'\"\\", "\ufeffa", "\u180e\u200b\u2060"),
)
"""Each of a kind that has done harm somewhere."""

ANY = st.one_of(
    st.sampled_from(NASTY),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=4).map("".join),
    st.text(st.characters(exclude_categories=()), max_size=40),
)
"""Any text whatever: halves of characters, and what is none, too."""
