"""Words between a person's terminal and the wall, under any locale.

A service may run with LANG=en_US, an old server with GB18030, a rescue shell with none. Names are
Chinese all the same, and files are named in UTF-8.
"""

import json
import locale
import os
import sys
import typing
import unicodedata

import click

from wallctl.supervisor.safe_output import says_chinese, says_utf8

_OLD_CHINESE = "gb18030"
"""What a terminal that is not UTF-8 writes in China; GBK and GB2312 are parts of it."""
_LAST_OF_TWO_BYTES = "\u07ff"
"""Up to here UTF-8 takes two bytes a character, as GB18030 takes for a Chinese one."""


def insist_on_utf8() -> None:
    """Begin this program again where its locale would have it write file names in another way.

    The names of files in a site are UTF-8, as are those on the disk.
    """
    if sys.flags.utf8_mode or sys.getfilesystemencoding() == "utf-8" or not sys.executable:
        return
    os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


class Word(click.ParamType[str]):
    """A name or another text, as it was typed."""

    name = "text"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The text; a sentence for bytes that are none in any encoding in use."""
        del param, ctx
        word = typed(os.fsencode(str(value)), locale.getencoding())
        if word is None:
            raise click.ClickException(f"{value!r} is not UTF-8, nor Chinese in an older encoding")
        return word


def typed(raw: bytes, encoding: str) -> str | None:
    """A word of the command line, typed under a locale of that encoding; ``None`` if it is none.

    UTF-8 is what it is far more often than what the locale says, and hardly any text looks like
    UTF-8 by chance: but two bytes do, where a character of the locale has two.
    """
    text = _decoded(raw, "utf-8")
    local = _decoded(raw, encoding) if says_chinese(encoding) else None
    if text is not None and not (local is not None and _is_by_chance(text, local)):
        return text
    return local or _decoded(raw, _OLD_CHINESE)


def padded(text: str, columns: int) -> str:
    """The text, and blanks up to so many columns of a terminal: a Chinese character takes two."""
    double = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return text.ljust(columns - double)


JSON = click.option("--json", "as_data", is_flag=True, help="Print all of it, for programs.")


def as_json(value: typing.Any, indent: int | None = None) -> str:
    """JSON for programs; in ASCII if stdout is not UTF-8."""
    return json.dumps(value, ensure_ascii=not says_utf8(), indent=indent)


def _is_by_chance(text: str, local: str) -> bool:
    """Whether valid UTF-8 is more likely a Chinese word in the locale's encoding."""
    is_foreign = any("\x7f" < sign <= _LAST_OF_TWO_BYTES for sign in text)
    return is_foreign and any(sign > _LAST_OF_TWO_BYTES for sign in local)


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


WORD = Word()
