"""The documents as Markdown: their blocks of code, and the anchors of their headings."""

import re

BLOCK = re.compile(r"^```(?P<about>[^\n`]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


def anchor(title: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-")


def titles(text: str, levels: str = "#+") -> list[str]:
    """The headings of a page; ``levels`` is a pattern for their signs."""
    return re.findall(rf"^{levels} (.+)$", BLOCK.sub("", text), re.MULTILINE)
