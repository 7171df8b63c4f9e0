"""The languages that a wall speaks."""

import enum


class Language(enum.Enum):
    """A language, by its BCP 47 tag as commands and files write it."""

    CHINESE = "zh-CN"
    ENGLISH = "en"

    def pick(self, zh: str, en: str) -> str:
        """Of a name that a site gives in both languages, the one that is meant."""
        return zh if self is Language.CHINESE else en
